import type { ChangedWorkflow, WorkflowChange } from '../../core/ports/desk.ts';
import type { Sql } from './transaction.ts';

type Turn = NonNullable<WorkflowChange['mailbox']>;
type Nudge = ChangedWorkflow['nudge'];

/** More doorbells than this are not rung at once: the sweeper and the timers' worker find the rest. */
const MOST_NUDGES = 10_000;

/** Parks or gives back the mailbox of a workflow's runs. Call it under the workflow's lock, before `paused_at` is cleared. */
export async function turnMailbox(sql: Sql, locationId: string, workflowId: string, turn: Turn): Promise<Nudge> {
  if (turn === 'hold') {
    await sql.rows(HOLD, [locationId, workflowId]);
    return { runs: [], sends: [] };
  }
  if (turn === 'shift') await shiftTimers(sql, locationId, workflowId);
  if (turn === 'skip') await sql.rows(MARK_OVERDUE, [locationId, workflowId]);
  await sql.rows(SPREAD, [locationId, workflowId, CAUGHT_UP_A_SECOND]);
  await sql.rows(RELEASE, [locationId, workflowId]);
  const runs = await sql.rows<{ id: string }>(DUE, [locationId, workflowId, MOST_NUDGES]);
  const sends = await sql.rows<{ id: string }>(WAITING, [locationId, workflowId, MOST_NUDGES]);
  return { runs: runs.map(({ id }) => id), sends: sends.map(({ id }) => id) };
}

/** Outcomes and exits act while paused: they are never held. */
const HOLD = `
  UPDATE workflow_scheduled_actions a SET status = 'held' FROM workflow_enrollments e
  WHERE e.location_id = $1 AND e.workflow_id = $2 AND e.status = 'active' AND a.enrollment_id = e.id AND a.status = 'pending' AND a.kind NOT IN ('outcome', 'exit')`;

/** Timers that came due, as the pause left them. */
const OVERDUE = `FROM workflow_enrollments e JOIN workflow_scheduled_actions a ON a.enrollment_id = e.id
  WHERE e.location_id = $1 AND e.workflow_id = $2 AND e.status = 'active' AND a.kind = 'timer' AND a.scheduled_for <= journey_now()`;

const MARK_OVERDUE = `
  UPDATE workflow_scheduled_actions t SET payload = '{"overdue": true}' FROM (SELECT a.enrollment_id, a.id ${OVERDUE}) due
  WHERE t.enrollment_id = due.enrollment_id AND t.id = due.id`;

const WAITING = "SELECT id FROM sends WHERE location_id = $1 AND workflow_id = $2 AND ended_at IS NULL AND status = 'pending' ORDER BY id LIMIT $3";

/** How many overdue timers go off in a second of machine time: a campaign that was paused for a day must not send its day in a second. */
const CAUGHT_UP_A_SECOND = 100;

/** Timers that came due during the pause go off in the order of their moments, $3 a second. */
const SPREAD = `
  WITH clock AS MATERIALIZED (SELECT journey_now() AS now, speed FROM journey_clock),
    due AS (SELECT a.enrollment_id, a.id, row_number() OVER (ORDER BY a.scheduled_for, a.id) AS turn ${OVERDUE})
  UPDATE workflow_scheduled_actions t SET scheduled_for = clock.now + ((due.turn - 1) / $3::int) * clock.speed * interval '1 second'
  FROM due, clock WHERE t.enrollment_id = due.enrollment_id AND t.id = due.id AND due.turn > $3::int`;

/** `created_at` starts anew: the sweeper's grace counts from the moment that somebody could act on the row. */
const RELEASE = `
  UPDATE workflow_scheduled_actions a SET status = 'pending', created_at = now() FROM workflow_enrollments e
  WHERE e.location_id = $1 AND e.workflow_id = $2 AND a.enrollment_id = e.id AND a.status = 'held'`;

const DUE = `
  SELECT DISTINCT a.enrollment_id AS id FROM workflow_enrollments e JOIN workflow_scheduled_actions a ON a.enrollment_id = e.id
  WHERE e.location_id = $1 AND e.workflow_id = $2 AND e.status = 'active' AND a.status = 'pending' AND a.scheduled_for <= journey_now() LIMIT $3`;

/**
 * Moves relative timers by the length of the pause, and with each the run's own idea of when it wakes. The revision moves too, so that
 * a batch that loaded the run before starts over. First the locks, then a fresh look, as in `exitRuns`.
 */
async function shiftTimers(sql: Sql, locationId: string, workflowId: string): Promise<void> {
  await sql.rows("SELECT id FROM workflow_enrollments WHERE location_id = $1 AND workflow_id = $2 AND status = 'active' ORDER BY id FOR UPDATE", [locationId, workflowId]);
  await sql.rows(SHIFT, [locationId, workflowId]);
}

const SHIFT = `
  WITH pause AS (
    SELECT journey_now() - w.paused_at AS length FROM workflows_v2 w WHERE w.location_id = $1 AND w.id = $2 AND w.paused_at IS NOT NULL
  ), moved AS (
    UPDATE workflow_scheduled_actions a SET scheduled_for = a.scheduled_for + pause.length
    FROM pause, workflow_enrollments e
    WHERE e.location_id = $1 AND e.workflow_id = $2 AND e.status = 'active' AND a.enrollment_id = e.id AND a.kind = 'timer' AND a.relative
    RETURNING a.enrollment_id, a.scheduled_for
  )
  UPDATE workflow_enrollments e SET revision = e.revision + 1, next_run_at = moved.scheduled_for,
    position = CASE WHEN e.position->'open'->>'until' IS NULL THEN e.position
      ELSE jsonb_set(e.position::jsonb, '{open,until}', to_jsonb(round(extract(epoch FROM moved.scheduled_for) * 1000)))::json END
  FROM moved WHERE e.id = moved.enrollment_id`;
