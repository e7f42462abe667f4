import type { StatsDesk } from '../../core/ports/desk.ts';
import type { WorkflowStats } from '../../core/ports/records.ts';
import type { Bench } from './bench.ts';

interface CountRow {
  kind: string;
  step_id: string;
  outcome: string;
  n: number;
}

export function statsDesk({ locationId, transact }: Bench): StatsDesk {
  return {
    readStats: (workflowId, { from, to, version }) =>
      transact(async (sql) => {
        const rows = await sql.rows<CountRow>(COUNTS, [locationId, workflowId, from ?? null, to ?? null, version ?? null]);
        const now = await sql.row<{ now: Date }>('SELECT journey_now() AS now');
        return statsOf(rows, now!.now.getTime());
      }, 'REPEATABLE READ'),
  };
}

/** Outcomes that say how a row ended when no edge was taken: they are no edges. */
const ENDINGS = new Set(['completed', 'failed', 'skipped']);

function statsOf(rows: CountRow[], asOf: number): WorkflowStats {
  const total = (kind: string): number => rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + row.n, 0);
  const [enrolled, completed, exited, failed] = ['enrolled', 'completed', 'exited', 'failed'].map(total) as [number, number, number, number];
  const ended = rows.filter((row) => row.kind === 'ended');
  return {
    enrolled,
    active: Math.max(0, enrolled - completed - exited - failed),
    completed,
    exited,
    failed,
    nodes: nodesOf(rows.filter((row) => row.kind === 'started'), ended),
    edges: ended.filter((row) => !ENDINGS.has(row.outcome)).map((row) => ({ from: row.step_id, outcome: row.outcome, count: row.n })),
    asOf,
  };
}

function nodesOf(started: CountRow[], ended: CountRow[]): WorkflowStats['nodes'] {
  const nodes = new Map<string, WorkflowStats['nodes'][number]>();
  const nodeOf = (stepKey: string): WorkflowStats['nodes'][number] => {
    const node = nodes.get(stepKey) ?? { stepKey, waiting: 0, passed: 0, failed: 0 };
    nodes.set(stepKey, node);
    return node;
  };
  for (const row of started) nodeOf(row.step_id).waiting += row.n;
  for (const row of ended) {
    const node = nodeOf(row.step_id);
    node.waiting -= row.n;
    node[row.outcome === 'failed' ? 'failed' : 'passed'] += row.n;
  }
  // A window that begins in the middle of a wait sees its end without its beginning.
  for (const node of nodes.values()) node.waiting = Math.max(0, node.waiting);
  return [...nodes.values()];
}

/** The rolled-up days and the deltas that are not rolled up yet. A day counts for a window when it lies in it. */
const COUNTS = `
  WITH counts AS (
    SELECT t.version_id, t.kind, t.step_id, t.outcome, t.n FROM workflow_stat_totals t
    WHERE t.location_id = $1 AND t.workflow_id = $2
      AND ($3::float8 IS NULL OR t.day >= to_timestamp($3::float8 / 1000)::date) AND ($4::float8 IS NULL OR t.day < to_timestamp($4::float8 / 1000))
    UNION ALL
    SELECT d.version_id, d.kind, d.step_id, d.outcome, d.n FROM workflow_stat_deltas d
    WHERE d.location_id = $1 AND d.workflow_id = $2
      AND ($3::float8 IS NULL OR d.at >= to_timestamp($3::float8 / 1000)) AND ($4::float8 IS NULL OR d.at < to_timestamp($4::float8 / 1000))
  )
  SELECT c.kind, c.step_id, c.outcome, sum(c.n)::float8 AS n
  FROM counts c
  WHERE $5::int IS NULL OR c.version_id = (SELECT v.id FROM workflow_versions v WHERE v.workflow_id = $2 AND v.number = $5)
  GROUP BY c.kind, c.step_id, c.outcome
  HAVING sum(c.n) <> 0
  ORDER BY c.kind, c.step_id, c.outcome`;
