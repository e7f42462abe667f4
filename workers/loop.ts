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
  const sleep = createSleep();
  let stopping = false;

  const live = async (): Promise<void> => {
    let failures = 0;
    while (!stopping) {
      sleep.begin();
      let pause: number;
      try {
        pause = await round();
        failures = 0;
      } catch (error) {
        failures += 1;
        pause = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), SLOWEST_RETRY_MS);
        logger.error({ err: error, againInMs: pause }, 'a round failed');
      }
      await sleep.rest(pause);
    }
  };

  const done = live();
  return {
    wake: sleep.wake,
    stop() {
      stopping = true;
      sleep.wake();
      return done;
    },
  };
}

/** A sleep that may be ended before it is slept: what wakes after `begin` also keeps from the `rest` that follows. */
function createSleep(): { begin(): void; rest(ms: number): Promise<void>; wake(): void } {
  let woken = false;
  let end: (() => void) | null = null;
  return {
    begin: () => void (woken = false),
    rest: (ms) => new Promise((resolve) => {
      if (woken) return resolve();
      const timer = setTimeout(resolve, ms);
      end = () => {
        clearTimeout(timer);
        resolve();
      };
    }),
    wake() {
      woken = true;
      end?.();
      end = null;
    },
  };
}
