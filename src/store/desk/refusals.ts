import type { RefusalDesk } from '../../core/ports/desk.ts';
import type { RefusalRecord } from '../../core/ports/records.ts';
import type { ContactEvent } from '../../core/state.ts';
import { jsonText } from '../json-text.ts';
import type { Bench } from './bench.ts';
import { recordOf } from './rows.ts';

export function refusalDesk({ locationId, transact }: Bench): RefusalDesk {
  return {
    keepRefusals: (workflowId, refusals) =>
      transact(
        async (sql) =>
          void (await sql.rows(KEEP, [
            locationId,
            workflowId,
            refusals.map(({ contactId }) => contactId),
            refusals.map(({ reason }) => reason),
            refusals.map(({ detail }) => jsonText(detail)),
          ])),
      ),
    listRefusals: ({ workflowId, contactId }, { limit, after }) =>
      transact(async (sql) => (await sql.rows(LIST, [locationId, workflowId, contactId ?? null, after, limit])).map((row) => recordOf<RefusalRecord>(row))),
    contactEvents: (contactId, types, limit) =>
      transact(async (sql) =>
        (await sql.rows<EventRow>(EVENTS, [locationId, contactId, types, limit])).map(({ contact_id, occurred_at, ...row }): ContactEvent => ({
          ...row,
          contactId: contact_id,
          at: occurred_at.getTime(),
        })),
      ),
  };
}

interface EventRow extends Omit<ContactEvent, 'contactId' | 'at'> {
  contact_id: string;
  occurred_at: Date;
}

const KEEP = `
  INSERT INTO enrollment_refusals (location_id, workflow_id, contact_id, reason, detail)
  SELECT $1, $2, r.contact_id, r.reason, r.detail::jsonb FROM unnest($3::uuid[], $4::text[], $5::text[]) AS r(contact_id, reason, detail)`;
const LIST = `
  SELECT id, workflow_id, contact_id, event_id, reason, detail, created_at FROM enrollment_refusals
  WHERE location_id = $1 AND workflow_id = $2 AND ($3::uuid IS NULL OR contact_id = $3)
    AND ($4::uuid IS NULL OR (created_at, id) < (SELECT r.created_at, r.id FROM enrollment_refusals r WHERE r.id = $4))
  ORDER BY created_at DESC, id DESC LIMIT $5`;
const EVENTS = `
  SELECT id, type, contact_id, occurred_at, data, source, depth FROM contact_events
  WHERE location_id = $1 AND contact_id = $2 AND ($3::text[] IS NULL OR type = ANY($3)) ORDER BY occurred_at DESC, id DESC LIMIT $4`;
