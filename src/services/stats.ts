import type { Context } from '../context.ts';
import type { StatsFilter } from '../core/ports/desk.ts';
import type { StepTime, WorkflowRecord, WorkflowStats } from '../core/ports/records.ts';
import type { Program, ProgramStep } from '../core/program.ts';
import { experimentStats, type ExperimentStats } from '../core/stats/experiment.ts';
import { wilson } from '../core/stats/intervals.ts';
import { findStep } from '../core/steps/index.ts';
import { programsOf } from '../engine/programs.ts';
import type { Caller } from './caller.ts';
import { getWorkflow } from './workflows.ts';

export interface StatsQuery extends StatsFilter {
  workflowId: string;
}

/**
 * Counts of a workflow within [from, to) journey ms (null: all time) and of one version number (null: all), as its commits counted them: always
 * what the step logs say. `nodes`, `funnel` and `goals` begin with every step of that version (null: the published one) in the file's order, so
 * that a canvas can draw itself before anybody was there. Days that were rolled up count for a window that holds their beginning. Throws NOT_FOUND.
 */
export async function workflowStats(ctx: Context, who: Caller, input: StatsQuery): Promise<WorkflowStats> {
  const workflow = await getWorkflow(ctx, who, { id: input.workflowId });
  const [stats, steps] = await Promise.all([ctx.desk(who.locationId).readStats(workflow.id, input), stepsOf(ctx, who, workflow, input.version ?? null)]);
  const keys = steps.map(({ id }) => id);
  const goals = steps.filter(({ type }) => findStep(type)?.goal).map(({ id }) => id);
  return {
    ...stats,
    nodes: withEveryStep(keys, stats.nodes, { waiting: 0, passed: 0, failed: 0 }),
    funnel: withEveryStep(keys, stats.funnel, { entered: 0, completed: 0, skipped: 0, failed: 0, waiting: 0, droppedOff: 0, dropOffRate: null }),
    goals: withEveryStep(goals, stats.goals, { reached: 0, rate: wilson(0, stats.enrolled) }),
  };
}

/** How long people stayed in each step, by the logs of the newest 5,000 enrollments. Throws NOT_FOUND. */
export async function workflowTimes(ctx: Context, who: Caller, input: StatsQuery): Promise<StepTime[]> {
  const workflow = await getWorkflow(ctx, who, { id: input.workflowId });
  return ctx.desk(who.locationId).readStepTimes(workflow.id, input);
}

/**
 * The workflow's experiments: every split of the version (null: the published one), and those that only earlier ones had. A contact counts where it was
 * first exposed, when that lies within the window; it has converted when a run of it that went through the split reached any goal
 * of the workflow afterwards, at whatever time. Throws NOT_FOUND.
 */
export async function workflowExperiments(ctx: Context, who: Caller, input: StatsQuery): Promise<ExperimentStats[]> {
  const workflow = await getWorkflow(ctx, who, { id: input.workflowId });
  const [exposures, steps] = await Promise.all([ctx.desk(who.locationId).readExposures(workflow.id, input), stepsOf(ctx, who, workflow, input.version ?? null)]);
  return experimentStats(steps.flatMap(({ id, type, config }) => findStep(type)?.experiment?.(config, id) ?? []), exposures);
}

/** The steps of a published version; none of a draft, where nobody can be. */
async function stepsOf(ctx: Context, who: Caller, { id, publishedVersionId }: WorkflowRecord, version: number | null): Promise<ProgramStep[]> {
  const numbered = version === null ? null : await ctx.desk(who.locationId).findVersion(id, version);
  const versionId = version === null ? publishedVersionId : numbered?.publishedAt && numbered.id;
  const compiled = versionId ? (await programsOf(ctx, [versionId])).get(versionId) : undefined;
  return compiled && 'program' in compiled ? inOrder(compiled.program) : [];
}

const inOrder = ({ order, steps }: Program): ProgramStep[] => order.map((id) => steps.get(id)!);

/** The version's steps first; behind them those that only other versions have. */
function withEveryStep<Row extends { stepKey: string }>(keys: string[], counted: Row[], nobody: Omit<Row, 'stepKey'>): Row[] {
  const rows = new Map(keys.map((stepKey) => [stepKey, { ...nobody, stepKey } as Row]));
  for (const row of counted) rows.set(row.stepKey, row);
  return [...rows.values()];
}
