import type { ActivityDesk, LoggedMove } from '../../core/ports/activity.ts';
import { isCancelled } from '../sqlstate.ts';
import type { Bench } from './bench.ts';
import { recordOf } from './rows.ts';

/** A workflow with more people inside than can be looked through meanwhile has too much to tell in this way. */
const PATIENCE = '5s';
/** An end comes behind all moves of its moment. */
const END = 2_147_483_647;

export function activityDesk({ locationId, transact }: Bench): ActivityDesk {
  return {
    async readMoves(workflowIds, after, until, limit) {
      const read = transact(async (sql) => {
        await sql.rows(`SET LOCAL statement_timeout = '${PATIENCE}'`);
        return sql.rows(movesOf(workflowIds !== null), [
          locationId,
          new Date(after.at),
          after.enrollmentId,
          after.place,
          new Date(until),
          limit,
          ...(workflowIds ? [workflowIds] : []),
        ]);
      });
      try {
        return (await read).map((row) => recordOf<LoggedMove>(row));
      } catch (error) {
        if (isCancelled(error)) return null;
        throw error;
      }
    },
  };
}

/**
 * Moves as the feed tells them, from the rows of those who are inside or left since: no index holds log rows by their moment, because every run would
 * pay for it. A step leads to the row behind it, or to where its run stands.
 */
const movesOf = (ofWorkflows: boolean): string => `WITH
  runs AS (
    SELECT e.id, e.workflow_id, e.status, e.current_step, e.revision, date_trunc('milliseconds', e.completed_at) AS ended FROM workflow_enrollments e
    WHERE e.location_id = $1 AND (e.completed_at IS NULL OR e.completed_at >= $2)
      AND e.workflow_id ${ofWorkflows ? '= ANY($7::uuid[])' : 'IN (SELECT id FROM workflows_v2 WHERE location_id = $1)'}),
  moves AS (
    SELECT date_trunc('milliseconds', l.started_at) AS at, r.id AS enrollment_id, 0 AS place, r.workflow_id, l.started_rev AS revision,
      '' AS "from", 'start' AS outcome, l.step_id AS "to", NULL AS status
    FROM runs r JOIN workflow_step_logs l ON l.enrollment_id = r.id AND l.seq = 1 WHERE l.started_at >= $2
    UNION ALL
    SELECT date_trunc('milliseconds', l.completed_at), r.id, l.seq, r.workflow_id, l.ended_rev, l.step_id, coalesce(l.outcome, l.status),
      coalesce(n.step_id, CASE r.status WHEN 'active' THEN r.current_step END, ''), NULL
    FROM runs r JOIN workflow_step_logs l ON l.enrollment_id = r.id LEFT JOIN workflow_step_logs n ON n.enrollment_id = l.enrollment_id AND n.seq = l.seq + 1
    WHERE l.completed_at >= $2
    UNION ALL
    SELECT r.ended, r.id, ${END}, r.workflow_id, r.revision, '', '', '', r.status FROM runs r WHERE r.status <> 'active' AND r.ended >= $2)
SELECT * FROM moves WHERE (at, enrollment_id, place) > ($2, $3::uuid, $4::int) AND at <= $5 ORDER BY at, enrollment_id, place LIMIT $6`;
