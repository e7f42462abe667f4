import type { Context } from '../context.ts';
import { workerNames } from '../core/ports/doors.ts';
import { messageOf } from '../errors.ts';
import { within } from '../within.ts';

/** Five missed heartbeats. */
const STALE_MS = 10_000;
const PATIENCE_MS = 2_000;

interface Check {
  ok: boolean;
  reason: string | null;
}

export interface Readiness {
  ready: boolean;
  checks: Record<string, Check>;
}

/**
 * Everything that a request or a journey depends on, asked at the same time.
 * @param migrations names of all that this build brings.
 */
async function readiness(ctx: Context, migrations: string[]): Promise<Readiness> {
  const [postgres, redis, workers] = await Promise.all([
    store(ctx, migrations),
    check(async () => ctx.queue.ping(PATIENCE_MS), ctx.environment.redisUrl ? unreachable('Redis', 'REDIS_URL') : unreachable('PostgreSQL', 'DATABASE_URL')),
    check(async () => missing(workerNames, await ctx.doors.livingWorkers(STALE_MS), (names) => `no heartbeat of: ${names}. Start these workers, or look into their logs.`)),
  ]);
  return readyWhen({ ...postgres, queue: redis, workers });
}

const readyWhen = (checks: Readiness['checks']): Readiness => ({ ready: Object.values(checks).every(({ ok }) => ok), checks });

/** One look at the database tells both: that it answers, and how far it was migrated. */
async function store(ctx: Context, migrations: string[]): Promise<Record<'database' | 'migrations', Check>> {
  const applied = ctx.doors.appliedMigrations();
  const [database, migrated] = await Promise.all([
    check(async () => void (await applied), unreachable('PostgreSQL', 'DATABASE_URL')),
    check(async () => missing(migrations, await applied, (names) => `not applied: ${names}. Run npm run migrate.`)),
  ]);
  return { database, migrations: migrated };
}

function missing(wanted: readonly string[], found: string[], say: (names: string) => string): void {
  const absent = wanted.filter((name) => !found.includes(name));
  if (absent.length > 0) throw new Error(say(absent.join(', ')));
}

const unreachable = (server: string, variable: string) => (cause: string): string => `${server} does not answer (${cause}). Is it running, and does ${variable} name it?`;

/** @param say makes the reason of what was thrown: its own message unless said. */
async function check(look: () => Promise<void>, say: (cause: string) => string = (cause) => cause): Promise<Check> {
  try {
    await within(PATIENCE_MS, look);
    return { ok: true, reason: null };
  } catch (error) {
    return { ok: false, reason: say(messageOf(error)) };
  }
}

/**
 * `/healthz`: the process answers. `/readyz`: all of the above, or 503 with the reasons. `/readyz/api`: what the API needs by itself, so that a balancer keeps it while
 * workers or Redis are away. Null for any other path.
 */
export async function health(ctx: Context, migrations: string[], pathname: string): Promise<Response | null> {
  if (pathname === '/healthz') return json(200, { status: 'ok' });
  if (pathname !== '/readyz' && pathname !== '/readyz/api') return null;
  const { ready, checks } = pathname === '/readyz' ? await readiness(ctx, migrations) : readyWhen(await store(ctx, migrations));
  return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks });
}

function json(status: number, body: unknown): Response {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...(status === 503 ? { 'retry-after': '1' } : {}) };
  return new Response(`${JSON.stringify(body, null, 2)}\n`, { status, headers });
}
