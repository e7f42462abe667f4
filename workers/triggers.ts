import { dispatchEvents } from '../src/engine/dispatch-events.ts';
import { startLoop } from './loop.ts';
import { runWorker } from './run-worker.ts';

/** Events whose nudge was lost wait no longer than this. */
const POLL_MS = 1_000;

await runWorker('triggers', ({ ctx, consume, shutdown }) => {
  const events = startLoop(ctx.logger, async () => {
    await dispatchEvents(ctx);
    return POLL_MS;
  });
  shutdown.add('loop', () => events.stop());
  consume('events', 'interactive', async () => events.wake(), { concurrency: 1, gatherMs: 1 });
});
