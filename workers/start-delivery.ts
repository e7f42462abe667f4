import type { House } from '../src/compose.ts';
import type { Consumer } from '../src/core/ports/outside.ts';
import { deliver, stopDelivering } from '../src/engine/deliver.ts';
import { createCourtesy } from './courtesy.ts';

/** Jobs of up to 200 sends each; how many messages go out at once is `deliver`'s business. */
const IN_FLIGHT = { interactive: 4, bulk: 2 } as const;

/** How long a single send waits for company: nobody watches a message leave by the millisecond. */
const GATHER_MS = 10;

/** Delivers sends as they are rung for: what a delivery worker does. */
export function startDelivery({ ctx, consume, shutdown }: House): Consumer[] {
  const courtesy = createCourtesy(IN_FLIGHT.bulk);
  const consumers = [
    consume('sends', 'interactive', (ids) => courtesy.interactive(() => deliver(ctx, ids, 'interactive')), { concurrency: IN_FLIGHT.interactive, gatherMs: GATHER_MS }),
    consume('sends', 'bulk', (ids) => courtesy.bulk(() => deliver(ctx, ids, 'bulk')), { concurrency: IN_FLIGHT.bulk }),
  ];
  shutdown.add('deliveries', () => stopDelivering(ctx));
  return consumers;
}
