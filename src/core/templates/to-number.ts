/** A number, or text that is one; null for everything else. */
export function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(value) ? Number(value) : null;
}

/** What a calculation came to, without the last digits that only its binary form has: 0.1 + 0.2 is 0.3. Whole numbers stay as they are. */
export function decimal(number: number): number {
  return Number.isInteger(number) || !Number.isFinite(number) ? number : Number(number.toPrecision(15));
}

/** Decimal rounding, halves away from zero: 1.005 to two digits is 1.01 although its binary form lies below. NaN for more digits than a number has. */
export function roundTo(number: number, digits: number): number {
  const scaled = Number(`${Math.abs(number)}e${digits}`);
  // What JavaScript writes with an exponent of its own, 1e-7 or 1e21, has no half to be careful with.
  return Number.isNaN(scaled) ? Math.round(number * 10 ** digits) / 10 ** digits : Math.sign(number) * Number(`${Math.round(scaled)}e${-digits}`);
}
