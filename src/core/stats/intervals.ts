/** The standard normal quantile of a two-sided 95 % interval. */
const Z = 1.959963984540054;

export interface Interval {
  low: number;
  high: number;
}

/**
 * The share of successes with its 95 % interval by Wilson's score method (Wilson 1927, without continuity correction): it stays within
 * 0 and 1 and holds for small numbers too. Null when nobody was there.
 * @param successes 0 to `total`
 */
export function wilson(successes: number, total: number): ({ rate: number } & Interval) | null {
  if (total <= 0) return null;
  const rate = successes / total;
  const square = Z * Z;
  const centre = rate + square / (2 * total);
  const spread = Z * Math.sqrt((rate * (1 - rate)) / total + square / (4 * total * total));
  const scale = 1 + square / total;
  return { rate, low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

/**
 * How much greater the share of `one` is than that of `base`, with the 95 % interval of Newcombe's hybrid score method (Newcombe 1998, method
 * 10). The two differ when the interval does not hold 0. Null when either had nobody.
 */
export function newcombe(one: { successes: number; total: number }, base: { successes: number; total: number }): ({ difference: number } & Interval) | null {
  const [p, q] = [wilson(one.successes, one.total), wilson(base.successes, base.total)];
  if (!p || !q) return null;
  const difference = p.rate - q.rate;
  return {
    difference,
    low: difference - Math.hypot(p.rate - p.low, q.high - q.rate),
    high: difference + Math.hypot(p.high - p.rate, q.rate - q.low),
  };
}
