import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { z } from 'zod';
import type { NewContact, NewEvent } from '../core/ports/desk.ts';
import { contactFields, writeConsent, writeFields, writeTags } from '../core/contact-changes.ts';
import { channelNames, type Contact, type Data } from '../core/state.ts';
import { isZone } from '../core/time/calendar.ts';
import { dataOf, plainText } from './parse-input.ts';

/** One `@`, something on both sides, a dot in the domain, no spaces or angle brackets: what a mail server can be asked about at all. */
const EMAIL = /^[^\s@<>"(),:;]+@[^\s@<>"(),:;]+\.[^\s@<>"(),:;.]{2,}$/;

const email = plainText(320).transform((text) => text.trim()).refine((text) => EMAIL.test(text), 'expected an e-mail address such as ana@example.com');

/** E.164 and possible; not looked up in number plans (https://github.com/catamphetamine/libphonenumber-js#ispossible). */
const phone = plainText(64).transform((text, context) => {
  const number = parsePhoneNumberFromString(text);
  if (number?.isPossible()) return number.number as string;
  context.addIssue({ code: 'custom', message: 'expected an international phone number such as +15551230001' });
  return z.NEVER;
});

const word = plainText(255).transform((text) => text.trim());
const zone = plainText(64).refine(isZone, 'expected an IANA time zone such as Europe/Madrid');
const tag = word.refine((text) => text !== '', 'a tag cannot be empty');
export const tagList = z.array(tag).max(500, 'expected at most 500 tags').transform((tags) => [...new Set(tags)]);

const customKey = z.string().min(1, 'a key cannot be empty').max(100, 'expected at most 100 characters')
  .refine((key) => !['__proto__', 'constructor', 'prototype'].includes(key), 'this key is not allowed');
const customFields = dataOf('of custom fields', customKey);

export const channelSchema = z.enum(channelNames, 'expected email, sms, voice or webhook');
export const consentSchema = z.enum(['given', 'withdrawn'], 'expected given or withdrawn');

/** What may be said of a contact; doors may read their bodies with it. */
export const contactInput = z.strictObject({
  first_name: word.nullish(),
  last_name: word.nullish(),
  email: email.nullish(),
  phone: phone.nullish(),
  timezone: zone.nullish(),
  tags: tagList.optional(),
  custom_fields: customFields.optional(),
  consent: z.partialRecord(channelSchema, consentSchema).optional(),
});
export type CheckedContact = z.output<typeof contactInput>;

/** A new contact out of a checked input. */
export function newContact(input: CheckedContact): NewContact {
  const { first_name = null, last_name = null, email: address = null, phone: number = null, timezone = null, tags = [], consent = {} } = input;
  const custom = Object.fromEntries(Object.entries(input.custom_fields ?? {}).filter(([, value]) => value !== null && value !== undefined));
  return { first_name, last_name, email: address, phone: number, timezone, tags, custom_fields: custom, consent };
}

/** An event that people or the API caused: depth 0, now. */
export const toldNow = (type: string, source: string, data: Data): NewEvent => ({ type, source, data, depth: 0, key: null, at: null });

/** What a new contact tells: that it is there, and each of its tags. An import tells the first only: a list of people is no storm of tags. */
export function creationEvents(contact: Contact, source: string): NewEvent[] {
  const { email: address, phone: number, tags } = contact;
  const created = toldNow('contact_created', source, { email: address, phone: number, tags });
  return source === 'import' ? [created] : [created, ...tagEvents({ added: tags, removed: [] }, source)];
}

/** A contact after an input, with the events that tell of what really changed; null when nothing did. */
export function changedContact(before: Contact, input: CheckedContact, source: string): { contact: Contact; events: NewEvent[] } | null {
  const fields = writeFields(before, fieldsOf(input));
  const consent = writeConsent(fields.contact, input.consent ?? {});
  const tags = tagChange(consent.contact, input.tags);
  const events = [...updateEvents({ ...fields.changes, ...consent.changes }, source), ...tagEvents(tags, source)];
  return events.length === 0 ? null : { contact: tags.contact, events };
}

/** `tags` replaces the list: what is not named goes. The order of the new list is kept. */
function tagChange(contact: Contact, tags: string[] | undefined): ReturnType<typeof writeTags> {
  if (!tags) return { contact, added: [], removed: [] };
  return writeTags(contact, tags, contact.tags.filter((one) => !tags.includes(one)));
}

function fieldsOf(input: CheckedContact): Data {
  const named = contactFields.filter((field) => input[field] !== undefined).map((field) => [field, input[field]]);
  const custom = Object.entries(input.custom_fields ?? {}).map(([key, value]) => [`custom_fields.${key}`, value]);
  return Object.fromEntries([...named, ...custom]) as Data;
}

const updateEvents = (changes: Data, source: string): NewEvent[] =>
  Object.keys(changes).length === 0 ? [] : [toldNow('contact_updated', source, { changes, fields: Object.keys(changes) })];

/** One event for each tag that really came or went. */
export const tagEvents = ({ added, removed }: { added: string[]; removed: string[] }, source: string): NewEvent[] => [
  ...added.map((one) => toldNow('tag_added', source, { tag: one })),
  ...removed.map((one) => toldNow('tag_removed', source, { tag: one })),
];
