import type { Calendar as Hours, Data, Weekday as Day } from '../core/state.ts';
import { builder } from './builder.ts';

const WEEKDAYS = { MONDAY: 'mon', TUESDAY: 'tue', WEDNESDAY: 'wed', THURSDAY: 'thu', FRIDAY: 'fri', SATURDAY: 'sat', SUNDAY: 'sun' } as const;

export const Weekday = builder.enumType('Weekday', {
  description: 'A day of the week.',
  values: Object.fromEntries(Object.entries(WEEKDAYS).map(([name, value]) => [name, { value }])) as { [N in keyof typeof WEEKDAYS]: { value: (typeof WEEKDAYS)[N] } },
});

const OpeningHours = builder.objectRef<{ day: Day; opens: string; closes: string }>('OpeningHours').implement({
  description: 'A stretch of a weekday in which the location is open.',
  fields: (t) => ({
    day: t.expose('day', { type: Weekday }),
    opens: t.exposeString('opens', { description: '`09:00`' }),
    closes: t.exposeString('closes', { description: '`17:00`' }),
  }),
});

export const Location = builder.prismaNode('Location', {
  description: 'A tenant: whose contacts, workflows and keys these are.',
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of REST and SQL.' }),
    name: t.exposeString('name'),
    timezone: t.exposeString('timezone', { description: 'IANA zone.' }),
    hours: t.field({
      type: [OpeningHours],
      description: 'Weekly opening hours; none at all means always open.',
      select: { calendar: true },
      resolve: ({ calendar }) => Object.entries((calendar as Hours).weekly ?? {}).flatMap(([day, spans]) => (spans ?? []).map(([opens, closes]) => ({ day: day as Day, opens, closes }))),
    }),
    holidays: t.stringList({ description: 'Closed days: `2026-12-25`.', select: { calendar: true }, resolve: ({ calendar }) => (calendar as Hours).holidays ?? [] }),
    defaults: t.field({ type: 'JSON', description: 'What steps fall back to: senders, quiet hours.', select: { defaults: true }, resolve: ({ defaults }) => defaults as Data }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
  }),
});

builder.queryField('location', (t) => t.prismaField({
  type: 'Location',
  description: 'The location that the key belongs to.',
  resolve: (query, _root, _args, { db, who }) => db.location.findUniqueOrThrow({ ...query, where: { id: who.locationId } }),
}));
