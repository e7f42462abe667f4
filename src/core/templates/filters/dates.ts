import { DateTime } from 'luxon';
import { addDays, printInstant, zoneName } from '../../time/calendar.ts';
import { asInstant } from '../../time/instant.ts';
import { defineFilter, type FilterArgument, type FilterDefinition } from './define-filter.ts';

type Move = (ms: number, count: number, zone: string) => number;
const MINUTE = 60_000;
/** Counts stay within a hundred years. */
const MOST: Record<string, number> = { minutes: 52_560_000, hours: 876_000, days: 36_500, weeks: 5_200 };

const moves: Record<string, Move> = {
  minutes: (ms, count) => ms + count * MINUTE,
  hours: (ms, count) => ms + count * 60 * MINUTE,
  days: addDays,
  weeks: (ms, count, zone) => addDays(ms, count * 7, zone),
};

/** strftime directive → luxon format: the part of C's `strftime` that people use. */
const DIRECTIVES: Record<string, string> = {
  Y: 'yyyy', y: 'yy', m: 'MM', '-m': 'M', d: 'dd', '-d': 'd', e: 'd', H: 'HH', '-H': 'H', I: 'hh', '-I': 'h', M: 'mm', '-M': 'm', S: 'ss', '-S': 's',
  L: 'SSS', p: 'a', A: 'cccc', a: 'ccc', B: 'LLLL', b: 'LLL', j: 'ooo', u: 'c', V: 'WW', z: 'ZZZ', Z: 'ZZZZ', s: 'X', F: 'yyyy-MM-dd', T: 'HH:mm:ss', R: 'HH:mm',
};
const DIRECTIVE = /%(-?[A-Za-z]|%|.|$)/gs;

function shift(verb: 'add' | 'subtract', unit: string): FilterDefinition {
  const sign = verb === 'add' ? 1 : -1;
  const calendar = unit === 'days' || unit === 'weeks';
  const most = MOST[unit]!;
  const count: FilterArgument = {
    name: unit,
    kind: calendar ? 'whole' : 'number',
    check: (value) => (Math.abs(Number(value)) > most ? `${value} ${unit} is too far; the most is ${most}` : null),
  };
  return defineFilter({
    name: `${verb}_${unit}`,
    summary: `The moment that many ${unit} ${verb === 'add' ? 'later' : 'earlier'}${calendar ? ", at the same time of day in the run's zone" : ''}.`,
    example: `{{ now | ${verb}_${unit}: 3 }}`,
    args: [count],
    apply(value, [amount], { zone }) {
      const at = asInstant(value, zone);
      return at === null ? undefined : printInstant(moves[unit]!(at, sign * Number(amount), zone), zone) || undefined;
    },
  });
}

/** Formats a moment by strftime directives, in English; `null` when `value` is no moment. */
function strftime(value: unknown, format: string, zone: string): string | undefined {
  const at = asInstant(value, zone);
  if (at === null) return undefined;
  const local = DateTime.fromMillis(at, { zone: zoneName(zone), locale: 'en' });
  return format.replace(DIRECTIVE, (_whole, key: string) => (key === '%' ? '%' : local.toFormat(DIRECTIVES[key] ?? `'%${key}'`)));
}

function unknownDirective(format: string): string | null {
  const wrong = [...format.matchAll(DIRECTIVE)].find(([, key]) => key !== '%' && !Object.hasOwn(DIRECTIVES, key!));
  return wrong === undefined ? null : `"${wrong[0]}" is no date directive; known are ${Object.keys(DIRECTIVES).map((key) => `%${key}`).join(' ')} %%`;
}

export const dateFilters: FilterDefinition[] = [
  ...['minutes', 'hours', 'days', 'weeks'].flatMap((unit) => [shift('add', unit), shift('subtract', unit)]),
  defineFilter({
    name: 'date',
    summary: "Prints a moment in the run's zone by strftime directives.",
    example: '{{ now | date: "%A, %-d %B %Y" }}',
    args: [{ name: 'format', kind: 'text', check: (value) => unknownDirective(String(value)) }],
    apply: (value, [format], { zone }) => strftime(value, String(format), zone),
  }),
];
