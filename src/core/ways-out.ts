import type { ExploreInput } from './explore.ts';
import { openJournal } from './journal.ts';
import { heldQuiet } from './quiet.ts';
import type { ProgramStep, Target } from './program.ts';
import { newRunState, type Channel, type Contact, type OpenStep, type Run, type Scene } from './state.ts';
import type { Moment, StepDefinition } from './steps/define-step.ts';
import { findStep } from './steps/index.ts';
import { attempt, type Verdict } from './verdict.ts';

/** How a run comes to a step: to take it, to pass it over (`on_past: skip_next`), or drawn to it as to a goal that it has reached. */
export type Arrival = 'plain' | 'passed' | 'drawn';

/** One way to leave a step: where to, and when at the earliest or latest. */
export interface Way {
  target: Target;
  /** How the next step is come to. */
  arrival: Arrival;
  at: number;
  /** True when the step is a goal that is reached by it. */
  reaches: boolean;
  /** The message or call that the step made, if it made one. */
  channel: Channel | null;
  sentAt: number;
}

/** A step may put off what it does (quiet hours); more often than this is no plan. */
const MOST_PARKS = 10;

/** Every way out of a step that is come to at `now`, by somebody who can be reached everywhere. The step itself is asked; what depends on the contact goes both ways. */
export function waysOut(input: ExploreInput, stepId: string, now: number, arrival: Arrival): { ways: Way[]; openEnded: boolean } {
  const step = input.program.steps.get(stepId);
  const kind = step && findStep(step.type);
  if (!step || !kind) return { ways: [], openEnded: false };
  const sole = arrival === 'passed' ? 'next' : arrival === 'drawn' ? kind.magnet(step.config) : null;
  if (sole !== null) return { ways: leave(step, sole, { at: now, channel: null, sentAt: now }), openEnded: false };
  const taken = waysThrough(input, step, kind, now + kind.delay(step.config));
  return { ...taken, ways: [...guardWays(step, now), ...taken.ways] };
}

/** Every way out of a step that is entered and taken. */
function waysThrough(input: ExploreInput, step: ProgramStep, kind: StepDefinition, entered: number): { ways: Way[]; openEnded: boolean } {
  const { verdict, at, parked } = resolve(input, step, kind, entered);
  const channel = verdict.kind === 'perform' && verdict.channel !== 'webhook' ? verdict.channel : null;
  const by = (outcome: string, moment: number, arrival: Arrival = 'plain'): Way[] => leave(step, outcome, { at: moment, channel, sentAt: at }, arrival);
  // A step that may end the run and has ways on as well goes both: a date that is past for this somebody is to come for another.
  const ended: Way[] =
    verdict.kind === 'finish' ? [{ target: { end: { status: verdict.status, reason: verdict.reason } }, arrival: 'plain', reaches: false, at, channel: null, sentAt: at }] : [];
  const passing = verdict.kind === 'proceed' && verdict.skipNext !== undefined ? by(verdict.outcome, at, 'passed') : [];
  const openEnded = verdict.kind === 'park';
  const timed = parked && verdict.kind === 'proceed' ? verdict.outcome : null;
  const ways = kind.possible(step.config).flatMap((outcome) => {
    if (outcome === timed) return by(outcome, at);
    return parked ? [...by(outcome, entered), ...(openEnded ? [] : by(outcome, at))] : by(outcome, at);
  });
  return { ways: [...ended, ...passing, ...ways], openEnded };
}

function leave(step: ProgramStep, outcome: string, way: Pick<Way, 'at' | 'channel' | 'sentAt'>, arrival: Arrival = 'plain'): Way[] {
  const target = step.edges[outcome] ?? step.edges['next'];
  return target ? [{ target, arrival, reaches: findStep(step.type)?.magnet(step.config) === outcome, ...way }] : [];
}

/** Past a guard that does not hold, and behind a failure or to its handler. */
function guardWays(step: ProgramStep, now: number): Way[] {
  const skipped = step.if === null && step.onError !== 'continue' ? undefined : step.edges['next'];
  const handler = typeof step.onError === 'string' ? undefined : step.onError;
  return [skipped, handler].flatMap((target) => (target ? [{ target, arrival: 'plain' as const, reaches: false, at: now, channel: null, sentAt: now }] : []));
}

/** Enters a step and lets its timers come due until it wants something else than to wait. A wait without an end stays a `park`. */
function resolve(input: ExploreInput, step: ProgramStep, kind: StepDefinition, entered: number): { verdict: Verdict; at: number; parked: boolean } {
  let at = entered;
  const enter = (): Verdict => {
    const moment = momentOf(input, at);
    const wanted = attempt(() => kind.enter(step, moment)); // one that cannot decide for somebody made up goes every way at once
    return wanted.kind === 'perform' ? (heldQuiet({ moment }, wanted.channel) ?? wanted) : wanted;
  };
  let verdict = enter();
  let parked = false;
  for (let times = 0; verdict.kind === 'park' && verdict.until !== null && times < MOST_PARKS; times++) {
    const putOff = verdict.memo?.['delay'] === true; // by quiet hours: it is entered again, and can be left no sooner
    parked ||= !putOff && verdict.until > at;
    at = Math.max(at, verdict.until);
    const open: OpenStep = { seq: 1, stepId: step.id, visit: 1, attempt: 1, startedAt: entered, until: verdict.until, memo: verdict.memo ?? {} };
    verdict = putOff ? enter() : attempt(() => kind.wake(step, momentOf(input, at), open));
  }
  return { verdict, at, parked: parked || verdict.kind === 'park' };
}

function momentOf({ program, assets, location, start }: ExploreInput, now: number): Moment {
  const run: Run = { id: 'exploration', contactId: ANYBODY.id, workflowId: 'exploration', enrolledAt: start, trigger: {}, depth: 0, state: newRunState() };
  const scene: Scene = { now, contact: ANYBODY, workflow: { id: run.workflowId, name: program.name }, location, assets, paused: false };
  return openJournal(program, run, scene).moment;
}

const ANYBODY: Contact = {
  id: 'anybody', revision: 1, first_name: 'Any', last_name: 'Body', email: 'anybody@example.com', phone: '+15555550100', timezone: null,
  tags: [], custom_fields: {}, consent: {}, created_at: 0, updated_at: 0,
};
