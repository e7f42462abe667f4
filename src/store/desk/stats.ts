import type { StatsDesk, StatsFilter } from '../../core/ports/desk.ts';
import type { StepTime, WorkflowStats } from '../../core/ports/records.ts';
import { edgesOf, funnelOf, goalsOf, nodesOf, total, type StepCount } from '../../core/stats/count-steps.ts';
import type { Exposure } from '../../core/stats/experiment.ts';
import type { Bench } from './bench.ts';

type Of<Row> = Row & { workflowId: string };

export function statsDesk({ locationId, transact }: Bench): StatsDesk {
  const parameters = (workflowIds: string[], { from, to, version }: StatsFilter): unknown[] => [locationId, workflowIds, from ?? null, to ?? null, version ?? null];
  return {
    readStats: (workflowIds, filter) =>
      transact(async (sql) => {
        const counts = byWorkflow(workflowIds, await sql.rows<Of<StepCount>>(COUNTS, parameters(workflowIds, filter)));
        const now = await sql.row<{ now: Date }>('SELECT journey_now() AS now');
        return new Map([...counts].map(([id, rows]) => [id, statsOf(rows, now!.now.getTime())]));
      }, 'REPEATABLE READ'),
    readStepTimes: (workflowIds, filter) => transact(async (sql) => byWorkflow(workflowIds, await sql.rows<Of<StepTime>>(TIMES, parameters(workflowIds, filter)))),
    readExposures: (workflowIds, filter) => transact(async (sql) => byWorkflow(workflowIds, await sql.rows<Of<Exposure>>(EXPOSURES, parameters(workflowIds, filter)))),
  };
}

function byWorkflow<Row>(workflowIds: string[], rows: Of<Row>[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>(workflowIds.map((id) => [id, []]));
  for (const { workflowId, ...row } of rows) groups.get(workflowId)!.push(row as unknown as Row); // a rest of a generic has no better type
  return groups;
}

function statsOf(counts: StepCount[], asOf: number): WorkflowStats {
  const [enrolled, completed, exited, failed] = ['enrolled', 'completed', 'exited', 'failed'].map((kind) => total(counts, kind)) as [number, number, number, number];
  const funnel = funnelOf(counts);
  return {
    enrolled,
    active: Math.max(0, enrolled - completed - exited - failed),
    completed,
    exited,
    failed,
    nodes: nodesOf(funnel, counts),
    edges: edgesOf(counts),
    funnel,
    goals: goalsOf(counts),
    asOf,
  };
}

/** The rolled-up days and the deltas that are not rolled up yet. A day counts for a window when it lies in it. */
const COUNTS = `
  WITH counts AS (
    SELECT t.workflow_id, t.version_id, t.kind, t.step_id, t.outcome, t.n FROM workflow_stat_totals t
    WHERE t.location_id = $1 AND t.workflow_id = ANY($2::uuid[])
      AND ($3::float8 IS NULL OR t.day >= to_timestamp($3::float8 / 1000)::date) AND ($4::float8 IS NULL OR t.day < to_timestamp($4::float8 / 1000))
    UNION ALL
    SELECT d.workflow_id, d.version_id, d.kind, d.step_id, d.outcome, d.n FROM workflow_stat_deltas d
    WHERE d.location_id = $1 AND d.workflow_id = ANY($2::uuid[])
      AND ($3::float8 IS NULL OR d.at >= to_timestamp($3::float8 / 1000)) AND ($4::float8 IS NULL OR d.at < to_timestamp($4::float8 / 1000))
  )
  SELECT c.workflow_id AS "workflowId", c.kind, c.step_id AS "stepId", c.outcome, sum(c.n)::float8 AS n
  FROM counts c
  WHERE $5::int IS NULL OR c.version_id IN (SELECT v.id FROM workflow_versions v WHERE v.workflow_id = ANY($2::uuid[]) AND v.number = $5)
  GROUP BY c.workflow_id, c.kind, c.step_id, c.outcome
  HAVING sum(c.n) <> 0
  ORDER BY c.workflow_id, c.kind, c.step_id, c.outcome`;

/** The newest enrollments only: a campaign of a million would be read for seconds, and its last thousands tell the same. */
const TIMES = `
  WITH runs AS (
    SELECT e.workflow_id, e.id FROM unnest($2::uuid[]) AS w(id) CROSS JOIN LATERAL (
      SELECT e.workflow_id, e.id FROM workflow_enrollments e
      WHERE e.location_id = $1 AND e.workflow_id = w.id AND ($4::float8 IS NULL OR e.enrolled_at < to_timestamp($4::float8 / 1000))
        AND ($5::int IS NULL OR e.version_id = (SELECT v.id FROM workflow_versions v WHERE v.workflow_id = w.id AND v.number = $5))
      ORDER BY e.id DESC LIMIT 5000
    ) AS e
  ), visits AS (
    SELECT runs.workflow_id, l.step_id, (extract(epoch FROM l.completed_at - l.started_at) * 1000)::float8 AS ms
    FROM runs JOIN workflow_step_logs l ON l.enrollment_id = runs.id
    WHERE l.completed_at IS NOT NULL AND l.status <> 'skipped'
      AND ($3::float8 IS NULL OR l.completed_at >= to_timestamp($3::float8 / 1000)) AND ($4::float8 IS NULL OR l.completed_at < to_timestamp($4::float8 / 1000))
  )
  SELECT workflow_id AS "workflowId", step_id AS "stepKey", count(*)::int AS visits,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS "medianMs", percentile_cont(0.9) WITHIN GROUP (ORDER BY ms) AS "p90Ms"
  FROM visits GROUP BY workflow_id, step_id ORDER BY workflow_id, step_id`;

const EXPOSURES = `
  SELECT a.workflow_id AS "workflowId", a.experiment, a.variant, count(*)::int AS exposures, count(a.converted_at)::int AS conversions
  FROM experiment_assignments a
  WHERE a.location_id = $1 AND a.workflow_id = ANY($2::uuid[])
    AND ($3::float8 IS NULL OR a.created_at >= to_timestamp($3::float8 / 1000)) AND ($4::float8 IS NULL OR a.created_at < to_timestamp($4::float8 / 1000))
    AND ($5::int IS NULL OR a.version_id IN (SELECT v.id FROM workflow_versions v WHERE v.workflow_id = ANY($2::uuid[]) AND v.number = $5))
  GROUP BY a.workflow_id, a.experiment, a.variant ORDER BY a.workflow_id, a.experiment, a.variant`;
