import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';

export const Event = builder.prismaNode('ContactEvent', {
  name: 'Event',
  description: 'Something that happened to a contact.',
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of REST and SQL.' }),
    type: t.exposeString('type', { description: '`contact_created`, `tag_added`, `email_opened`, or a name of your own.' }),
    source: t.exposeString('source', { description: 'Who told it.' }),
    data: t.expose('data', { type: 'JSON', description: 'What was told with it; filters and templates read it as `event`.' }),
    contact: t.relation('contact', { nullable: true, description: 'Whom it happened to.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'Journey time.' }),
  }),
});

export const EventConnection = connectionOf(Event);
