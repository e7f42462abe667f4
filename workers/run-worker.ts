import { setFlagsFromString } from 'node:v8';
import { composeHouse, type House } from '../src/compose.ts';
import { readEnvironment } from '../src/environment.ts';
import { stopOnSignals } from '../src/shutdown.ts';
import { nameSources } from '../src/stack-sources.ts';

/** A worker's garbage is old batches: at most so many per cent of what is in use gather before they are swept out. Node would let a worker at work grow by 40 MB more. */
const GROWTH = '--heap-growing-percent=80';

/**
 * The life of a worker process: compose, start, say so, and drain when it is told to end. A start that fails ends the process;
 * whoever started it tries again.
 */
export async function runWorker(name: string, start: (house: House) => unknown): Promise<void> {
  setFlagsFromString(GROWTH);
  nameSources();
  const house = await composeHouse(readEnvironment(), 'worker', name);
  start(house);
  await house.openWatchPort();
  house.beat(name);
  stopOnSignals(house.shutdown);
  process.send?.({ ready: true });
  house.ctx.logger.info('working');
}
