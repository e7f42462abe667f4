import { uuidv7 } from '../../ids.ts';
import { jsonText, keepableText } from '../json-text.ts';
import type { AuditLine } from '../../core/ports/audit-line.ts';
import type { NewEvent } from '../../core/ports/desk.ts';
import type { EventRecord } from '../../core/ports/records.ts';
import type { Sql } from './transaction.ts';

/** Writes events of one contact to the outbox, in the transaction of the change that they tell of. One that was there already is answered with `created: false`. */
export async function tellEvents(sql: Sql, locationId: string, contactId: string, events: NewEvent[]): Promise<EventRecord[]> {
  const told: EventRecord[] = [];
  for (const event of events) told.push(await tellEvent(sql, locationId, contactId, event));
  return told;
}

async function tellEvent(sql: Sql, locationId: string, contactId: string, event: NewEvent): Promise<EventRecord> {
  const id = uuidv7();
  const key = keepableText(event.key ?? id);
  const row = await sql.row<{ occurred_at: Date }>(INSERT_EVENT, [id, locationId, contactId, event.type, event.source, key, jsonText(event.data), event.depth, event.at]);
  if (row) return { id, type: event.type, source: event.source, contactId, data: event.data, depth: event.depth, occurredAt: row.occurred_at.getTime(), created: true };
  const first = await sql.row<{ id: string; type: string; contact_id: string; data: EventRecord['data']; depth: number; occurred_at: Date }>(FIND_EVENT, [
    locationId, event.source, key,
  ]);
  if (!first) throw new Error(`The event ${event.source}/${key} was there a moment ago and is gone.`);
  return {
    id: first.id,
    type: first.type,
    source: event.source,
    contactId: first.contact_id,
    data: first.data,
    depth: first.depth,
    occurredAt: first.occurred_at.getTime(),
    created: false,
  };
}

const INSERT_EVENT = `
  INSERT INTO contact_events (id, location_id, contact_id, type, source, event_key, data, depth, occurred_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, COALESCE(to_timestamp($9::float8 / 1000), journey_now()))
  ON CONFLICT (location_id, source, event_key) DO NOTHING
  RETURNING occurred_at`;
const FIND_EVENT = `
  SELECT id, type, contact_id, data, depth, occurred_at FROM contact_events WHERE location_id = $1 AND source = $2 AND event_key = $3`;

/** Writes a line of the audit log, in the transaction of the change that it tells of. */
export async function writeAudit(sql: Sql, locationId: string, line: AuditLine): Promise<void> {
  await sql.rows('INSERT INTO audit_log (location_id, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)', [
    locationId, line.actor, line.action, line.subject, jsonText(line.detail),
  ]);
}
