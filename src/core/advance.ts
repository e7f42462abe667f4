import { applyVerdict } from './apply-verdict.ts';
import { endingNow, endRun, firstExit, type Ending } from './endings.ts';
import { factOf, idsSince } from './facts.ts';
import { beginRow, closeJournal, openJournal, openRow, type Journal } from './journal.ts';
import { castOff, pulledFrom } from './magnets.ts';
import { moveRun, retryStep, settleLeft, skipStep, whereItStands } from './operations.ts';
import type { Program, ProgramStep, Target } from './program.ts';
import { evaluateConditions } from './conditions/evaluate.ts';
import type { ContactEvent, Explanation, Input, LogRow, OpenStep, Run, Scene, Transition } from './state.ts';
import { findStep } from './steps/index.ts';
import type { StepDefinition } from './steps/define-step.ts';
import { attempt, park, skip, type Verdict } from './verdict.ts';

/** A step may be entered this often in one run; the next entry fails the run with `loop_limit`. */
export const MAX_VISITS = 25;
/** A run takes at most this many steps. */
export const MAX_STEPS = 1_000;

/**
 * What comes next: takes a run, what happened to it (in order) and the moment, and answers with everything that one commit
 * must write. Pure: the same arguments give the same transition. It goes on until the run blocks (a wait, an effect on its
 * way) or ends, and never throws for what a definition or a contact holds; a step that throws fails its run.
 */
export function advance(program: Program, run: Run, inputs: Input[], scene: Scene): Transition {
  const journal = openJournal(program, run, scene);
  for (const input of inputs) {
    (receive[input.kind] as (journal: Journal, input: Input) => void)(journal, input);
  }
  return closeJournal(journal);
}

/** One row for each kind of input. An input that came too late changes nothing and is merely consumed. */
const receive: { [K in Input['kind']]: (journal: Journal, input: Extract<Input, { kind: K }>) => void } = {
  start: (journal) => {
    const { state } = journal;
    if (state.status !== 'active' || state.position.phase !== 'ready') return;
    travel(journal, whereItStands(journal));
  },

  timer: (journal, input) => {
    const open = openStepOf(journal, input.stepId, input.visit, 'waiting');
    if (!open || journal.state.status !== 'active') return;
    journal.overdue = input.overdue === true;
    wake(journal, open);
    journal.overdue = false;
  },

  outcome: (journal, input) => {
    const open = openStepOf(journal, input.stepId, input.visit, 'performing');
    if (!open) return settleLeft(journal, input);
    const step = stepOf(journal, open.stepId);
    const verdict = attempt(() => step.kind.settle(step.own, journal.moment, input.outcome));
    open.attempt = input.attempt;
    settle(journal, step, open, verdict, input.outcome.status === 'skipped' ? input.outcome.exit : undefined);
  },

  event: (journal, input) => {
    const { state, moment } = journal;
    takeFact(journal, input.event);
    if (state.status !== 'active') return;
    moment.scope.event = input.event;
    hear(journal, input.event);
    moment.scope.event = null;
  },

  exit: (journal, input) => {
    if (journal.state.status === 'active') endRun(journal, input.status, input.reason);
  },

  retry: (journal) => go(journal, retryStep(journal)),
  skip: (journal, input) => go(journal, skipStep(journal, input)),
  move: (journal, input) => go(journal, moveRun(journal, input)),
  run_now: (journal, input) => {
    const open = openStepOf(journal, input.stepId, input.visit, 'waiting');
    if (open && open.until !== null && journal.state.status === 'active') wake(journal, { ...open, until: journal.moment.scene.now });
  },
};

const go = (journal: Journal, target: Target | null): void => {
  if (target) travel(journal, target);
};

/** The timer of a waiting step came due. */
function wake(journal: Journal, open: OpenStep): void {
  const delayed = open.memo['delay'] === true;
  if (delayed && endsHere(journal)) return; // a message is about to leave
  const step = stepOf(journal, open.stepId);
  if (delayed) return enterAgain(journal, step, open);
  settle(journal, step, open, attempt(() => step.kind.wake(step.own, journal.moment, open)));
}

/** Enters a step behind its delay, behind quiet hours, or once more after it failed: then its `now` is still that of the first attempt. */
function enterAgain(journal: Journal, step: Step, open: OpenStep): void {
  const { scope, scene } = journal.moment;
  scope.missing = new Set();
  if (typeof open.memo['now'] === 'number') scope.now = open.memo['now'];
  const verdict = attempt(() => step.kind.enter(step.own, journal.moment));
  scope.now = scene.now;
  settle(journal, step, open, verdict);
}

/** An event looks at the exit rules first, in the order of the file, then at the magnets, then at the current step. */
function hear(journal: Journal, event: ContactEvent): void {
  const rule = firstExit(journal, event.type);
  if (rule) return endRun(journal, rule.status, rule.reason);
  const { currentStep } = journal.state;
  const goal = currentStep === null ? null : pulledFrom(journal, currentStep);
  if (goal !== null) return jump(journal, goal);
  const { open, phase } = journal.state.position;
  if (!open || phase !== 'waiting') return;
  const step = stepOf(journal, open.stepId);
  const verdict = attempt(() => step.kind.notice(step.own, journal.moment, event));
  if (verdict) settle(journal, step, open, verdict);
}

/**
 * A provider's word on one of the run's own sends is kept in `steps.<id>`, under every id that the step has had, the first time only. About an earlier visit it
 * goes to the ledger alone.
 */
function takeFact(journal: Journal, event: ContactEvent): void {
  const { run, scene } = journal.moment;
  const fact = factOf(event, run.id);
  if (!fact) return;
  const { position, data } = journal.state;
  const current = idsSince(position, fact.stepId).filter((id) => fact.visit === position.visits[id]);
  const told = (id: string): boolean => fact.name in (data.steps[id] ?? {}) && data.steps[id]![fact.name] !== false;
  if (current.length > 0 && current.every(told)) return;
  for (const id of current) data.steps[id] = { ...data.steps[id], ...fact.values };
  journal.facts.push({ stepId: fact.stepId, visit: fact.visit, name: fact.name, at: Math.min(event.at, scene.now) });
  journal.changed = true;
}

/** Leaves the current step for a goal that draws the run to itself. */
function jump(journal: Journal, goal: string): void {
  castOff(journal, goal);
  const target = arrive(journal, goal);
  journal.moment.scope.event = null;
  if (target) travel(journal, target);
}

/** Walks from step to step until the run blocks or ends. */
function travel(journal: Journal, from: Target): void {
  let target: Target | null = from;
  journal.changed = true;
  while (target) {
    if ('end' in target) return arriveAtEnd(journal, target.end);
    journal.state.currentStep = target.stepId;
    const ended = boundary(journal);
    if (ended) return;
    const goal = pulledFrom(journal, target.stepId);
    if (goal !== null) journal.skipNext = null; // what was to be passed over is not where the run goes
    target = arrive(journal, goal ?? target.stepId);
  }
}

/** Between two steps: a pause, a change of version, age and exit rules are looked at. True when the run goes no further now. What is held looks at its rules when it goes on. */
function boundary(journal: Journal): boolean {
  const { position } = journal.state;
  position.phase = 'ready';
  position.open = undefined;
  journal.held = journal.moment.scene.paused || position.leaving === true;
  return journal.held || endsHere(journal);
}

/** The boundary behind the last step: an exit rule that holds by now, perhaps by what that step did, has the first word. */
function arriveAtEnd(journal: Journal, end: Extract<Target, { end: unknown }>['end']): void {
  const rule = firstExit(journal, null);
  endRun(journal, rule?.status ?? end.status, rule ? rule.reason : end.reason);
}

/** Ends a run that is too old, or for which an exit rule without an event holds. */
function endsHere(journal: Journal): boolean {
  const ending = endingNow(journal);
  if (ending) endRun(journal, ending.status, ending.reason);
  return ending !== null;
}

function arrive(journal: Journal, stepId: string): Target | null {
  journal.state.currentStep = stepId;
  return enter(journal, stepId);
}

/** Enters one step. Gives the next target, or null when the run blocked or ended. */
function enter(journal: Journal, stepId: string): Target | null {
  const { position } = journal.state;
  const visits = (position.visits[stepId] ?? 0) + 1;
  if (visits > MAX_VISITS || position.taken >= MAX_STEPS) {
    endRun(journal, 'failed', 'loop_limit');
    return null;
  }
  position.visits[stepId] = visits;
  position.taken += 1;
  const step = stepOf(journal, stepId);
  if (stepId in journal.state.data.steps) delete journal.state.data.steps[stepId]; // `steps.<id>` is the latest visit's
  const row = beginRow(journal, stepId, step.own.type, visits);
  journal.moment.scope.missing = new Set();
  const target = applyVerdict(journal, step.own, step.kind, row, firstVerdict(journal, step, row));
  noteMissing(journal, row);
  return target;
}

/** What was rendered as empty while the step was entered stands in its log: paths, never values. Nothing is collected from here on. */
function noteMissing({ moment: { scope } }: Journal, row: LogRow): void {
  if (scope.missing && scope.missing.size > 0) row.input = { ...row.input, missing: [...scope.missing] };
  scope.missing = undefined;
}

/** The step's guard, then its delay, then the step itself; nothing of it when the step before said to pass it over. */
function firstVerdict(journal: Journal, step: Step, row: LogRow): Verdict {
  const { moment, skipNext } = journal;
  journal.skipNext = null;
  if (skipNext !== null) return skip(skipNext);
  return attempt(() => {
    const guard = step.own.if && evaluateConditions(step.own.if, moment.scope);
    row.decision = guard;
    if (guard && !guard.verdict) return { kind: 'skip', reason: `if: ${guard.text}` } satisfies Verdict;
    const delay = step.kind.delay(step.own.config);
    if (delay > 0) return park(moment.scene.now + delay, { memo: { delay: true } });
    return behind(guard, step.kind.enter(step.own, moment));
  });
}

/** A step's own decision stands in the log behind that of its `if`, when it has both. */
function behind(guard: Explanation | null, verdict: Verdict): Verdict {
  if (!guard || !('decision' in verdict) || !verdict.decision) return verdict;
  const { decision: own } = verdict;
  return { ...verdict, decision: { verdict: own.verdict, text: `if ${guard.text}; then ${own.text}`, checks: [...guard.checks, ...own.checks] } };
}

/** A blocked step got its verdict: its row is completed and, unless it blocks again, the run travels on or ends as the gate said. */
function settle(journal: Journal, step: Step, open: OpenStep, verdict: Verdict, ending?: Ending): void {
  journal.changed = true;
  journal.timer = null;
  journal.cancelTimers = true;
  const row = openRow(journal, open, step.own.type);
  const target = applyVerdict(journal, step.own, step.kind, row, verdict);
  noteMissing(journal, row);
  journal.moment.scope.event = null; // it is what this step heard, and nothing to those that follow
  if (!target || journal.state.status !== 'active') return;
  if (ending) endRun(journal, ending.status, ending.reason);
  else travel(journal, target);
}

interface Step {
  own: ProgramStep;
  // The registry erases each step's config type; `own.config` was parsed by this very definition.
  kind: StepDefinition<unknown>;
}

/** Looks a step up in the program and in the registry. Throws when the version no longer has it: the caller fails that run. */
function stepOf(journal: Journal, stepId: string): Step {
  const own = journal.moment.program.steps.get(stepId);
  const kind = own && findStep(own.type);
  if (!own || !kind) throw new Error(`The run stands at step "${stepId}", but its version "${journal.moment.program.name}" has no such step. Move the run or restore the version.`);
  return { own, kind };
}

/** The open step when it is the one meant; a late timer or outcome of another visit is not. */
function openStepOf(journal: Journal, stepId: string, visit: number, phase: 'waiting' | 'performing'): OpenStep | null {
  const { open, phase: now } = journal.state.position;
  return open && open.stepId === stepId && open.visit === visit && now === phase ? { ...open } : null;
}
