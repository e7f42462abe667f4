import type { StepStatus, Transition } from '../core/state.ts';
import { piece } from './statement.ts';
import type { Count, Way, Writes } from './writes.ts';

/**
 * Sorts runs by what they add to the counters: two hundred runs of one workflow go a handful of ways, and the statement counts
 * the runs that really moved per way instead of looking at a thousand log rows.
 */
export function createWays(): { ways: Way[]; wayOf(run: { locationId: string; workflowId: string; versionId: string }, counts: Count[]): number } {
  const ways: Way[] = [];
  const known = new Map<string, number>();
  return {
    ways,
    wayOf({ locationId, workflowId, versionId }, counts) {
      let key = versionId;
      for (const { kind, stepId, outcome, n } of counts) key += `|${kind}/${stepId}/${outcome}/${n}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const number = ways.length;
      known.set(key, number);
      ways.push({ number, locationId, workflowId, versionId, counts });
      return number;
    },
  };
}

/** What a row that was left by an edge may be besides: not done, or failed. */
const BESIDES: Partial<Record<StepStatus, Count['kind']>> = { skipped: 'skipped', failed: 'erred' };

/** Counts of one transition. A run that is tried again after its end takes the count of that end back. */
export function countsOf({ state, logs, goals }: Transition, before: string | null): Count[] {
  const counts: Count[] = before === null ? [{ kind: 'enrolled', stepId: '', outcome: '', n: 1 }] : [];
  for (const { began, completedAt, stepId, outcome, status } of logs) {
    if (began) counts.push({ kind: 'started', stepId, outcome: '', n: 1 });
    if (completedAt === null) continue;
    counts.push({ kind: 'ended', stepId, outcome: outcome ?? status, n: 1 });
    const besides = outcome === null ? undefined : BESIDES[status];
    if (besides) counts.push({ kind: besides, stepId, outcome: '', n: 1 });
  }
  for (const stepId of goals) counts.push({ kind: 'goal', stepId, outcome: '', n: 1 });
  const was = before ?? 'active';
  if (was === state.status) return counts;
  if (was !== 'active') counts.push({ kind: was as Count['kind'], stepId: '', outcome: '', n: -1 });
  if (state.status !== 'active') counts.push({ kind: state.status, stepId: '', outcome: '', n: 1 });
  return counts;
}

/** Appends the counts of the runs that moved, added up. */
export const statDeltas = piece<Writes, { way: Way; count: Count }>(
  'counted',
  {
    way: ['int', ({ way }) => way.number],
    location_id: ['uuid', ({ way }) => way.locationId],
    workflow_id: ['uuid', ({ way }) => way.workflowId],
    version_id: ['uuid', ({ way }) => way.versionId],
    kind: ['text', ({ count }) => count.kind],
    step_id: ['text', ({ count }) => count.stepId],
    outcome: ['text', ({ count }) => count.outcome],
    n: ['int', ({ count }) => count.n],
  },
  ({ ways }) => ways.flatMap((way) => way.counts.map((count) => ({ way, count }))),
  (input) => `INSERT INTO workflow_stat_deltas (location_id, workflow_id, version_id, kind, step_id, outcome, n, at)
    SELECT x.location_id, x.workflow_id, x.version_id, x.kind, x.step_id, x.outcome, sum(x.n * m.runs)::int, clock.now
    FROM clock, ${input} JOIN (SELECT way, count(*) AS runs FROM moved GROUP BY way) m ON m.way = x.way
    GROUP BY x.location_id, x.workflow_id, x.version_id, x.kind, x.step_id, x.outcome, clock.now`,
);
