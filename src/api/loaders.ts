import DataLoader from 'dataloader';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { WorkflowVersionModel } from '../generated/prisma/models/WorkflowVersion.ts';

/** A workflow's draft, with the relations that Pothos found in the client's selection. */
interface DraftKey {
  workflowId: string;
  query: object;
}

/** Reads that many rows of one answer share. They batch and keep nothing, so a subscription's loaders may live as long as it. */
export interface Loaders {
  /** Null when there is no draft. Prisma would load it once a row when `versions` is selected too: one relation has one set of arguments. */
  draft: DataLoader<DraftKey, WorkflowVersionModel | null>;
}

/** Loaders for one caller, over the client that sees the caller's location. */
export function createLoaders(db: PrismaClient): Loaders {
  return { draft: new DataLoader((keys) => loadDrafts(db, keys), { cache: false }) };
}

/** One statement for each different selection, which is one unless the document has aliases. */
async function loadDrafts(db: PrismaClient, keys: readonly DraftKey[]): Promise<(WorkflowVersionModel | null)[]> {
  const drafts = new Map<string, WorkflowVersionModel>();
  for (const [selection, query] of new Map(keys.map((key) => [JSON.stringify(key.query), key.query]))) {
    const ids = keys.filter((key) => JSON.stringify(key.query) === selection).map((key) => key.workflowId);
    const rows = await db.workflowVersion.findMany({ ...query, where: { workflowId: { in: ids }, publishedAt: null } });
    for (const row of rows) drafts.set(`${row.workflowId}${selection}`, row);
  }
  return keys.map((key) => drafts.get(`${key.workflowId}${JSON.stringify(key.query)}`) ?? null);
}
