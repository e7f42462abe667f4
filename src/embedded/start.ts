import { join } from 'node:path';
import { workerNames } from '../core/ports/doors.ts';
import { type Environment, readEnvironment } from '../environment.ts';
import { messageOf } from '../errors.ts';
import { type Children, type ChildSpec, startChildren } from './children.ts';
import { claimFolder } from './claim-folder.ts';
import { freePort } from './ports.ts';
import { prepareDatabase } from './prepare.ts';
import { projectRoot } from './project.ts';
import { bringUpServers } from './servers.ts';
import { whenParentGoes } from './when-parent-goes.ts';

/** `npm start`: servers, migrations, the API and every worker, each a process of its own; then the addresses. Ctrl-C takes all of it down again. */

const GRACE_MS = 7_000;
/** The demo lets a day pass in twelve seconds, so that a newcomer sees a week go by. */
const DEMO_CLOCK_SPEED = 7_200;

const say = (line: string): void => console.log(line);
const undo: (() => unknown)[] = [];
let stopping: Promise<void> | null = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
if (process.env.npm_lifecycle_event) whenParentGoes(() => void stop('npm is gone'));
try {
  await start(readEnvironment());
} catch (error) {
  console.error(messageOf(error));
  await stop('failed', 1);
}

async function start(environment: Environment): Promise<void> {
  undo.push(claimFolder(environment.dataDir));
  say('Millrace is starting ...');
  const servers = await bringUpServers(environment, say);
  undo.push(() => servers.stop());
  for (const story of servers.stories) say(`  ${story}`);
  say(`  Messages    ${messageStory(environment)}`);
  if (environment.demo) say('  Demo        made-up contacts live through three journeys. Without: DEMO=off');
  const clockSpeed = environment.clockSpeed ?? (environment.demo ? DEMO_CLOCK_SPEED : 1);
  const applied = await prepareDatabase(servers.databaseUrl, clockSpeed);
  if (applied.length > 0) say(`  Migrations  ${applied.length} applied, the last one ${applied.at(-1)}`);
  if (clockSpeed !== 1) say(`  Clock       ${clockSpeed} times as fast as real time. Another: CLOCK_SPEED`);
  const port = await freePort(environment.port, environment.host);
  if (port !== environment.port && environment.port !== 0) say(`  Port        ${environment.port} is taken, so ${port}. Another: PORT`);

  const children = startChildren(specs(environment), childEnvironment(environment, servers, port), say);
  undo.push(() => children.stop(GRACE_MS));
  const told = await children.ready();
  if (!stopping) report(told);
}

function specs({ demo, metricsPort }: Environment): ChildSpec[] {
  const dist = join(projectRoot(), 'dist');
  // One machine, four workers: each shows its metrics on a port of its own, from METRICS_PORT on.
  const portOf = (index: number) => (metricsPort === null ? {} : { env: { METRICS_PORT: String(metricsPort + index) } });
  const workers = workerNames.map((name, index) => ({ ...portOf(index), name, file: join(dist, 'workers', `${name}.js`), args: [`--millrace-worker=${name}`] }));
  const api = { name: 'api', file: join(dist, 'server-main.js'), args: ['--millrace-api'] };
  const traffic = { name: 'demo', file: join(dist, 'embedded', 'demo.js'), args: ['--millrace-demo'] };
  return [api, ...workers, ...(demo ? [traffic] : [])];
}

function childEnvironment(environment: Environment, servers: { databaseUrl: string; redisUrl: string | null }, port: number): NodeJS.ProcessEnv {
  const { REDIS_URL: _replaced, ...inherited } = process.env;
  return {
    ...inherited, DATABASE_URL: servers.databaseUrl, ...(servers.redisUrl ? { REDIS_URL: servers.redisUrl } : {}),
    PORT: String(port), DATA_DIR: environment.dataDir,
  };
}

function messageStory({ smtpUrl, twilio }: Environment): string {
  if (!smtpUrl && !twilio) return 'recorded in the outbox, never sent. To send: SMTP_URL and EMAIL_FROM; TWILIO_ACCOUNT_SID, …_AUTH_TOKEN and …_FROM';
  return `${smtpUrl ? 'e-mail over SMTP' : 'e-mail to the outbox'}; ${twilio ? 'SMS and calls over Twilio' : 'SMS and calls to the outbox'}`;
}

function report(told: Awaited<ReturnType<Children['ready']>>): void {
  const lines = told.flatMap((message) => message.lines ?? []);
  const next = ['Next, in a second terminal: npx millrace --help, or the first minute in README.md.', 'Stop with Ctrl-C; the data stays. npm run reset forgets it.'];
  say(['', 'Millrace is ready.', ...lines.map((line) => `  ${line}`), '', ...next.map((line) => `  ${line}`), ''].join('\n'));
}

/** Takes down what was brought up, last first: the children, then Redis, then PostgreSQL. */
function stop(reason: string, code = 0): Promise<void> {
  stopping ??= (async () => {
    // Refused before anything was brought up: there is nothing to stop, and what runs beside us is left alone.
    if (undo.length === 0) process.exit(code);
    say(`\nStopping (${reason}) ...`);
    for (const step of undo.reverse()) await Promise.resolve(step()).catch((error: unknown) => console.error(messageOf(error)));
    say('Stopped.');
    process.exit(code);
  })();
  return stopping;
}
