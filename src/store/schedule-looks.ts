import type { Pool } from 'pg';
import type { ContactWalk, Decision, OpenSchedule, WalkPurpose } from '../core/ports/schedules.ts';
import { toMs } from './contact-row.ts';
import { limited, run } from './statement.ts';

/** Open schedules that want a look. */
export async function dueSchedules(pool: Pool, limit: number): Promise<OpenSchedule[]> {
  const { rows } = await pool.query<LookRow>(limited('due_schedules', DUE, limit, []));
  return rows.map((row) => ({
    workflowId: row.workflow_id,
    locationId: row.location_id,
    versionId: row.version_id,
    openedAt: toMs(row.opened_at),
    decidedUntil: toMs(row.decided_until),
    revision: row.revision,
    now: Math.floor(row.now * 1000),
    timezone: row.timezone,
  }));
}

interface LookRow {
  workflow_id: string;
  location_id: string;
  version_id: string;
  opened_at: number;
  decided_until: number;
  revision: number;
  now: number;
  timezone: string;
}

const DUE = `WITH clock AS MATERIALIZED (SELECT journey_now() AS now)
  SELECT s.workflow_id, s.location_id, s.version_id, date_part('epoch', s.opened_at) AS opened_at, date_part('epoch', s.decided_until) AS decided_until,
    s.revision, date_part('epoch', clock.now) AS now, l.timezone
  FROM clock, workflow_schedules s JOIN locations l ON l.id = s.location_id
  WHERE s.next_look_at <= clock.now ORDER BY s.next_look_at`;

/** The look and its walks are one statement: who looked at the same revision later decides nothing. */
export async function decideSchedule(pool: Pool, { workflowId, revision }: OpenSchedule, { until, next, walks }: Decision): Promise<boolean> {
  const values = [workflowId, revision, until, next, walks.map(({ purpose }) => purpose), walks.map(({ place }) => place), walks.map(({ dueAt }) => dueAt)];
  const { rows } = await run<{ decided: number }>(pool, { name: 'decide_schedule', text: DECIDE, values });
  return rows[0]?.decided === 1;
}

const DECIDE = `WITH decided AS (
    UPDATE workflow_schedules SET decided_until = to_timestamp($3::float8 / 1000), next_look_at = COALESCE(to_timestamp($4::float8 / 1000), 'infinity'), revision = revision + 1
    WHERE workflow_id = $1 AND revision = $2 RETURNING workflow_id, location_id),
  walks AS (
    INSERT INTO contact_walks (location_id, workflow_id, purpose, place, due_at)
    SELECT d.location_id, d.workflow_id, x.purpose, x.place, to_timestamp(x.due_at / 1000)
    FROM decided d, unnest($5::text[], $6::int[], $7::float8[]) AS x(purpose, place, due_at)
    ON CONFLICT (workflow_id, purpose, place, due_at) DO NOTHING)
SELECT count(*)::int AS decided FROM decided`;

/** Takes the walk that was worked on least recently. */
export async function takeWalk(pool: Pool, leaseMs: number): Promise<ContactWalk | null> {
  const { rows } = await run<WalkRow>(pool, { name: 'take_walk', text: TAKE, values: [leaseMs] });
  const [row] = rows;
  if (!row) return null;
  const { id, purpose, place, workflow_id, workflow_name, location_id, version_id, cursor } = row;
  return { id, purpose, place, dueAt: toMs(row.due_at), workflowId: workflow_id, workflowName: workflow_name, locationId: location_id, versionId: version_id, cursor };
}

/** Its lease ends now, behind those that wait. */
export async function leaveWalk(pool: Pool, id: string): Promise<void> {
  await pool.query({ name: 'leave_walk', text: "UPDATE contact_walks SET lease_until = now() WHERE id = $1 AND status = 'walking'", values: [id] });
}

interface WalkRow {
  id: string;
  purpose: WalkPurpose;
  place: number;
  due_at: number;
  workflow_id: string;
  workflow_name: string;
  location_id: string;
  version_id: string;
  cursor: string | null;
}

const TAKE = `WITH free AS MATERIALIZED (
    SELECT c.id, s.version_id, w.name FROM contact_walks c JOIN workflow_schedules s ON s.workflow_id = c.workflow_id JOIN workflows_v2 w ON w.id = c.workflow_id
    WHERE c.status = 'walking' AND (c.lease_until IS NULL OR c.lease_until <= now())
    ORDER BY c.lease_until NULLS FIRST LIMIT 1 FOR UPDATE OF c SKIP LOCKED)
  UPDATE contact_walks k SET lease_until = now() + make_interval(secs => $1::float8 / 1000)
  FROM free
  WHERE k.id = free.id
  RETURNING k.id, k.purpose, k.place, date_part('epoch', k.due_at) AS due_at, k.workflow_id, free.name AS workflow_name, k.location_id, free.version_id, k.cursor`;
