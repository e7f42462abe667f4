import { askData, askTypes } from './asks.ts';
import { endRun } from './endings.ts';
import { causeEvents, changeContact, type Journal } from './journal.ts';
import { ERROR_EDGE, type ProgramStep, type Target } from './program.ts';
import { heldQuiet, sendWindow } from './quiet.ts';
import type { Contact, Data, LogRow, StepStatus } from './state.ts';
import type { StepDefinition } from './steps/define-step.ts';
import { park, type Verdict } from './verdict.ts';

/** Writes a verdict into the journal. Gives the target to travel to, or null when the run blocks or has ended. */
export function applyVerdict(journal: Journal, step: ProgramStep, kind: StepDefinition, row: LogRow, verdict: Verdict): Target | null {
  const apply = appliers[verdict.kind] as (at: At, verdict: Verdict) => Target | null;
  return apply({ journal, step, kind, row }, verdict);
}

interface At {
  journal: Journal;
  step: ProgramStep;
  kind: StepDefinition;
  row: LogRow;
}

const OVERDUE = 'It was due while the workflow was paused, and the resume skipped what was overdue.';

const appliers: { [K in Verdict['kind']]: (at: At, verdict: Extract<Verdict, { kind: K }>) => Target | null } = {
  proceed: (at, verdict) => {
    const { journal, row, step } = at;
    const taken = takenEmail(journal, verdict.contact);
    if (taken !== null) return appliers.fail(at, {
      kind: 'fail', error: `The e-mail address "${taken}" belongs to another contact of this location. Correct one of the two contacts, then retry the step.`,
    });
    row.decision = verdict.decision ?? row.decision;
    endRow(at, 'completed', verdict.outcome, verdict.result);
    keepResult(at, verdict.result);
    if (verdict.contact) changeContact(journal, verdict.contact);
    journal.skipNext = verdict.skipNext ?? null;
    if (verdict.enrollment) Object.assign(journal.state.data.enrollment, verdict.enrollment);
    if (verdict.assignment) expose(journal, step.id, verdict.assignment);
    if (verdict.goal) countGoal(journal, step.id);
    if (verdict.events) causeEvents(journal, verdict.events);
    return edge(step, verdict.outcome);
  },

  skip: (at, verdict) => {
    at.row.decision = verdict.decision ?? at.row.decision;
    endRow(at, 'skipped', 'next', { skipped: verdict.reason });
    keepResult(at, { skipped: verdict.reason });
    return edge(at.step, 'next');
  },

  perform: (at, verdict) => {
    const { journal, step, row } = at;
    const { state } = journal;
    if (journal.overdue && verdict.channel !== 'webhook') return appliers.skip(at, { kind: 'skip', reason: OVERDUE });
    const quiet = heldQuiet(journal, verdict.channel);
    if (quiet) return appliers.park(at, quiet);
    const held = state.position.open?.memo['quiet'];
    row.status = 'executing';
    row.input = held === undefined ? summary(verdict.request) : { ...summary(verdict.request), held };
    journal.effect = {
      channel: verdict.channel,
      stepId: step.id,
      visit: row.visit,
      seq: row.seq,
      request: verdict.request,
      retry: step.retry ?? { attempts: 5, backoffMs: 2_000 },
      window: sendWindow(journal, verdict.channel),
    };
    block(journal, 'performing', row, null, {});
    state.currentStep = step.id;
    return null;
  },

  ask: ({ journal, step, row }, verdict) => {
    const { run, scene } = journal.moment;
    row.input = { workflow: verdict.workflow };
    const asker = { enrollmentId: run.id, stepId: step.id, visit: row.visit };
    causeEvents(journal, [{ type: askTypes[verdict.ask], data: askData({ workflow: verdict.workflow, by: scene.workflow.name, asker }) }]);
    block(journal, 'performing', row, null, {});
    return null;
  },

  park: ({ journal, step, row }, verdict) => {
    row.status = 'pending';
    row.decision = verdict.decision ?? row.decision;
    row.input = verdict.note ?? row.input;
    block(journal, 'waiting', row, verdict.until, verdict.memo ?? {});
    if (verdict.until !== null) journal.timer = { stepId: step.id, visit: row.visit, at: verdict.until, relative: verdict.relative };
    return null;
  },

  finish: (at, verdict) => {
    endRow(at, 'completed', 'next', verdict.result ?? {});
    keepResult(at, verdict.result ?? {});
    endRun(at.journal, verdict.status, verdict.reason);
    return null;
  },

  fail: (at, verdict) => {
    const { journal, step, row } = at;
    row.error = verdict.error;
    if (step.retry && row.attempt < step.retry.attempts && journal.state.position.phase !== 'performing') return appliers.park(at, tryAgain(at, step.retry));
    endRow(at, 'failed', journal.state.status === 'active' ? errorEdge(step) : null, verdict.result ?? null);
    keepResult(at, { ...verdict.result, error: verdict.error });
    if (step.onError === 'continue') return edge(step, 'next');
    if (step.onError !== 'fail') return { stepId: step.onError.stepId };
    endRun(journal, 'failed', `step_failed:${step.id}`);
    return null;
  },
};

/** A step that failed by itself is entered again after its backoff, twice as long each time. An effect has had its attempts at the provider. */
function tryAgain({ journal, row }: At, { backoffMs }: { backoffMs: number }): Extract<Verdict, { kind: 'park' }> {
  const { scene, run } = journal.moment;
  const wait = backoffMs * 2 ** (row.attempt - 1);
  row.attempt += 1;
  return park(scene.now + wait, { memo: { delay: true, now: run.state.position.open?.memo['now'] ?? scene.now } });
}

/** How a failed step is left: as others are, by its error edge, or not at all. */
const errorEdge = ({ onError }: ProgramStep): string | null => (onError === 'fail' ? null : onError === 'continue' ? 'next' : ERROR_EDGE);

function endRow({ journal, row }: At, status: StepStatus, outcome: string | null, output: Data | null): void {
  row.status = status;
  row.outcome = outcome;
  row.output = output;
  row.completedAt = journal.moment.scene.now;
  journal.state.position.phase = 'ready';
  journal.state.position.open = undefined;
}

/** Keeps a result as `steps.<id>`; `.result` reads its main value. A fact that came before the result stays. */
function keepResult({ journal, step, kind }: At, result: Data): void {
  journal.state.data.steps[step.id] = { ...journal.state.data.steps[step.id], ...result, result: kind.main === '*' ? result : (result[kind.main] ?? null) };
}

function expose(journal: Journal, stepId: string, assignment: { key: string; variant: string }): void {
  const { position } = journal.state;
  journal.assignments.push({ stepId, ...assignment });
  position.exposed = [...new Set([...(position.exposed ?? []), assignment.key])];
}

/** A goal that is reached again, e.g. in a loop, was counted before. It is a conversion of what the run was exposed to on its way. */
function countGoal(journal: Journal, goal: string): void {
  const { position } = journal.state;
  journal.conversions = [...new Set([...journal.conversions, ...(position.exposed ?? [])])];
  if (position.goals?.includes(goal)) return;
  position.goals = [...(position.goals ?? []), goal];
  journal.goals.push(goal);
}

/** The address that this step writes and that cannot be had. Its own one a contact keeps. */
function takenEmail({ moment: { scene } }: Journal, after: Contact | undefined): string | null {
  const email = after?.email;
  if (!email || email === scene.contact.email) return null;
  return scene.takenEmails?.has(email.toLowerCase()) ? email : null;
}

function block(journal: Journal, phase: 'waiting' | 'performing', row: LogRow, until: number | null, memo: Data): void {
  journal.state.position.phase = phase;
  journal.state.position.open = { seq: row.seq, stepId: row.stepId, visit: row.visit, attempt: row.attempt, startedAt: row.startedAt, until, memo };
}

function edge(step: ProgramStep, outcome: string): Target {
  const target = step.edges[outcome] ?? step.edges['next'];
  if (!target) throw new Error(`Step "${step.id}" left by "${outcome}", but has no such edge. The version was compiled by an older build: publish it again.`);
  return target;
}

/** What the log shows of a request: bodies stay in the ledger. */
function summary(request: Data): Data {
  const { html: _html, text: _text, headers: _headers, body, ...rest } = request;
  return 'url' in request ? rest : body === undefined ? rest : { ...rest, body };
}
