/** A bucket a key: it holds `burst` requests and is refilled at `perSecond`. */
export interface RateLimit {
  readonly perSecond: number;
  /** Takes one request. Gives 0 when it is allowed, else after how many ms the next one will be. */
  take(key: string): number;
}

interface Bucket {
  left: number;
  at: number;
}

/** Buckets that are kept; full ones say nothing and go first. */
const MOST_BUCKETS = 10_000;

/** @param now machine ms. */
export function createRateLimit(now: () => number, perSecond = 200, burst = 2_000): RateLimit {
  const buckets = new Map<string, Bucket>();
  const refilled = (bucket: Bucket, at: number): number => Math.min(burst, bucket.left + (Math.max(0, at - bucket.at) / 1000) * perSecond);
  const dropFull = (at: number): void => {
    for (const [key, bucket] of buckets) if (refilled(bucket, at) >= burst) buckets.delete(key);
  };
  return {
    perSecond,
    take(key) {
      const at = now();
      const bucket = buckets.get(key) ?? { left: burst, at };
      const left = refilled(bucket, at);
      const allowed = left >= 1;
      if (buckets.size >= MOST_BUCKETS && !buckets.has(key)) dropFull(at);
      buckets.set(key, { left: allowed ? left - 1 : left, at });
      return allowed ? 0 : Math.ceil(((1 - left) / perSecond) * 1000);
    },
  };
}
