import type { Context } from '../context.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import type { Source } from '../core/definition/read.ts';
import type { WorkflowInHand } from '../core/ports/desk.ts';
import type { Page, PageRequest, VersionRecord, WorkflowRecord, WorkflowStatus } from '../core/ports/records.ts';
import { MillraceError, NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { contentOf, readStorable, slugOf, surroundingsOf } from './definitions.ts';
import { readPage } from './paging.ts';

/** A stored workflow with everything that was found about its definition (reference findings included; they refuse publishing only). */
export interface SavedWorkflow {
  workflow: WorkflowRecord;
  version: VersionRecord;
  diagnostics: Diagnostic[];
}

/**
 * Creates a draft from a source. The slug is made of the name and suffixed (`-2` …) when taken.
 * Throws VALIDATION_FAILED (faults: path, line, column; all findings in `detail.diagnostics`) for structure errors, PAYLOAD_TOO_LARGE above 1 MiB,
 * FORBIDDEN without `write`.
 */
export async function createWorkflow(ctx: Context, who: Caller, input: { source: Source }): Promise<SavedWorkflow> {
  const desk = deskFor(ctx, who, 'write');
  const read = readStorable(input.source, await surroundingsOf(ctx, desk));
  const made = await desk.insertWorkflow(slugOf(read.definition.name), true, contentOf(read, who.actor), auditLine(who, 'workflow.create', '', { name: read.definition.name }));
  if (!made) throw new MillraceError('ALREADY_EXISTS', `There are a thousand workflows named "${read.definition.name}" already. Give this one another name.`);
  return { ...made, diagnostics: read.diagnostics };
}

export interface UpdateWorkflow {
  id: string;
  source: Source;
  /** The revision that the change was made upon (`If-Match`, `expectedRevision`); null or absent: last write wins, on a draft only. */
  expectedRevision?: number | null;
}

/**
 * Puts a source into the workflow's draft (a new one after a publish). The slug stays. A source that is the draft's already changes nothing.
 * Throws VERSION_CONFLICT (detail.currentRevision) when stale, PRECONDITION_REQUIRED without a revision on a workflow that is no draft,
 * VALIDATION_FAILED, NOT_FOUND, INVALID_STATE when archived.
 */
export async function updateWorkflow(ctx: Context, who: Caller, input: UpdateWorkflow): Promise<SavedWorkflow> {
  return saveSource(ctx, who, input, () => undefined);
}

/** `updateWorkflow` with a last look under the lock: `refuse` may throw. */
export async function saveSource(ctx: Context, who: Caller, input: UpdateWorkflow, refuse: (inHand: WorkflowInHand) => void): Promise<SavedWorkflow> {
  const desk = deskFor(ctx, who, 'write');
  if (!isUuid(input.id)) throw new NotFoundError('workflow', input.id);
  const read = readStorable(input.source, await surroundingsOf(ctx, desk));
  const content = contentOf(read, who.actor);
  const changed = await desk.changeWorkflow(input.id, (inHand) => {
    const { workflow, draft } = inHand;
    if (workflow.status === 'archived') throw archived(workflow);
    checkRevision(workflow, input.expectedRevision ?? null, workflow.status !== 'draft');
    refuse(inHand);
    if (draft && draft.source === content.source && draft.format === content.format) return null;
    return { content, audit: auditLine(who, 'workflow.update', input.id, { name: content.name, checksum: content.checksum }) };
  });
  if (!changed) throw new NotFoundError('workflow', input.id);
  const version = changed.version ?? (await desk.findVersion(input.id, 'newest'));
  if (!version) throw new NotFoundError('version of workflow', input.id);
  return { workflow: changed.workflow, version, diagnostics: read.diagnostics };
}

/** Throws VERSION_CONFLICT when another revision is there than expected, PRECONDITION_REQUIRED when none is named where one is needed. */
export function checkRevision(workflow: WorkflowRecord, expected: number | null, needed: boolean): void {
  if (expected === null && needed) {
    const { name, status, revision } = workflow;
    const now = `It is at ${revision} now: If-Match: "r${revision}", or expectedRevision: ${revision}, once you have read that.`;
    throw new MillraceError('PRECONDITION_REQUIRED', `Workflow "${name}" is ${status}: say which revision the change was made upon. ${now}`, {
      detail: { currentRevision: revision },
    });
  }
  if (expected === null || expected === workflow.revision) return;
  const found = `it is at revision ${workflow.revision}, the change was made upon ${expected}`;
  throw new MillraceError('VERSION_CONFLICT', `Workflow "${workflow.name}" was changed meanwhile: ${found}. Read it again and repeat the change.`, {
    detail: { currentRevision: workflow.revision },
  });
}

export const archived = (workflow: WorkflowRecord): MillraceError =>
  new MillraceError('INVALID_STATE', `Workflow "${workflow.name}" is archived: nothing about it can change any more. Create or import a new one.`, {
    detail: { status: workflow.status },
  });

/** One workflow by id or slug, archived ones included. Throws NOT_FOUND. */
export async function getWorkflow(ctx: Context, who: Caller, by: { id: string } | { slug: string }): Promise<WorkflowRecord> {
  const desk = deskFor(ctx, who, 'read');
  const workflow = 'id' in by && !isUuid(by.id) ? null : await desk.findWorkflow(by);
  if (!workflow) throw new NotFoundError('workflow', 'id' in by ? by.id : by.slug);
  return workflow;
}

/** Newest first; archived ones only when `status` says so or `archived` is true. `q` looks in name and slug. */
export async function listWorkflows(
  ctx: Context, who: Caller, input: PageRequest & { status?: WorkflowStatus | null; q?: string | null; archived?: boolean } = {},
): Promise<Page<WorkflowRecord>> {
  const desk = deskFor(ctx, who, 'read');
  return readPage(input, (range) => desk.listWorkflows({ status: input.status ?? null, search: input.q ?? null, archived: input.archived ?? false }, range));
}

/** A version by number, `draft`, `published` or `newest`. Throws NOT_FOUND. */
export async function getVersion(ctx: Context, who: Caller, input: { workflowId: string; which: number | 'draft' | 'published' | 'newest' }): Promise<VersionRecord> {
  const { id } = await getWorkflow(ctx, who, { id: input.workflowId });
  const version = await ctx.desk(who.locationId).findVersion(id, input.which);
  if (!version) throw new NotFoundError('version of this workflow', String(input.which));
  return version;
}

/** Newest first. */
export async function listVersions(ctx: Context, who: Caller, input: PageRequest & { workflowId: string }): Promise<Page<VersionRecord>> {
  const { id } = await getWorkflow(ctx, who, { id: input.workflowId });
  return readPage(input, (range) => ctx.desk(who.locationId).listVersions(id, range));
}
