import { z } from 'zod';
import type { Weekday } from '../state.ts';
import { instantOf, localDay, utc, weekdays } from './calendar.ts';

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A local time of day as definitions write one: `"09:00"`. */
export const clockTimeSchema = z.string().refine((time) => CLOCK.test(time), {
  error: 'This is no time of day.',
  params: { rule: 'invalid_time', hint: 'Write hours and minutes as "HH:MM" in quotes: "21:00".' },
});

/** Weekdays as definitions name them: `[mon, fri]`. */
export const weekdaysSchema = z.array(z.enum(weekdays)).min(1).max(7);

/**
 * The first moment after `after` at which a clock on the wall in `zone` shows `time`, on one of `days` (null: any day); epoch ms in
 * and out. A time that the clocks skip is the first valid instant after the gap, one that occurs twice the first of the two, so a
 * day has exactly one such moment.
 * @param time `HH:MM`
 */
export function nextClockTime(after: number, time: string, days: readonly Weekday[] | null, zone: string): number {
  const today = localDay(after, zone);
  for (let ahead = 0; ahead <= 14; ahead += 1) {
    const at = clockTimeOn(today, ahead, time, zone);
    if (at > after && (days === null || days.includes(localDay(noon(today, ahead), 'UTC').weekday))) return at;
  }
  throw new RangeError(`No day has the time ${time} on ${days?.join(', ') ?? 'any day'}.`);
}

/** The moment of a local time on the day `ahead` days after `day`. */
export function clockTimeOn({ year, month, day }: { year: number; month: number; day: number }, ahead: number, time: string, zone: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return instantOf({ year, month, day: day + ahead, hour, minute }, zone);
}

const noon = ({ year, month, day }: { year: number; month: number; day: number }, ahead: number): number => utc({ year, month, day: day + ahead, hour: 12 });
