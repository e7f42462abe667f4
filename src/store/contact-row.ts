import type { Contact, Data } from '../core/state.ts';

/** The columns of a contact, as the hot reads select them from `contacts c`. Instants come as float seconds: the cheapest to make and to read. */
export const CONTACT_COLUMNS = `c.id AS contact_id, c.revision AS contact_revision, c.first_name, c.last_name, c.email, c.phone, c.timezone, c.tags,
  c.custom_fields, c.consent, date_part('epoch', c.created_at) AS contact_created, date_part('epoch', c.updated_at) AS contact_updated`;

export interface ContactRow {
  contact_id: string;
  contact_revision: number;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  phone: string | null;
  timezone: string | null;
  tags: string[];
  custom_fields: Data;
  consent: Contact['consent'];
  contact_created: number;
  contact_updated: number;
}

export const readContact = (row: ContactRow): Contact => ({
  id: row.contact_id,
  revision: row.contact_revision,
  first_name: row.first_name,
  last_name: row.last_name,
  email: row.email,
  phone: row.phone,
  timezone: row.timezone,
  tags: row.tags,
  custom_fields: row.custom_fields,
  consent: row.consent,
  created_at: toMs(row.contact_created),
  updated_at: toMs(row.contact_updated),
});

/** Float seconds to whole milliseconds. */
export const toMs = (seconds: number): number => Math.round(seconds * 1000);
