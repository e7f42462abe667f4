import type { Context } from '../context.ts';
import type { TestMode, TestRunRecord } from '../core/ports/records.ts';
import type { Data } from '../core/state.ts';
import { MillraceError, NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { exploreWorkflow, playScenarios, type ExplorationReport, type ScenarioReport } from './exploration.ts';
import { badCursor } from './paging.ts';
import { simulateWorkflow, type SimulateInput, type SimulationTrace } from './simulation.ts';

export interface TestInput extends SimulateInput {
  mode: TestMode;
}

type Play = (ctx: Context, who: Caller, input: SimulateInput) => Promise<object>;

const PLAYS: Record<TestMode, Play> = {
  simulate: simulateWorkflow,
  scenarios: (ctx, who, { workflowId = null, source = null }) => playScenarios(ctx, who, { workflowId, source }),
  explore: (ctx, who, { workflowId = null, source = null }) => exploreWorkflow(ctx, who, { workflowId, source }),
  persona: () => Promise.reject(new MillraceError('NOT_IMPLEMENTED', NO_PERSONA)),
};

const NO_PERSONA = 'A conversation with a persona needs an AI provider, and none is configured. Use mode "simulate" with scripted events.';

/** Plays a definition in one of the modes; nothing is written. Throws VALIDATION_FAILED, NOT_FOUND, INVALID_INPUT, and NOT_IMPLEMENTED for a persona. */
export const playTest = (ctx: Context, who: Caller, { mode, ...input }: TestInput): Promise<object> => PLAYS[mode](ctx, who, input);

/** The same, and keeps the report for a week, so that its events can be told (`write`). */
export async function testWorkflow(ctx: Context, who: Caller, input: TestInput): Promise<TestRunRecord> {
  const desk = deskFor(ctx, who, 'write');
  const { mode, workflowId = null } = input;
  const report = await playTest(ctx, who, input);
  return desk.insertTestRun({ workflowId, mode, report }, auditLine(who, 'test.run', workflowId ?? 'source', { mode }));
}

/** One thing that a test run tells; `cursor` is its place. */
export type TestRunEvent = { cursor: string } & (
  | { kind: 'step'; row: Data }
  | { kind: 'message'; message: SimulationTrace['sent'][number] }
  | { kind: 'scenario'; scenario: ScenarioReport['scenarios'][number] }
  | { kind: 'ended'; run: TestRunRecord }
);
type Told = TestRunEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'cursor'> : never) : never;

/** What a test run tells behind a cursor, in order, to its end (`read`). Throws NOT_FOUND, INVALID_INPUT for a cursor of something else. */
export async function testRunEvents(ctx: Context, who: Caller, { id, after }: { id: string; after: string | null }): Promise<TestRunEvent[]> {
  const run = isUuid(id) ? await deskFor(ctx, who, 'read').findTestRun(id) : null;
  if (!run) throw new NotFoundError('test run', id);
  if (after !== null && !/^\d{1,6}$/.test(after)) throw badCursor(after);
  return eventsOf(run).map((event, index) => ({ ...event, cursor: String(index + 1) }) as TestRunEvent).slice(Number(after ?? 0));
}

function eventsOf(run: TestRunRecord): Told[] {
  const ended = { kind: 'ended', run } as const;
  if (run.mode === 'simulate') return [...played(run.report as SimulationTrace), ended];
  if (run.mode === 'scenarios') return [...(run.report as ScenarioReport).scenarios.map((scenario) => ({ kind: 'scenario', scenario }) as const), ended];
  return [ended];
}

/** Step by step, each behind the message that it sent. */
function played({ log, sent }: SimulationTrace): Told[] {
  const left = [...sent];
  return log.flatMap((row) => {
    const place = row['status'] === 'skipped' ? -1 : left.findIndex(({ step_id }) => step_id === row['step_id']);
    const messages = place < 0 ? [] : left.splice(place, 1);
    return [...messages.map((message) => ({ kind: 'message', message }) as const), { kind: 'step', row } as const];
  });
}

/** The report of a run as its mode has it; null for those of other modes. */
export const reportOf = <Mode extends keyof Reports>(run: { mode: string; report: unknown }, mode: Mode): Reports[Mode] | null =>
  (run.mode === mode ? (run.report as Reports[Mode]) : null);

interface Reports {
  simulate: SimulationTrace;
  scenarios: ScenarioReport;
  explore: ExplorationReport;
}
