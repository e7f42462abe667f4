import type { Channel } from '../../core/state.ts';
import type { Sql } from './transaction.ts';

/** Whose waiting sends: a contact's on some channels (null: on all), or one run's. */
export type Recalled = { contactId: string; channels: Channel[] | null } | { enrollmentId: string };

/**
 * Has delivery look again, now, at sends that wait: for their turn, after a failure, for quiet hours to end. The gate then says why they may not leave.
 * To be called once the change is committed. A claim that read the state before it either has the row (this waits for it: the message was on its way before
 * the caller heard that the change is made) or finds the row changed, and lets go. Gives the sends that want a nudge.
 */
export async function recallSends(sql: Sql, locationId: string, whose: Recalled): Promise<string[]> {
  const [column, id, channels] = 'enrollmentId' in whose ? ['id', whose.enrollmentId, null] : ['contact_id', whose.contactId, whose.channels];
  const rows = await sql.rows<{ id: string }>(
    `UPDATE sends s SET next_attempt_at = clock_timestamp() FROM workflow_enrollments e
     WHERE e.location_id = $1 AND e.${column} = $2 AND s.enrollment_id = e.id AND s.ended_at IS NULL AND ($3::text[] IS NULL OR s.channel = ANY($3)) RETURNING s.id`,
    [locationId, id, channels],
  );
  return rows.map((row) => row.id);
}
