import type { Context } from '../context.ts';
import type { ChangedWorkflow, WorkflowChange, WorkflowInHand } from '../core/ports/desk.ts';
import { NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { deskFor, type Caller } from './caller.ts';
import { publishLive, ringSends } from './doorbells.ts';
import { archived, checkRevision } from './workflows.ts';

/** More doorbells than this are not rung at once: the sweeper finds the rest. */
const MOST_NUDGES = 10_000;

/** Every change of a workflow's life takes `expectedRevision` (null: whatever is there). */
export interface OnWorkflow {
  id: string;
  expectedRevision?: number | null;
}

/** Decides under the workflow's lock, then tells whoever watches of those who were exited. An archived workflow is refused unless `alsoArchived`. */
export async function changeWorkflow(
  ctx: Context, who: Caller, input: OnWorkflow, decide: (inHand: WorkflowInHand) => WorkflowChange | null, alsoArchived = false,
): Promise<ChangedWorkflow> {
  const desk = deskFor(ctx, who, 'write');
  const changed = !isUuid(input.id) ? null : await desk.changeWorkflow(input.id, (inHand) => {
    if (inHand.workflow.status === 'archived' && !alsoArchived) throw archived(inHand.workflow);
    checkRevision(inHand.workflow, input.expectedRevision ?? null, false);
    return decide(inHand);
  });
  if (!changed) throw new NotFoundError('workflow', input.id);
  if (changed.recalled.length > 0) ringSends(ctx, 'bulk', changed.recalled.slice(0, MOST_NUDGES));
  tellChange(ctx, who, input.id, changed.exited);
  return changed;
}

/** Who was exited; without anybody, a word to those who watch the definition. */
function tellChange(ctx: Context, who: Caller, workflowId: string, exited: ChangedWorkflow['exited']): void {
  const runs = exited.slice(0, 1_000).map(({ id, revision }) => ({ id, rev: revision, status: 'exited', moves: [], ended: true }));
  publishLive(ctx, { locationId: who.locationId, workflowId, runs, counts: exited.length > 0 ? { exited: exited.length } : {} });
}
