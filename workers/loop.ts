import type { Logger } from '../src/logger.ts';

export interface Loop {
  /** Ends the present sleep; a round that is under way is followed by another at once. */
  wake(): void;
  /** Resolves when the round under way is done. */
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 250;
const SLOWEST_RETRY_MS = 5_000;

/**
 * Calls `round` again and again. A round answers how many milliseconds to sleep; one that throws is said and tried again, ever more slowly.
 */
export function startLoop(logger: Logger, round: () => Promise<number>): Loop {
  let stopping = false;
  let woken = false;
  let endSleep: (() => void) | null = null;

  const sleep = (ms: number): Promise<void> => new Promise((resolve) => {
    if (woken || stopping) return resolve();
    const timer = setTimeout(resolve, ms);
    endSleep = () => {
      clearTimeout(timer);
      resolve();
    };
  });

  const live = async (): Promise<void> => {
    let failures = 0;
    while (!stopping) {
      woken = false;
      let pause: number;
      try {
        pause = await round();
        failures = 0;
      } catch (error) {
        failures += 1;
        pause = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), SLOWEST_RETRY_MS);
        logger.error({ err: error, againInMs: pause }, 'a round failed');
      }
      await sleep(pause);
      endSleep = null;
    }
  };

  const done = live();
  const wake = (): void => {
    woken = true;
    endSleep?.();
  };
  return {
    wake,
    stop() {
      stopping = true;
      wake();
      return done;
    },
  };
}
