import { channelNames, type Channel as ChannelName } from '../core/state.ts';
import { searchText } from '../core/search-text.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { Channel, ConsentState } from './enums.ts';
import { EnrollmentConnection } from './enrollment.ts';
import { EventConnection } from './event.ts';
import { uuidOrNull } from './ids.ts';

const ChannelConsent = builder.objectRef<{ channel: ChannelName; state: 'given' | 'withdrawn' }>('ChannelConsent').implement({
  description: 'May this channel be used for the contact?',
  fields: (t) => ({
    channel: t.expose('channel', { type: Channel, description: 'The channel that is meant.' }),
    state: t.expose('state', { type: ConsentState, description: '`GIVEN` unless it was withdrawn.' }),
  }),
});

export const Contact = builder.prismaNode('Contact', {
  description: 'A person.',
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of REST and SQL.' }),
    firstName: t.exposeString('firstName', { nullable: true, description: 'The given name.' }),
    lastName: t.exposeString('lastName', { nullable: true, description: 'The family name.' }),
    email: t.exposeString('email', { nullable: true, description: 'One contact a location has it, whatever its case.' }),
    phone: t.exposeString('phone', { nullable: true, description: 'E.164: `+15551230001`.' }),
    timezone: t.exposeString('timezone', { nullable: true, description: 'IANA zone; the location\'s when absent.' }),
    tags: t.exposeStringList('tags', { description: 'What the contact is marked with, each tag once.' }),
    customFields: t.expose('customFields', { type: 'JSON', description: 'Whatever else is known.' }),
    consent: t.field({
      type: [ChannelConsent],
      description: 'Channel by channel.',
      select: { consent: true },
      resolve: ({ consent }) => channelNames.map((channel) => ({ channel, state: (consent as Record<string, string>)[channel] === 'withdrawn' ? 'withdrawn' : 'given' })),
    }),
    revision: t.exposeInt('revision', { description: 'Counts changes.' }),
    enrollments: t.relatedConnection(
      'enrollments', { cursor: 'id', description: 'Where the contact is and was, newest first.', query: { orderBy: { id: 'desc' } } }, EnrollmentConnection,
    ),
    events: t.relatedConnection('events', { cursor: 'id', description: 'What happened to the contact, newest first.', query: { orderBy: { id: 'desc' } } }, EventConnection),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the contact came to be.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    deletedAt: t.expose('deletedAt', { type: 'DateTime', nullable: true, description: 'Set when the contact was deleted: the row stays for history alone.' }),
  }),
});

const ContactConnection = connectionOf(Contact);

builder.queryField('contact', (t) => t.prismaField({
  type: 'Contact',
  nullable: true,
  description: 'One contact by id or uuid; null when there is none in this location, or it was deleted.',
  args: { id: t.arg.id({ required: true, description: 'Its node id or uuid.' }) },
  resolve: (query, _root, { id }, { db }) => {
    const uuid = uuidOrNull('Contact', id);
    return uuid === null ? null : db.contact.findFirst({ ...query, where: { id: uuid, deletedAt: null } });
  },
}));

builder.queryField('contacts', (t) => t.prismaConnection({
  type: 'Contact',
  cursor: 'id',
  description: 'The location\'s contacts, newest first.',
  args: {
    search: t.arg.string({ description: 'Part of a name, an e-mail address or a phone number.' }),
    tag: t.arg.string({ description: 'Only those who carry this tag.' }),
  },
  resolve: (query, _root, { search, tag }, { db }) => db.contact.findMany({
    ...query,
    orderBy: { id: 'desc' },
    where: {
      deletedAt: null,
      ...(tag ? { tags: { has: tag } } : {}),
      ...(search ? { OR: (['firstName', 'lastName', 'email', 'phone'] as const).map((field) => ({ [field]: { contains: searchText(search), mode: 'insensitive' } })) } : {}),
    },
  }),
}, ContactConnection));
