import type { House } from '../src/compose.ts';
import type { Consumer } from '../src/core/ports/outside.ts';
import { createAtOnce } from '../src/engine/at-once.ts';
import { runBatch } from '../src/engine/run-batch.ts';
import { createCourtesy } from './courtesy.ts';

/** Batches in flight by lane: together they keep a core and the database busy, and no campaign takes a place of a single contact's. */
const IN_FLIGHT = { interactive: 2, bulk: 3 } as const;

/** How long a single wake-up waits for company. */
const GATHER_MS = 2;

/** Takes runs on as they are rung for: what an execution worker does. */
export function startExecution({ ctx: house, consume, shutdown }: House): Consumer[] {
  const ctx = { ...house, atOnce: createAtOnce(house) };
  shutdown.add('messages under way', () => ctx.atOnce.settled());
  const courtesy = createCourtesy(IN_FLIGHT.bulk);
  return [
    consume('runs', 'interactive', (ids) => courtesy.interactive(() => runBatch(ctx, ids, 'interactive')), { concurrency: IN_FLIGHT.interactive, gatherMs: GATHER_MS }),
    // Beside single contacts a campaign leaves its messages to delivery workers: those are processes of their own, and keep nobody waiting here.
    consume('runs', 'bulk', (ids) => courtesy.bulk(() => runBatch(courtesy.crowded() ? house : ctx, ids, 'bulk')), { concurrency: IN_FLIGHT.bulk }),
  ];
}
