import { z } from 'zod';
import type { Context } from '../context.ts';
import { compileStored } from '../core/definition/compile.ts';
import { mailOf, whyNot, type RunAsk } from '../core/operable.ts';
import type { EnrollmentRecord } from '../core/ports/records.ts';
import type { RunChoice, RunFilter, RunGroup } from '../core/ports/run-operation-desk.ts';
import { MillraceError, NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { ringRuns } from './doorbells.ts';
import { getEnrollment } from './enrollments.ts';
import { invalidInput, parseInput, plainText } from './parse-input.ts';
import { getWorkflow } from './workflows.ts';

/** How long an answer waits to show what the run made of it (machine ms). */
const PATIENCE_MS = 1_000;

/** One run. `patienceMs`: how long to wait for it, so that the answer shows it as it is afterwards; the operation stands in any case. */
export interface OnRun {
  id: string;
  patienceMs?: number;
}

/**
 * Each of the four asks one run for something and answers with the run, as a rule after it took it. In a paused workflow it waits for the resume.
 * A run that goes on before it reads the request takes no notice. Audited. Throws NOT_FOUND, and INVALID_STATE when the run cannot.
 */
export const retryStep = (ctx: Context, who: Caller, input: OnRun): Promise<EnrollmentRecord> => askOne(ctx, who, input, { kind: 'retry' });

/** The current step, of an active or a failed run, is `skipped` with the caller's name; the run leaves it by `next`. A message that left already is not called back. */
export const skipStep = (ctx: Context, who: Caller, input: OnRun): Promise<EnrollmentRecord> => askOne(ctx, who, input, { kind: 'skip' });

/** Also throws INVALID_INPUT, with the nearest name, for a step that the run's version has not. */
export const moveEnrollment = (ctx: Context, who: Caller, input: OnRun & { stepId: string }): Promise<EnrollmentRecord> =>
  askOne(ctx, who, input, { kind: 'move', to: parseInput(z.object({ step_id: plainText(100) }), { step_id: input.stepId }, 'move').step_id });

/** The timer of a waiting step comes due now. */
export const runNow = (ctx: Context, who: Caller, input: OnRun): Promise<EnrollmentRecord> => askOne(ctx, who, input, { kind: 'run_now' });

async function askOne(ctx: Context, who: Caller, { id, patienceMs = PATIENCE_MS }: OnRun, ask: RunAsk): Promise<EnrollmentRecord> {
  const desk = deskFor(ctx, who, 'enroll');
  const moved = awaitMove(ctx, id, patienceMs);
  try {
    const { groups, runs } = !isUuid(id) ? NOBODY : await desk.operateOnRuns({ id } satisfies RunChoice, ([group], definitions) => {
      if (!group) return null;
      const steps = stepsOf(ask, definitions.get(group.versionId));
      const refusal = whyNot(ask, group, steps);
      if (refusal !== null) throw refused(ask, steps, sentence(`Run ${id} ${refusal}`));
      return { take: [group], mail: mailOf(ask, who.actor), audit: auditLine(who, `enrollment.${ask.kind}`, id, { from: group.currentStep, ...detailOf(ask) }) };
    }, readsSteps(ask));
    if (groups.length === 0) throw new NotFoundError('enrollment', id);
    ringRuns(ctx, 'interactive', runs);
    if (groups[0]!.workflowStatus !== 'paused') await moved.heard;
    return await getEnrollment(ctx, who, { id });
  } finally {
    moved.stop();
  }
}

const NOBODY = { groups: [], runs: [] };

/** Resolves when a commit of this run is announced, or when patience ends. */
function awaitMove(ctx: Context, id: string, patienceMs: number): { heard: Promise<void>; stop(): void } {
  let stop = (): void => undefined;
  const heard = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, patienceMs);
    const leave = ctx.bus.subscribe((message) => {
      if (message.runs.some((run) => run.id === id)) resolve();
    });
    stop = () => {
      clearTimeout(timer);
      leave();
    };
  });
  return { heard, stop };
}

export interface BulkInput {
  /** At least a workflow; the rest narrows. */
  filter: RunFilter;
  ask: RunAsk;
  /** Counts, and does nothing. */
  dryRun?: boolean;
}

/** How many a filter found, what would become of them, and what did. */
export interface BulkAnswer {
  matched: number;
  /** Those who can do what is asked: all of them got it, unless it was a dry run. */
  affected: number;
  dryRun: boolean;
  /** The affected ones by the step that they stand at (null: before the first). */
  steps: { stepKey: string | null; count: number }[];
  /** Those who cannot, by reason. */
  refused: { reason: string; count: number }[];
}

/**
 * Asks all runs of a workflow that a filter lets through, in one transaction, in the bulk lane; those who cannot are counted by reason and left alone.
 * Audited once. Throws NOT_FOUND for the workflow, INVALID_INPUT when a filter cannot be used or a step to move to is in no version concerned.
 */
export async function operateInBulk(ctx: Context, who: Caller, { filter, ask, dryRun = false }: BulkInput): Promise<BulkAnswer> {
  const desk = deskFor(ctx, who, 'enroll');
  const { id: workflowId } = await getWorkflow(ctx, who, { id: filter.workflowId });
  const checked = { ...parseInput(filterSchema, filter, 'filter'), workflowId };
  const asked = ask.kind === 'exit' ? { ...ask, reason: parseInput(z.object({ reason: plainText(500) }), { reason: ask.reason }, 'reason').reason || 'manual' } : ask;
  let judged: { group: RunGroup; refusal: string | null }[] = [];
  const { runs } = await desk.operateOnRuns(checked, (groups, definitions) => {
    const steps = new Map([...definitions].map(([id, definition]) => [id, stepsOf(asked, definition)]));
    judged = groups.map((group) => ({ group, refusal: whyNot(asked, group, steps.get(group.versionId) ?? []) }));
    const known = [...new Set([...steps.values()].flat())];
    if (asked.kind === 'move' && groups.length > 0 && !known.includes(asked.to)) throw refused(asked, known, `No version that these runs are on has a step "${asked.to}".`);
    const take = judged.filter(({ refusal }) => refusal === null).map(({ group }) => group);
    return dryRun
      ? null
      : { take, mail: mailOf(asked, who.actor), audit: auditLine(who, `enrollment.bulk_${ask.kind}`, workflowId, { filter: checked, affected: sum(take), ...detailOf(asked) }) };
  }, readsSteps(ask));
  ringRuns(ctx, 'bulk', runs);
  return answerOf(judged, dryRun);
}

const filterSchema: z.ZodType<RunFilter> = z.strictObject({
  workflowId: z.string(),
  status: z.enum(['active', 'completed', 'exited', 'failed']).nullish(),
  currentStep: plainText(100).nullish(),
  contactId: z.guid('expected a uuid').nullish(),
  enrolledBefore: z.number().nullish(),
  enrolledAfter: z.number().nullish(),
});

function answerOf(judged: { group: RunGroup; refusal: string | null }[], dryRun: boolean): BulkAnswer {
  const taken = judged.filter(({ refusal }) => refusal === null).map(({ group }) => group);
  return {
    matched: sum(judged.map(({ group }) => group)),
    affected: sum(taken),
    dryRun,
    steps: tally(taken.map(({ currentStep, count }) => [currentStep, count])).map(([stepKey, count]) => ({ stepKey, count })),
    refused: tally(judged.flatMap(({ group, refusal }) => (refusal === null ? [] : [[refusal, group.count]]))).map(([reason, count]) => ({ reason: sentence(`The run ${reason}`), count })),
  };
}

/** Adds up what has the same key, in the order of first appearance. */
function tally<Key>(counted: [Key, number][]): [Key, number][] {
  const sums = new Map<Key, number>();
  for (const [key, count] of counted) sums.set(key, (sums.get(key) ?? 0) + count);
  return [...sums];
}

const sum = (groups: RunGroup[]): number => groups.reduce((all, { count }) => all + count, 0);

/** Only a move looks at the steps of a version: nothing else reads its definition. */
const readsSteps = (ask: RunAsk): boolean => ask.kind === 'move';
const stepsOf = (ask: RunAsk, definition: unknown): string[] => (readsSteps(ask) && definition !== undefined ? compileStored(definition).order : []);

const detailOf = (ask: RunAsk): Record<string, unknown> => (ask.kind === 'move' ? { to: ask.to } : ask.kind === 'exit' ? { reason: ask.reason } : {});

/** What is refused for a step that is not there ends with a suggestion, and so with a mark of its own. */
const sentence = (text: string): string => (/[.?]$/.test(text) ? text : `${text}.`);

/** A step that is not there is the caller's mistake; everything else lies with the run. */
function refused(ask: RunAsk, steps: string[], message: string): MillraceError {
  if (ask.kind === 'move' && !steps.includes(ask.to)) return invalidInput('move', [{ path: ['step_id'], message }]);
  return new MillraceError('INVALID_STATE', message);
}
