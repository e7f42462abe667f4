/** Lets bulk work step back while single contacts are being served, so that one contact never waits behind a campaign. */
export interface Courtesy {
  /** Runs a piece of interactive work at once, and remembers that there was some. */
  interactive<T>(work: () => Promise<T>): Promise<T>;
  /** Runs a piece of bulk work when there is a place: all of them in quiet times, a single one, with rests, beside interactive work. */
  bulk<T>(work: () => Promise<T>): Promise<T>;
  /** True while single contacts are being served, and for a moment afterwards. */
  crowded(): boolean;
}

/** How long after the last interactive work the next is still expected. */
const RECENT_MS = 500;
/** Beside interactive work a piece of bulk work is followed by a rest this many times as long: it takes a third of its share. */
const REST = 2;
/** But no longer: two hundred messages may take ten seconds at their provider, and a campaign does not stand still for twenty because of that. */
const LONGEST_REST_MS = 1_000;

/**
 * @param places how many pieces of bulk work may run at once in quiet times
 * @param now machine milliseconds; another clock in tests
 */
export function createCourtesy(places: number, now: () => number = () => performance.now()): Courtesy {
  let lastInteractive = -Infinity;
  let running = 0;
  const waiting: (() => void)[] = [];
  const crowded = (): boolean => now() - lastInteractive < RECENT_MS;
  const room = (): number => (crowded() ? 1 : places);

  const admit = (): void => {
    while (running < room() && waiting.length > 0) {
      running += 1;
      waiting.shift()!();
    }
  };

  const leave = (): void => {
    running -= 1;
    admit();
  };

  return {
    crowded,
    async interactive(work) {
      lastInteractive = now();
      return work();
    },
    async bulk(work) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        admit();
      });
      const began = now();
      try {
        return await work();
      } finally {
        if (crowded()) setTimeout(leave, Math.min((now() - began) * REST, LONGEST_REST_MS));
        else leave();
      }
    },
  };
}
