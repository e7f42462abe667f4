/**
 * A token bucket without a timer: it says when a call may start. Milliseconds of a clock that nobody sets: one that goes back would hold everything up. Pure
 * but for its own memory.
 */
export interface RateBucket {
  /**
   * Asks for one call at `now`. `wait` holds a place that is at most `patienceMs` away; `later` holds none and says when to
   * ask again, each asker a little later than the one before, so that a backlog comes back spread out.
   */
  take(now: number, patienceMs: number): { kind: 'wait'; ms: number } | { kind: 'later'; ms: number };
}

/** @param burst how many calls may start at once after a rest; a second's worth unless told. */
export function createRateBucket(perSecond: number, burst: number = Math.max(1, perSecond)): RateBucket {
  const interval = 1_000 / perSecond;
  const slack = (burst - 1) * interval;
  let next = -Infinity;
  let tail = -Infinity;
  return {
    take(now, patienceMs) {
      const place = Math.max(next, now - slack);
      const ms = Math.max(0, place - now);
      if (ms > patienceMs) {
        tail = Math.max(tail, place) + interval;
        return { kind: 'later', ms: Math.ceil(tail - now) };
      }
      next = place + interval;
      return { kind: 'wait', ms: Math.ceil(ms) };
    },
  };
}
