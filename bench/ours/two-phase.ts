import { startDelivery } from '../../workers/start-delivery.ts';
import { startExecution } from '../../workers/start-execution.ts';
import { measure, type Ground, type Measured } from '../work.ts';
import { inHouse } from './house.ts';
import { openLedger } from './ledger.ts';
import { enrollAll, setScene } from './scene.ts';

/** Runs before the clock starts, so that both engines, JavaScript's and PostgreSQL's, are warm. */
const WARM = 2_000;

/**
 * WORK through the product: one process that consumes the queue as the execution and the delivery worker do. The clock starts
 * when it begins to answer the doorbells of a bulk enrolment, and stops when the last run has ended.
 */
export function twoPhase(ground: Ground): Promise<Measured> {
  return inHouse(ground, 'worker', async (house) => {
    const { ctx } = house;
    const ledger = await openLedger(ground.databaseUrl);
    const scene = await setScene(ctx, ground.databaseUrl, WARM + ground.size);
    const stopWarming = [startExecution(house), startDelivery(house)].flat();
    await enrollAll(ctx, scene, scene.contactIds.slice(0, WARM));
    await ledger.completed(WARM);
    for (const consumer of stopWarming) await consumer.stop();
    await enrollAll(ctx, scene, scene.contactIds.slice(WARM));
    await ledger.settle();
    const measured = await measure('Millrace, two-phase', ground.size, async () => {
      startExecution(house);
      startDelivery(house);
      await ledger.completed(WARM + ground.size);
    }, ground.databaseUrl);
    await ledger.verifyWork(WARM + ground.size);
    await ledger.close();
    return measured;
  });
}
