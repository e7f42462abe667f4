import { hostname } from 'node:os';
import type { Pool } from 'pg';
import type { Lane } from './core/ports/hot-path.ts';
import type { Bus, Consumer, OnTrouble } from './core/ports/outside.ts';
import type { Context } from './context.ts';
import type { Environment } from './environment.ts';
import { MillraceError } from './errors.ts';
import type { PrismaClient } from './generated/prisma/client.ts';
import { createTokens, houseKey } from './http/tokens.ts';
import { createPostgresBus } from './live/bus-postgres.ts';
import { createRedisBus } from './live/bus-redis.ts';
import { createLogger, type Logger } from './logger.ts';
import { createOutage } from './outage.ts';
import { createProviders } from './providers/index.ts';
import type { Kind } from './queue/names.ts';
import { type Broker, type ConsumerOptions, createPostgresBroker, createQueue, createRedisBroker, startConsumer } from './queue/index.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';
import { createAssetStore } from './store/assets.ts';
import { createDesk } from './store/desk/desk.ts';
import { createPrisma, tenantPrisma } from './store/desk/prisma.ts';
import { createDoorStore } from './store/door-store.ts';
import { createEventStore } from './store/event-store.ts';
import { createJourneyClock } from './store/journey-clock.ts';
import { createPool } from './store/pool.ts';
import { createRetention } from './store/retention.ts';
import { createRunStore } from './store/run-store.ts';
import { createScheduleStore } from './store/schedule-store.ts';
import { createSendStore } from './store/send-store.ts';
import { rollUpStats } from './store/stat-rollup.ts';
import { createVersionStore } from './store/versions.ts';
import { createCounts, type Counts } from './telemetry/counts.ts';
import { createTelemetry } from './telemetry/telemetry.ts';
import { createTracing } from './telemetry/tracing.ts';
import { openWatchPort } from './telemetry/watch-port.ts';
import { type Ears, watchEvents, watchRuns, watchSends } from './telemetry/watch-stores.ts';
import { createVault } from './vault.ts';
import { within } from './within.ts';

/** Which rights a process takes in the database: the API sees one location at a time, workers cross them. */
export type Role = 'api' | 'worker';

/** A composed process: its ports, and what only workers need. */
export interface House {
  ctx: Context;
  /** Answers a doorbell until the house shuts down. */
  consume(kind: Kind, lane: Lane, handler: (ids: string[]) => Promise<void>, options: ConsumerOptions): Consumer;
  /** Writes every two seconds that this worker lives. */
  beat(name: string): void;
  /** Shows `/metrics`, `/healthz` and `/readyz` on the port that the environment gives workers, if any. */
  openWatchPort(): Promise<void>;
  /** Folds counters into totals; gives how many it took. */
  rollUpStats(): Promise<number>;
  /** Drops a batch of what is older than it is kept; gives how many rows went. */
  dropAged(): Promise<number>;
  /** Closes everything, last opened first. */
  shutdown: Shutdown;
}

const POOL_SIZE = { api: 20, worker: 10 } as const;
const BEAT_MS = 2_000;
const PATIENCE_MS = 2_000;

/**
 * Builds the one world that a process has. Throws when PostgreSQL does not answer or was never migrated; a Redis
 * that is away is waited for in the background.
 * @param name shown in logs and in `pg_stat_activity`.
 */
export async function composeHouse(environment: Environment, role: Role, name: string): Promise<House> {
  const logger = createLogger(name, environment.logLevel);
  const shutdown = createShutdown(logger);
  const troubles = sayTroubles(logger);
  const pool = createPool({
    url: databaseUrlOf(environment), role: role === 'worker' ? 'millrace_worker' : null, max: POOL_SIZE[role], name,
    onError: (error) => troubles('an idle connection to PostgreSQL', error),
  });
  shutdown.add('database', () => pool.end());
  const clock = await createJourneyClock(pool);
  shutdown.add('clock', () => clock.close());
  const tracing = await createTracing(environment.tracing, `millrace-${name}`);
  shutdown.add('traces', () => tracing.close());
  const counts = createCounts(pool);
  const outage = createOutage(logger, { ...aboutRedis(environment), ping: () => queue.ping(PATIENCE_MS), otherwise: troubles });
  const onTrouble = environment.redisUrl ? outage.onTrouble : troubles;
  const broker = brokerOf(environment, onTrouble);
  const queue = createQueue(broker, onTrouble);
  shutdown.add('queue', () => queue.close());
  shutdown.add('outage', () => outage.close());
  const bus = busOf(environment, onTrouble);
  shutdown.add('bus', () => bus.close());
  const providers = createProviders(environment, logger);
  shutdown.add('e-mail', () => providers.email.close());

  const ctx: Context = {
    environment, logger, clock, queue, bus, providers, ...storesOf(pool, { counts, tracing, speed: clock.speed }),
    tokens: createTokens(await houseKey(environment, 'link tokens')), vault: createVault(await houseKey(environment, 'secrets')), telemetry: createTelemetry(counts, tracing),
  };
  return {
    ctx, shutdown,
    openWatchPort: () => showWorker(ctx, counts, shutdown),
    rollUpStats: () => rollUpStats(pool),
    dropAged: createRetention(pool, environment.keep),
    consume(kind, lane, handler, options) {
      const consumer = startConsumer(broker, kind, lane, handler, options);
      shutdown.add(`consumer of ${kind}, ${lane}`, () => consumer.stop());
      return consumer;
    },
    beat: (worker) => beat(ctx, worker, shutdown),
  };
}

function storesOf(pool: Pool, ears: Ears): Pick<Context, 'runs' | 'events' | 'schedules' | 'versions' | 'assets' | 'sends' | 'desk' | 'reader' | 'doors'> {
  const prisma = createPrisma(pool);
  return {
    runs: watchRuns(createRunStore(pool), ears), events: watchEvents(createEventStore(pool), ears), sends: watchSends(createSendStore(pool), ears),
    schedules: createScheduleStore(pool), versions: createVersionStore(pool), assets: createAssetStore(pool),
    desk: createDesk(pool, prisma), doors: createDoorStore(pool),
    // An extended client only lacks `$on`, which no reader calls.
    reader: (locationId) => tenantPrisma(prisma, locationId) as PrismaClient,
  };
}

async function showWorker(ctx: Context, counts: Counts, shutdown: Shutdown): Promise<void> {
  const { metricsPort, host } = ctx.environment;
  if (metricsPort === null) return;
  const ready = async (): Promise<void> => void (await Promise.all([within(PATIENCE_MS, () => ctx.doors.appliedMigrations()), ctx.queue.ping(PATIENCE_MS)]));
  const server = await openWatchPort(metricsPort, host, { metrics: () => counts.page(), ready });
  shutdown.add('metrics', () => void server.close());
}

function beat(ctx: Context, name: string, shutdown: Shutdown): void {
  const self = { name, pid: process.pid, host: hostname() };
  const record = (): void => void ctx.doors.beat(self).catch((error: unknown) => ctx.logger.warn({ err: error }, 'no heartbeat'));
  record();
  const timer = setInterval(record, BEAT_MS);
  shutdown.add('heartbeat', () => clearInterval(timer));
}

function databaseUrlOf({ databaseUrl }: Environment): string {
  if (databaseUrl) return databaseUrl;
  throw new MillraceError('INVALID_INPUT', 'DATABASE_URL is not set. Name a PostgreSQL 16 or newer, or run npm start, which brings one.');
}

function brokerOf(environment: Environment, troubles: OnTrouble): Broker {
  const { redisUrl, redisPrefix } = environment;
  return redisUrl ? createRedisBroker(redisUrl, redisPrefix, troubles) : createPostgresBroker(databaseUrlOf(environment), 'bullmq', troubles);
}

function busOf(environment: Environment, troubles: OnTrouble): Bus {
  const { redisUrl, redisPrefix } = environment;
  return redisUrl ? createRedisBus(redisUrl, redisPrefix, troubles) : createPostgresBus(databaseUrlOf(environment), redisPrefix, troubles);
}

const aboutRedis = ({ redisUrl }: Environment) => ({
  name: 'redis',
  place: `Redis at ${redisUrl ? new URL(redisUrl).host : ''} (REDIS_URL)`,
  advice: 'Nothing is lost: runs go on by the sweeper, more slowly. Bring that server back, or correct REDIS_URL and start again.',
});

/** One line a trouble and minute: a server that is away would otherwise fill the log. */
function sayTroubles(logger: Logger): OnTrouble {
  const said = new Map<string, number>();
  return (what, error) => {
    const now = performance.now();
    if (now - (said.get(what) ?? -Infinity) < 60_000) return;
    said.set(what, now);
    logger.warn({ err: error }, `trouble with ${what}`);
  };
}
