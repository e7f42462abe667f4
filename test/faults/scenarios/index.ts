import type { Scenario } from '../scenario.ts';
import { cutConnections } from './cut-connections.ts';
import { deadLines } from './dead-lines.ts';
import { drainedAtWork } from './drained-at-work.ts';
import { flushedRedis } from './flushed-redis.ts';
import { frozenWorkers } from './frozen-workers.ts';
import { fullDisk } from './full-disk.ts';
import { hangingProvider } from './hanging-provider.ts';
import { killedApi } from './killed-api.ts';
import { killedWorkers } from './killed-workers.ts';
import { lostAnswers } from './lost-answers.ts';
import { postgresAway } from './postgres-away.ts';
import { redisAway } from './redis-away.ts';
import { repeatedDeliveries } from './repeated-deliveries.ts';
import { restartedPostgres } from './restarted-postgres.ts';
import { rollingRestarts } from './rolling-restarts.ts';
import { setClocks } from './set-clocks.ts';
import { shiftedClock } from './shifted-clock.ts';
import { steadyLoad } from './steady-load.ts';
import { unrulyProviders } from './unruly-providers.ts';

/** Every fault that is injected, by what it is done to. A new one is a file and a row. */
export const scenarios: Record<'processes' | 'servers' | 'outside', Scenario[]> = {
  processes: [killedWorkers, killedApi, frozenWorkers, rollingRestarts, drainedAtWork, setClocks],
  servers: [flushedRedis, redisAway, postgresAway, restartedPostgres, cutConnections, deadLines, fullDisk, lostAnswers],
  outside: [repeatedDeliveries, unrulyProviders, hangingProvider, shiftedClock, steadyLoad],
};
