import { asInstant } from '../time/instant.ts';
import { toNumber } from '../templates/to-number.ts';

/** Null and undefined alike: there is no value. */
export const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;

/**
 * Whether two values are the same: text exactly, numbers numerically (50 and "50"), booleans also as text ("true"),
 * moments as instants whatever their offset, lists and structures member by member.
 */
export function sameValue(a: unknown, b: unknown, zone: string): boolean {
  if (a === b) return true;
  if (isMissing(a) || isMissing(b)) return false;
  if (typeof a === 'string' && typeof b === 'string') return sameMoment(a, b, zone);
  if (typeof a === 'number' || typeof b === 'number') return typeof a !== 'boolean' && typeof b !== 'boolean' && toNumber(a) !== null && toNumber(a) === toNumber(b);
  if (typeof a === 'boolean' || typeof b === 'boolean') return typeof a !== 'object' && typeof b !== 'object' && String(a) === String(b);
  return sameStructure(a, b, zone);
}

/** Negative, zero or positive as `a` is less than, the same as or greater than `b`; null when they cannot be compared. Text has no order. */
export function compareValues(a: unknown, b: unknown, zone: string): number | null {
  const [left, right] = [toNumber(a), toNumber(b)];
  if (left !== null && right !== null) return left - right;
  const [earlier, later] = [asInstant(a, zone), asInstant(b, zone)];
  return earlier !== null && later !== null ? earlier - later : null;
}

function sameMoment(a: string, b: string, zone: string): boolean {
  if (a.length < 10 || b.length < 10 || a[4] !== '-' || b[4] !== '-') return false;
  const moment = asInstant(a, zone);
  return moment !== null && moment === asInstant(b, zone);
}

function sameStructure(a: unknown, b: unknown, zone: string): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => right.has(key) && (value === right.get(key) || sameValue(value, right.get(key), zone)));
}
