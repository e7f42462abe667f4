import type { Context } from '../context.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import type { Source } from '../core/definition/read.ts';
import type { Page, PageRequest, VersionRecord, WorkflowRecord, WorkflowStatus } from '../core/ports/records.ts';
import type { Caller } from './caller.ts';

/** A stored workflow with everything that was found about its definition (reference findings included; they refuse publishing only). */
export interface SavedWorkflow {
  workflow: WorkflowRecord;
  version: VersionRecord;
  diagnostics: Diagnostic[];
}

/**
 * Creates a draft from a source. The slug is made of the name and suffixed (`-2` …) when taken.
 * Throws VALIDATION_FAILED (faults: path, line, column) for structure errors, PAYLOAD_TOO_LARGE above 1 MiB, FORBIDDEN without `write`.
 */
export async function createWorkflow(ctx: Context, who: Caller, input: { source: Source }): Promise<SavedWorkflow> {
  throw new Error('pending');
}

export interface UpdateWorkflow {
  id: string;
  source: Source;
  /** The revision that the change was made upon (`If-Match`, `expectedRevision`); null or absent: last write wins, on a draft only. */
  expectedRevision?: number | null;
}
/**
 * Puts a source into the workflow's draft (a new one after a publish). The slug stays.
 * Throws VERSION_CONFLICT (detail.currentRevision) when stale, PRECONDITION_REQUIRED without a revision on a workflow that is no draft,
 * VALIDATION_FAILED, NOT_FOUND, INVALID_STATE when archived.
 */
export async function updateWorkflow(ctx: Context, who: Caller, input: UpdateWorkflow): Promise<SavedWorkflow> {
  throw new Error('pending');
}

/** One workflow by id or slug, archived ones included. Throws NOT_FOUND. */
export async function getWorkflow(ctx: Context, who: Caller, by: { id: string } | { slug: string }): Promise<WorkflowRecord> {
  throw new Error('pending');
}

/** Newest first; archived ones only when `status` says so or `archived` is true. `q` looks in name and slug. */
export async function listWorkflows(
  ctx: Context, who: Caller, input: PageRequest & { status?: WorkflowStatus | null; q?: string | null; archived?: boolean } = {},
): Promise<Page<WorkflowRecord>> {
  throw new Error('pending');
}

/** A version by number, `draft`, `published` or `newest`. Throws NOT_FOUND. */
export async function getVersion(ctx: Context, who: Caller, input: { workflowId: string; which: number | 'draft' | 'published' | 'newest' }): Promise<VersionRecord> {
  throw new Error('pending');
}

/** Newest first. */
export async function listVersions(ctx: Context, who: Caller, input: PageRequest & { workflowId: string }): Promise<Page<VersionRecord>> {
  throw new Error('pending');
}
