import type { Pool } from 'pg';
import type { PastEvent, RecallRequest } from '../core/conditions/recall.ts';
import { toMs } from './contact-row.ts';
import { inputOf, valuesOf, type Columns } from './statement.ts';

/** The newest events of each contact and type asked for. Machines' openings are left out: they would take people's places. */
export async function recallEvents(pool: Pool, requests: RecallRequest[]): Promise<Map<string, PastEvent[]>> {
  const { rows } = await pool.query<PastRow>({ name: 'recall_events', text: RECALL, values: valuesOf(columns, requests) });
  const found = new Map<string, PastEvent[]>();
  for (const { contact_id, type, at, step_id, enrollment_id } of rows) {
    const past: PastEvent = { type, at: toMs(at), stepId: step_id, enrollmentId: enrollment_id };
    const known = found.get(contact_id);
    if (known) known.push(past);
    else found.set(contact_id, [past]);
  }
  return found;
}

interface PastRow {
  contact_id: string;
  type: string;
  at: number;
  step_id: string | null;
  enrollment_id: string | null;
}

const columns: Columns<RecallRequest> = {
  contact_id: ['uuid', ({ contactId }) => contactId],
  type: ['text', ({ type }) => type],
  since: ['float8', ({ since }) => since],
  most: ['int', ({ most }) => most],
};

const RECALL = `SELECT x.contact_id, x.type, date_part('epoch', e.occurred_at) AS at, e.data ->> 'step_id' AS step_id, e.data ->> 'enrollment_id' AS enrollment_id
  FROM ${inputOf(columns, 1)}
  CROSS JOIN LATERAL (SELECT occurred_at, data FROM contact_events h
    WHERE h.contact_id = x.contact_id AND h.type = x.type AND h.occurred_at >= COALESCE(to_timestamp(x.since / 1000), '-infinity')
      AND h.data -> 'machine' IS DISTINCT FROM 'true'::jsonb
    ORDER BY h.occurred_at DESC LIMIT x.most) e`;
