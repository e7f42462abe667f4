import { measure, type Ground, type Measured } from '../work.ts';
import { inHouse } from './house.ts';
import { openLedger } from './ledger.ts';
import { enrollAll, setScene } from './scene.ts';
import { buildWorkers, startWorker } from './worker-process.ts';

/** Runs before the clock starts, so that both engines, JavaScript's and PostgreSQL's, are warm. */
const WARM = 4_000;

/**
 * WORK through the product as it runs: an execution worker and a delivery worker, built and started as `npm start` does. The clock starts
 * when they begin to answer the doorbells of a bulk enrolment, and stops when the last run has ended. The outbox bears anything, so whoever commits an intent performs it.
 */
export const twoPhase = (ground: Ground): Promise<Measured> => work('Millrace, two-phase', ground, {});

/** The same where a provider bears only so much: the location sets a ceiling, however high, and a delivery worker claims every send. */
export const delivered = (ground: Ground): Promise<Measured> => work('Millrace, by a delivery worker', ground, { rate_limits: { sms: 1_000_000 } });

function work(name: string, ground: Ground, defaults: object): Promise<Measured> {
  return inHouse(ground, 'api', async ({ ctx }, environment) => {
    const ledger = await openLedger(ground.databaseUrl);
    const scene = await setScene(ctx, ground.databaseUrl, WARM + ground.size, defaults);
    buildWorkers();
    const workers = await Promise.all((['execution', 'delivery'] as const).map((name) => startWorker(name, environment)));
    await enrollAll(ctx, scene, scene.contactIds.slice(0, WARM));
    await ledger.completed(WARM);
    for (const worker of workers) worker.pause();
    await enrollAll(ctx, scene, scene.contactIds.slice(WARM));
    await ledger.settle();
    const cpuSeconds = (): number => workers.reduce((sum, worker) => sum + worker.cpuSeconds(), 0);
    const before = cpuSeconds();
    const measured = await measure(name, ground.size, async () => {
      for (const worker of workers) worker.resume();
      await ledger.completed(WARM + ground.size);
    }, ground.databaseUrl);
    const used = { cpuSeconds: measured.cpuSeconds + cpuSeconds() - before, peakMemoryMb: Math.max(...workers.map((worker) => worker.peakMemoryMb())) };
    await Promise.all(workers.map((worker) => worker.stop()));
    await ledger.verifyWork(WARM + ground.size);
    await ledger.close();
    return { ...measured, ...used };
  });
}
