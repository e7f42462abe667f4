import { pastEvent } from './conditions/recall.ts';
import type { Contact, Data, Explanation, LogRow, OpenStep, Run, RunState, Scene, Transition } from './state.ts';
import { eventIdOf } from './event-id.ts';
import type { Program } from './program.ts';
import { scopeOf } from './templates/scope.ts';
import type { Moment } from './steps/define-step.ts';

/** What one `advance` has decided so far: a private, mutable draft of its `Transition`. */
export interface Journal extends Transition {
  moment: Moment;
  /** Why the exit rule that held last did so. */
  because?: Explanation | null;
  /** True while the run walks on from a timer that is to be skipped as overdue: messages on its way are skipped with it. */
  overdue: boolean;
  /** Why the step that comes next is passed over, when it is. */
  skipNext: string | null;
}

/** The transition of a run to which nothing happened. */
export const untouched = (state: RunState): Transition => ({
  state,
  changed: false,
  logs: [],
  effect: null,
  timer: null,
  cancelTimers: false,
  held: false,
  contact: null,
  events: [],
  facts: [],
  assignments: [],
  withdrawn: [],
  goals: [],
  conversions: [],
});

/** Opens a journal over copies: the caller's run and contact stay as they were. */
export function openJournal(program: Program, run: Run, scene: Scene): Journal {
  const { state } = run;
  const draft: RunState = {
    ...state,
    position: { ...state.position, visits: { ...state.position.visits } },
    data: { enrollment: { ...state.data.enrollment }, steps: { ...state.data.steps } },
  };
  const ownRun = { ...run, state: draft };
  const ownScene = { ...scene };
  // Not a spread, which costs four times as much here.
  return Object.assign(untouched(draft), {
    overdue: false, skipNext: null, moment: { program, run: ownRun, scene: ownScene, scope: scopeOf(ownRun, ownScene, program.settings.timezone) },
  });
}

/** The run waits for nothing any more: its timers are void, those that were to be set are not. */
export function stopWaiting(journal: Journal): void {
  journal.changed = true;
  journal.cancelTimers = true;
  journal.timer = null;
  journal.held = false;
}

/** The finished draft as one commit's worth of writes. */
export function closeJournal({ state, changed, logs, effect, timer, cancelTimers, held, contact, events, facts, assignments, withdrawn, goals, conversions }: Journal): Transition {
  return { state, changed, logs, effect, timer, cancelTimers, held, contact, events, facts, assignments, withdrawn, goals, conversions };
}

/** Lets the run, its scene and its scope see the contact as a step left it. */
export function changeContact(journal: Journal, contact: Contact): void {
  journal.moment.scene.contact = contact;
  journal.moment.scope.contact = contact;
  journal.contact = contact;
}

/** Notes events that a step causes. They are history at once: the next step's conditions count them. */
export function causeEvents({ moment, events }: Journal, caused: { type: string; data: Data }[]): void {
  const { run, scene, scope } = moment;
  for (const [place, event] of caused.entries()) {
    events.push({ ...event, id: eventIdOf(moment, place), depth: run.depth + 1 });
    const past = scope.history && pastEvent({ ...event, at: scene.now });
    if (scope.history && past) scope.history = { ...scope.history, events: [past, ...scope.history.events] };
  }
}

/** Begins a log row for a step that is entered now. */
export function beginRow(journal: Journal, stepId: string, stepType: string, visit: number): LogRow {
  const seq = ++journal.state.position.seq;
  return write(journal, true, { seq, stepId, visit, attempt: 1, startedAt: journal.moment.scene.now }, stepType);
}

/** The row of a step that was begun, in this commit or in an earlier one. */
export function openRow(journal: Journal, open: OpenStep, stepType: string): LogRow {
  const fresh = journal.logs.find((row) => row.seq === open.seq);
  if (fresh) return fresh;
  return write(journal, false, open, stepType);
}

/** Every field by name: rows are made by the hundred thousand, and a spread costs a hundred times as much as a literal. */
function write(journal: Journal, began: boolean, { seq, stepId, visit, attempt, startedAt }: Omit<OpenStep, 'until' | 'memo'>, stepType: string): LogRow {
  const row: LogRow = {
    began, seq, stepId, stepType, visit, attempt, status: 'executing', input: null, output: null, decision: null, error: null, outcome: null,
    startedAt, completedAt: null,
  };
  journal.logs.push(row);
  return row;
}
