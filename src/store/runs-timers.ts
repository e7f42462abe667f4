import type { Pool } from 'pg';
import { limited } from './statement.ts';

/** Runs whose timer is due by the database's journey clock, earliest first, at most `limit`. */
export async function dueTimers(pool: Pool, limit: number): Promise<string[]> {
  const { rows } = await pool.query<WaitingRow>(limited('due_timers', DUE, limit, []));
  return takeable(pool, rows);
}

/** Machine milliseconds until the next timer is due; 0 when one is due already, null when none is pending. */
export async function nextTimerInMs(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ ms: number }>({ name: 'next_timer', text: NEXT, values: [] });
  return rows[0] ? Math.max(0, Math.ceil(rows[0].ms)) : null;
}

/** Runs whose other due rows have waited longer than `graceMs` of machine time, oldest first: their nudge was lost. */
export async function stranded(pool: Pool, graceMs: number, limit: number): Promise<string[]> {
  const { rows } = await pool.query<WaitingRow>(limited('stranded', STRANDED, limit, [graceMs]));
  return takeable(pool, rows);
}

interface WaitingRow {
  id: string;
  paused: boolean;
}

/** Leaves out runs of paused workflows. Their rows were set while the pause was being written, and are held now. */
async function takeable(pool: Pool, rows: WaitingRow[]): Promise<string[]> {
  const paused = rows.filter((row) => row.paused).map(({ id }) => id);
  if (paused.length > 0) await pool.query({ name: 'hold_paused', text: HOLD, values: [paused] });
  return [...new Set(rows.filter((row) => !row.paused).map(({ id }) => id))];
}

const WAITING = `FROM workflow_scheduled_actions a
  JOIN workflow_enrollments e ON e.id = a.enrollment_id
  JOIN workflows_v2 w ON w.id = e.workflow_id`;

const DUE = `SELECT a.enrollment_id AS id, w.status = 'paused' AS paused ${WAITING}
  WHERE a.status = 'pending' AND a.kind = 'timer' AND a.scheduled_for <= (SELECT journey_now())
  ORDER BY a.scheduled_for`;

const NEXT = `SELECT date_part('epoch', a.scheduled_for - journey_now()) * 1000 / c.speed AS ms
  FROM workflow_scheduled_actions a, journey_clock c
  WHERE a.status = 'pending' AND a.kind = 'timer' ORDER BY a.scheduled_for LIMIT 1`;

// Outcomes and exits of a paused workflow are taken at once like any other's.
const STRANDED = `SELECT a.enrollment_id AS id, w.status = 'paused' AND a.kind NOT IN ('outcome', 'exit') AS paused ${WAITING}
  WHERE a.status = 'pending' AND a.kind <> 'timer' AND a.created_at < now() - make_interval(secs => $1::float8 / 1000)
    AND a.scheduled_for <= (SELECT journey_now())
  ORDER BY a.created_at`;

// The share lock makes a resume wait, so that it sees these rows held and releases them.
const HOLD = `WITH paused AS (SELECT w.id FROM workflows_v2 w
    WHERE w.status = 'paused' AND w.id IN (SELECT e.workflow_id FROM workflow_enrollments e WHERE e.id = ANY($1::uuid[])) FOR SHARE)
  UPDATE workflow_scheduled_actions a SET status = 'held' FROM workflow_enrollments e JOIN paused ON paused.id = e.workflow_id
  WHERE e.id = ANY($1::uuid[]) AND a.enrollment_id = e.id AND a.status = 'pending' AND a.kind NOT IN ('outcome', 'exit')`;
