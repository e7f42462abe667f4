import type { Channel } from '../../core/state.ts';
import type { Sql } from './transaction.ts';

/** Whose waiting sends: a contact's on some channels (null: on all), or those of runs that were ended. */
export type Recalled = { contactId: string; channels: Channel[] | null } | { enrollmentIds: string[] };

/**
 * Has delivery look again, now, at sends that wait: for their turn, after a failure, for quiet hours to end. The gate then says why they may not leave.
 * To be called once the change is committed. A claim that read the state before it either has the row (this waits for it: the message was on its way before
 * the caller heard that the change is made) or finds the row changed, and lets go. Gives the sends that want a nudge.
 */
export async function recallSends(sql: Sql, locationId: string, whose: Recalled): Promise<string[]> {
  const [column, ids, channels] = 'enrollmentIds' in whose ? ['id', whose.enrollmentIds, null] : ['contact_id', [whose.contactId], whose.channels];
  const rows = await sql.rows<{ id: string }>(
    `WITH waiting AS (
       SELECT s.id FROM workflow_enrollments e JOIN sends s ON s.enrollment_id = e.id
       WHERE e.location_id = $1 AND e.${column} = ANY($2::uuid[]) AND s.ended_at IS NULL AND ($3::text[] IS NULL OR s.channel = ANY($3)) ORDER BY s.id FOR UPDATE OF s)
     UPDATE sends s SET next_attempt_at = clock_timestamp() FROM waiting WHERE s.id = waiting.id RETURNING s.id`,
    [locationId, ids, channels],
  );
  return rows.map((row) => row.id);
}

/**
 * Waits for commits that claim their own sends and looked before a workflow was paused or archived: they hold its door open (`hold_door_open`). Later ones see
 * it closed. To be called
 * once the change is committed, like the others.
 */
export async function awaitDoor(sql: Sql, workflowId: string): Promise<void> {
  await sql.rows('SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0)) IS NULL AS waited', [workflowId]);
}

/** Whose sends that are due: a workflow's that was paused or archived, or a contact's on channels that it has no address for any more. */
export type Withheld = { workflowId: string } | { contactId: string; channels: Channel[] };

/**
 * Takes sends out of the hands of claims that looked before the change was made: those that are due get a new wish, a moment later, so that
 * what waits for its turn or for another attempt keeps its time. To be called once the change is committed, like `recallSends`.
 */
export async function withholdSends(sql: Sql, locationId: string, whose: Withheld): Promise<void> {
  const [column, id, channels] = 'workflowId' in whose ? ['workflow_id', whose.workflowId, null] : ['contact_id', whose.contactId, whose.channels];
  await sql.rows(withhold(column), [locationId, id, channels]);
}

const withhold = (column: string): string => `
  WITH due AS (
    SELECT id FROM sends
    WHERE ended_at IS NULL AND next_attempt_at <= (SELECT clock_timestamp()) AND location_id = $1 AND ${column} = $2
      AND ($3::text[] IS NULL OR channel = ANY($3)) AND (status = 'pending' OR lease_until <= (SELECT clock_timestamp())) ORDER BY id FOR UPDATE)
  UPDATE sends s SET next_attempt_at = s.next_attempt_at + interval '1 microsecond' FROM due WHERE s.id = due.id`;
