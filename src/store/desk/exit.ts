import type { Sql } from './transaction.ts';

/**
 * Ends active runs of one location: one by id, or all of a workflow. Status, revision, log row, timers and counters in one go.
 * Two statements on purpose: the first waits for a commit that is under way, the second then sees what it wrote.
 * A step whose effect is on its way keeps its open row and the mailbox its outcome: that completes the row later. What a provider
 * reported of the run's own sends stays in the mailbox, too: an ended run still takes it.
 */
export async function exitRuns(
  sql: Sql, locationId: string, which: { id: string } | { workflowId: string; exceptVersionId: string | null }, reason: string,
): Promise<{ id: string; revision: number }[]> {
  const [column, value] = 'id' in which ? ['id', which.id] : ['workflow_id', which.workflowId];
  const locked = await sql.rows<{ id: string }>(
    `SELECT id FROM workflow_enrollments WHERE location_id = $1 AND ${column} = $2 AND status = 'active' AND version_id IS DISTINCT FROM $3 ORDER BY id FOR UPDATE`,
    [locationId, value, 'id' in which ? null : which.exceptVersionId],
  );
  if (locked.length === 0) return [];
  return sql.rows<{ id: string; revision: number }>(EXIT, [locked.map(({ id }) => id), reason]);
}

const EXIT = `
  WITH inside AS (
    SELECT e.id, CASE WHEN e.position->>'phase' IS DISTINCT FROM 'performing' THEN (e.position->'open'->>'seq')::int END AS open_seq
    FROM workflow_enrollments e WHERE e.id = ANY($1::uuid[])
  ), ended AS (
    UPDATE workflow_enrollments e SET status = 'exited', exit_reason = $2, revision = e.revision + 1, completed_at = journey_now(), next_run_at = NULL,
      position = CASE WHEN e.position->>'phase' IS DISTINCT FROM 'performing' THEN ((e.position::jsonb - 'open') || '{"phase": "ready"}')::json ELSE e.position END
    FROM inside i WHERE e.id = i.id
    RETURNING e.id, e.revision, e.location_id, e.workflow_id, e.version_id, i.open_seq
  ), silenced AS (
    DELETE FROM workflow_scheduled_actions a USING inside i WHERE a.enrollment_id = i.id AND a.kind <> 'outcome'
      AND (a.kind <> 'event' OR a.status = 'held' OR a.payload->'event'->'data'->>'enrollment_id' IS DISTINCT FROM i.id::text)
  ), closed AS (
    UPDATE workflow_step_logs l SET status = 'completed', output_data = COALESCE(l.output_data, '{}') || jsonb_build_object('interrupted_by', $2::text),
      completed_at = journey_now(), ended_rev = d.revision
    FROM ended d WHERE l.enrollment_id = d.id AND l.seq = d.open_seq AND l.completed_at IS NULL
    RETURNING l.location_id, d.workflow_id, d.version_id, l.step_id
  ), counted AS (
    INSERT INTO workflow_stat_deltas (location_id, workflow_id, version_id, kind, step_id, outcome, n, at)
    SELECT location_id, workflow_id, version_id, 'exited', '', '', count(*)::int, journey_now() FROM ended GROUP BY 1, 2, 3
    UNION ALL
    SELECT location_id, workflow_id, version_id, 'ended', step_id, 'completed', count(*)::int, journey_now() FROM closed GROUP BY 1, 2, 3, 5
  )
  SELECT id, revision FROM ended`;
