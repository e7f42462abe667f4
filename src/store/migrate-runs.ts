import type { MigratedRun } from '../core/ports/hot-path.ts';
import { recordOf } from './desk/rows.ts';
import type { Sql } from './desk/transaction.ts';

const PAGE = 500;

/**
 * The next page of one publish. The migration's own row is locked, so that two processes share the work by taking turns or other workflows. A page
 * without anybody is the end: a short one may only mean that somebody moved on while we waited for a lock.
 */
export async function migratePage(sql: Sql, workflowId: string | null): Promise<MigratedRun[] | null> {
  const migration = await sql.row<{ id: string; workflow_id: string; from_versions: string[]; cursor: string }>(NEXT_MIGRATION, [workflowId]);
  if (!migration) return null;
  const page = await sql.rows<{ id: string }>(LOCK_PAGE, [migration.workflow_id, migration.from_versions, migration.cursor, PAGE]);
  const last = page.at(-1);
  if (!last) {
    await sql.rows('UPDATE workflow_migrations SET finished_at = now() WHERE id = $1', [migration.id]);
    return null;
  }
  const runs = await moveLocked(sql, page.map(({ id }) => id));
  const ended = runs.filter(({ status }) => status !== 'active').length;
  await sql.rows('UPDATE workflow_migrations SET cursor = $2, moved = moved + $3, ended = ended + $4 WHERE id = $1', [migration.id, last.id, runs.length - ended, ended]);
  return runs;
}

/** Moves runs wherever their workflow's newest publish takes them: the locks first, then a fresh look, as for every change to many runs. */
export async function migrateRuns(sql: Sql, ids: string[]): Promise<MigratedRun[]> {
  const locked = await sql.rows<{ id: string }>("SELECT id FROM workflow_enrollments WHERE id = ANY($1::uuid[]) AND status = 'active' ORDER BY id FOR UPDATE", [ids]);
  return moveLocked(sql, locked.map(({ id }) => id));
}

async function moveLocked(sql: Sql, ids: string[]): Promise<MigratedRun[]> {
  if (ids.length === 0) return [];
  const rows = await sql.rows<{ told: boolean }>(MOVE, [ids]);
  return rows.filter(({ told }) => told).map(({ told: _told, ...row }) => recordOf<MigratedRun>(row));
}

const NEXT_MIGRATION = `
  SELECT id, workflow_id, from_versions, cursor FROM workflow_migrations
  WHERE finished_at IS NULL AND cancelled_at IS NULL AND ($1::uuid IS NULL OR workflow_id = $1) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`;

const LOCK_PAGE = `
  SELECT id FROM workflow_enrollments WHERE workflow_id = $1 AND version_id = ANY($2::uuid[]) AND status = 'active' AND id > $3 ORDER BY id LIMIT $4 FOR UPDATE`;

/**
 * `how` a run goes: `leave` marks one whose effect is on its way; `stay` takes the mark back; `stand` moves one between two steps, whose `start` row is there;
 * `keep` one that waits, with its timer and its open log row; `enter` closes that row and begins the new step; `end` ends the run on its old version.
 * A step that gets another id takes its results along under both, its visits, and in `renamed` the word for what is still to be reported of it. Counters
 * follow: who is moved was enrolled in, and waits in, the new version.
 */
const MOVE = `
  WITH asked AS (
    SELECT e.id, e.version_id, e.current_step, e.position, m.version_id AS target, m.step_map, v.number, m.moves->e.version_id::text->COALESCE(e.current_step, '') AS move,
      (SELECT jsonb_object_agg(r.key, r.value) FROM jsonb_each_text(m.step_map) r
        WHERE (e.position->'visits')::jsonb ? r.key AND NOT (e.position->'visits')::jsonb ? r.value AND m.moves->e.version_id::text->r.key->>'to' = r.value) AS renamed
    FROM workflow_enrollments e
    LEFT JOIN LATERAL (
      SELECT * FROM workflow_migrations x WHERE x.workflow_id = e.workflow_id AND x.cancelled_at IS NULL AND e.version_id = ANY(x.from_versions) ORDER BY x.id DESC LIMIT 1
    ) m ON true
    LEFT JOIN workflow_versions v ON v.id = m.version_id
    WHERE e.id = ANY($1::uuid[]) AND e.status = 'active'
  ), decided AS (
    SELECT a.*, a.move->>'to' AS to_step, (a.position->'open'->>'seq')::int AS open_seq,
      CASE
        WHEN a.position->>'phase' = 'performing' THEN CASE WHEN a.target IS NULL THEN 'stay' ELSE 'leave' END
        WHEN a.move IS NULL THEN 'stay'
        WHEN a.move->>'how' = 'end' THEN 'end'
        WHEN a.position->>'phase' IS DISTINCT FROM 'waiting' THEN 'stand'
        WHEN a.move->>'how' = 'keep' OR (a.move->>'how' = 'keep_timed' AND a.position->'open'->>'until' IS NOT NULL) THEN 'keep'
        ELSE 'enter'
      END AS how,
      CASE WHEN a.renamed IS NULL THEN a.position::jsonb ELSE a.position::jsonb || jsonb_build_object('renamed', COALESCE(a.position::jsonb->'renamed', '{}') || a.renamed,
        'visits', (a.position::jsonb->'visits') || (SELECT jsonb_object_agg(r.value, a.position::jsonb->'visits'->r.key) FROM jsonb_each_text(a.renamed) r)) END AS placed,
      CASE WHEN a.move->>'to' = a.current_step OR a.renamed ? a.current_step THEN (a.position->'open'->>'visit')::int ELSE COALESCE((a.position->'visits'->>(a.move->>'to'))::int, 0) + 1 END AS visit
    FROM asked a
  ), moved AS (
    UPDATE workflow_enrollments e SET revision = e.revision + 1,
      version_id = CASE WHEN d.how IN ('stand', 'keep', 'enter') THEN d.target ELSE e.version_id END,
      current_step = CASE WHEN d.how IN ('stand', 'keep', 'enter') THEN d.to_step ELSE e.current_step END,
      status = CASE WHEN d.how = 'end' THEN d.move->>'status' ELSE e.status END,
      exit_reason = CASE WHEN d.how = 'end' THEN d.move->>'reason' ELSE e.exit_reason END,
      completed_at = CASE WHEN d.how = 'end' THEN journey_now() ELSE e.completed_at END,
      next_run_at = CASE d.how WHEN 'end' THEN NULL WHEN 'enter' THEN journey_now() ELSE e.next_run_at END,
      step_data = CASE WHEN d.how NOT IN ('stand', 'keep', 'enter') OR d.step_map = '{}' THEN e.step_data
        ELSE jsonb_set(e.step_data, '{steps}', (SELECT COALESCE(jsonb_object_agg(d.step_map->>s.key, s.value), '{}') FROM jsonb_each(e.step_data->'steps') s WHERE d.step_map ? s.key)
          || (e.step_data->'steps')) END,
      position = (CASE d.how
        WHEN 'leave' THEN e.position::jsonb || '{"leaving": true}'
        WHEN 'keep' THEN (d.placed - 'leaving') || jsonb_build_object(
          'open', (d.placed->'open') || jsonb_build_object('stepId', d.to_step, 'visit', d.visit),
          'visits', COALESCE(d.placed->'visits', '{}') || jsonb_build_object(d.to_step, d.visit))
        WHEN 'enter' THEN (d.placed - 'leaving' - 'open') || '{"phase": "ready"}'
        WHEN 'stand' THEN d.placed - 'leaving'
        WHEN 'end' THEN (e.position::jsonb - 'leaving' - 'open') || '{"phase": "ready"}'
        ELSE e.position::jsonb - 'leaving' END)::json
    FROM decided d
    WHERE e.id = d.id AND (d.how NOT IN ('stay', 'leave') OR (d.how = 'leave') <> (e.position::jsonb ? 'leaving'))
    RETURNING e.id, e.location_id, e.workflow_id, e.revision, e.status, d.how, d.version_id AS from_version, d.target, d.number, d.current_step AS from_step, d.to_step, d.visit, d.open_seq, e.exit_reason
  ), closed AS (
    UPDATE workflow_step_logs l SET status = 'completed', completed_at = journey_now(), ended_rev = m.revision,
      output_data = COALESCE(l.output_data, '{}') || jsonb_build_object('interrupted_by', CASE WHEN m.how = 'enter' THEN 'version:' || m.number ELSE COALESCE(m.exit_reason, m.status) END)
    FROM moved m WHERE m.how IN ('enter', 'end') AND l.enrollment_id = m.id AND l.seq = m.open_seq AND l.completed_at IS NULL
    RETURNING l.location_id, m.workflow_id, m.from_version, l.step_id
  ), renamed AS (
    UPDATE workflow_step_logs l SET step_id = m.to_step, visit = m.visit, input_data = COALESCE(l.input_data, '{}') || jsonb_build_object('migrated_from', m.from_step)
    FROM moved m WHERE m.how = 'keep' AND m.to_step <> m.from_step AND l.enrollment_id = m.id AND l.seq = m.open_seq
  ), retimed AS (
    UPDATE workflow_scheduled_actions a SET step_id = m.to_step, visit = m.visit
    FROM moved m WHERE m.how = 'keep' AND m.to_step <> m.from_step AND a.enrollment_id = m.id AND a.kind = 'timer'
  ), silenced AS (
    DELETE FROM workflow_scheduled_actions a USING moved m WHERE a.enrollment_id = m.id AND (
      (m.how = 'enter' AND a.kind = 'timer')
      OR (m.how = 'end' AND a.kind <> 'outcome' AND (a.kind <> 'event' OR a.status = 'held' OR a.payload->'event'->'data'->>'enrollment_id' IS DISTINCT FROM m.id::text)))
  ), started AS (
    INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, scheduled_for) SELECT id, location_id, 'start', journey_now() FROM moved WHERE how = 'enter'
  ), counted AS (
    INSERT INTO workflow_stat_deltas (location_id, workflow_id, version_id, kind, step_id, outcome, n, at)
    SELECT c.location_id, c.workflow_id, c.version_id, c.kind, c.step_id, c.outcome, sum(c.n)::int, journey_now() FROM (
      SELECT m.location_id, m.workflow_id, x.version_id, 'enrolled' AS kind, '' AS step_id, '' AS outcome, x.n
        FROM moved m CROSS JOIN LATERAL (VALUES (m.from_version, -1), (m.target, 1)) AS x(version_id, n) WHERE m.how IN ('stand', 'keep', 'enter')
      UNION ALL SELECT m.location_id, m.workflow_id, x.version_id, 'started', x.step_id, '', x.n
        FROM moved m CROSS JOIN LATERAL (VALUES (m.from_version, m.from_step, -1), (m.target, m.to_step, 1)) AS x(version_id, step_id, n) WHERE m.how = 'keep'
      UNION ALL SELECT m.location_id, m.workflow_id, m.from_version, m.status, '', '', 1 FROM moved m WHERE m.how = 'end'
      UNION ALL SELECT c.location_id, c.workflow_id, c.from_version, 'ended', c.step_id, 'completed', 1 FROM closed c
    ) c GROUP BY 1, 2, 3, 4, 5, 6
  )
  SELECT id, location_id, workflow_id, revision, status, from_step, CASE WHEN how <> 'end' THEN to_step END AS to_step, how = 'enter' AS begins, how NOT IN ('stay', 'leave') AS told FROM moved`;
