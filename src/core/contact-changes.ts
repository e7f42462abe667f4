import { asText } from './as-text.ts';
import { canonical } from './canonical.ts';
import type { Channel, Contact, Data } from './state.ts';

/** Fields of a contact that a definition or a client may write, beside `custom_fields.<key>`. */
export const contactFields = ['first_name', 'last_name', 'email', 'phone', 'timezone'] as const;
export type ContactField = (typeof contactFields)[number];

/** How many characters the store keeps of each. */
export const longestField: Record<ContactField, number> = { first_name: 255, last_name: 255, email: 320, phone: 32, timezone: 64 };

export const isContactField = (name: string): name is ContactField => (contactFields as readonly string[]).includes(name);

/** What changed, by path: `{ first_name: { from: 'A', to: 'B' } }`. The data of a `contact_updated` event. */
export type Changes = Record<string, { from: unknown; to: unknown }>;

/** Writes fields by path (`email`, `custom_fields.score`; null or undefined clears). Gives the contact after, and what really changed. */
export function writeFields(contact: Contact, values: Data): { contact: Contact; changes: Changes } {
  const after: Contact = { ...contact, custom_fields: { ...contact.custom_fields } };
  const changes: Changes = {};
  for (const [path, given] of Object.entries(values)) {
    const to = given ?? null;
    const from = readField(after, path) ?? null;
    if (canonical(from) === canonical(to)) continue; // the database keeps no order of keys
    changes[path] = { from, to };
    writeField(after, path, to);
  }
  return { contact: after, changes };
}

/** Gives or withdraws consent by channel. Gives the contact after, and what really changed: `{ 'consent.sms': { from: null, to: 'withdrawn' } }`. */
export function writeConsent(contact: Contact, wishes: Contact['consent']): { contact: Contact; changes: Changes } {
  const consent = { ...contact.consent, ...wishes };
  const changed = (Object.keys(wishes) as Channel[]).filter((channel) => consent[channel] !== contact.consent[channel]);
  return {
    contact: { ...contact, consent },
    changes: Object.fromEntries(changed.map((channel) => [`consent.${channel}`, { from: contact.consent[channel] ?? null, to: consent[channel] }])),
  };
}

/** Adds and removes tags. Gives the contact after, and the tags that really appeared or went. */
export function writeTags(contact: Contact, add: string[], remove: string[]): { contact: Contact; added: string[]; removed: string[] } {
  const removed = contact.tags.filter((tag) => remove.includes(tag));
  const added = [...new Set(add)].filter((tag) => !contact.tags.includes(tag));
  const tags = [...contact.tags.filter((tag) => !remove.includes(tag)), ...added];
  return { contact: { ...contact, tags }, added, removed };
}

/** Reads a field by path; undefined when it is not set. */
export function readField(contact: Contact, path: string): unknown {
  if (isContactField(path)) return contact[path];
  const key = customKey(path);
  return Object.hasOwn(contact.custom_fields, key) ? contact.custom_fields[key] : undefined;
}

function writeField(contact: Contact, path: string, value: unknown): void {
  if (isContactField(path)) contact[path] = value === null ? null : asText(value);
  else if (value === null) delete contact.custom_fields[customKey(path)];
  else contact.custom_fields[customKey(path)] = value;
}

const customKey = (path: string): string => path.replace(/^custom_fields\./, '');
