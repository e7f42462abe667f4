import type { Pool } from 'pg';
import { run } from './statement.ts';

/**
 * Folds the oldest deltas, at most `limit`, into the totals by day (UTC, journey time). Any number of sweepers may run: each
 * takes deltas that no other holds. Gives how many deltas were folded.
 */
export async function rollUpStats(pool: Pool, limit = 5_000): Promise<number> {
  const { rows } = await run<{ folded: number }>(pool, { name: 'roll_up_stats', text: ROLL_UP, values: [limit] });
  return rows[0]?.folded ?? 0;
}

const ROLL_UP = `WITH taken AS (
    DELETE FROM workflow_stat_deltas WHERE id IN (SELECT id FROM workflow_stat_deltas ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING *),
  folded AS (
    INSERT INTO workflow_stat_totals AS t (location_id, workflow_id, version_id, day, kind, step_id, outcome, n)
    SELECT location_id, workflow_id, version_id, (at AT TIME ZONE 'UTC')::date AS day, kind, step_id, outcome, sum(n)
    FROM taken GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 2, 3, 4, 5, 6, 7
    ON CONFLICT (workflow_id, version_id, day, kind, step_id, outcome) DO UPDATE SET n = t.n + EXCLUDED.n)
SELECT count(*)::int AS folded FROM taken`;
