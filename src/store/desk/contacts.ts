import type { AuditLine } from '../../core/ports/audit-line.ts';
import type { ContactChange, ContactDesk, ListRange, NewContact } from '../../core/ports/desk.ts';
import type { Channel, Contact } from '../../core/state.ts';
import { searchText } from '../../core/search-text.ts';
import { uuidv7 } from '../../ids.ts';
import { jsonText } from '../json-text.ts';
import { isTaken } from '../sqlstate.ts';
import type { Bench } from './bench.ts';
import { tellEvents, writeAudit } from './outbox.ts';
import type { TenantPrisma } from './prisma.ts';
import { recallSends, withholdSends } from './recall-sends.ts';
import { CONTACT_COLUMNS, contactOf, contactOfModel } from './rows.ts';
import type { Sql } from './transaction.ts';

export function contactDesk({ locationId, prisma, transact }: Bench): ContactDesk {
  return {
    async findContact(id) {
      const row = await prisma.contact.findFirst({ where: { id, deletedAt: null } });
      return row && contactOfModel(row);
    },
    findContactByEmail: (email) => transact((sql) => byEmail(sql, locationId, email)),
    findContactByPhone: (phone) =>
      transact(async (sql) => {
        const row = await sql.row(`SELECT ${CONTACT_COLUMNS} FROM contacts WHERE location_id = $1 AND phone = $2 AND deleted_at IS NULL ORDER BY id LIMIT 1`, [locationId, phone]);
        return row && contactOf(row);
      }),
    listContacts: (filter, range) => listContacts(prisma, locationId, filter, range),
    insertContact: (contact, events, audit) =>
      transact(async (sql) => {
        const inserted = await insert(sql, locationId, contact);
        if (!inserted) return { contact: await holderOf(sql, locationId, contact.email), existing: true };
        await tellEvents(sql, locationId, inserted.id, events(inserted));
        await writeAudit(sql, locationId, { ...audit, subject: inserted.id });
        return { contact: inserted, existing: false };
      }),
    async changeContact(id, decide, audit) {
      const answer = await transact((sql) => change(sql, locationId, id, decide, audit));
      if (answer === null || 'taken' in answer) return answer;
      const { contact, changed, silenced, unaddressed } = answer;
      if (unaddressed.length > 0) await transact((sql) => withholdSends(sql, locationId, { contactId: id, channels: unaddressed }));
      const recalled = silenced === null || silenced.length > 0 ? await transact((sql) => recallSends(sql, locationId, { contactId: id, channels: silenced })) : [];
      return { contact, changed, recalled };
    },
    knownContacts: (ids) =>
      transact(async (sql) => {
        const rows = await sql.rows<{ id: string }>('SELECT id FROM contacts WHERE location_id = $1 AND id = ANY($2::uuid[]) AND deleted_at IS NULL', [locationId, ids]);
        return new Set(rows.map((row) => row.id));
      }),
  };
}

async function listContacts(
  prisma: TenantPrisma, locationId: string, { search, email, tag }: Parameters<ContactDesk['listContacts']>[0], { limit, after }: ListRange,
): Promise<Contact[]> {
  const contains = search ? { contains: searchText(search), mode: 'insensitive' as const } : null;
  const rows = await prisma.contact.findMany({
    where: {
      locationId,
      deletedAt: null,
      ...(after && { id: { lt: after } }),
      ...(tag && { tags: { has: tag } }),
      ...(email && { email: { equals: searchText(email), mode: 'insensitive' as const } }),
      ...(contains && { OR: [{ firstName: contains }, { lastName: contains }, { email: contains }, { phone: contains }] }),
    },
    orderBy: { id: 'desc' },
    take: limit,
  });
  return rows.map(contactOfModel);
}

async function insert(sql: Sql, locationId: string, contact: NewContact): Promise<Contact | null> {
  const row = await sql.row(INSERT, [contact.id ?? uuidv7(), locationId, ...writable(contact)]);
  return row && contactOf(row);
}

async function byEmail(sql: Sql, locationId: string, email: string): Promise<Contact | null> {
  const row = await sql.row(`SELECT ${CONTACT_COLUMNS} FROM contacts WHERE location_id = $1 AND lower(email) = lower($2) AND deleted_at IS NULL`, [locationId, email]);
  return row && contactOf(row);
}

/** Who holds the e-mail that a write ran into. */
async function holderOf(sql: Sql, locationId: string, email: string | null): Promise<Contact> {
  const holder = email === null ? null : await byEmail(sql, locationId, email);
  if (!holder) throw Object.assign(new Error('The e-mail was taken a moment ago and is free now.'), { code: '40001' });
  return holder;
}

async function change(sql: Sql, locationId: string, id: string, decide: (contact: Contact) => ContactChange, audit: AuditLine): Promise<Changed> {
  const locked = await sql.row(`SELECT ${CONTACT_COLUMNS} FROM contacts WHERE location_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE`, [locationId, id]);
  if (!locked) return null;
  const before = contactOf(locked);
  const decided = decide(before);
  if (!decided) return { contact: before, changed: false, silenced: [], unaddressed: [] };
  const { email } = decided.contact;
  if (email !== null && email.toLowerCase() !== before.email?.toLowerCase()) {
    const holder = await byEmail(sql, locationId, email);
    if (holder) return { taken: holder.id };
  }
  const row = await updateOrRetry(sql, [locationId, id, ...writable(decided.contact), decided.deleted ?? false]);
  await tellEvents(sql, locationId, id, decided.events);
  await writeAudit(sql, locationId, audit);
  return { contact: contactOf(row), changed: true, silenced: decided.deleted ? null : withdrawn(before, decided.contact), unaddressed: unaddressedBy(before, decided.contact) };
}

/** `silenced`: the channels that nothing may leave on from now on; null for all. `unaddressed`: those that the contact has no address for any more. */
type Changed = { contact: Contact; changed: boolean; silenced: Channel[] | null; unaddressed: Channel[] } | { taken: string } | null;

const withdrawn = (before: Contact, after: Contact): Channel[] =>
  (Object.keys(after.consent) as Channel[]).filter((channel) => after.consent[channel] === 'withdrawn' && before.consent[channel] !== 'withdrawn');

const unaddressedBy = (before: Contact, after: Contact): Channel[] => [
  ...(before.email && !after.email ? (['email'] as const) : []),
  ...(before.phone && !after.phone ? (['sms', 'voice'] as const) : []),
];

/** Somebody else may take the e-mail between look-up and write: the whole transaction is run again, and then sees it. */
async function updateOrRetry(sql: Sql, values: unknown[]): Promise<object> {
  try {
    return (await sql.row(UPDATE, values)) as object;
  } catch (error) {
    if (isTaken(error)) throw Object.assign(new Error('The e-mail was taken in this moment.', { cause: error }), { code: '40001' });
    throw error;
  }
}

const writable = (contact: Omit<NewContact, 'id'>): unknown[] => [
  contact.first_name, contact.last_name, contact.email, contact.phone, contact.timezone, contact.tags, jsonText(contact.custom_fields), jsonText(contact.consent),
];

/** `created_at` is journey time: conditions compare it with `now`. Ids are time-ordered, so that lists run newest first. */
const INSERT = `
  INSERT INTO contacts (id, location_id, first_name, last_name, email, phone, timezone, tags, custom_fields, consent, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, journey_now(), journey_now())
  ON CONFLICT (location_id, lower(email)) WHERE email IS NOT NULL AND deleted_at IS NULL DO NOTHING
  RETURNING ${CONTACT_COLUMNS}`;
const UPDATE = `
  UPDATE contacts SET first_name = $3, last_name = $4, email = $5, phone = $6, timezone = $7, tags = $8, custom_fields = $9, consent = $10,
    deleted_at = CASE WHEN $11 THEN now() END, revision = revision + 1, updated_at = journey_now()
  WHERE location_id = $1 AND id = $2
  RETURNING ${CONTACT_COLUMNS}`;
