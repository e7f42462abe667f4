import type { Context } from '../context.ts';
import { compile } from '../core/definition/compile.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import type { ChangedWorkflow, WorkflowChange, WorkflowInHand } from '../core/ports/desk.ts';
import type { VersionRecord, WorkflowRecord, WorkflowStatus } from '../core/ports/records.ts';
import { MillraceError, NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { examineFully, isError, refusedDefinition, surroundingsOf } from './definitions.ts';
import { publishLive, ringRuns, ringSends } from './doorbells.ts';
import { archived, checkRevision } from './workflows.ts';

/** A workflow's life: publish, pause, resume, stop entry, archive. Each takes `expectedRevision` (null: whatever is there). */
export interface OnWorkflow {
  id: string;
  expectedRevision?: number | null;
}

/**
 * Publishes the draft: a new immutable version; people inside finish on theirs. Publishing without a draft changes nothing; a paused workflow stays paused.
 * Throws VALIDATION_FAILED (faults from the diagnostics, all of which are in `detail.diagnostics`) for errors and failing scenarios, VERSION_CONFLICT,
 * INVALID_STATE when archived, NOT_FOUND.
 */
export async function publishWorkflow(ctx: Context, who: Caller, input: OnWorkflow): Promise<{ workflow: WorkflowRecord; version: VersionRecord; diagnostics: Diagnostic[] }> {
  const around = await surroundingsOf(ctx, deskFor(ctx, who, 'write'));
  let diagnostics: Diagnostic[] = [];
  const { workflow, version } = await change(ctx, who, input, ({ workflow: { status, id }, draft }) => {
    if (!draft) return null;
    const placed = examineFully(draft.format === 'yaml' ? { format: 'yaml', text: draft.source } : { format: 'json', value: draft.definition }, around);
    diagnostics = placed.diagnostics;
    const errors = placed.diagnostics.filter(isError);
    if (!placed.definition || errors.length > 0) throw refusedDefinition('cannot be published', errors, diagnostics);
    const audit = auditLine(who, 'workflow.publish', id, { version: draft.number, checksum: draft.checksum });
    return { publish: { listens: compile(placed.definition).listens }, ...(status === 'draft' && { status: 'active' as const }), audit };
  });
  const current = version ?? (await ctx.desk(who.locationId).findVersion(input.id, 'published'));
  if (!current) throw new NotFoundError('version of workflow', input.id);
  return { workflow, version: current, diagnostics };
}

/** Nothing new starts; people stay where they are. Pausing twice is fine. Throws INVALID_STATE for a draft or archived one. */
export async function pauseWorkflow(ctx: Context, who: Caller, input: OnWorkflow): Promise<WorkflowRecord> {
  const { workflow } = await change(ctx, who, input, ({ workflow: { status, id, name } }) => {
    if (status === 'paused') return null;
    if (status !== 'active') throw wrongState(name, status, 'paused', 'active');
    return { status: 'paused', mailbox: 'hold', audit: auditLine(who, 'workflow.pause', id) };
  });
  return workflow;
}

/**
 * Takes a paused workflow on. Events, and exit rules with them, were kept and are processed now. What becomes of waits, delays and timeouts that ran
 * through the pause, `mode` says: `catch_up` (default) does what came due, in order and at most 100 a second; `shift` moves relative ones by the length
 * of the pause, dates stay; `skip_overdue` ends what came due without its message: a delayed send is `skipped`, and behind a wait or a timeout every
 * e-mail, SMS and call is, up to the next wait; other steps run. Resuming an active one is fine. Throws INVALID_STATE.
 */
export async function resumeWorkflow(ctx: Context, who: Caller, input: OnWorkflow & { mode?: ResumeMode }): Promise<WorkflowRecord> {
  const mode = input.mode ?? 'catch_up';
  const { workflow, nudge } = await change(ctx, who, input, ({ workflow: { status, id, name } }) => {
    if (status === 'active') return null;
    if (status !== 'paused') throw wrongState(name, status, 'resumed', 'paused');
    return { status: 'active', mailbox: MAILBOX[mode], audit: auditLine(who, 'workflow.resume', id, { mode }) };
  });
  ringRuns(ctx, 'bulk', nudge.runs);
  ringSends(ctx, 'bulk', nudge.sends);
  return workflow;
}

export type ResumeMode = 'catch_up' | 'shift' | 'skip_overdue';
const MAILBOX = { catch_up: 'release', shift: 'shift', skip_overdue: 'skip' } as const;

/** Closes (`stopped: true`) or opens the door for new people; those inside go on. */
export async function stopEntry(ctx: Context, who: Caller, input: OnWorkflow & { stopped: boolean }): Promise<WorkflowRecord> {
  const { workflow } = await change(ctx, who, input, ({ workflow: { entryStopped, id } }) => {
    if (entryStopped === input.stopped) return null;
    return { entryStopped: input.stopped, audit: auditLine(who, input.stopped ? 'workflow.stop_entry' : 'workflow.open_entry', id) };
  });
  return workflow;
}

/**
 * Archives. Throws INVALID_STATE (detail.inside) while people are inside, unless `force`, which exits them with reason `archived`.
 * Archiving twice is fine.
 */
export async function archiveWorkflow(ctx: Context, who: Caller, input: OnWorkflow & { force?: boolean }): Promise<{ workflow: WorkflowRecord; exited: number }> {
  const { workflow, exited } = await change(ctx, who, input, ({ workflow: { status, id, name }, inside }) => {
    if (status === 'archived') return null;
    if (inside > 0 && !input.force) throw peopleInside(name, inside);
    return { status: 'archived', ...(inside > 0 && { exitAll: { reason: 'archived' } }), audit: auditLine(who, 'workflow.archive', id, { inside }) };
  }, true);
  return { workflow, exited: exited.length };
}

/** Decides under the workflow's lock, then tells whoever watches of those who were exited. An archived workflow is refused unless `alsoArchived`. */
async function change(
  ctx: Context, who: Caller, input: OnWorkflow, decide: (inHand: WorkflowInHand) => WorkflowChange | null, alsoArchived = false,
): Promise<ChangedWorkflow> {
  const desk = deskFor(ctx, who, 'write');
  const changed = !isUuid(input.id) ? null : await desk.changeWorkflow(input.id, (inHand) => {
    if (inHand.workflow.status === 'archived' && !alsoArchived) throw archived(inHand.workflow);
    checkRevision(inHand.workflow, input.expectedRevision ?? null, false);
    return decide(inHand);
  });
  if (!changed) throw new NotFoundError('workflow', input.id);
  tellExits(ctx, who, input.id, changed.exited);
  return changed;
}

function tellExits(ctx: Context, who: Caller, workflowId: string, exited: ChangedWorkflow['exited']): void {
  if (exited.length === 0) return;
  const runs = exited.slice(0, 1_000).map(({ id, revision }) => ({ id, rev: revision, status: 'exited', moves: [] }));
  publishLive(ctx, { locationId: who.locationId, workflowId, runs, counts: { exited: exited.length } });
}

const wrongState = (name: string, status: WorkflowStatus, wanted: string, from: WorkflowStatus): MillraceError =>
  new MillraceError('INVALID_STATE', `Workflow "${name}" is ${status} and cannot be ${wanted}: only ${from === 'active' ? 'an active' : 'a paused'} one can.`, { detail: { status } });

const peopleInside = (name: string, inside: number): MillraceError =>
  new MillraceError('INVALID_STATE', `Workflow "${name}" has ${inside} ${inside === 1 ? 'person' : 'people'} inside. Wait until they are through, or archive it with force, which exits them.`, { detail: { inside } });
