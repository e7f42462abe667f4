import type { Contact, Data } from '../../core/state.ts';

/** A row whose moments are epoch milliseconds, as services see it. */
export type Timed<Row> = { [K in keyof Row]: Row[K] extends Date ? number : Row[K] extends Date | null ? number | null : Row[K] };

/** Turns every `Date` of a row into epoch milliseconds; `jsonb` values are left as they are. */
export function timed<Row extends object>(row: Row): Timed<Row> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value instanceof Date ? value.getTime() : value])) as Timed<Row>;
}

/** A row of hand-written SQL in the words of a record: snake_case to camelCase, moments to epoch milliseconds. The caller names the record that its SELECT list amounts to. */
export function recordOf<Record>(row: object): Record {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [camel(key), value instanceof Date ? value.getTime() : value])) as Record;
}

const camel = (name: string): string => name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

export const CONTACT_COLUMNS = 'id, revision, first_name, last_name, email, phone, timezone, tags, custom_fields, consent, created_at, updated_at';

/** A contact keeps its snake_case: definitions read it by these names. */
export const contactOf = (row: object): Contact => timed(row) as Contact;

/** Prisma's camelCase row of a contact in the words of definitions. */
export function contactOfModel(row: {
  id: string; revision: number; firstName: string | null; lastName: string | null; email: string | null; phone: string | null; timezone: string | null;
  tags: string[]; customFields: unknown; consent: unknown; createdAt: Date; updatedAt: Date;
}): Contact {
  return {
    id: row.id,
    revision: row.revision,
    first_name: row.firstName,
    last_name: row.lastName,
    email: row.email,
    phone: row.phone,
    timezone: row.timezone,
    tags: row.tags,
    custom_fields: row.customFields as Data,
    consent: row.consent as Contact['consent'],
    created_at: row.createdAt.getTime(),
    updated_at: row.updatedAt.getTime(),
  };
}

