import DataLoader from 'dataloader';
import type { Context } from '../context.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import type { StatsFilter } from '../core/ports/desk.ts';
import type { StepTime, WorkflowStats } from '../core/ports/records.ts';
import type { ExperimentStats } from '../core/stats/experiment.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { WorkflowVersionModel } from '../generated/prisma/models/WorkflowVersion.ts';
import type { Caller } from '../services/caller.ts';
import { experimentsOfWorkflows, statsOfWorkflows, timesOfWorkflows } from '../services/stats.ts';
import { diagnosticsOfVersions } from '../services/validation.ts';
import { workflowHooks, type WorkflowHook } from '../services/workflow-hooks.ts';

/** One row of a list, with what is asked of it: rows that ask alike share a statement. */
interface Key<Row, Ask> {
  row: Row;
  ask: Ask;
}

export type StatsKey = Key<{ id: string; publishedVersionId: string | null }, StatsFilter>;
type Loader<Row, Ask, Value> = DataLoader<Key<Row, Ask>, Value>;

/**
 * Reads that many rows of one answer share: a list costs as many statements as one row. They batch and keep nothing, so a
 * subscription's loaders may live as long as it.
 */
export interface Loaders {
  /** Null when there is no draft. Prisma would load it once a row when `versions` is selected too: one relation has one set of arguments. */
  draft: Loader<{ id: string }, object, WorkflowVersionModel | null>;
  /** Steps that were visited, in order. Prisma would load it once a row when `stepLogs` is selected too. */
  path: DataLoader<string, string[]>;
  stats: DataLoader<StatsKey, WorkflowStats>;
  times: DataLoader<StatsKey, StepTime[]>;
  experiments: DataLoader<StatsKey, ExperimentStats[]>;
  diagnostics: DataLoader<string, Diagnostic[]>;
  /** Needs `write`: rejects with FORBIDDEN. */
  hook: DataLoader<string, WorkflowHook>;
}

/** Loaders for one caller; `db` sees the caller's location. */
export function createLoaders(ctx: Context, who: Caller, db: PrismaClient): Loaders {
  return {
    draft: grouped(async (rows, query) => {
      const drafts = await db.workflowVersion.findMany({ ...query, where: { workflowId: { in: rows.map(({ id }) => id) }, publishedAt: null } });
      return new Map(drafts.map((draft) => [draft.workflowId, draft]));
    }, () => null),
    path: byId((ids) => visitedSteps(db, ids)),
    stats: grouped((rows, filter) => statsOfWorkflows(ctx, who, rows, filter)),
    times: grouped((rows, filter) => timesOfWorkflows(ctx, who, rows.map(({ id }) => id), filter)),
    experiments: grouped((rows, filter) => experimentsOfWorkflows(ctx, who, rows, filter)),
    diagnostics: byId((ids) => diagnosticsOfVersions(ctx, who, ids)),
    hook: byId((ids) => workflowHooks(ctx, who, ids)),
  };
}

/** One reading for each different ask, which is one unless the document has aliases. A row without an answer gets `otherwise`, or is an error. */
function grouped<Row extends { id: string }, Ask, Value>(
  read: (rows: Row[], ask: Ask) => Promise<Map<string, Value>>, otherwise: (id: string) => Value | Error = gone,
): Loader<Row, Ask, Value> {
  return new DataLoader(async (keys) => {
    const groups = new Map<string, { ask: Ask; rows: Map<string, Row> }>();
    for (const { row, ask } of keys) {
      const group = groups.get(JSON.stringify(ask)) ?? { ask, rows: new Map<string, Row>() };
      groups.set(JSON.stringify(ask), group);
      group.rows.set(row.id, row);
    }
    const found = new Map(await Promise.all([...groups].map(async ([name, { rows, ask }]) => [name, await read([...rows.values()], ask)] as const)));
    return keys.map(({ row, ask }) => found.get(JSON.stringify(ask))!.get(row.id) ?? otherwise(row.id));
  }, { cache: false });
}

/** The same for rows that are asked for by their id alone. */
function byId<Value>(read: (ids: string[]) => Promise<Map<string, Value>>): DataLoader<string, Value> {
  return new DataLoader(async (ids) => {
    const found = await read([...new Set(ids)]);
    return ids.map((id) => found.get(id) ?? gone(id));
  }, { cache: false });
}

const gone = (id: string): Error => new Error(`${id} went away while it was read`);

async function visitedSteps(db: PrismaClient, ids: string[]): Promise<Map<string, string[]>> {
  const logs = await db.stepLog.findMany({
    where: { enrollmentId: { in: ids }, status: { not: 'skipped' } }, select: { enrollmentId: true, stepId: true }, orderBy: [{ enrollmentId: 'asc' }, { seq: 'asc' }],
  });
  const paths = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { enrollmentId, stepId } of logs) paths.get(enrollmentId)!.push(stepId);
  return paths;
}
