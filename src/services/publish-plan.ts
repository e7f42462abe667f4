import { z } from 'zod';
import type { Context } from '../context.ts';
import { movesTo, planPublish, type MapFault, type Moves, type PlannedStanding, type PublishPolicy, type Standing, type StepMap } from '../core/definition/publish-plan.ts';
import type { WorkflowChange } from '../core/ports/desk.ts';
import type { VersionRecord, WorkflowRecord } from '../core/ports/records.ts';
import type { Program } from '../core/program.ts';
import { compile } from '../core/definition/compile.ts';
import { readStructure } from '../core/definition/read.ts';
import { programsOf } from '../engine/programs.ts';
import { MillraceError } from '../errors.ts';
import { requireScope, type Caller } from './caller.ts';
import { invalidInput, parseInput } from './parse-input.ts';
import { getVersion, getWorkflow } from './workflows.ts';

/** Why a run ended whose workflow was published with the policy `exit`. */
export const EXIT_REASON = 'version_replaced';

const publishing = z.object({
  policy: z.enum(['finish_on_old', 'migrate', 'exit'], 'expected finish_on_old, migrate or exit').default('finish_on_old'),
  stepMap: z.record(z.string(), z.string('expected a step id, or an end such as exit_removed')).default({}),
}).refine(({ policy, stepMap }) => policy === 'migrate' || Object.keys(stepMap).length === 0, { path: ['stepMap'], message: 'is only for the policy migrate' });

/** Policy and map of a publish, checked. Throws INVALID_INPUT. */
export const readPublishing = (input: { policy?: unknown; stepMap?: unknown }): { policy: PublishPolicy; stepMap: StepMap } =>
  parseInput(publishing, { policy: input.policy, stepMap: input.stepMap }, 'publish');

/** Where everybody stands, and the programs that they run: of every version with people inside, and of the one that people enter. */
export interface Places {
  standings: Standing[];
  programs: Map<string, Program>;
}

export async function placesOf(ctx: Context, who: Caller, workflow: WorkflowRecord): Promise<Places> {
  const standings = await ctx.desk(who.locationId).readStandings(workflow.id);
  const ids = new Set([...standings.map(({ versionId }) => versionId), ...(workflow.publishedVersionId ? [workflow.publishedVersionId] : [])]);
  const compiled = await programsOf(ctx, ids);
  return { standings, programs: new Map([...compiled].flatMap(([id, one]) => ('program' in one ? [[id, one.program] as const] : []))) };
}

/** A published version made ready to run. Throws INVALID_STATE when this build cannot. */
export async function programOfVersion(ctx: Context, version: VersionRecord): Promise<Program> {
  if (version.publishedAt === null) {
    const { definition } = readStructure({ format: 'json', value: version.definition });
    if (definition) return compile(definition);
  }
  const compiled = (await programsOf(ctx, [version.id])).get(version.id);
  if (compiled && 'program' in compiled) return compiled.program;
  throw new MillraceError('INVALID_STATE', `Version ${version.number} cannot run: ${compiled?.error ?? 'it is gone'}.`);
}

/** What a migration writes. Throws INVALID_INPUT for a map that names what is not there, or leaves out a step at which people stand. */
export function stakesOf(places: Places, next: Program, target: VersionRecord, stepMap: StepMap): Pick<WorkflowChange, 'migrate'> {
  const { standings, moves, faults, fromVersions } = consider(places, next, target, stepMap);
  const missing = [...faults, ...unmappedFaults(planPublish('migrate', standings, moves, EXIT_REASON), target.number)];
  if (missing.length > 0) throw invalidInput('publish', missing);
  return fromVersions.length === 0 ? {} : { migrate: { fromVersions, moves, stepMap } };
}

function consider(
  { standings, programs }: Places, next: Program, target: VersionRecord, stepMap: StepMap,
): { standings: Standing[]; moves: Moves; faults: MapFault[]; fromVersions: string[] } {
  const others = new Map([...programs].filter(([id]) => id !== target.id));
  return { standings: standings.filter(({ versionId }) => versionId !== target.id), fromVersions: [...others.keys()], ...movesTo(next, others, stepMap) };
}

const standing = (count: number): string => `${count} ${count === 1 ? 'person stands' : 'people stand'}`;

function unmappedFaults(plan: PlannedStanding[], version: number): MapFault[] {
  const people = new Map<string, number>();
  for (const { fate, stepId, people: count } of plan) if (fate === 'unmapped') people.set(stepId ?? '', (people.get(stepId ?? '') ?? 0) + count);
  return [...people].map(([step, count]) => ({
    path: ['stepMap', step],
    rule: 'unmapped_step',
    message: `${standing(count)} at "${step}", which version ${version} does not have. Map it to a step, or to an end such as exit_removed.`,
    hint: 'Map it to a step of the version, or to an end such as exit_removed.',
  }));
}

/** People of one version at one step, and what would become of them. */
export interface PlanRow {
  version: number;
  stepKey: string | null;
  people: number;
  fate: PlannedStanding['fate'];
  to: string | null;
  end: string | null;
}

export interface PublishPlan {
  policy: PublishPolicy;
  /** The number of the version that would be published. */
  toVersion: number;
  /** People who would be concerned. */
  people: number;
  steps: PlanRow[];
  /** What refuses the publish: entries of the map that mean nothing, and steps with people that it leaves out. */
  faults: MapFault[];
}

/**
 * Who is where, and what would become of them if the draft were published (or an earlier `toVersion` again). Changes nothing.
 * Throws NOT_FOUND, INVALID_INPUT for an unknown policy.
 */
export async function publishPlan(
  ctx: Context, who: Caller, input: { workflowId: string; policy?: PublishPolicy; stepMap?: StepMap; toVersion?: number | null },
): Promise<PublishPlan> {
  requireScope(who, 'read');
  const { policy, stepMap } = readPublishing(input);
  const workflow = await getWorkflow(ctx, who, { id: input.workflowId });
  const target = await getVersion(ctx, who, { workflowId: workflow.id, which: input.toVersion ?? 'newest' });
  const places = await placesOf(ctx, who, workflow);
  const { standings, moves, faults } = consider(places, await programOfVersion(ctx, target), target, stepMap);
  const plan = planPublish(policy, standings, moves, EXIT_REASON);
  const numbers = new Map((await ctx.desk(who.locationId).findVersions([...new Set(standings.map(({ versionId }) => versionId))])).map(({ id, number }) => [id, number]));
  const order = new Map([...places.programs].flatMap(([id, program]) => program.order.map((step, index) => [`${id}/${step}`, index] as const)));
  const placeOf = ({ versionId, stepId }: Standing): number => order.get(`${versionId}/${stepId}`) ?? -1;
  const rows = plan.toSorted((a, b) => numbers.get(b.versionId)! - numbers.get(a.versionId)! || placeOf(a) - placeOf(b));
  return {
    policy, toVersion: target.number, people: plan.reduce((sum, { people }) => sum + people, 0), faults: [...faults, ...unmappedFaults(plan, target.number)],
    steps: merged(rows.map(({ versionId, stepId, people, fate, to, end }) => ({ version: numbers.get(versionId)!, stepKey: stepId, people, fate, to, end }))),
  };
}

/** One row for people of a version at a step who share their fate. */
function merged(rows: PlanRow[]): PlanRow[] {
  const byFate = new Map<string, PlanRow>();
  for (const row of rows) {
    const key = [row.version, row.stepKey, row.fate].join('\n');
    const known = byFate.get(key);
    if (known) known.people += row.people;
    else byFate.set(key, { ...row });
  }
  return [...byFate.values()];
}
