import { copyLimit } from './limits/copy.ts';
import { hostile } from './ours/hostile.ts';
import { latency } from './ours/latency.ts';
import { live } from './ours/live.ts';
import { oneByOne } from './ours/one-by-one.ts';
import { timers } from './ours/timers.ts';
import { triggers } from './ours/triggers.ts';
import { delivered, twoPhase } from './ours/two-phase.ts';
import { rawBullmq } from './peers/bullmq.ts';
import { dbos } from './peers/dbos.ts';
import { graphileWorker } from './peers/graphile-worker.ts';
import type { Ground, Measured } from './work.ts';

export type Contender = (ground: Ground) => Promise<Measured>;

/** Everybody who takes part, with how much each is given in one run: enough for a second or more. */
export const contenders = {
  'two-phase': { run: twoPhase, size: 20_000 },
  delivered: { run: delivered, size: 20_000 },
  'one-by-one': { run: oneByOne, size: 3_000 },
  copy: { run: copyLimit, size: 8_000 },
  dbos: { run: ({ databaseUrl, size }) => dbos(databaseUrl, size), size: 800 },
  graphile: { run: ({ databaseUrl, size }) => graphileWorker(databaseUrl, size), size: 800 },
  bullmq: { run: ({ redisUrl, size }) => rawBullmq(redisUrl, size), size: 4_000 },
  timers: { run: timers, size: 1_000_000 },
  latency: { run: latency, size: 80_000 },
  triggers: { run: triggers, size: 10_000 },
  hostile: { run: hostile, size: 3 },
  live: { run: live, size: 1_000 },
} satisfies Record<string, { run: Contender; size: number }>;

export type ContenderName = keyof typeof contenders;
