import type { Context } from '../context.ts';
import type { WorkflowStats } from '../core/ports/records.ts';
import type { Caller } from './caller.ts';
import { getWorkflow } from './workflows.ts';

/** Counts of a workflow within [from, to) journey ms (null: all time) and of one version number (null: all). Throws NOT_FOUND. */
export async function workflowStats(
  ctx: Context, who: Caller, input: { workflowId: string; from?: number | null; to?: number | null; version?: number | null },
): Promise<WorkflowStats> {
  const { id } = await getWorkflow(ctx, who, { id: input.workflowId });
  return ctx.desk(who.locationId).readStats(id, input);
}
