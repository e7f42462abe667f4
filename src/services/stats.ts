import type { Context } from '../context.ts';
import type { WorkflowRecord, WorkflowStats } from '../core/ports/records.ts';
import { programsOf } from '../engine/programs.ts';
import type { Caller } from './caller.ts';
import { getWorkflow } from './workflows.ts';

/**
 * Counts of a workflow within [from, to) journey ms (null: all time) and of one version number (null: all). `nodes` begins with every step of
 * that version (null: the published one) in the file's order, so that a canvas can draw itself before anybody was there. Throws NOT_FOUND.
 */
export async function workflowStats(
  ctx: Context, who: Caller, input: { workflowId: string; from?: number | null; to?: number | null; version?: number | null },
): Promise<WorkflowStats> {
  const workflow = await getWorkflow(ctx, who, { id: input.workflowId });
  const [stats, steps] = await Promise.all([ctx.desk(who.locationId).readStats(workflow.id, input), stepsOf(ctx, who, workflow, input.version ?? null)]);
  return { ...stats, nodes: withEveryStep(steps, stats.nodes) };
}

/** The steps of a published version; none of a draft, where nobody can be. */
async function stepsOf(ctx: Context, who: Caller, { id, publishedVersionId }: WorkflowRecord, version: number | null): Promise<string[]> {
  const numbered = version === null ? null : await ctx.desk(who.locationId).findVersion(id, version);
  const versionId = version === null ? publishedVersionId : numbered?.publishedAt && numbered.id;
  const compiled = versionId ? (await programsOf(ctx, [versionId])).get(versionId) : undefined;
  return compiled && 'program' in compiled ? compiled.program.order : [];
}

/** The version's steps first; behind them those that only other versions have. */
function withEveryStep(steps: string[], counted: WorkflowStats['nodes']): WorkflowStats['nodes'] {
  const nodes = new Map(steps.map((stepKey) => [stepKey, { stepKey, waiting: 0, passed: 0, failed: 0 }]));
  for (const node of counted) nodes.set(node.stepKey, node);
  return [...nodes.values()];
}
