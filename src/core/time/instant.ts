import { daysIn, instantOf, utc } from './calendar.ts';

// 2026-03-02, 2026-03-02T09:00, 2026-03-02T09:00:00.5+01:00, and 2026-03-02 09:00:00+01 as PostgreSQL prints it
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?$/;
/** Numbers from here on (March 1973) are read as epoch milliseconds; smaller ones are just numbers. */
const EARLIEST_EPOCH_MS = 1e11;
const MINUTE = 60_000;

/**
 * Reads a moment: an ISO-8601 date or date-time (one without an offset is local to `zone`), or epoch milliseconds.
 * @returns epoch ms, or null when the value is no moment
 */
export function asInstant(value: unknown, zone: string): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= EARLIEST_EPOCH_MS ? value : null;
  const found = typeof value === 'string' && value.length <= 40 ? ISO.exec(value) : null;
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  if (hour > 23 || minute > 59 || second > 59 || !isDay(year, month, day)) return null;
  const millisecond = Math.floor(Number(`0.${found[7] ?? 0}`) * 1000);
  const offset = found[8];
  const written = { year, month, day, hour, minute, second, millisecond };
  return offset === undefined ? instantOf(written, zone) : utc(written) - offsetMs(offset);
}

/** The calendar has such a day: 30 February would roll over into March. */
const isDay = (year: number, month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);

/** `+01:30`, `-0800` or `Z` as milliseconds east of UTC. */
function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + (offset.length > 3 ? Number(offset.slice(-2)) : 0);
  return (offset.startsWith('-') ? -minutes : minutes) * MINUTE;
}
