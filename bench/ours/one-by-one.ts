import type { Context } from '../../src/context.ts';
import type { Queue } from '../../src/core/ports/outside.ts';
import { createAtOnce } from '../../src/engine/at-once.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { measure, type Ground, type Measured } from '../work.ts';
import { inHouse } from './house.ts';
import { openLedger } from './ledger.ts';
import { enrollAll, setScene } from './scene.ts';

const WARM = 200;
const IN_FLIGHT = 32;

/** WORK without any batching: every call of the engine is given one id, and 32 of them are under way at once. */
export function oneByOne(ground: Ground): Promise<Measured> {
  return inHouse(ground, 'worker', async ({ ctx }) => {
    const ledger = await openLedger(ground.databaseUrl);
    const scene = await setScene(ctx, ground.databaseUrl, WARM + ground.size);
    const calls = createCalls(ctx);
    const silent = { ...ctx, queue: calls.queue };
    const ids = await enrollAll(silent, scene, scene.contactIds);
    calls.forget();
    await ledger.settle();
    await calls.work(ids.slice(0, WARM));
    const measured = await measure('Millrace, batch size 1', ground.size, () => calls.work(ids.slice(WARM)), ground.databaseUrl);
    await ledger.verifyWork(WARM + ground.size);
    await ledger.close();
    return measured;
  });
}

/** A queue that turns each id into one call of the engine. */
function createCalls(ctx: Context) {
  let calls: (() => Promise<void>)[] = [];
  const queue: Queue = {
    ...ctx.queue,
    nudgeRuns: async (lane, ids) => ids.forEach((id) => calls.push(() => runBatch({ ...own, atOnce }, [id], lane))),
    nudgeSends: async (lane, ids) => ids.forEach((id) => calls.push(() => deliver(own, [id], lane))),
    nudgeEvents: async () => undefined,
  };
  const own: Context = { ...ctx, queue };
  const atOnce = createAtOnce(own);
  return {
    queue,
    forget: () => void (calls = []),
    /** Resolves when all runs, and whatever they rang for, are done. */
    work: (ids: string[]) =>
      new Promise<void>((resolve, reject) => {
        let underWay = 0;
        const next = (): void => {
          while (underWay < IN_FLIGHT && calls.length > 0) {
            underWay += 1;
            calls.pop()!().then(() => {
              underWay -= 1;
              next();
            }, reject);
          }
          if (underWay === 0) resolve();
        };
        void queue.nudgeRuns('bulk', ids);
        next();
      }),
  };
}
