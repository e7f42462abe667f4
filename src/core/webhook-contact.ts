import type { Data } from './state.ts';

const FIELDS = ['first_name', 'last_name', 'email', 'phone', 'timezone', 'custom_fields'] as const;

/**
 * What a posted body says of a contact: its `contact` object when it has one, else its own top-level keys. Values of other kinds than text (or, for custom
 * fields, an object) say nothing.
 */
export function postedContact(body: Data): Data {
  const said = isRecord(body['contact']) ? body['contact'] : body;
  return Object.fromEntries(FIELDS.flatMap((field) => (isSaid(field, said[field]) ? [[field, said[field]]] : [])));
}

/** What a post is matched by, as text; null when the body does not say it. */
export function postedKey(body: Data, by: 'email' | 'phone' | 'contact_id'): string | null {
  if (by !== 'contact_id') return (postedContact(body)[by] as string | undefined) ?? null;
  const nested = isRecord(body['contact']) ? body['contact']['id'] : undefined;
  const id = body['contact_id'] ?? nested;
  return typeof id === 'string' && id.trim() !== '' ? id.trim() : null;
}

const isSaid = (field: string, value: unknown): boolean => (field === 'custom_fields' ? isRecord(value) : typeof value === 'string' && value.trim() !== '');

const isRecord = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);
