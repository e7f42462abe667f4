import type { Bus, Clock, LiveMessage, Queue } from '../../src/core/ports/outside.ts';

/** A queue that keeps what it was asked: `rung` in order. `fail` makes every nudge throw from now on. */
export function fakeQueue() {
  const rung: { bell: 'runs' | 'sends' | 'events'; lane?: string; ids?: string[] }[] = [];
  let failure: Error | null = null;
  const ring = (bell: (typeof rung)[number]): Promise<void> => {
    if (failure) return Promise.reject(failure);
    rung.push(bell);
    return Promise.resolve();
  };
  const queue: Queue = {
    nudgeRuns: (lane, ids) => ring({ bell: 'runs', lane, ids }),
    nudgeSends: (lane, ids) => ring({ bell: 'sends', lane, ids }),
    nudgeEvents: () => ring({ bell: 'events' }),
    ping: () => (failure ? Promise.reject(failure) : Promise.resolve()),
    depths: () => Promise.resolve({}),
    close: () => Promise.resolve(),
  };
  return { queue, rung, fail: (error: Error | null): void => void (failure = error) };
}

/** A bus that keeps what was published, and delivers it at once. */
export function fakeBus() {
  const published: LiveMessage[] = [];
  const listeners = new Set<(message: LiveMessage) => void>();
  const bus: Bus = {
    publish(message) {
      published.push(message);
      listeners.forEach((listener) => listener(message));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
  return { bus, published };
}

/** A clock that stands still until it is moved. */
export function fakeClock(start = Date.UTC(2026, 0, 5, 9)) {
  let now = start;
  const clock: Clock = { journeyNow: () => now, machineNow: () => now, speed: 1 };
  return { clock, move: (ms: number): void => void (now += ms) };
}
