import { DateTime, IANAZone } from 'luxon';
import type { Calendar, Weekday } from '../state.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const FOUR_CENTURIES = 146_097 * DAY;
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const satisfies Weekday[];
/** Days from 1970 to a moment that no journey reaches and that every zone can still print. */
const LATEST = 100_000_000 * DAY - 2 * DAY;
/** A calendar that opens on none of so many days never opens. */
const HORIZON_DAYS = 800;

/** Asking the platform about a zone is slow; there are some 600, and as many misspelt ones may be remembered. */
const zones = new Map<string, boolean>();
const MOST_ZONES = 1200;

/** A local date and time; `hour` may be 24, which is the next day's 0. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
}

/** Whether `name` is an IANA zone such as `Europe/London` or `UTC`. */
export function isZone(name: string): boolean {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const valid = /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);
  if (zones.size < MOST_ZONES) zones.set(name, valid);
  return valid;
}

/** What a clock on the wall in `zone` shows, in milliseconds since it showed 00:00. */
export function timeOfDay(ms: number, zone: string): number {
  const wall = ms + IANAZone.create(zoneName(zone)).offset(ms) * MINUTE;
  return wall - Math.floor(wall / DAY) * DAY;
}

/** `name` when it is a zone, else UTC: a contact's zone is data and may be anything. */
export function zoneName(name: string): string {
  return isZone(name) ? name : 'UTC';
}

/** The first of `names` that is a zone, else UTC: contact → location → UTC. */
export function firstZone(...names: (string | null | undefined)[]): string {
  return names.find((name) => typeof name === 'string' && isZone(name)) ?? 'UTC';
}

/** The day that a calendar on the wall in `zone` shows. */
export function localDay(ms: number, zone: string): { year: number; month: number; day: number; weekday: Weekday } {
  const wall = new Date(ms + IANAZone.create(zoneName(zone)).offset(ms) * MINUTE);
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate(), weekday: weekdays[(wall.getUTCDay() + 6) % 7]! };
}

/** A moment as ISO-8601 with the zone's offset: `2026-03-02T10:00:00+01:00`, `…Z` in UTC; empty when `ms` is no moment. */
export function printInstant(ms: number, zone: string): string {
  if (!(Math.abs(ms) < LATEST)) return '';
  const name = zoneName(zone);
  const offset = name === 'UTC' ? 0 : Math.round(IANAZone.create(name).offset(ms));
  const local = new Date(ms + offset * MINUTE).toISOString().replace(/(?:\.000)?Z$/, '');
  return name === 'UTC' ? `${local}Z` : `${local}${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(Math.abs(offset) / 60))}:${twoDigits(Math.abs(offset) % 60)}`;
}

/**
 * The first moment not before `at` at which the calendar is open in `zone`; epoch ms in and out.
 * A calendar without hours is open at all times but holidays. One that never opens answers `at`, so that nobody waits for ever.
 * Hours may run over midnight (`["22:00", "02:00"]`) and belong to the day on which they begin.
 */
export function nextOpen(calendar: Calendar, zone: string, at: number): number {
  const today = DateTime.fromMillis(at, { zone: zoneName(zone) }).startOf('day');
  for (let ahead = -1; ahead < HORIZON_DAYS; ahead += 1) {
    const day = today.plus({ days: ahead });
    for (const [from, to] of opening(calendar, day, zone)) {
      if (at < to && from < to) return Math.max(at, from); // hours that fall into a gap whole are none
    }
  }
  return at;
}

/**
 * The moment of a local time. A time that the clocks skip is the first valid instant after the gap; one that occurs
 * twice is the first of the two. Returns epoch ms.
 */
export function instantOf(local: LocalTime, zone: string): number {
  return instantOfWall(utc(local), zone);
}

/** The moment of a date and time in UTC. `Date.UTC` reads the years 0 to 99 as 1900 to 1999; the calendar repeats itself every 400 years. */
export function utc({ year, month, day, hour = 0, minute = 0, second = 0, millisecond = 0 }: LocalTime): number {
  const [shifted, back] = year < 100 ? [year + 400, FOUR_CENTURIES] : [year, 0];
  return Date.UTC(shifted, month - 1, day, hour, minute, second, millisecond) - back;
}

/** How many days a month (1 to 12) has. */
export const daysIn = (year: number, month: number): number => new Date(utc({ year, month: month + 1, day: 0 })).getUTCDate();

/** The same local time `days` days later (or earlier), as `instantOf` reads it. */
export function addDays(ms: number, days: number, zone: string): number {
  if (days === 0) return ms;
  const offset = IANAZone.create(zoneName(zone)).offset(ms);
  return instantOfWall(ms + offset * MINUTE + days * DAY, zone);
}

/** `wall` is what a clock on the wall shows, written as if it were UTC. */
function instantOfWall(wall: number, zone: string): number {
  const rules = IANAZone.create(zoneName(zone));
  const offsets = [rules.offset(wall - DAY), rules.offset(wall + DAY)];
  const earliest = wall - Math.max(...offsets) * MINUTE;
  const latest = wall - Math.min(...offsets) * MINUTE;
  const valid = [earliest, latest].find((moment) => moment + rules.offset(moment) * MINUTE === wall);
  return valid ?? transition(rules, earliest, latest);
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** The first moment in (from, to] that has the offset of `to`: offsets change on whole seconds. */
function transition(rules: IANAZone, from: number, to: number): number {
  const goal = rules.offset(to);
  let low = from;
  let high = to;
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (middle <= low) break;
    if (rules.offset(middle) === goal) high = middle;
    else low = middle;
  }
  return Math.floor(high / 1000) * 1000;
}

function opening(calendar: Calendar, day: DateTime, zone: string): [number, number][] {
  if (calendar.holidays?.includes(day.toISODate() ?? '')) return [];
  return hoursOf(calendar, day.weekday)
    .map(([from, to]): [number, number] => {
      const overnight = to <= from ? 1 : 0;
      return [clockTime(day, from, 0, zone), clockTime(day, to, overnight, zone)];
    })
    .toSorted((a, b) => a[0] - b[0]);
}

function hoursOf(calendar: Calendar, weekday: number): [string, string][] {
  const weekly = calendar.weekly ?? {};
  const always = weekdays.every((name) => (weekly[name] ?? []).length === 0);
  return always ? [['00:00', '24:00']] : (weekly[weekdays[weekday - 1]!] ?? []);
}

function clockTime({ year, month, day }: DateTime, time: string, later: number, zone: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return instantOf({ year, month, day: day + later, hour, minute }, zone);
}
