import { variableDefaults } from '../environment.ts';

/** What each variable of the environment means: a row a variable, in the order of `environment.ts`. A test holds the two against each other. */
export const variableMeanings: Record<string, string> = {
  PORT: 'Where the API listens. `npm start` takes the next free one when it is taken; 0 is any.',
  HOST: 'The address to listen on; `0.0.0.0` in a container.',
  PUBLIC_URL:
    'How the world reaches this installation: links in mail and callbacks of providers begin with it. Without it the address of the API, and no provider is told to report.',
  DATABASE_URL: 'PostgreSQL 16 or newer. `npm start` brings an embedded one.',
  REDIS_URL: 'Redis 7 or newer, or Valkey. `npm start` brings a private one; without any the queue runs on PostgreSQL.',
  REDIS_PREFIX: 'What every key in Redis starts with: installations can share a server. `{millrace}`, with braces, keeps all keys in one slot.',
  BOOTSTRAP_API_KEY: "The first location's key, at least 24 characters. Without it one is drawn and printed once.",
  LOCATION_NAME: "The first location's name.",
  DATA_DIR: 'Where private servers and keys are kept.',
  CLOCK_SPEED: 'Journey seconds in a real one, for every process alike. Unset, `npm start` takes 1 (the demo 7200), and migrations leave it as it is.',
  DEMO: '`on` lets made-up contacts live through three journeys under `npm start`.',
  SMTP_URL: 'Where e-mail goes. Without it, to the outbox: recorded, never sent.',
  EMAIL_FROM: 'The sender of e-mail; needed with `SMTP_URL`.',
  TWILIO_ACCOUNT_SID: "Twilio's account, for SMS and calls; all three or none. Without them, to the outbox.",
  TWILIO_AUTH_TOKEN: 'Its token.',
  TWILIO_FROM: 'The number that messages and calls come from.',
  TWILIO_API_BASE_URL: "Another host for Twilio's API: a proxy, or a double in tests.",
  SECRETS_KEY: 'Signs links and seals secrets, at least 16 characters. The same for every process, and kept apart from backups. Without it a key is kept in `DATA_DIR`.',
  OUTBOUND_ALLOW: '`host:port` pairs, divided by commas, that webhook steps may reach although they are private.',
  KEEP_REFUSALS_DAYS: 'Days for which refused entries are kept.',
  KEEP_EVENTS_DAYS: "Days for which contacts' events are kept: behaviour conditions see no further.",
  KEEP_LOGS_DAYS: 'Days for which the step logs of ended runs are kept. Unset: for ever.',
  KEEP_AUDIT_DAYS: 'Days for which the audit log is kept: 30 at least.',
  METRICS_PORT: 'Where each worker shows `/metrics`, `/healthz` and `/readyz`. Unset: nowhere. Under `npm start` the workers take this port and the next three.',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'A collector of traces (OTLP over HTTP). Unset: no traces, at no cost.',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'The same, as the whole address for traces.',
  OTEL_TRACES_EXPORTER: '`none` switches traces off.',
  OTEL_SDK_DISABLED: '`true` switches OpenTelemetry off.',
  OTEL_SERVICE_NAME:
    "How a process calls itself in traces. Unset: `millrace-api`, `millrace-execution` …. OpenTelemetry's other variables (`OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_BSP_…`) are read, too.",
  LOG_LEVEL: '`trace` `debug` `info` `warn` `error` `fatal` `silent`.',
};

/** `docs/environment.md`, written by `npm run generate`. */
export function environmentPage(): string {
  const rows = Object.entries(variableDefaults()).map(([name, value]) => `| \`${name}\` | ${variableMeanings[name] ?? ''} | ${value === null ? '' : `\`${value}\``} |`);
  return `# Environment

Every variable that Millrace reads, in any process; all are optional for \`npm start\`. What is wrong is named at the start, with what was found and what was expected. Durations are in the unit that the name says.

| variable | meaning | default |
|---|---|---|
${rows.join('\n')}

The command line reads \`MILLRACE_URL\` (\`http://127.0.0.1:4000\`) and \`MILLRACE_API_KEY\`.

*Generated from \`src/environment.ts\` by \`npm run generate\`.*
`;
}
