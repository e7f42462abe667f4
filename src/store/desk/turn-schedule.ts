import type { Sql } from './transaction.ts';

/**
 * Tells the scheduling worker that a workflow's door was opened, closed, or leads to another version: what time starts counts from this moment.
 * Call it in the transaction of the change, after it. What a closed door left unfinished waits; what an archived workflow left is dropped.
 */
export async function turnSchedule(sql: Sql, locationId: string, workflowId: string): Promise<void> {
  await sql.rows(CLOSE, [locationId, workflowId]);
  await sql.rows(OPEN, [locationId, workflowId]);
  await sql.rows(CANCEL, [locationId, workflowId]);
}

const CLOSE = 'DELETE FROM workflow_schedules WHERE location_id = $1 AND workflow_id = $2';

/**
 * It wants a look at once, whatever the clock says. One reading of the clock: nothing has been decided yet exactly when `decided_until` is `opened_at`, and without
 * MATERIALIZED the planner puts a reading of its own into each column.
 */
const OPEN = `
  WITH clock AS MATERIALIZED (SELECT journey_now() AS now)
  INSERT INTO workflow_schedules (workflow_id, location_id, version_id, opened_at, decided_until, next_look_at)
  SELECT w.id, w.location_id, w.published_version_id, clock.now, clock.now, '-infinity' FROM workflows_v2 w, clock
  WHERE w.location_id = $1 AND w.id = $2 AND w.status = 'active' AND NOT w.entry_stopped AND w.published_version_id IS NOT NULL`;

/** Date fields are planned anew when the door opens. */
const CANCEL = `
  UPDATE contact_walks k SET status = 'cancelled', ended_at = now() FROM workflows_v2 w
  WHERE k.location_id = $1 AND k.workflow_id = $2 AND k.status = 'walking' AND w.id = k.workflow_id AND (k.purpose = 'date_field' OR w.status = 'archived')`;
