import { composeHouse, type House } from '../src/compose.ts';
import { readEnvironment } from '../src/environment.ts';
import { stopOnSignals } from '../src/shutdown.ts';

/**
 * The life of a worker process: compose, start, say so, and drain when it is told to end. A start that fails ends the process;
 * whoever started it tries again.
 */
export async function runWorker(name: string, start: (house: House) => unknown): Promise<void> {
  const house = await composeHouse(readEnvironment(), 'worker', name);
  start(house);
  await house.openWatchPort();
  house.beat(name);
  stopOnSignals(house.shutdown);
  process.send?.({ ready: true });
  house.ctx.logger.info('working');
}
