import { MAX_STEPS, MAX_VISITS } from './advance.ts';
import { onCycles, reachedFrom } from './program-graph.ts';
import type { Program } from './program.ts';
import type { Assets, Channel, EnrollmentStatus, Location } from './state.ts';
import { waysOut, type Arrival, type Way } from './ways-out.ts';

export interface ExploreInput {
  program: Program;
  assets: Assets;
  location: Location;
  /** Journey ms at which every path starts. */
  start: number;
}

/** One way through a workflow, from its entry. */
export interface Walk {
  /** Ids of the steps entered, in order. */
  path: string[];
  ms: number;
}

export interface PlannedMessage {
  stepId: string;
  channel: Channel;
  at: number;
}

/** How a run can end where nothing fails, with the path on which that was found first. */
export interface ReachedEnd {
  status: Exclude<EnrollmentStatus, 'active'>;
  reason: string | null;
  path: string[];
}

export interface Exploration {
  /** False when there are more paths than were walked: `longest` and `mostMessages` are then the worst that was found. */
  complete: boolean;
  /** Steps entered on all walks together. */
  walked: number;
  /** Steps of the file that no path reaches. */
  unreached: string[];
  /** The path that takes longest, each wait at its full length. */
  longest: Walk;
  /** Steps at which a run may wait for ever: a goal or an event without a timeout. */
  openEnded: string[];
  /** Steps that a path enters 25 times, after which the run fails with `loop_limit`. */
  loopLimited: string[];
  /** In the order in which they were found. */
  ends: ReachedEnd[];
  /** The most messages and calls that one contact can get within 24 hours. */
  mostMessages: { count: number; path: string[]; messages: PlannedMessage[] };
}

const DAY_MS = 86_400_000;
/** Steps entered before the walk gives up: a year of any sane journey is a few hundred. */
const BUDGET = 40_000;

/** Where a walk stands. Walks share their beginnings, so what is behind is a list that grows at its head. */
interface Stand {
  stepId: string;
  arrival: Arrival;
  now: number;
  taken: number;
  /** Goals that were reached: they draw no more. */
  goals: string[];
  visits: Map<string, number>;
  trail: Trail | null;
  sent: Sent | null;
}
interface Trail {
  stepId: string;
  before: Trail | null;
}
interface Sent extends PlannedMessage {
  before: Sent | null;
}

/**
 * Walks every path of a program: both arms of each branch, each timeout, what waits ending at once and at the last moment, exit rules that hold at any time, goals
 * that draw the run to themselves. The steps themselves say how long they take and what they send. Two walks that stand at the same step with the same past in
 * front of them are walked on once. Pure and bounded.
 */
export function explore(input: ExploreInput): Exploration {
  const { program, start } = input;
  const entry = 'stepId' in program.entry ? program.entry.stepId : null;
  const reached = reachedFrom(program, entry);
  const survey: Survey = {
    input, cyclic: onCycles(program), seen: new Set(), walked: 0, ends: new Map(),
    longest: { path: [], ms: 0 }, mostMessages: { count: 0, path: [], messages: [] }, openEnded: new Set(), loopLimited: new Set(),
  };
  const first: Stand[] = entry === null ? [] : [{ stepId: entry, arrival: 'plain', now: start, taken: 0, goals: [], visits: new Map(), trail: null, sent: null }];
  // The longest path is found by lingering, the densest day by hurrying: each order has half of the budget.
  const lingered = walk(survey, first, (a, b) => a.now - b.now);
  if (!lingered) survey.seen.clear();
  const complete = lingered || walk(survey, first, (a, b) => b.now - a.now);
  const { walked, longest, mostMessages } = survey;
  return {
    complete, walked, longest, mostMessages, ends: [...survey.ends.values()], unreached: program.order.filter((id) => !reached.has(id)),
    openEnded: program.order.filter((id) => survey.openEnded.has(id)), loopLimited: program.order.filter((id) => survey.loopLimited.has(id)),
  };
}

interface Survey extends Pick<Exploration, 'walked' | 'longest' | 'mostMessages'> {
  input: ExploreInput;
  /** Steps that a walk can come back to: only of these the visits matter. */
  cyclic: Set<string>;
  seen: Set<string>;
  openEnded: Set<string>;
  loopLimited: Set<string>;
  ends: Map<string, ReachedEnd>;
}

type Order = (a: Stand, b: Stand) => number;

/** Depth first; what sorts last is walked first. False when the budget ran out. */
function walk(survey: Survey, first: Stand[], order: Order): boolean {
  const stack = [...first];
  const until = survey.walked + BUDGET / 2;
  for (let stand = stack.pop(); stand; stand = stack.pop()) {
    if (survey.walked >= until) return false;
    survey.walked += 1;
    stack.push(...comeTo(survey, stand).toSorted(order).filter((next) => isNew(survey, next)));
  }
  return true;
}

function isNew({ seen }: Survey, stand: Stand): boolean {
  const key = keyOf(stand);
  return !seen.has(key) && seen.add(key).size > 0;
}

/** Comes to one step, as far as the run's age and the exit rules let it: gives where it goes from there. Whom a goal has drawn looks at nothing on the way. */
function comeTo(survey: Survey, stand: Stand): Stand[] {
  const { trail, now, arrival } = stand;
  if (arrival === 'drawn') return enter(survey, stand);
  if (tooOld(survey, now)) {
    end(survey, { status: 'exited', reason: 'max_run_age' }, trail, now);
    return [];
  }
  exits(survey, trail, (on) => on === null);
  return [...drawn(survey, stand), ...enter(survey, stand)];
}

/** Enters one step: gives where its ways lead, and the goals that it may be interrupted by. */
function enter(survey: Survey, stand: Stand): Stand[] {
  const { input } = survey;
  const { stepId, now, arrival } = stand;
  const visits = new Map(stand.visits);
  if (survey.cyclic.has(stepId)) visits.set(stepId, (visits.get(stepId) ?? 0) + 1);
  if ((visits.get(stepId) ?? 0) > MAX_VISITS || stand.taken >= MAX_STEPS) {
    survey.loopLimited.add(stepId);
    arrive(survey, stand.trail, now);
    return [];
  }
  const trail = { stepId, before: stand.trail };
  const { ways, openEnded } = waysOut(input, stepId, now, arrival);
  if (openEnded) survey.openEnded.add(stepId);
  if (openEnded || ways.length === 0) arrive(survey, trail, now);
  const blocks = (way: Way): boolean => way.channel !== null || way.at > now;
  if (openEnded || ways.some(blocks)) exits(survey, trail, () => true);
  const within = { ...stand, visits, trail, taken: stand.taken + 1 };
  return [...(openEnded ? drawn(survey, within) : []), ...ways.flatMap((way) => follow(survey, within, way, blocks(way)))];
}

/** Leaves a step by one of its ways; while it waits or sends, a goal may draw the run away at the last moment. */
function follow(survey: Survey, within: Stand, way: Way, blocks: boolean): Stand[] {
  const { stepId, trail, goals } = within;
  if (way.channel && tooOld(survey, way.sentAt)) {
    end(survey, { status: 'exited', reason: 'max_run_age' }, trail, way.sentAt);
    return [];
  }
  const sent = way.channel ? { stepId, channel: way.channel, at: way.sentAt, before: within.sent } : within.sent;
  if (way.channel) count(survey, sent!, trail!);
  const after: Stand = { ...within, now: way.at, sent, goals: way.reaches ? [...new Set([...goals, stepId])].sort() : goals };
  const interrupted = blocks ? drawn(survey, after) : [];
  if ('stepId' in way.target) return [...interrupted, { ...after, stepId: way.target.stepId, arrival: way.arrival }];
  exits(survey, trail, (on) => on === null);
  end(survey, way.target.end, trail, way.at);
  return interrupted;
}

/** The goals that may draw the run away from where it stands. */
function drawn({ input: { program } }: Survey, stand: Stand): Stand[] {
  const drawing = program.magnets.filter(({ stepId, from }) => stepId !== stand.stepId && from.has(stand.stepId) && !stand.goals.includes(stepId));
  return drawing.map(({ stepId }) => ({ ...stand, stepId, arrival: 'drawn' as const }));
}

/** Notes the exit rules that may end a run here. */
function exits(survey: Survey, trail: Trail | null, concerns: (on: string | null) => boolean): void {
  for (const { on, status, reason } of survey.input.program.exitConditions) if (concerns(on)) noteEnd(survey, { status, reason }, trail);
}

const tooOld = ({ input: { program: { settings }, start } }: Survey, now: number): boolean => settings.maxRunAgeMs !== null && now - start > settings.maxRunAgeMs;

function end(survey: Survey, ending: Omit<ReachedEnd, 'path'>, trail: Trail | null, now: number): void {
  noteEnd(survey, ending, trail);
  arrive(survey, trail, now);
}

function noteEnd({ ends }: Survey, { status, reason }: Omit<ReachedEnd, 'path'>, trail: Trail | null): void {
  const key = `${status} ${reason}`;
  if (!ends.has(key)) ends.set(key, { status, reason, path: pathOf(trail) });
}

/** All that a walk's future depends on. */
function keyOf({ stepId, arrival, now, visits, goals, sent }: Stand): string {
  const recent: string[] = [];
  for (let one = sent; one && one.at > now - DAY_MS; one = one.before) recent.push(`${one.at}`);
  return `${stepId} ${arrival} ${now} ${goals.join(',')} ${[...visits].sort().join(';')} ${recent.join(',')}`;
}

function arrive(survey: Survey, trail: Trail | null, now: number): void {
  const ms = now - survey.input.start;
  if (ms > survey.longest.ms || survey.longest.path.length === 0) survey.longest = { path: pathOf(trail), ms };
}

/** Counts back from a message over the 24 hours before it. */
function count(survey: Survey, last: Sent, trail: Trail): void {
  const messages: PlannedMessage[] = [];
  for (let one: Sent | null = last; one && one.at > last.at - DAY_MS; one = one.before) messages.unshift({ stepId: one.stepId, channel: one.channel, at: one.at });
  if (messages.length > survey.mostMessages.count) survey.mostMessages = { count: messages.length, path: pathOf(trail), messages };
}

function pathOf(trail: Trail | null): string[] {
  const path: string[] = [];
  for (let at = trail; at; at = at.before) path.push(at.stepId);
  return path.reverse();
}
