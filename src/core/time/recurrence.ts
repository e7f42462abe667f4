import { IANAZone } from 'luxon';
import { daysIn, instantOf, zoneName } from './calendar.ts';
import { parseCron, type Cron } from './cron.ts';
import { asInstant } from './instant.ts';

/** When something happens again and again, or once: a cron expression, or an ISO-8601 moment (local to the zone when it has no offset). */
export type Recurrence = { cron: Cron } | { at: string };

/** Reads what a trigger says. Throws CronFault for a bad expression. */
export const recurrenceOf = (given: { cron: string } | { at: string }): Recurrence => ('cron' in given ? { cron: parseCron(given.cron) } : given);

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** 29 February on a Sunday comes every 28 years, and once in 40 round 2100. */
const HORIZON_DAYS = 41 * 366;

/**
 * The first moment after `ms` at which it happens, or null when it never does again. Every local time is met once: one that the clocks
 * skip is the first valid instant after the gap (several of them are one occurrence), one that comes twice is the first of the two.
 * Epoch ms in and out.
 */
export function nextAfter(spec: Recurrence, zone: string, ms: number): number | null {
  if ('at' in spec) {
    const at = asInstant(spec.at, zone);
    return at !== null && at > ms ? at : null;
  }
  // Local times only ever move forward with their instants, so no slot before this one can come after `ms`.
  for (let wall: number | null = wallOf(ms, zone); wall !== null; wall += MINUTE) {
    wall = nextSlot(spec.cron, wall);
    if (wall === null) return null;
    const instant = instantOf(partsOf(wall), zone);
    if (instant > ms) return instant;
  }
  return null;
}

/** The moments in (`from`, `to`], ascending; at most the latest `limit` of them. */
export function occurrencesBetween(spec: Recurrence, zone: string, from: number, to: number, limit = 1_000): number[] {
  const found: number[] = [];
  for (let next = nextAfter(spec, zone, from); next !== null && next <= to; next = nextAfter(spec, zone, next)) {
    found.push(next);
    if (found.length > limit) found.shift();
  }
  return found;
}

/** What a clock on the wall of the zone shows, to the minute, written as if it were UTC. */
function wallOf(ms: number, zone: string): number {
  const offset = IANAZone.create(zoneName(zone)).offset(ms);
  return Math.floor((ms + offset * MINUTE) / MINUTE) * MINUTE;
}

/** The first slot of the expression not before a wall time, both written as if they were UTC. */
function nextSlot(cron: Cron, from: number): number | null {
  const first = Math.floor(from / DAY) * DAY;
  for (let day = first; day < first + HORIZON_DAYS * DAY; day += DAY) {
    const { year, month, day: date } = partsOf(day);
    const last = daysIn(year, month);
    if (!cron.months.has(month)) {
      day += (last - date) * DAY;
      continue;
    }
    if (!cron.onDay(date, new Date(day).getUTCDay(), last)) continue;
    const time = cron.times.find((minutes) => day + minutes * MINUTE >= from);
    if (time !== undefined) return day + time * MINUTE;
  }
  return null;
}

function partsOf(wall: number): { year: number; month: number; day: number; hour: number; minute: number } {
  const date = new Date(wall);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: date.getUTCHours(), minute: date.getUTCMinutes() };
}
