import type { Context } from '../context.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import type { VersionRecord, WorkflowRecord } from '../core/ports/records.ts';
import type { Caller } from './caller.ts';

/** A workflow's life: publish, pause, resume, stop entry, archive. Each takes `expectedRevision` (null: whatever is there). */
export interface OnWorkflow {
  id: string;
  expectedRevision?: number | null;
}

/**
 * Publishes the draft: a new immutable version; people inside finish on theirs. Publishing without a draft changes nothing.
 * Throws VALIDATION_FAILED (faults from the diagnostics, which are also in `detail.diagnostics`) for reference errors, VERSION_CONFLICT,
 * INVALID_STATE when archived, NOT_FOUND.
 */
export async function publishWorkflow(ctx: Context, who: Caller, input: OnWorkflow): Promise<{ workflow: WorkflowRecord; version: VersionRecord; diagnostics: Diagnostic[] }> {
  throw new Error('pending');
}

/** Nothing new starts; people stay where they are. Pausing twice is fine. Throws INVALID_STATE for a draft or archived one. */
export async function pauseWorkflow(ctx: Context, who: Caller, input: OnWorkflow): Promise<WorkflowRecord> {
  throw new Error('pending');
}

/**
 * Takes a paused workflow on: `catch_up` (default) does at once what came due; `shift` moves relative timers by the length of the pause.
 * Resuming an active one is fine. Throws INVALID_STATE, and NOT_IMPLEMENTED for `skip_overdue`.
 */
export async function resumeWorkflow(ctx: Context, who: Caller, input: OnWorkflow & { mode?: 'catch_up' | 'shift' | 'skip_overdue' }): Promise<WorkflowRecord> {
  throw new Error('pending');
}

/** Closes (`stopped: true`) or opens the door for new people; those inside go on. */
export async function stopEntry(ctx: Context, who: Caller, input: OnWorkflow & { stopped: boolean }): Promise<WorkflowRecord> {
  throw new Error('pending');
}

/**
 * Archives. Throws INVALID_STATE (detail.inside) while people are inside, unless `force`, which exits them with reason `archived`.
 * Archiving twice is fine.
 */
export async function archiveWorkflow(ctx: Context, who: Caller, input: OnWorkflow & { force?: boolean }): Promise<{ workflow: WorkflowRecord; exited: number }> {
  throw new Error('pending');
}
