import { z } from 'zod';
import { writeTags } from '../core/contact-changes.ts';
import type { AuditLine } from '../core/ports/audit-line.ts';
import type { ContactChange, TenantDesk } from '../core/ports/desk.ts';
import type { Page, PageRequest } from '../core/ports/records.ts';
import type { Channel, Contact, Data } from '../core/state.ts';
import type { Context } from '../context.ts';
import { MillraceError, NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { changedContact, type CheckedContact, channelSchema, consentSchema, contactInput, creationEvents, newContact, tagEvents, tagList, toldNow } from './contact-input.ts';
import { ringEvents, ringSends } from './doorbells.ts';
import { readPage } from './paging.ts';
import { invalidInput, parseInput } from './parse-input.ts';

/** What may be said of a contact, in the words of REST and of definitions. An absent key says nothing, null clears. `tags` replaces the list. */
export interface ContactInput {
  first_name?: string | null;
  last_name?: string | null;
  email?: string | null;
  /** International (`+15551230001`); kept as E.164. */
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
  const desk = deskFor(ctx, who, 'write');
  const checked = parseInput(contactInput, input.contact, 'contact');
  const { contact, existing } = await insertContact(desk, who, checked, input.source ?? 'api');
  if (existing) throw emailTaken(contact.id);
  ringEvents(ctx);
  return contact;
}

/** Finds by e-mail and updates, or creates. Throws INVALID_INPUT without an e-mail. */
export async function upsertContact(ctx: Context, who: Caller, input: CreateContact): Promise<{ contact: Contact; created: boolean }> {
  const desk = deskFor(ctx, who, 'write');
  const checked = parseInput(contactInput, input.contact, 'contact');
  if (!checked.email) throw invalidInput('contact', [{ path: ['email'], message: 'is needed to find the contact that may be there' }]);
  const source = input.source ?? 'api';
  const { contact, existing } = await insertContact(desk, who, checked, source);
  if (existing)
    return { contact: await changeContact(ctx, who, contact.id, (before) => changedContact(before, checked, source), updateLine(who, contact.id, checked)), created: false };
  ringEvents(ctx);
  return { contact, created: true };
}

/** Writes a new contact with the events that tell of it; `existing` when somebody has its e-mail already. */
const insertContact = (desk: TenantDesk, who: Caller, checked: CheckedContact, source: string): ReturnType<TenantDesk['insertContact']> =>
  desk.insertContact(newContact(checked), (made) => creationEvents(made, source), auditLine(who, 'contact.create', '', { source }));

/** Changes what is named and tells `contact_updated`, `tag_added`, `tag_removed` for what really changed. Throws NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT. */
export async function updateContact(ctx: Context, who: Caller, input: { id: string; contact: ContactInput }): Promise<Contact> {
  const checked = parseInput(contactInput, input.contact, 'contact');
  return changeContact(ctx, who, input.id, (before) => changedContact(before, checked, 'api'), updateLine(who, input.id, checked));
}

/** Deletes (keeps the row for history, frees the e-mail) and tells `contact_deleted`. Throws NOT_FOUND. */
export async function deleteContact(ctx: Context, who: Caller, input: { id: string }): Promise<Contact> {
  return changeContact(ctx, who, input.id, (contact) => ({ contact, deleted: true, events: [toldNow('contact_deleted', 'api', {})] }), auditLine(who, 'contact.delete', input.id));
}

const readTags = (tags: string[]): string[] => parseInput(z.object({ tags: tagList }), { tags }, 'list of tags').tags;

/** `changed`: the tags that were not there before. */
export async function addTags(ctx: Context, who: Caller, input: { id: string; tags: string[] }): Promise<{ contact: Contact; changed: string[] }> {
  return changeTags(ctx, who, input.id, readTags(input.tags), []);
}

/** `changed`: the tags that were there. */
export async function removeTags(ctx: Context, who: Caller, input: { id: string; tags: string[] }): Promise<{ contact: Contact; changed: string[] }> {
  return changeTags(ctx, who, input.id, [], readTags(input.tags));
}

/** Gives or withdraws consent for a channel; from the return on no send to a withdrawn channel starts. */
export async function setConsent(ctx: Context, who: Caller, input: { id: string; channel: Channel; consent: 'given' | 'withdrawn' }): Promise<Contact> {
  const channel = parseInput(channelSchema, input.channel, 'channel');
  const consent = parseInput(consentSchema, input.consent, 'consent');
  const audit = auditLine(who, 'contact.consent', input.id, { channel, consent });
  return changeContact(ctx, who, input.id, (before) => changedContact(before, { consent: { [channel]: consent } }, 'api'), audit);
}

/** Throws NOT_FOUND for missing, deleted and foreign ones alike. */
export async function getContact(ctx: Context, who: Caller, by: { id: string } | { email: string }): Promise<Contact> {
  const desk = deskFor(ctx, who, 'read');
  const key = 'id' in by ? by.id : by.email;
  const contact = 'email' in by ? await desk.findContactByEmail(by.email) : isUuid(by.id) ? await desk.findContact(by.id) : null;
  if (!contact) throw new NotFoundError('contact', key);
  return contact;
}

/** Newest first. */
export async function listContacts(
  ctx: Context,
  who: Caller,
  input: PageRequest & { search?: string | null; email?: string | null; tag?: string | null } = {},
): Promise<Page<Contact>> {
  const desk = deskFor(ctx, who, 'read');
  return readPage(input, (range) => desk.listContacts({ search: input.search ?? null, email: input.email ?? null, tag: input.tag ?? null }, range));
}

async function changeTags(ctx: Context, who: Caller, id: string, add: string[], remove: string[]): Promise<{ contact: Contact; changed: string[] }> {
  let changed: string[] = [];
  const contact = await changeContact(ctx, who, id, (before) => {
    const after = writeTags(before, add, remove);
    changed = [...after.added, ...after.removed];
    return changed.length === 0 ? null : { contact: after.contact, events: tagEvents(after, 'api') };
  }, auditLine(who, 'contact.tag', id, { add, remove }));
  return { contact, changed };
}

async function changeContact(ctx: Context, who: Caller, id: string, decide: (before: Contact) => ContactChange, audit: AuditLine): Promise<Contact> {
  const desk = deskFor(ctx, who, 'write');
  const answer = isUuid(id) ? await desk.changeContact(id, decide, audit) : null;
  if (!answer) throw new NotFoundError('contact', id);
  if ('taken' in answer) throw emailTaken(answer.taken);
  if (answer.changed) ringEvents(ctx);
  if (answer.recalled.length > 0) ringSends(ctx, 'interactive', answer.recalled);
  return answer.contact;
}

/** Which fields were named, not what they hold: the audit log is no second copy of people's data. */
const updateLine = (who: Caller, id: string, checked: CheckedContact): AuditLine => auditLine(who, 'contact.update', id, { fields: Object.keys(checked) });

const emailTaken = (contactId: string): MillraceError =>
  new MillraceError('ALREADY_EXISTS', `A contact with this e-mail is here already: ${contactId}. Update that one, or ask for an upsert.`, {
    detail: { contactId },
    faults: [{ path: ['email'], message: 'is taken' }],
  });
