import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { composeHouse, type House } from '../../src/compose.ts';
import { workerNames } from '../../src/core/ports/doors.ts';
import { type Children, startChildren } from '../../src/embedded/children.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { prepareDatabase } from '../../src/embedded/prepare.ts';
import { projectRoot } from '../../src/embedded/project.ts';
import { readEnvironment } from '../../src/environment.ts';
import type { Caller } from '../../src/services/caller.ts';
import { createApiKey } from '../../src/services/keys.ts';
import { type HttpDouble, startHttpDouble } from '../support/http-double.ts';
import { type SmtpDouble, startSmtpDouble } from '../support/smtp-double.ts';
import { startTwilioDouble, type TwilioDouble } from '../support/twilio-double.ts';
import { until } from '../support/until.ts';
import { type Servers, startServers } from './servers.ts';

/** An hour passes in a second. */
export const CLOCK_SPEED = 3_600;
export const TWILIO_TOKEN = 'f'.repeat(32);

/** The processes under test, as `npm start` runs them, but two of those that do the work. */
export const processNames = ['api', 'execution', 'execution-2', 'delivery', 'delivery-2', 'scheduling', 'triggers'] as const;
export type ProcessName = (typeof processNames)[number];

/** A location with a key to the API. */
export interface Tenant {
  who: Caller;
  key: string;
}

/** The real processes on real servers of their own, with provider doubles that remember everything. */
export interface Stage {
  servers: Servers;
  /** In this process, straight to the servers: for setting up. */
  house: House;
  tenants: [Tenant, Tenant];
  apiUrl: string;
  smtp: SmtpDouble;
  twilio: TwilioDouble;
  webhooks: HttpDouble;
  /** What the processes said: warnings and worse, and whatever is no log line. */
  said: string[];
  /** Asks the database straight, again and again while it is away. */
  ask<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** False when it is just being started again. */
  signal(name: ProcessName, signal: NodeJS.Signals): boolean;
  pid(name: ProcessName): number | undefined;
  /** Sets a process's clock, as whoever sets its machine's: so many ms off ours. */
  setClock(name: ProcessName, offMs: number): void;
  /** Resolves when every process is up and has written to the database that it lives. */
  whole(): Promise<void>;
  stop(): Promise<void>;
}

/** @param hear is told every line, for whoever looks for the cause of something. */
export async function startStage(hear: (line: string) => void = () => undefined): Promise<Stage> {
  const dist = join(projectRoot(), 'dist', `faults-${process.pid}`);
  execFileSync(process.execPath, [join(projectRoot(), 'src', 'embedded', 'build.mjs'), dist]);
  const servers = await startServers();
  const [smtp, twilio, webhooks] = await Promise.all([startSmtpDouble(), startTwilioDouble(), startHttpDouble()]);
  const port = await freePort(14_000 + (process.pid % 1_000));
  const variables = {
    DATA_DIR: servers.folder,
    CLOCK_SPEED: String(CLOCK_SPEED),
    DEMO: 'off',
    LOG_LEVEL: 'warn',
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    OUTBOUND_ALLOW: webhooks.host,
    SMTP_URL: smtp.url,
    EMAIL_FROM: 'crm@example.com',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: TWILIO_TOKEN,
    TWILIO_FROM: '+15005550006',
    TWILIO_API_BASE_URL: twilio.url,
  };
  await prepareDatabase(servers.databaseUrl, CLOCK_SPEED);
  const house = await composeHouse(readEnvironment({ ...variables, DATABASE_URL: servers.databaseUrl, REDIS_URL: servers.redisUrl, LOG_LEVEL: 'silent' }), 'api', 'faults');
  const db = new Pool({ connectionString: servers.databaseUrl, max: 4 });
  db.on('error', () => undefined).on('connect', (client) => void client.on('error', () => undefined));
  const ask = <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => patiently(async () => (await db.query<Row>(sql, values)).rows);
  const tenants = await Promise.all([tenant(house, ask, 'Here'), tenant(house, ask, 'There')]) as [Tenant, Tenant];
  const said: string[] = [];
  const children = startChildren(specs(dist, servers.folder), { ...process.env, ...variables, DATABASE_URL: servers.postgres.url, REDIS_URL: servers.redis.url }, (line) => {
    said.push(line);
    hear(line);
  });
  await children.ready();
  return {
    servers, house, tenants, apiUrl: variables.PUBLIC_URL, smtp, twilio, webhooks, said, ask,
    signal: (name, signal) => send(children.pid(name), signal),
    pid: (name) => children.pid(name),
    setClock: (name, offMs) => writeFileSync(clockFile(servers.folder, name), String(offMs)),
    whole: () => whole(children, ask),
    async stop() {
      await children.stop(8_000);
      await house.shutdown.run('the test is over');
      await Promise.all([db.end(), smtp.close(), twilio.close(), webhooks.close()]);
      await servers.stop();
      execFileSync('rm', ['-rf', dist]);
    },
  };
}

function specs(dist: string, folder: string) {
  return processNames.map((name) => {
    const worker = name.replace('-2', '');
    const env = { NODE_OPTIONS: `--import ${new URL('set-clock.mjs', import.meta.url).href}`, FAULTS_CLOCK_FILE: clockFile(folder, name) };
    return name === 'api'
      ? { name, env, file: join(dist, 'server-main.js'), args: ['--millrace-api'] }
      : { name, env, file: join(dist, 'workers', `${worker}.js`), args: [`--millrace-worker=${worker}`] };
  });
}

const clockFile = (folder: string, name: ProcessName): string => join(folder, `clock-${name}`);

async function tenant(house: House, ask: Stage['ask'], name: string): Promise<Tenant> {
  const [row] = await ask<{ id: string }>('INSERT INTO locations (name) VALUES ($1) RETURNING id', [name]);
  const who: Caller = { locationId: row!.id, actor: 'faults', scopes: ['admin'] };
  return { who, key: (await createApiKey(house.ctx, who, { name: 'faults', scopes: ['admin'] })).secret };
}

async function whole(children: Children, ask: Stage['ask']): Promise<void> {
  const workers = processNames.filter((name) => name !== 'api');
  await until(`all of ${workerNames.join(', ')} to live`, async () => {
    const alive = await ask<{ pid: number }>("SELECT pid FROM worker_heartbeats WHERE seen_at > now() - interval '4 seconds'");
    return children.pid('api') !== undefined && workers.every((name) => alive.some(({ pid }) => pid === children.pid(name)));
  }, 60_000);
}

/** Tries again for a minute: the server may be away on purpose. */
export async function patiently<T>(work: () => Promise<T>, patienceMs = 60_000): Promise<T> {
  for (const deadline = performance.now() + patienceMs; ;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > deadline || isMistake(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A statement that the server understood and refused will be refused again. */
const isMistake = (error: unknown): boolean => /^(22|23|42)...$/.test(String((error as { code?: unknown }).code));

function send(pid: number | undefined, signal: NodeJS.Signals): boolean {
  try {
    return pid !== undefined && process.kill(pid, signal);
  } catch {
    return false;
  }
}
