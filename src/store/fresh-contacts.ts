import type { Contact } from '../core/state.ts';
import { piece } from './statement.ts';

/** Contacts that must be as they were read before anything about them is written. */
export interface Guarded {
  contacts: { id: string; revision: number }[];
}

/** Whoever is enrolled was looked at: each contact once, in the order in which they are locked. */
export function guardedContacts(enrollments: { contact: Contact }[]): Guarded['contacts'] {
  const contacts = new Map(enrollments.map(({ contact }) => [contact.id, { id: contact.id, revision: contact.revision }]));
  return [...contacts.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Locks those that are unchanged, so that no change falls between the look and the write. */
export const fresh = piece<Guarded, Guarded['contacts'][number]>(
  'fresh',
  { id: ['uuid', ({ id }) => id], revision: ['int', ({ revision }) => revision] },
  ({ contacts }) => contacts,
  (input) => `SELECT c.id FROM ${input} JOIN contacts c ON c.id = x.id AND c.revision = x.revision ORDER BY c.id FOR NO KEY UPDATE OF c`,
);
