import { addTags, deleteContact, removeTags, setConsent, updateContact, upsertContact, type ContactInput } from '../services/contacts.ts';
import type { Data } from '../core/state.ts';
import { builder } from './builder.ts';
import { AlreadyExists, InvalidInput, NotFound } from './errors.ts';
import { Channel, ConsentState } from './enums.ts';
import { contactField } from './fields.ts';
import { isGiven } from './given.ts';
import { nodeId, uuidOf } from './ids.ts';

const ConsentInput = builder.inputType('ChannelConsentInput', {
  description: 'May this channel be used?',
  fields: (t) => ({
    channel: t.field({ type: Channel, required: true, description: 'The channel that is meant.' }),
    state: t.field({ type: ConsentState, required: true, description: 'What the contact said.' }),
  }),
});

interface Given {
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  phone?: string | null;
  timezone?: string | null;
  tags?: string[] | null;
  customFields?: unknown;
  consent?: { channel: 'email' | 'sms' | 'voice' | 'webhook'; state: 'given' | 'withdrawn' }[] | null;
}

/** What the client said, in the services' words. What it left out stays unsaid; null clears. */
function contactInput(given: Given): ContactInput {
  return {
    ...(given.firstName !== undefined && { first_name: given.firstName }),
    ...(given.lastName !== undefined && { last_name: given.lastName }),
    ...(given.email !== undefined && { email: given.email }),
    ...(given.phone !== undefined && { phone: given.phone }),
    ...(given.timezone !== undefined && { timezone: given.timezone }),
    ...(isGiven(given.tags) && { tags: given.tags }),
    ...(isGiven(given.customFields) && { custom_fields: given.customFields as Data }),
    ...(isGiven(given.consent) && { consent: Object.fromEntries(given.consent.map(({ channel, state }) => [channel, state])) }),
  };
}

builder.relayMutationField('upsertContact', {
  description: 'What is known of a contact. What is left out stays; null clears.',
  inputFields: (t) => ({
    id: t.id({ description: 'Updates this contact; without it the e-mail address decides.' }),
    email: t.string({ description: 'Finds the contact unless `id` does.' }),
    firstName: t.string({ description: 'The given name.' }),
    lastName: t.string({ description: 'The family name.' }),
    phone: t.string({ description: 'E.164: `+15551230001`.' }),
    timezone: t.string({ description: 'IANA zone: `Europe/Madrid`.' }),
    tags: t.stringList({ description: 'Replaces all tags.' }),
    customFields: t.field({ type: 'JSON', description: 'Merged key by key; a null value removes the key.' }),
    consent: t.field({ type: [ConsentInput], description: 'Channels that are not named stay as they are.' }),
  }),
}, {
  description: 'Creates a contact, or updates the one of this id or e-mail address.',
  errors: { types: [NotFound, AlreadyExists, InvalidInput] },
  resolve: async (_root, { input: { id, ...given } }, { ctx, who }) => {
    if (isGiven(id)) return { contactId: (await updateContact(ctx, who, { id: uuidOf('Contact', id), contact: contactInput(given) })).id, created: false };
    const { contact, created } = await upsertContact(ctx, who, { contact: contactInput(given) });
    return { contactId: contact.id, created };
  },
}, { outputFields: (t) => ({ contact: contactField(t), created: t.exposeBoolean('created', { description: 'False when it was there already.' }) }) });

builder.relayMutationField('deleteContact', {
  description: 'The contact to delete.',
  inputFields: (t) => ({ id: t.id({ required: true, description: 'Its node id or uuid.' }) }),
}, {
  description: 'Deletes a contact. Its history stays, its e-mail address is free again.',
  errors: { types: [NotFound] },
  resolve: async (_root, { input }, { ctx, who }) => ({ contactId: (await deleteContact(ctx, who, { id: uuidOf('Contact', input.id) })).id }),
}, { outputFields: (t) => ({ deletedId: t.id({ description: 'The node id that is no more.', resolve: ({ contactId }) => nodeId('Contact', contactId) }) }) });

builder.relayMutationField('addTags', {
  description: 'Tags for a contact.',
  inputFields: (t) => ({
    contactId: t.id({ required: true, description: 'Node id or uuid.' }),
    tags: t.stringList({ required: true, description: 'Each is text of its own; case counts.' }),
  }),
}, {
  description: 'Adds tags. Triggers hear of those that were new.',
  errors: { types: [NotFound, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const { contact, changed } = await addTags(ctx, who, { id: uuidOf('Contact', input.contactId), tags: input.tags });
    return { contactId: contact.id, changed };
  },
}, { outputFields: (t) => ({ contact: contactField(t), added: t.exposeStringList('changed', { description: 'Those that were not there before.' }) }) });

builder.relayMutationField('removeTags', {
  description: 'Tags to take from a contact.',
  inputFields: (t) => ({
    contactId: t.id({ required: true, description: 'Node id or uuid.' }),
    tags: t.stringList({ required: true, description: 'Each is text of its own; case counts.' }),
  }),
}, {
  description: 'Removes tags. Triggers hear of those that were there.',
  errors: { types: [NotFound, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const { contact, changed } = await removeTags(ctx, who, { id: uuidOf('Contact', input.contactId), tags: input.tags });
    return { contactId: contact.id, changed };
  },
}, { outputFields: (t) => ({ contact: contactField(t), removed: t.exposeStringList('changed', { description: 'Those that were there.' }) }) });

builder.relayMutationField('setConsent', {
  description: 'A contact\'s word on one channel.',
  inputFields: (t) => ({
    contactId: t.id({ required: true, description: 'Node id or uuid.' }),
    channel: t.field({ type: Channel, required: true, description: 'The channel that is meant.' }),
    state: t.field({ type: ConsentState, required: true, description: 'What the contact said.' }),
  }),
}, {
  description: 'Gives or withdraws consent. Once this answers, no send to a withdrawn channel starts.',
  errors: { types: [NotFound] },
  resolve: async (_root, { input }, { ctx, who }) => (
    { contactId: (await setConsent(ctx, who, { id: uuidOf('Contact', input.contactId), channel: input.channel, consent: input.state })).id }
  ),
}, { outputFields: (t) => ({ contact: contactField(t) }) });
