import { z } from 'zod';
import { MillraceError } from './errors.ts';

/**
 * Everything that Millrace reads from outside, parsed. Nothing else reads `process.env`.
 * `null` means "not set"; durations are in milliseconds.
 */
export interface Environment {
  port: number;
  host: string;
  /** Where the world reaches this installation, without a trailing slash: links and callbacks start with it. */
  publicUrl: string;
  /** True when somebody said so: only then are providers told to report there. */
  publicUrlGiven: boolean;
  /** Null only before `npm start` has brought up its own server. */
  databaseUrl: string | null;
  /** Null: the queue and the bus run on PostgreSQL. */
  redisUrl: string | null;
  /** What every key in Redis starts with: several installations may share a server. */
  redisPrefix: string;
  bootstrapApiKey: string | null;
  locationName: string;
  dataDir: string;
  /** Journey milliseconds in a machine one: 86,400 lets a day pass in a second. Null: `npm start` decides, and everything else leaves the clock as it is. */
  clockSpeed: number | null;
  demo: boolean;
  smtpUrl: string | null;
  emailFrom: string | null;
  /** Null: SMS and calls go to the outbox. */
  twilio: TwilioSettings | null;
  /** What tokens are signed and secrets encrypted with. */
  secretsKey: string | null;
  /** `host:port` pairs that webhook steps may reach although they are private. */
  outboundAllow: string[];
  /** Days for which refusals, the events of contacts, the step logs of ended runs and the audit log are kept; null for ever. */
  keep: { refusalsDays: number; eventsDays: number; logsDays: number | null; auditDays: number };
  /** Where a worker shows its metrics; null for nowhere. */
  metricsPort: number | null;
  /** True when a collector of traces is named and OpenTelemetry was not switched off. */
  tracing: boolean;
  logLevel: LogLevel;
}

export interface TwilioSettings {
  accountSid: string;
  authToken: string;
  from: string;
  /** Another host to send to: a proxy or a test double. */
  apiBaseUrl: string | null;
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** An empty variable is an unset one: `SMTP_URL= npm start`. */
const unlessEmpty = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (typeof value === 'string' && value.trim() === '' ? undefined : value), schema);

const text = () => unlessEmpty(z.string().trim().optional());
const url = (protocols: string[], example: string) => unlessEmpty(z.string().trim().refine(
  (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
  `expected an address like ${example}`,
).optional());
const number = (min: number, max: number) => unlessEmpty(z.coerce.number(`expected a number from ${min} to ${max}`)
  .min(min, `expected at least ${min}`).max(max, `expected at most ${max}`).optional());

const days = (least = 1) => number(least, 36_500).refine((value) => value === undefined || Number.isInteger(value), 'expected a whole number of days');

const hostPort = z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^\s:/,]+):\d{1,5}$/, 'expected host:port pairs divided by commas, e.g. 127.0.0.1:9000,crm.internal:443');

const variables = z.object({
  PORT: number(0, 65535).transform((value) => value ?? 4000).pipe(z.number().int('expected a whole number')),
  HOST: text().transform((value) => value ?? '127.0.0.1'),
  PUBLIC_URL: url(['http:', 'https:'], 'https://journeys.example.com'),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/millrace'),
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379'),
  REDIS_PREFIX: text().transform((value) => value ?? 'millrace'),
  BOOTSTRAP_API_KEY: unlessEmpty(z.string().trim().min(24, 'expected at least 24 characters: it opens the whole location').optional()),
  LOCATION_NAME: text().transform((value) => value ?? 'Main location'),
  DATA_DIR: text().transform((value) => value ?? '.millrace'),
  CLOCK_SPEED: number(0.001, 10_000_000),
  DEMO: unlessEmpty(z.enum(['on', 'off'], 'expected on or off').default('on')),
  SMTP_URL: url(['smtp:', 'smtps:'], 'smtp://user:password@mail.example.com:587'),
  EMAIL_FROM: text(),
  TWILIO_ACCOUNT_SID: text(),
  TWILIO_AUTH_TOKEN: text(),
  TWILIO_FROM: text(),
  TWILIO_API_BASE_URL: url(['http:', 'https:'], 'http://127.0.0.1:4010'),
  SECRETS_KEY: unlessEmpty(z.string().trim().min(16, 'expected at least 16 characters, e.g. from: openssl rand -base64 32').optional()),
  OUTBOUND_ALLOW: unlessEmpty(z.string().default('')).transform((value) => value.split(',').map((part) => part.trim()).filter(Boolean)).pipe(z.array(hostPort)),
  KEEP_REFUSALS_DAYS: days().transform((value) => value ?? 30),
  KEEP_EVENTS_DAYS: days().transform((value) => value ?? 400),
  KEEP_LOGS_DAYS: days(),
  KEEP_AUDIT_DAYS: days(30).transform((value) => value ?? 400),
  METRICS_PORT: number(1, 65535),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(['http:', 'https:'], 'http://collector:4318'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url(['http:', 'https:'], 'http://collector:4318/v1/traces'),
  OTEL_TRACES_EXPORTER: text(),
  OTEL_SDK_DISABLED: text(),
  OTEL_SERVICE_NAME: text(),
  LOG_LEVEL: unlessEmpty(z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('info')),
}).superRefine((values, context) => {
  const twilio = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'] as const;
  const missing = twilio.filter((name) => !values[name]);
  if (missing.length === 0 || missing.length === twilio.length) return;
  for (const name of missing) context.addIssue({ code: 'custom', path: [name], message: `is missing, while ${twilio.filter((other) => values[other]).join(' and ')} is set` });
}).superRefine((values, context) => {
  if (values.SMTP_URL && !values.EMAIL_FROM) context.addIssue({ code: 'custom', path: ['EMAIL_FROM'], message: 'is missing, while SMTP_URL is set: mail needs a sender' });
});

/**
 * Parses the environment.
 * @throws MillraceError `INVALID_INPUT` that lists every variable that is wrong, what was found and what was expected.
 */
export function readEnvironment(env: Record<string, string | undefined> = process.env): Environment {
  const parsed = variables.safeParse(env);
  if (!parsed.success) throw new MillraceError('INVALID_INPUT', complaint(parsed.error.issues, env));
  return shape(parsed.data);
}

function shape(values: z.output<typeof variables>): Environment {
  const publicUrl = values.PUBLIC_URL ?? `http://${values.HOST === '0.0.0.0' || values.HOST === '::' ? '127.0.0.1' : values.HOST}:${values.PORT}`;
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: publicUrl.replace(/\/+$/, ''),
    publicUrlGiven: values.PUBLIC_URL !== undefined,
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    redisPrefix: values.REDIS_PREFIX,
    bootstrapApiKey: values.BOOTSTRAP_API_KEY ?? null,
    locationName: values.LOCATION_NAME,
    dataDir: values.DATA_DIR,
    clockSpeed: values.CLOCK_SPEED ?? null,
    demo: values.DEMO === 'on',
    smtpUrl: values.SMTP_URL ?? null,
    emailFrom: values.EMAIL_FROM ?? null,
    twilio: twilioOf(values),
    secretsKey: values.SECRETS_KEY ?? null,
    outboundAllow: values.OUTBOUND_ALLOW,
    keep: { refusalsDays: values.KEEP_REFUSALS_DAYS, eventsDays: values.KEEP_EVENTS_DAYS, logsDays: values.KEEP_LOGS_DAYS ?? null, auditDays: values.KEEP_AUDIT_DAYS },
    metricsPort: values.METRICS_PORT ?? null,
    tracing: tracingOf(values),
    logLevel: values.LOG_LEVEL,
  };
}

/** OpenTelemetry's own libraries read its other variables. */
function tracingOf(values: z.output<typeof variables>): boolean {
  const collector = values.OTEL_EXPORTER_OTLP_ENDPOINT ?? values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  return collector !== undefined && values.OTEL_SDK_DISABLED?.toLowerCase() !== 'true' && values.OTEL_TRACES_EXPORTER !== 'none';
}

function twilioOf(values: z.output<typeof variables>): TwilioSettings | null {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from } = values;
  if (!accountSid || !authToken || !from) return null;
  return { accountSid, authToken, from, apiBaseUrl: values.TWILIO_API_BASE_URL ?? null };
}

/** Values of these never show, not even when they are wrong. */
const SECRET = /KEY|TOKEN|URL/;

function complaint(issues: z.core.$ZodIssue[], env: Record<string, string | undefined>): string {
  const lines = issues.map((issue) => {
    const name = String(issue.path[0]);
    const found = env[name] === undefined || SECRET.test(name) ? '' : ` (found "${env[name]}")`;
    return `  ${name} ${issue.message}${found}`;
  });
  return `The environment cannot be used:\n${lines.join('\n')}\nCorrect or unset these variables; every one is optional for npm start.`;
}

/** Every variable with what it is when it is not set; null for nothing at all. */
export function variableDefaults(): Record<string, string | null> {
  const values = variables.parse({});
  return Object.fromEntries(Object.keys(variables.shape).map((name) => [name, textOf(values[name as keyof typeof values])]));
}

const textOf = (value: unknown): string | null => (typeof value === 'string' || typeof value === 'number' ? String(value) : null);

/** What the command line reads from outside. */
export interface ClientEnvironment {
  /** Without a trailing slash. */
  url: string;
  apiKey: string | null;
}

/** Parses it. A server of one's own is where it listens unless told otherwise. */
export function readClientEnvironment(env: Record<string, string | undefined> = process.env): ClientEnvironment {
  const url = env['MILLRACE_URL']?.trim() || `http://127.0.0.1:${env['PORT']?.trim() || 4000}`;
  if (!URL.canParse(url)) throw new MillraceError('INVALID_INPUT', `MILLRACE_URL is no address (found "${url}"): expected one like http://127.0.0.1:4000.`);
  return { url: url.replace(/\/+$/, ''), apiKey: env['MILLRACE_API_KEY']?.trim() || null };
}
