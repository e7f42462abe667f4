import type { AuditLine } from '../../core/ports/audit-line.ts';
import type { EnrollmentAnswer, EnrollmentDesk, NewEnrollment } from '../../core/ports/desk.ts';
import { newRunState } from '../../core/state.ts';
import { uuidv7 } from '../../ids.ts';
import { jsonText } from '../json-text.ts';
import type { Sql } from './transaction.ts';

type Reentry = Parameters<EnrollmentDesk['enroll']>[2];
type Answer = Awaited<ReturnType<EnrollmentDesk['enroll']>>;

/** Where everybody is let in, and who let them. */
interface Entry {
  locationId: string;
  workflowId: string;
  versionId: string;
  reentry: Reentry;
  audit: AuditLine;
}

interface AnswerRow {
  n: number;
  contact_id: string;
  entry_key: string;
  id: string | null;
  created: boolean;
  known: boolean;
  open: boolean;
}

/** One statement for any number of contacts; whoever loses a race for a place is looked up once more, and then seen. */
export async function enroll(sql: Sql, { locationId, workflowId, versionId, reentry, audit }: Entry, rows: NewEnrollment[]): Promise<Answer> {
  const line = [audit.actor, audit.action, audit.subject, jsonText(audit.detail)];
  const answered = await sql.rows<AnswerRow>(ENROLL, [locationId, workflowId, versionId, ...policyOf(reentry), ...columnsOf(rows), ...line], 'enroll');
  const refused = answered.some((row) => !row.open);
  const missing = answered.filter((row) => !row.known).map((row) => row.contact_id);
  if (refused) return { refused, missing, answers: [] };
  const losers = answered.filter((row) => row.known && row.id === null);
  const winners = losers.length === 0 ? new Map<string, string>() : await findWinners(sql, workflowId, losers);
  const answers = answered
    .filter((row) => row.known)
    .map((row): EnrollmentAnswer => ({ contactId: row.contact_id, enrollmentId: row.id ?? winners.get(placeOf(row)) ?? '', created: row.created }));
  return { refused, missing, answers };
}

/** `[may somebody come again, after how many ms]` */
const policyOf = (reentry: Reentry): [boolean, number] => (reentry === 'never' ? [false, 0] : [true, reentry === 'after_exit' ? 0 : reentry.afterMs]);

function columnsOf(rows: NewEnrollment[]): unknown[] {
  const states = rows.map(({ initial }) => newRunState(initial));
  return [
    rows.map(() => uuidv7()),
    rows.map((row) => row.contactId),
    rows.map((row) => row.entryKey),
    states.map(({ data }) => jsonText(data)),
    states.map(({ position }) => jsonText(position)),
    rows.map((row) => jsonText(row.triggerData)),
  ];
}

const placeOf = (row: { contact_id: string; entry_key: string }): string => `${row.contact_id}/${row.entry_key}`;

async function findWinners(sql: Sql, workflowId: string, losers: AnswerRow[]): Promise<Map<string, string>> {
  const rows = await sql.rows<{ id: string; contact_id: string; entry_key: string }>(
    `SELECT DISTINCT ON (e.contact_id, e.entry_key) e.id, e.contact_id, e.entry_key
     FROM unnest($2::uuid[], $3::text[]) AS x(contact_id, entry_key)
     JOIN workflow_enrollments e ON e.workflow_id = $1 AND e.contact_id = x.contact_id AND e.entry_key = x.entry_key
     ORDER BY e.contact_id, e.entry_key, e.occurrence DESC`,
    [workflowId, losers.map((row) => row.contact_id), losers.map((row) => row.entry_key)],
  );
  return new Map(rows.map((row) => [placeOf(row), row.id]));
}

/**
 * `turn` tells a contact that is named twice in one call: the second naming is answered by the first. Who was let in is asked for by a list, not
 * by a join: the planner expects a handful of rows, and would compare each of ten thousand with all the others.
 */
const ENROLL = `
  WITH now AS MATERIALIZED (SELECT journey_now() AS now), asked AS (
    SELECT x.*, row_number() OVER namings AS turn, first_value(x.id) OVER namings AS first_id, c.id IS NOT NULL AS known,
      last.id AS last_id, COALESCE(last.occurrence, 0) + 1 AS occurrence,
      last.id IS NULL OR ($4::bool AND last.status <> 'active' AND last.completed_at + $5::float8 * interval '1 millisecond' <= (SELECT now FROM now)) AS may_enter
    FROM unnest($6::uuid[], $7::uuid[], $8::text[], $9::jsonb[], $10::json[], $11::json[]) WITH ORDINALITY
      AS x(id, contact_id, entry_key, step_data, position, trigger_data, n)
    LEFT JOIN contacts c ON c.id = x.contact_id AND c.location_id = $1 AND c.deleted_at IS NULL
    LEFT JOIN LATERAL (
      SELECT e.id, e.occurrence, e.status, e.completed_at FROM workflow_enrollments e
      WHERE e.workflow_id = $2 AND e.contact_id = x.contact_id AND e.entry_key = x.entry_key ORDER BY e.occurrence DESC LIMIT 1
    ) last ON true
    WINDOW namings AS (PARTITION BY x.contact_id, x.entry_key ORDER BY x.n)
  ), door AS (
    SELECT EXISTS (SELECT 1 FROM workflows_v2 w WHERE w.id = $2 AND w.location_id = $1 AND w.status = 'active' AND NOT w.entry_stopped) AS open
  ), created AS (
    INSERT INTO workflow_enrollments (id, location_id, workflow_id, version_id, contact_id, entry_key, occurrence, step_data, position, trigger_data, enrolled_at, next_run_at)
    SELECT a.id, $1, $2, $3, a.contact_id, a.entry_key, a.occurrence, a.step_data, a.position, a.trigger_data, now.now, now.now
    FROM asked a CROSS JOIN door CROSS JOIN now
    WHERE door.open AND a.known AND a.turn = 1 AND a.may_enter
    ORDER BY a.contact_id
    ON CONFLICT (contact_id, workflow_id, entry_key, occurrence) DO NOTHING
    RETURNING id, contact_id
  ), started AS (
    INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, scheduled_for) SELECT id, $1, 'start', journey_now() FROM created
  ), counted AS (
    INSERT INTO workflow_stat_deltas (location_id, workflow_id, version_id, kind, n, at)
    SELECT $1, $2, $3, 'enrolled', count(*)::int, journey_now() FROM created HAVING count(*) > 0
  ), audited AS (
    INSERT INTO audit_log (location_id, actor, action, subject, detail)
    SELECT $1, $12, $13, CASE count(*) WHEN 1 THEN min(id::text) ELSE $14 END,
      $15::jsonb || CASE count(*) WHEN 1 THEN jsonb_build_object('contact_id', min(contact_id::text)) ELSE jsonb_build_object('created', count(*)) END
    FROM created HAVING count(*) > 0
  )
  SELECT a.n::int, a.contact_id, a.entry_key, CASE WHEN a.first_id IN (SELECT id FROM created) THEN a.first_id ELSE a.last_id END AS id,
    a.turn = 1 AND a.id IN (SELECT id FROM created) AS created, a.known, door.open
  FROM asked a CROSS JOIN door
  ORDER BY a.n`;
