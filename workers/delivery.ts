import { deliver } from '../src/engine/deliver.ts';
import { runWorker } from './run-worker.ts';

/** Jobs of up to 200 sends each; how many messages go out at once is `deliver`'s business. */
const IN_FLIGHT = { interactive: 4, bulk: 2 } as const;

await runWorker('delivery', ({ ctx, consume }) => {
  consume('sends', 'interactive', (ids) => deliver(ctx, ids, 'interactive'), { concurrency: IN_FLIGHT.interactive, gatherMs: 3 });
  consume('sends', 'bulk', (ids) => deliver(ctx, ids, 'bulk'), { concurrency: IN_FLIGHT.bulk });
});
