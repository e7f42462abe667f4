import type { Contact } from '../state.ts';
import { addDays, daysIn, firstZone, instantOf, localDay, timeOfDay } from '../time/calendar.ts';
import { offsetMs } from '../time/duration.ts';
import { asInstant } from '../time/instant.ts';
import type { DateFieldConfig } from './date-field.ts';
import { valueAt } from '../value-at.ts';

/** A day that a date field is about, and the moment at which its trigger fires for it (epoch ms). */
export interface DateOccurrence {
  /** `2026-05-01`, before the offset. */
  day: string;
  at: number;
}

interface Day {
  year: number;
  month: number;
  day: number;
}

const DAY = 24 * 3_600_000;
const ON_A_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * The first occurrence of a contact's date whose moment is after `after`, or null when there is none: no date, or one that has passed.
 * With `anniversary` the date and the same day of every later year; 29 February is 28 February in years without one.
 * @param firedFor a day that is done, whatever becomes of its moment
 */
export function nextDateOccurrence(config: DateFieldConfig, contact: Contact, locationZone: string, after: number, firedFor: string | null = null): DateOccurrence | null {
  const date = dateOf(config, contact, locationZone);
  if (!date) return null;
  const first = config.anniversary ? Math.max(date.year, localDay(after - offsetMs(config.offset), 'UTC').year - 1) : date.year;
  for (let year = first; year <= (config.anniversary ? first + 4 : first); year += 1) {
    const found = occurrenceIn(year, date, config);
    if (found.at > after && found.day !== firedFor) return found;
  }
  return null;
}

/** The moment of a day that was planned earlier, as the contact is now; null when its date is another one by now. */
export function momentOfDay(config: DateFieldConfig, contact: Contact, locationZone: string, day: string): number | null {
  const date = dateOf(config, contact, locationZone);
  if (!date) return null;
  const found = occurrenceIn(config.anniversary ? Math.max(date.year, Number(day.slice(0, 4))) : date.year, date, config);
  return found.day === day ? found.at : null;
}

/** What the field holds, for the trigger's data. */
export function dateValue({ field }: Pick<DateFieldConfig, 'field'>, contact: Contact): unknown {
  return valueAt(contact, field.replace(/^contact\./, '').split('.'));
}

/** Does a change of these fields (as `contact_updated` names them) move the occurrences? */
export const concernsDate = ({ field }: Pick<DateFieldConfig, 'field'>, fields: string[]): boolean => {
  const own = field.replace(/^contact\./, '');
  return fields.some((changed) => changed === 'timezone' || changed === own || own.startsWith(`${changed}.`));
};

interface FieldDate extends Day {
  /** Milliseconds on the wall's clock since midnight. */
  time: number;
  /** The exact moment, when the field holds one and the trigger names no other time. */
  instant: number | null;
  zone: string;
}

/** A plain date begins at midnight; a moment is the date and time that it has in the contact's zone. */
function dateOf({ field, at }: DateFieldConfig, contact: Contact, locationZone: string): FieldDate | null {
  const zone = firstZone(contact.timezone, locationZone);
  const value = dateValue({ field }, contact);
  const instant = asInstant(value, zone);
  if (instant === null) return null;
  const plain = typeof value === 'string' ? ON_A_DAY.exec(value) : null;
  const day = plain ? { year: Number(plain[1]), month: Number(plain[2]), day: Number(plain[3]) } : localDay(instant, zone);
  const time = at !== undefined ? clockMs(at) : plain ? 0 : timeOfDay(instant, zone);
  return { ...day, time, instant: at === undefined && !plain ? instant : null, zone };
}

function clockMs(at: string): number {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  return (hour * 60 + minute) * 60_000;
}

/** Whole days of the offset are days of the calendar, so that the local time stays; what is left is elapsed time. */
function occurrenceIn(year: number, date: FieldDate, { offset }: DateFieldConfig): DateOccurrence {
  const { month, time, instant, zone } = date;
  const day = Math.min(date.day, daysIn(year, month));
  const ms = offsetMs(offset);
  const days = Math.trunc(ms / DAY);
  const exact = instant !== null && year === date.year;
  const base = exact ? addDays(instant, days, zone) : instantOf({ year, month, day: day + days, millisecond: time }, zone);
  return { day: `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`, at: base + (ms - days * DAY) };
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');
