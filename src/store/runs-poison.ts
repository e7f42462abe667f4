import type { Pool } from 'pg';
import { keepableText } from './json-text.ts';
import { run } from './statement.ts';

/**
 * Fails one run for good: its state stays for whoever looks into it, its open log row ends with the reason, its mailbox is
 * emptied. A run that had ended already stays as it ended; its mailbox is emptied, and a row that waited for an outcome ends too.
 */
export async function poisonRun(pool: Pool, enrollmentId: string, reason: string): Promise<void> {
  await run(pool, { name: 'poison_run', text: POISON, values: [enrollmentId, keepableText(reason).slice(0, 2_000)] });
}

const POISON = `WITH failed AS (
    UPDATE workflow_enrollments SET status = 'failed', exit_reason = $2, revision = revision + 1, next_run_at = NULL, completed_at = journey_now()
    WHERE id = $1 AND status = 'active' RETURNING id, revision, location_id, workflow_id, version_id),
  found AS (
    SELECT * FROM failed UNION ALL SELECT id, revision, location_id, workflow_id, version_id FROM workflow_enrollments WHERE id = $1 AND status <> 'active'),
  logged AS (
    UPDATE workflow_step_logs l SET status = 'failed', error = $2, completed_at = journey_now(), ended_rev = f.revision
    FROM found f WHERE l.enrollment_id = f.id AND l.completed_at IS NULL RETURNING l.step_id),
  counted AS (
    INSERT INTO workflow_stat_deltas (location_id, workflow_id, version_id, kind, step_id, outcome, n, at)
    SELECT f.location_id, f.workflow_id, f.version_id, 'failed', '', '', 1, journey_now() FROM failed f
    UNION ALL SELECT f.location_id, f.workflow_id, f.version_id, 'ended', l.step_id, 'failed', 1, journey_now() FROM found f, logged l)
DELETE FROM workflow_scheduled_actions WHERE enrollment_id = $1`;
