import type { Context } from '../context.ts';
import type { StatsFilter } from '../core/ports/desk.ts';
import type { StepTime, WorkflowRecord, WorkflowStats } from '../core/ports/records.ts';
import type { Program, ProgramStep } from '../core/program.ts';
import { experimentStats, type ExperimentStats } from '../core/stats/experiment.ts';
import { wilson } from '../core/stats/intervals.ts';
import { findStep } from '../core/steps/index.ts';
import { programsOf } from '../engine/programs.ts';
import { deskFor, type Caller } from './caller.ts';
import { invalidInput } from './parse-input.ts';
import { getWorkflow } from './workflows.ts';

export interface StatsQuery extends StatsFilter {
  workflowId: string;
}

/** A workflow as its numbers need it. */
type Counted = Pick<WorkflowRecord, 'id' | 'publishedVersionId'>;

/**
 * Counts of a workflow within [from, to) journey ms (null: all time) and of one version number (null: all), as its commits counted them: always
 * what the step logs say. `nodes`, `funnel` and `goals` begin with every step of that version (null: the published one) in the file's order, so
 * that a canvas can draw itself before anybody was there. Days that were rolled up count for a window that holds their beginning. Throws NOT_FOUND,
 * INVALID_INPUT for a window that ends before it begins.
 */
export async function workflowStats(ctx: Context, who: Caller, input: StatsQuery): Promise<WorkflowStats> {
  const workflow = await getWorkflow(ctx, who, { id: input.workflowId });
  return (await statsOfWorkflows(ctx, who, [workflow], input)).get(workflow.id)!;
}

/** The same for workflows of the location that the caller has just read, by their ids: as many statements as for one. Throws INVALID_INPUT. */
export async function statsOfWorkflows(ctx: Context, who: Caller, workflows: Counted[], filter: StatsFilter): Promise<Map<string, WorkflowStats>> {
  checkWindow(filter);
  const [stats, steps] = await Promise.all([deskFor(ctx, who, 'read').readStats(workflows.map(({ id }) => id), filter), stepsOf(ctx, who, workflows, filter.version ?? null)]);
  return new Map([...stats].map(([id, counted]) => [id, withSteps(counted, steps.get(id)!)]));
}

function checkWindow({ from = null, to = null }: StatsFilter): void {
  if (from !== null && to !== null && from > to) throw invalidInput('window', [{ path: ['to'], message: 'expected a moment that is not before from' }]);
}

function withSteps(stats: WorkflowStats, steps: ProgramStep[]): WorkflowStats {
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
  const { id } = await getWorkflow(ctx, who, { id: input.workflowId });
  return (await timesOfWorkflows(ctx, who, [id], input)).get(id)!;
}

/** The same for workflows of the location, by their ids. */
export const timesOfWorkflows = (ctx: Context, who: Caller, workflowIds: string[], filter: StatsFilter): Promise<Map<string, StepTime[]>> =>
  deskFor(ctx, who, 'read').readStepTimes(workflowIds, filter);

/**
 * The workflow's experiments: every split of the version (null: the published one), and those that only earlier ones had. A contact counts where it was
 * first exposed, when that lies within the window; it has converted when a run of it that went through the split reached any goal
 * of the workflow afterwards, at whatever time. Throws NOT_FOUND.
 */
export async function workflowExperiments(ctx: Context, who: Caller, input: StatsQuery): Promise<ExperimentStats[]> {
  const workflow = await getWorkflow(ctx, who, { id: input.workflowId });
  return (await experimentsOfWorkflows(ctx, who, [workflow], input)).get(workflow.id)!;
}

/** The same for workflows of the location that the caller has just read, by their ids. */
export async function experimentsOfWorkflows(ctx: Context, who: Caller, workflows: Counted[], filter: StatsFilter): Promise<Map<string, ExperimentStats[]>> {
  const ids = workflows.map(({ id }) => id);
  const [exposures, steps] = await Promise.all([deskFor(ctx, who, 'read').readExposures(ids, filter), stepsOf(ctx, who, workflows, filter.version ?? null)]);
  return new Map([...exposures].map(([workflowId, exposed]) => [
    workflowId,
    experimentStats(steps.get(workflowId)!.flatMap(({ id, type, config }) => findStep(type)?.experiment?.(config, id) ?? []), exposed),
  ]));
}

/** The steps of each workflow's published version, or of the one of this number; none of a draft, where nobody can be. */
async function stepsOf(ctx: Context, who: Caller, workflows: Counted[], number: number | null): Promise<Map<string, ProgramStep[]>> {
  const versionIds = new Map(workflows.map(({ id, publishedVersionId }) => [id, number === null ? publishedVersionId : null]));
  if (number !== null) {
    const numbered = await ctx.desk(who.locationId).findVersionsByNumber([...versionIds.keys()], number);
    for (const { id, workflowId, publishedAt } of numbered) versionIds.set(workflowId, publishedAt === null ? null : id);
  }
  const compiled = await programsOf(ctx, [...versionIds.values()].filter((id) => id !== null));
  return new Map([...versionIds].map(([workflowId, id]) => {
    const found = id === null ? undefined : compiled.get(id);
    return [workflowId, found && 'program' in found ? inOrder(found.program) : []];
  }));
}

const inOrder = ({ order, steps }: Program): ProgramStep[] => order.map((id) => steps.get(id)!);

/** The version's steps first; behind them those that only other versions have. */
function withEveryStep<Row extends { stepKey: string }>(keys: string[], counted: Row[], nobody: Omit<Row, 'stepKey'>): Row[] {
  const rows = new Map(keys.map((stepKey) => [stepKey, { ...nobody, stepKey } as Row]));
  for (const row of counted) rows.set(row.stepKey, row);
  return [...rows.values()];
}
