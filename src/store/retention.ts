import type { Pool } from 'pg';
import { run } from './statement.ts';

/** How many days (machine time) things are kept; null for ever. */
export interface Keep {
  /** Why contacts were not enrolled, and finished walks over contacts. */
  refusalsDays: number;
  /** Dispatched events: the history that behaviour conditions look back on. */
  eventsDays: number;
  /** The step logs of runs that have ended. */
  logsDays: number | null;
  /** Who changed what: at least 30, as the database lets go of nothing younger. */
  auditDays: number;
}

/** Rows of one statement: small enough to hold nobody up. */
const BATCH = 1_000;

/** Gives a chore that drops what is older than it is kept, a batch of each kind a call, and says how many rows went. Any number of processes may do it. */
export function createRetention(pool: Pool, keep: Keep): () => Promise<number> {
  const drop = async (name: string, text: string, values: unknown[]): Promise<number> => (await run(pool, { name, text, values })).rowCount ?? 0;
  const dropLogs = keep.logsDays === null ? () => Promise.resolve(0) : logsDropper(pool, keep.logsDays);
  return async () => {
    const dropped = [
      await drop('drop_refusals', REFUSALS, [keep.refusalsDays, BATCH]),
      await drop('drop_walks', WALKS, [keep.refusalsDays, BATCH]),
      await drop('drop_events', EVENTS, [keep.eventsDays, BATCH]),
      await drop('drop_keys', KEYS, [BATCH]),
      await drop('drop_test_runs', TEST_RUNS, [BATCH]),
      await drop('drop_audit', AUDIT, [keep.auditDays, BATCH]),
      await dropLogs(),
    ];
    return dropped.reduce((sum, count) => sum + count, 0);
  };
}

/** Ids that were made by now (UUIDv7) sort by their moment: below this one everything is older. */
const bornBefore = (days: string): string => `(lpad(to_hex(floor(extract(epoch FROM now() - make_interval(days => ${days})) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`;

const REFUSALS = `DELETE FROM enrollment_refusals WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM enrollment_refusals WHERE created_at < now() - make_interval(days => $1::int) LIMIT $2 FOR UPDATE SKIP LOCKED))`;
const WALKS = `DELETE FROM contact_walks WHERE id IN (
  SELECT id FROM contact_walks WHERE status <> 'walking' AND ended_at < now() - make_interval(days => $1::int) LIMIT $2 FOR UPDATE SKIP LOCKED)`;
const EVENTS = `DELETE FROM contact_events WHERE id IN (
  SELECT id FROM contact_events WHERE id < ${bornBefore('$1::int')} AND dispatched_at IS NOT NULL ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)`;
/** An answer is kept for a day: after two nobody can ask for it. */
const KEYS = `DELETE FROM idempotency_keys WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM idempotency_keys WHERE created_at < now() - interval '2 days' LIMIT $1 FOR UPDATE SKIP LOCKED))`;

/** They can be played again. */
const TEST_RUNS = `DELETE FROM workflow_test_runs WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM workflow_test_runs WHERE created_at < now() - interval '7 days' LIMIT $1 FOR UPDATE SKIP LOCKED))`;
/** No lock is asked for: that needs the right to change lines, which nobody has. */
const AUDIT = `DELETE FROM audit_log WHERE ctid = ANY(ARRAY(SELECT ctid FROM audit_log WHERE at < now() - make_interval(days => $1::int) LIMIT $2))`;

/** Logs are found by their runs, oldest first. Where the last call ended is remembered: runs that still go on are passed once a round, not once a call. */
function logsDropper(pool: Pool, days: number): () => Promise<number> {
  let after: string | null = null;
  return async () => {
    const { rows } = await run<{ last: string | null; dropped: number }>(pool, { name: 'drop_logs', text: LOGS, values: [days, after, BATCH / 5] });
    after = rows[0]?.last ?? null;
    return rows[0]?.dropped ?? 0;
  };
}

const LOGS = `WITH runs AS (
    SELECT e.id, e.status <> 'active' AND e.completed_at < journey_now() - make_interval(days => $1::int) AS over FROM workflow_enrollments e
    WHERE e.id < ${bornBefore('$1::int')} AND ($2::uuid IS NULL OR e.id > $2::uuid) ORDER BY e.id LIMIT $3),
  dropped AS (DELETE FROM workflow_step_logs l USING runs WHERE runs.over AND l.enrollment_id = runs.id RETURNING 1)
SELECT (SELECT id FROM runs ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*)::int FROM dropped) AS dropped`;
