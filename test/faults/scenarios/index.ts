import type { Scenario } from '../scenario.ts';
import { flushedRedis } from './flushed-redis.ts';
import { killedWorkers } from './killed-workers.ts';

/** Every fault that is injected, by what it is done to. A new one is a file and a row. */
export const scenarios: Record<'processes' | 'servers', Scenario[]> = {
  processes: [killedWorkers],
  servers: [flushedRedis],
};
