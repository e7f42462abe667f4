import type { Calendar, Data, Weekday as Day } from '../core/state.ts';
import type { Fault } from '../errors.ts';
import { renamed } from '../services/in-words.ts';
import { getLocation, updateLocation } from '../services/locations.ts';
import { builder } from './builder.ts';
import { InvalidInput } from './errors.ts';
import { isGiven } from './given.ts';
import { Weekday } from './location.ts';

const OpeningHoursInput = builder.inputType('OpeningHoursInput', {
  description: 'A stretch of a weekday in which the location is open.',
  fields: (t) => ({
    day: t.field({ type: Weekday, required: true, description: 'The day of the week.' }),
    opens: t.string({ required: true, description: '`09:00`' }),
    closes: t.string({ required: true, description: '`17:00`' }),
  }),
});

type Span = { day: Day; opens: string; closes: string };

/** Rows a stretch → the calendar that waits are reckoned with. */
function weeklyOf(spans: Span[]): NonNullable<Calendar['weekly']> {
  const weekly: NonNullable<Calendar['weekly']> = {};
  for (const { day, opens, closes } of spans) weekly[day] = [...(weekly[day] ?? []), [opens, closes]];
  return weekly;
}

/** The way to a fault in the lists that the client sent, from its way in the calendar: the n-th stretch of its day, the n-th holiday. */
const asListed = (spans: Span[]) => ({ path }: Fault): Fault['path'] => {
  const [root, part, ...rest] = path;
  if (root !== 'calendar') return path;
  if (part !== 'weekly') return ['holidays', ...rest];
  const [day, nth, side] = rest;
  const index = spans.flatMap((span, at) => (span.day === day ? [at] : []))[Number(nth)];
  return index === undefined ? ['hours'] : ['hours', index, ...(side === undefined ? [] : [side === 0 ? 'opens' : 'closes'])];
};

builder.relayMutationField('updateLocation', {
  description: 'What is to change in the location; what is left out stays.',
  inputFields: (t) => ({
    name: t.string({ description: 'What people call it.' }),
    timezone: t.string({ description: 'IANA zone.' }),
    hours: t.field({ type: [OpeningHoursInput], description: 'Replaces all opening hours; an empty list means always open.' }),
    holidays: t.stringList({ description: 'Replaces all holidays: `2026-12-25`.' }),
    defaults: t.field({ type: 'JSON', description: 'What steps fall back to; replaces them all.' }),
  }),
}, {
  description: 'Changes the location that the key belongs to. Needs `admin`.',
  authScopes: { scope: 'admin' },
  errors: { types: [InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const { calendar } = await getLocation(ctx, who);
    const changes = isGiven(input.hours) || isGiven(input.holidays);
    const location = await renamed(asListed(input.hours ?? []), () => updateLocation(ctx, who, {
      ...(isGiven(input.name) && { name: input.name }),
      ...(isGiven(input.timezone) && { timezone: input.timezone }),
      ...(changes && { calendar: { ...calendar, ...(isGiven(input.hours) && { weekly: weeklyOf(input.hours) }), ...(isGiven(input.holidays) && { holidays: input.holidays }) } }),
      ...(isGiven(input.defaults) && { defaults: input.defaults as Data }),
    }));
    return { locationId: location.id };
  },
}, {
  outputFields: (t) => ({
    location: t.prismaField({
      type: 'Location',
      description: 'The location as it is now.',
      resolve: (query, { locationId }, _args, { db }) => db.location.findUniqueOrThrow({ ...query, where: { id: locationId } }),
    }),
  }),
});
