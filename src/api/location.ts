import type { Calendar as Hours, Data, Weekday as Day } from '../core/state.ts';
import { builder } from './builder.ts';

export const Weekday = builder.enumType('Weekday', {
  description: 'A day of the week, by the location\'s clock.',
  values: {
    MONDAY: { value: 'mon', description: 'Monday.' },
    TUESDAY: { value: 'tue', description: 'Tuesday.' },
    WEDNESDAY: { value: 'wed', description: 'Wednesday.' },
    THURSDAY: { value: 'thu', description: 'Thursday.' },
    FRIDAY: { value: 'fri', description: 'Friday.' },
    SATURDAY: { value: 'sat', description: 'Saturday.' },
    SUNDAY: { value: 'sun', description: 'Sunday.' },
  } as const,
});

const OpeningHours = builder.objectRef<{ day: Day; opens: string; closes: string }>('OpeningHours').implement({
  description: 'A stretch of a weekday in which the location is open.',
  fields: (t) => ({
    day: t.expose('day', { type: Weekday, description: 'The day of the week.' }),
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
    name: t.exposeString('name', { description: 'What people call it.' }),
    timezone: t.exposeString('timezone', { description: 'IANA zone.' }),
    hours: t.field({
      type: [OpeningHours],
      description: 'Weekly opening hours; none at all means always open.',
      select: { calendar: true },
      resolve: ({ calendar }) =>
        Object.entries((calendar as Hours).weekly ?? {}).flatMap(([day, spans]) => (spans ?? []).map(([opens, closes]) => ({ day: day as Day, opens, closes }))),
    }),
    holidays: t.stringList({ description: 'Closed days: `2026-12-25`.', select: { calendar: true }, resolve: ({ calendar }) => (calendar as Hours).holidays ?? [] }),
    defaults: t.field({ type: 'JSON', description: 'What steps fall back to: senders, quiet hours.', select: { defaults: true }, resolve: ({ defaults }) => defaults as Data }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

builder.queryField('location', (t) => t.prismaField({
  type: 'Location',
  description: 'The location that the key belongs to.',
  resolve: (query, _root, _args, { db, who }) => db.location.findUniqueOrThrow({ ...query, where: { id: who.locationId } }),
}));
