import type { z } from 'zod';
import { createContact, deleteContact, getContact, listContacts, setConsent, updateContact, upsertContact } from '../services/contacts.ts';
import { emitEvent } from '../services/events.ts';
import { listReply } from './list-reply.ts';
import { showContact, showEvent } from './representations.ts';
import type { Call, Reply } from './route.ts';
import type * as schemas from './schemas.ts';

export async function create({ ctx, who, body, query }: Call<z.output<typeof schemas.contactBody>, z.output<typeof schemas.newContactQuery>>): Promise<Reply> {
  const input = { contact: body, source: query.source ?? 'api' };
  const { contact, created } = query.upsert ? await upsertContact(ctx, who, input) : { contact: await createContact(ctx, who, input), created: true };
  return { status: created ? 201 : 200, body: showContact(contact), headers: created ? { location: `/api/contacts/${contact.id}` } : {} };
}

export async function list({ ctx, who, query, request }: Call<undefined, z.output<typeof schemas.contactsQuery>>): Promise<Reply> {
  const { q, email, tag, limit, cursor } = query;
  return listReply(request, await listContacts(ctx, who, { search: q ?? null, email: email ?? null, tag: tag ?? null, limit, after: cursor ?? null }), showContact);
}

export async function read({ ctx, who, params }: Call): Promise<Reply> {
  return { status: 200, body: showContact(await getContact(ctx, who, params)) };
}

export async function update({ ctx, who, params, body }: Call<z.output<typeof schemas.contactBody>>): Promise<Reply> {
  return { status: 200, body: showContact(await updateContact(ctx, who, { id: params.id, contact: body })) };
}

export async function remove({ ctx, who, params }: Call): Promise<Reply> {
  await deleteContact(ctx, who, params);
  return { status: 204 };
}

export async function consent({ ctx, who, params, body }: Call<z.output<typeof schemas.consentBody>>): Promise<Reply> {
  return { status: 200, body: showContact(await setConsent(ctx, who, { id: params.id, ...body })) };
}

export async function emit({ ctx, who, body }: Call<z.output<typeof schemas.eventBody>>): Promise<Reply> {
  const { contact_id: contactId = null, email = null, phone = null, event_id: eventId = null, occurred_at: occurredAt = null, name, data = {}, source } = body;
  const event = await emitEvent(ctx, who, { contactId, email, phone, occurredAt, name, data, eventId, ...(source === undefined ? {} : { source }) });
  return { status: event.created ? 201 : 200, body: showEvent(event) };
}
