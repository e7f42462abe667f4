import { advance } from './advance.ts';
import { readAsk, simulatedAnswers } from './asks.ts';
import { pastEvent, type PastEvent } from './conditions/recall.ts';
import type { Program } from './program.ts';
import { scripted, type ScriptedEvent } from './scripted-event.ts';
import { answerRule, performEffect, PROVIDER_ANSWERS, type AnswerRule } from './simulated-providers.ts';
import {
  newRunState,
  type Assets,
  type CausedEvent,
  type Contact,
  type ContactEvent,
  type Data,
  type Effect,
  type EffectOutcome,
  type Input,
  type Location,
  type LogRow,
  type Run,
  type Scene,
  type Transition,
} from './state.ts';

/** What a simulation starts from. `start` is journey ms; `initial` seeds `enrollment.<name>`. */
export interface SimulationInput {
  program: Program;
  contact: Contact;
  events: ScriptedEvent[];
  start: number;
  location: Location;
  assets: Assets;
  initial?: Data;
  /** What `{{trigger.…}}` reads. */
  trigger?: Data;
  /** The workflow's id: the draw of an A/B split depends on it. */
  workflowId?: string;
  /** The virtual clock stops here; 5 years unless said. */
  maxDays?: number;
}

export interface SimulatedSend {
  stepId: string;
  channel: Effect['channel'];
  to: string;
  subject: string | null;
  message: string | null;
  /** What an e-mail says, as text or else as HTML. */
  body: string | null;
  at: number;
}

export interface Simulation {
  status: 'active' | 'completed' | 'exited' | 'failed';
  exitReason: string | null;
  /** Ids of the steps visited, in order, skipped ones left out. */
  path: string[];
  sent: SimulatedSend[];
  log: LogRow[];
  startedAt: number;
  endedAt: number;
  /** For a run that is still active: the step that it stands at, and until when. */
  waitingFor: { stepId: string; until: number | null } | null;
  contact: Contact;
  /** What each step left behind: `steps.<id>`. */
  steps: Record<string, Data>;
}

/** A run's id is a uuid, also where nothing is written. */
const SIMULATED = '00000000-0000-4000-8000-000000000000';
const DAY_MS = 86_400_000;

/** One run under a virtual clock. Everything that the engine's rows hold stands here in memory. */
interface Stage {
  input: SimulationInput;
  run: Run;
  contact: Contact;
  now: number;
  timer: { at: number; input: Input } | null;
  script: { at: number; event: ScriptedEvent }[];
  answers: AnswerRule[];
  /** The contact is gone. */
  deleted: boolean;
  log: Map<number, LogRow>;
  sent: SimulatedSend[];
  /** All that happened to the contact so far. */
  history: PastEvent[];
  count: number;
}

/**
 * Runs a definition against one contact with the production interpreter: a virtual clock that jumps from event to event,
 * providers that send nothing and accept at once unless the script says otherwise, no row anywhere. Pure: the same input gives the same trace.
 */
export function simulate(input: SimulationInput): Simulation {
  const stage = setStage(input);
  play(stage, [{ kind: 'start' }]);
  const horizon = input.start + (input.maxDays ?? 1_826) * DAY_MS;
  for (let next = nextMoment(stage); next !== null && next <= horizon && stage.run.state.status === 'active'; next = nextMoment(stage)) {
    stage.now = next;
    play(stage, dueInputs(stage));
  }
  return traceOf(stage);
}

function setStage(input: SimulationInput): Stage {
  const workflowId = input.workflowId ?? 'simulation';
  const run: Run = { id: SIMULATED, contactId: input.contact.id, workflowId, enrolledAt: input.start, trigger: input.trigger ?? {}, depth: 0, state: newRunState(input.initial) };
  const timed = input.events.map((event) => ({ at: input.start + event.afterMs, event })).toSorted((a, b) => a.at - b.at);
  const script = timed.filter(({ event }) => event.type !== PROVIDER_ANSWERS);
  const answers = timed.filter(({ event }) => event.type === PROVIDER_ANSWERS).map(({ at, event }) => answerRule(at, event.data));
  return { input, run, contact: input.contact, now: input.start, timer: null, script, answers, deleted: false, log: new Map(), sent: [], history: [], count: 0 };
}

/** Advances with the inputs, then with whatever they caused at this same moment: outcomes of sends, events of steps. */
function play(stage: Stage, inputs: Input[]): void {
  for (let pending = inputs; pending.length > 0; ) {
    const transition = advance(stage.input.program, stage.run, pending, sceneOf(stage));
    pending = take(stage, transition);
  }
}

function sceneOf(stage: Stage): Scene {
  const { input, run, contact, now } = stage;
  return {
    now,
    contact,
    workflow: { id: run.workflowId, name: input.program.name },
    location: input.location,
    assets: input.assets,
    paused: false,
    history: input.program.recalls.length > 0 ? stage.history : undefined,
  };
}

/** Does in memory what a commit does in the database. Gives the inputs that follow at once. */
function take(stage: Stage, transition: Transition): Input[] {
  stage.run = { ...stage.run, state: transition.state };
  stage.contact = transition.contact ?? stage.contact;
  for (const row of transition.logs) stage.log.set(row.seq, merge(stage.log.get(row.seq), row));
  if (transition.cancelTimers) stage.timer = null;
  const { timer, effect } = transition;
  if (timer) stage.timer = { at: timer.at, input: { kind: 'timer', stepId: timer.stepId, visit: timer.visit } };
  const caused = transition.events.map((event) => hear(stage, event));
  return effect ? [...perform(stage, effect), ...caused] : caused;
}

/** A row that was begun earlier keeps its beginning. */
function merge(before: LogRow | undefined, row: LogRow): LogRow {
  return before && !row.began ? { ...row, began: true, input: row.input ?? before.input, decision: row.decision ?? before.decision } : row;
}

/** The run hears what it causes; what it asks of other workflows is answered at once. */
function hear(stage: Stage, { type, data, depth }: CausedEvent): Input {
  const ask = readAsk({ type, data });
  if (!ask) return { kind: 'event', event: eventOf(stage, type, data, depth) };
  stage.count += 1;
  const { stepId, visit } = ask.asker;
  return { kind: 'outcome', stepId, visit, attempt: 1, outcome: simulatedAnswers[ask.kind](`simulated-enrollment-${stage.count}`) };
}

/** What a deleted contact's messages come to at the gate. */
const UNDELIVERED: { outcome: EffectOutcome; attempt: number } = { outcome: { status: 'skipped', reason: 'The contact was deleted before this left.' }, attempt: 1 };

/** Calls the provider. `sent` tells what one accepted. */
function perform(stage: Stage, effect: Effect): Input[] {
  const { stepId, visit, channel, request } = effect;
  const done = stage.deleted ? UNDELIVERED : performEffect(effect, stage.answers, stage.now);
  if (done === null) return [];
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  if (done.outcome.status === 'accepted') stage.sent.push({
    stepId,
    channel,
    to: text(request['to'] ?? request['url']) ?? '',
    subject: text(request['subject']),
    message: text(request['body'] ?? request['say']),
    body: text(request['text'] ?? request['html']),
    at: stage.now,
  });
  return [{ kind: 'outcome', stepId, visit, ...done }];
}

function eventOf(stage: Stage, type: string, data: Data, depth: number): ContactEvent {
  stage.count += 1;
  const event: ContactEvent = { id: `event-${stage.count}`, type, contactId: stage.contact.id, at: stage.now, data, source: 'simulation', depth };
  const past = pastEvent(event);
  if (past) stage.history.push(past);
  return event;
}

function nextMoment(stage: Stage): number | null {
  const moments = [stage.timer?.at, stage.script[0]?.at].filter((at) => at !== undefined);
  return moments.length === 0 ? null : Math.max(stage.now, Math.min(...moments));
}

/** What is due now: the script's events before a timer of the same moment, as the mailbox would hold them. */
function dueInputs(stage: Stage): Input[] {
  const next = stage.script[0];
  if (next && next.at <= stage.now) {
    stage.script.shift();
    const lastSms = stage.sent.findLast(({ channel }) => channel === 'sms')?.stepId;
    const { contact, events, deleted = false } = scripted(next.event, stage.contact, stage.run, lastSms);
    stage.contact = contact;
    stage.deleted ||= deleted;
    return events.map(({ type, data }): Input => ({ kind: 'event', event: eventOf(stage, type, data, 0) }));
  }
  const { timer } = stage;
  stage.timer = null;
  return timer ? [timer.input] : [];
}

function traceOf(stage: Stage): Simulation {
  const { state } = stage.run;
  const log = [...stage.log.values()].toSorted((a, b) => a.seq - b.seq);
  const { open } = state.position;
  return {
    status: state.status,
    exitReason: state.exitReason,
    path: log.filter(({ status }) => status !== 'skipped').map(({ stepId }) => stepId),
    sent: stage.sent,
    log,
    startedAt: stage.input.start,
    endedAt: stage.now,
    waitingFor: state.status === 'active' && open ? { stepId: open.stepId, until: open.until } : null,
    contact: stage.contact,
    steps: state.data.steps,
  };
}
