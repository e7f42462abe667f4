import type { Data } from '../core/state.ts';
import { emitEvent } from '../services/events.ts';
import { builder } from './builder.ts';
import { InvalidInput, NotFound } from './errors.ts';
import { isGiven } from './given.ts';
import { uuidOf } from './ids.ts';

builder.relayMutationField('emitEvent', {
  description: 'Something that happened to a contact.',
  inputFields: (t) => ({
    contactId: t.id({ description: 'Whose event it is: node id or uuid. Exactly one of this, `email` and `phone`.' }),
    email: t.string({ description: 'The contact\'s e-mail address, whatever its case.' }),
    phone: t.string({ description: 'E.164.' }),
    name: t.string({ required: true, description: 'Its name: triggers and waits look for it.' }),
    data: t.field({ type: 'JSON', description: 'What templates and conditions read as `event.<name>`.' }),
    eventId: t.string({ description: 'Your own id of it: the same one twice is one event.' }),
    occurredAt: t.field({ type: 'DateTime', description: 'When it happened; now unless said.' }),
    source: t.string({ description: 'Who tells it; ids are counted by source.' }),
  }),
}, {
  description: 'Tells of an event.',
  errors: { types: [NotFound, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const { id, created } = await emitEvent(ctx, who, {
      contactId: isGiven(input.contactId) ? uuidOf('Contact', input.contactId) : null, email: input.email, phone: input.phone, occurredAt: input.occurredAt?.getTime() ?? null,
      name: input.name, data: (input.data ?? {}) as Data, eventId: input.eventId, ...(isGiven(input.source) && { source: input.source }),
    });
    return { eventId: id, created };
  },
}, {
  outputFields: (t) => ({
    event: t.prismaField({
      type: 'ContactEvent',
      description: 'The event: the first one when it was told before.',
      resolve: (query, { eventId }, _args, { db }) => db.contactEvent.findUniqueOrThrow({ ...query, where: { id: eventId } }),
    }),
    created: t.exposeBoolean('created', { description: 'False when it was told before.' }),
  }),
});
