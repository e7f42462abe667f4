import type { Context } from '../context.ts';
import type { Channel, Contact, Data } from '../core/state.ts';
import type { Page, PageRequest } from '../core/ports/records.ts';
import type { Caller } from './caller.ts';

/** What may be said of a contact, in the words of REST and of definitions. An absent key says nothing, null clears. `tags` replaces the list. */
export interface ContactInput {
  first_name?: string | null;
  last_name?: string | null;
  email?: string | null;
  /** E.164 (`+15551230001`), or in a form that libphonenumber reads as international. */
  phone?: string | null;
  /** IANA zone. */
  timezone?: string | null;
  tags?: string[];
  /** Merged key by key; a null value removes the key. */
  custom_fields?: Data;
  consent?: Partial<Record<Channel, 'given' | 'withdrawn'>>;
}
/** `source`: `api` by default; `import` fires `contact_created` only for triggers that say `on_import: enroll`. */
export interface CreateContact {
  contact: ContactInput;
  source?: 'api' | 'import';
}

/** Creates a contact and tells `contact_created` (and `tag_added` per tag). Throws ALREADY_EXISTS (detail.contactId) for a taken e-mail, INVALID_INPUT with faults. */
export async function createContact(ctx: Context, who: Caller, input: CreateContact): Promise<Contact> {
  throw new Error('pending');
}
/** Finds by e-mail and updates, or creates. Throws INVALID_INPUT without an e-mail. */
export async function upsertContact(ctx: Context, who: Caller, input: CreateContact): Promise<{ contact: Contact; created: boolean }> {
  throw new Error('pending');
}
/** Changes what is named and tells `contact_updated`, `tag_added`, `tag_removed` for what really changed. Throws NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT. */
export async function updateContact(ctx: Context, who: Caller, input: { id: string; contact: ContactInput }): Promise<Contact> {
  throw new Error('pending');
}
/** Deletes (keeps the row for history, frees the e-mail) and tells `contact_deleted`. Throws NOT_FOUND. */
export async function deleteContact(ctx: Context, who: Caller, input: { id: string }): Promise<Contact> {
  throw new Error('pending');
}
/** `changed`: the tags that were not there before. */
export async function addTags(ctx: Context, who: Caller, input: { id: string; tags: string[] }): Promise<{ contact: Contact; changed: string[] }> {
  throw new Error('pending');
}
/** `changed`: the tags that were there. */
export async function removeTags(ctx: Context, who: Caller, input: { id: string; tags: string[] }): Promise<{ contact: Contact; changed: string[] }> {
  throw new Error('pending');
}
/** Gives or withdraws consent for a channel; from the return on no send to a withdrawn channel starts. */
export async function setConsent(ctx: Context, who: Caller, input: { id: string; channel: Channel; consent: 'given' | 'withdrawn' }): Promise<Contact> {
  throw new Error('pending');
}
/** Throws NOT_FOUND for missing, deleted and foreign ones alike. */
export async function getContact(ctx: Context, who: Caller, by: { id: string } | { email: string }): Promise<Contact> {
  throw new Error('pending');
}
/** Newest first. */
export async function listContacts(ctx: Context, who: Caller, input: PageRequest & { search?: string | null; tag?: string | null } = {}): Promise<Page<Contact>> {
  throw new Error('pending');
}
