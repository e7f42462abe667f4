/**
 * A cron expression of five fields, made ready: `minute hour day-of-month month day-of-week`, as crontab(5) has them
 * (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/crontab.html), with names, steps, 7 for Sunday,
 * and what crons of today add: `L` for a month's last day, `mon#1` for its first Monday, `friL` for its last Friday.
 */
export interface Cron {
  /** Minutes of the day at which it fires, ascending. */
  times: number[];
  months: ReadonlySet<number>;
  /** Does it fire on such a day? `last` is the number of days of the month. */
  onDay(day: number, weekday: number, last: number): boolean;
}

/** What is wrong with an expression, and what to do. */
export class CronFault extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = 'CronFault';
    this.hint = hint;
  }
}

const SHAPE = 'Write five fields: minute hour day-of-month month day-of-week, such as "0 9 * * mon-fri".';
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const LAST_DAY = 'l';
/** `mon#1` to `mon#5`, and `monL` for the last one of a month; numbers do for names. */
const NTH = /^([a-z]{3}|\d{1,4})(?:#([1-5])|l)$/;
const LONGEST = 200;

interface Field {
  name: string;
  from: number;
  to: number;
  /** Names of its values, the first of which is `from`. */
  names?: string[];
}

const FIELDS: [Field, Field, Field, Field, Field] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day-of-month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, names: MONTHS },
  { name: 'day-of-week', from: 0, to: 7, names: WEEKDAYS },
];

/**
 * Reads a cron expression. When day-of-month and day-of-week both name days, either will do, as in every cron.
 * @throws CronFault with the field, what was found and what to do; also for days that never come, such as 30 February
 */
export function parseCron(text: string): Cron {
  const fields = text.trim().toLowerCase().split(/\s+/);
  if (text.length > LONGEST) throw new CronFault(`A cron expression has at most ${LONGEST} characters.`, 'Use ranges and steps, such as 1-5 and */15, or several triggers.');
  if (fields.length !== 5 || fields[0] === '') throw new CronFault(`"${text}" has ${countOf(fields)}.`, fields.length === 6 ? `${SHAPE} Seconds are not possible.` : SHAPE);
  const [minutes, hours, days, months, weekdays] =
    FIELDS.map((field, index) => valuesOf(field, plainOf(field, fields[index]!))) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  const onLast = listOf(fields[2]!).includes(LAST_DAY);
  const nths = nthsOf(fields[4]!);
  if (weekdays.has(7)) weekdays.add(0);
  const either = !fields[2]!.startsWith('*') && !fields[4]!.startsWith('*');
  const dated = (day: number, last: number): boolean => days.has(day) || (onLast && day === last);
  const named = (day: number, weekday: number, last: number): boolean => weekdays.has(weekday) || nths.some((nth) => isNth(nth, day, weekday, last));
  if (!either && !onLast) refuseImpossible(days, months, fields);
  return {
    times: [...hours].flatMap((hour) => [...minutes].map((minute) => hour * 60 + minute)).toSorted((a, b) => a - b),
    months,
    onDay: (day, weekday, last) => (either ? dated(day, last) || named(day, weekday, last) : dated(day, last) && named(day, weekday, last)),
  };
}

const countOf = (fields: string[]): string => (fields[0] === '' ? 'no field' : `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}`);

const listOf = (text: string): string[] => text.split(',');

/** Days that are counted within a month stand beside plain values, and are none. */
function plainOf({ name }: Field, text: string): string[] {
  const list = listOf(text);
  if (name === 'day-of-month') return list.filter((part) => part !== LAST_DAY);
  return name === 'day-of-week' ? list.filter((part) => !NTH.test(part)) : list;
}

/** The `n`-th of a weekday in its month; null for the last. */
interface Nth {
  weekday: number;
  n: number | null;
}

function nthsOf(text: string): Nth[] {
  return listOf(text).flatMap((part): Nth[] => {
    const found = NTH.exec(part);
    return found ? [{ weekday: numberOf(FIELDS[4], found[1]!, part) % 7, n: found[2] === undefined ? null : Number(found[2]) }] : [];
  });
}

const isNth = (nth: Nth, day: number, weekday: number, last: number): boolean => weekday === nth.weekday && (nth.n === null ? day + 7 > last : Math.ceil(day / 7) === nth.n);

const valuesOf = (field: Field, list: string[]): Set<number> => new Set(list.flatMap((part) => valuesOfPart(field, part)));

/** One part of a list: `5`, `mon`, `1-5`, `*`, each with a step or without. */
function valuesOfPart(field: Field, part: string): number[] {
  const found = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d{1,4}))?$/.exec(part);
  if (!found || (found[1] === '*' && found[2] !== undefined)) throw faultIn(field, part);
  const [, first, last, step] = found;
  const from = first === '*' ? field.from : numberOf(field, first!, part);
  const to = last !== undefined ? numberOf(field, last, part) : first === '*' || step !== undefined ? endOf(field) : from;
  const by = Number(step ?? 1);
  if (by === 0) throw faultIn(field, part, 'A step is 1 or more.');
  if (to < from) throw faultIn(field, part, `Write the smaller value first, or a list such as "${last},${first}".`);
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

/** Sunday is 0 and 7: a star or an open step counts it once. */
const endOf = ({ name, to }: Field): number => (name === 'day-of-week' ? 6 : to);

function numberOf(field: Field, text: string, part: string): number {
  const named = field.names?.indexOf(text) ?? -1;
  const value = named >= 0 ? field.from + named : /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (!(value >= field.from && value <= field.to)) throw faultIn(field, part);
  return value;
}

const COUNTED: Record<string, string> = { 'day-of-month': ', L for the last day', 'day-of-week': ', mon#1 for the first Monday of a month, friL for the last Friday' };

function faultIn({ name, from, to, names }: Field, part: string, hint?: string): CronFault {
  const values = `${from} to ${to}${names ? ` or ${names[0]} to ${names.at(-1)}` : ''}${COUNTED[name] ?? ''}`;
  return new CronFault(`"${part}" is no ${name} of a cron expression.`, hint ?? `A ${name} is ${values}; * for all, a-b for a range, a,b for a list, */n for every n-th.`);
}

/** A day that none of the months has would never come, and nobody would notice. */
function refuseImpossible(days: Set<number>, months: Set<number>, fields: string[]): void {
  const longest = Math.max(...[...months].map((month) => LONGEST_MONTHS[month - 1]!));
  if (Math.min(...days) <= longest) return;
  throw new CronFault(`This cron expression never fires: no month of "${fields[3]}" has a day "${fields[2]}".`, 'Name a day that the month has, or L for its last day.');
}
