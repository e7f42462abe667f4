import type { Context } from '../context.ts';
import type { WorkflowRecord, WorkflowStatus } from '../core/ports/records.ts';
import { MillraceError } from '../errors.ts';
import { auditLine, type Caller } from './caller.ts';
import { changeWorkflow, type OnWorkflow } from './change-workflow.ts';
import { ringRuns, ringSends } from './doorbells.ts';

/** Nothing new starts; people stay where they are. Pausing twice is fine. Throws INVALID_STATE for a draft or archived one. */
export async function pauseWorkflow(ctx: Context, who: Caller, input: OnWorkflow): Promise<WorkflowRecord> {
  const { workflow } = await changeWorkflow(ctx, who, input, ({ workflow: { status, id, name } }) => {
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
  const { workflow, nudge } = await changeWorkflow(ctx, who, input, ({ workflow: { status, id, name } }) => {
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
  const { workflow } = await changeWorkflow(ctx, who, input, ({ workflow: { entryStopped, id } }) => {
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
  const { workflow, exited } = await changeWorkflow(ctx, who, input, ({ workflow: { status, id, name }, inside }) => {
    if (status === 'archived') return null;
    if (inside > 0 && !input.force) throw peopleInside(name, inside);
    return { status: 'archived', ...(inside > 0 && { exitAll: { reason: 'archived' } }), audit: auditLine(who, 'workflow.archive', id, { inside }) };
  }, true);
  return { workflow, exited: exited.length };
}

const wrongState = (name: string, status: WorkflowStatus, wanted: string, from: WorkflowStatus): MillraceError =>
  new MillraceError('INVALID_STATE', `Workflow "${name}" is ${status} and cannot be ${wanted}: only ${from === 'active' ? 'an active' : 'a paused'} one can.`, {
    detail: { status },
  });

const peopleInside = (name: string, inside: number): MillraceError =>
  new MillraceError(
    'INVALID_STATE',
    `Workflow "${name}" has ${inside} ${inside === 1 ? 'person' : 'people'} inside. Wait until they are through, or archive it with force, which exits them.`,
    { detail: { inside } },
  );
