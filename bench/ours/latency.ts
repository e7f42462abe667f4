import { measure, type Ground, type Measured } from '../work.ts';
import { arrive } from './arrivals.ts';
import { inHouse } from './house.ts';
import { openLedger } from './ledger.ts';
import { enrollAll, setScene } from './scene.ts';
import { buildWorkers, startWorker, type WorkerProcess } from './worker-process.ts';

/** Arrivals that warm fresh processes until JavaScript's compiler has settled, those that are left out while the bulk warms them, and those that are timed on the idle engine. */
const WARM = 3_000;
const WARM_BUSY = 600;
const TIMED = 1_500;
/** More than arrive while the bulk drains. */
const MOST = 20_000;

/**
 * Contacts that arrive one by one at a house of separate processes: first with nothing else to do, then while a bulk
 * enrolment of `size` drains.
 */
export function latency(ground: Ground): Promise<Measured> {
  return inHouse(ground, 'api', async ({ ctx }, environment) => {
    const ledger = await openLedger(ground.databaseUrl);
    const scene = await setScene(ctx, ground.databaseUrl, ground.size + WARM + TIMED + MOST);
    await ledger.settle();
    const arrivals = scene.contactIds.slice(ground.size);
    buildWorkers();
    const first = await startWorkers(environment);
    await arrive(ctx, scene, arrivals.splice(0, WARM));
    const idle = await arrive(ctx, scene, arrivals.splice(0, TIMED));
    await ledger.completed(WARM + TIMED);
    const quietMb = first[0]!.peakMemoryMb();
    await Promise.all(first.map((worker) => worker.stop()));

    await enrollAll(ctx, scene, scene.contactIds.slice(0, ground.size));
    const second = await startWorkers(environment);
    let draining = true;
    let busy: number[] = [];
    const measured = await measure('Millrace, latency', ground.size, async () => {
      const drained = ledger.completed(WARM + TIMED + ground.size).then(() => void (draining = false));
      busy = (await arrive(ctx, scene, arrivals, () => draining)).slice(WARM_BUSY);
      await drained;
    }, ground.databaseUrl);
    const executionMb = Math.max(quietMb, second[0]!.peakMemoryMb());
    await Promise.all(second.map((worker) => worker.stop()));
    await ledger.close();
    return { ...measured, peakMemoryMb: executionMb, figures: { idleP50: percentile(idle, 0.5), idleP99: percentile(idle, 0.99), busyP50: percentile(busy, 0.5), busyP99: percentile(busy, 0.99), samples: busy.length } };
  });
}

const startWorkers = (environment: Record<string, string>): Promise<WorkerProcess[]> => Promise.all((['execution', 'delivery'] as const).map((name) => startWorker(name, environment)));

function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
