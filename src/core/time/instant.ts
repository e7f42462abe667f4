import { DateTime } from 'luxon';
import { zoneName } from './calendar.ts';

// 2026-03-02, 2026-03-02T09:00, 2026-03-02T09:00:00.5+01:00
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
/** Numbers from here on (March 1973) are read as epoch milliseconds; smaller ones are just numbers. */
const EARLIEST_EPOCH_MS = 1e11;

/**
 * Reads a moment: an ISO-8601 date or date-time (one without an offset is local to `zone`), or epoch milliseconds.
 * @returns epoch ms, or null when the value is no moment
 */
export function asInstant(value: unknown, zone: string): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= EARLIEST_EPOCH_MS ? value : null;
  if (typeof value !== 'string' || value.length > 40 || !ISO.test(value)) return null;
  const read = DateTime.fromISO(value.replace(' ', 'T'), { zone: zoneName(zone) });
  return read.isValid ? read.toMillis() : null;
}
