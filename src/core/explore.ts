import { MAX_STEPS, MAX_VISITS } from './advance.ts';
import { onCycles, reachedFrom } from './program-graph.ts';
import type { Program } from './program.ts';
import type { Assets, Channel, Location } from './state.ts';
import { waysOut, type Way } from './ways-out.ts';

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
  /** The most messages and calls that one contact can get within 24 hours. */
  mostMessages: { count: number; path: string[]; messages: PlannedMessage[] };
}

const DAY_MS = 86_400_000;
/** Steps entered before the walk gives up: a year of any sane journey is a few hundred. */
const BUDGET = 40_000;

/** Where a walk stands. Walks share their beginnings, so what is behind is a list that grows at its head. */
interface Stand {
  stepId: string;
  now: number;
  taken: number;
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
 * Walks every path of a program: both arms of each branch, each timeout, what waits ending at once and at the last moment. The steps themselves say how long
 * they take and what they send. Two walks that stand at the same step with the same past in front of them are walked on once. Pure and bounded.
 */
export function explore(input: ExploreInput): Exploration {
  const { program, start } = input;
  const entry = 'stepId' in program.entry ? program.entry.stepId : null;
  const reached = reachedFrom(program, entry);
  const survey: Survey = {
    input, cyclic: onCycles(program), seen: new Set(), walked: 0,
    longest: { path: [], ms: 0 }, mostMessages: { count: 0, path: [], messages: [] }, openEnded: new Set(), loopLimited: new Set(),
  };
  const first: Stand[] = entry === null ? [] : [{ stepId: entry, now: start, taken: 0, visits: new Map(), trail: null, sent: null }];
  // The longest path is found by lingering, the densest day by hurrying: each order has half of the budget.
  const lingered = walk(survey, first, (a, b) => a.at - b.at);
  if (!lingered) survey.seen.clear();
  const complete = lingered || walk(survey, first, (a, b) => b.at - a.at);
  const { walked, longest, mostMessages } = survey;
  return {
    complete, walked, longest, mostMessages, unreached: program.order.filter((id) => !reached.has(id)),
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
}

/** Depth first; the way that sorts last is walked first. False when the budget ran out. */
function walk(survey: Survey, first: Stand[], order: (a: Way, b: Way) => number): boolean {
  const stack = [...first];
  const until = survey.walked + BUDGET / 2;
  for (let stand = stack.pop(); stand; stand = stack.pop()) {
    if (survey.walked >= until) return false;
    survey.walked += 1;
    stack.push(...enter(survey, stand, order));
  }
  return true;
}

/** Enters one step: gives where its ways lead. */
function enter(survey: Survey, stand: Stand, order: (a: Way, b: Way) => number): Stand[] {
  const { input } = survey;
  const { stepId, now } = stand;
  const visits = new Map(stand.visits);
  if (survey.cyclic.has(stepId)) visits.set(stepId, (visits.get(stepId) ?? 0) + 1);
  if ((visits.get(stepId) ?? 0) > MAX_VISITS || stand.taken >= MAX_STEPS) {
    survey.loopLimited.add(stepId);
    arrive(survey, stand.trail, now);
    return [];
  }
  const trail = { stepId, before: stand.trail };
  const { ways, openEnded } = waysOut(input, stepId, now);
  if (openEnded) survey.openEnded.add(stepId);
  if (openEnded || ways.length === 0) arrive(survey, trail, now);
  return ways.toSorted(order).flatMap((way) => {
    const sent = way.channel ? { stepId, channel: way.channel, at: way.sentAt, before: stand.sent } : stand.sent;
    if (way.channel) count(survey, sent!, trail);
    if ('end' in way.target) {
      arrive(survey, trail, way.at);
      return [];
    }
    const next: Stand = { stepId: way.target.stepId, now: way.at, taken: stand.taken + 1, visits, trail, sent };
    const key = keyOf(next);
    if (survey.seen.has(key)) return [];
    survey.seen.add(key);
    return [next];
  });
}

/** All that a walk's future depends on. */
function keyOf({ stepId, now, visits, sent }: Stand): string {
  const recent: string[] = [];
  for (let one = sent; one && one.at > now - DAY_MS; one = one.before) recent.push(`${one.at}`);
  return `${stepId} ${now} ${[...visits].sort().join(';')} ${recent.join(',')}`;
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
