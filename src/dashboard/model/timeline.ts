import type { EnrollmentStatus, JourneyStepFragment, WatchEnrollmentSubscription } from '../../generated/operations/graphql.ts';
import { edgeIdOf } from './live-canvas.ts';

export type JourneyEvent = WatchEnrollmentSubscription['enrollmentEvents'];

/** One contact's way so far. */
export interface Timeline {
  /** Ascending by seq, each once. */
  steps: readonly JourneyStepFragment[];
  status: EnrollmentStatus;
  exitReason: string | null;
  /** What was tracked of a step's message after the page was opened: `opened`, `clicked` … by step id. */
  facts: ReadonlyMap<string, readonly string[]>;
}

/** What was read anew is newer than what was heard before; what was tracked meanwhile stays. */
export function withRead(timeline: Timeline | null, read: Pick<Timeline, 'steps' | 'status' | 'exitReason'>): Timeline {
  const known = timeline?.steps.filter(({ seq }) => !read.steps.some((step) => step.seq === seq)) ?? [];
  return { ...read, steps: [...known, ...read.steps].sort((a, b) => a.seq - b.seq), facts: timeline?.facts ?? new Map() };
}

/** A replayed event changes nothing: a step is known by its seq, a fact by its name. */
export function withEvent(timeline: Timeline, event: JourneyEvent): Timeline {
  const { __typename: kind } = event;
  if (kind === 'StatusChanged') return { ...timeline, status: event.status, exitReason: event.exitReason };
  if (kind === 'TrackingFact') return { ...timeline, facts: withFact(timeline.facts, event.stepKey, event.name) };
  return event.log ? { ...timeline, steps: withStep(timeline.steps, event.log) } : timeline;
}

/** A row that ended is not begun again by what was told late. */
function withStep(steps: readonly JourneyStepFragment[], step: JourneyStepFragment): readonly JourneyStepFragment[] {
  const known = steps.find(({ seq }) => seq === step.seq);
  if (known && known.completedAt !== null && step.completedAt === null) return steps;
  return [...steps.filter(({ seq }) => seq !== step.seq), step].sort((a, b) => a.seq - b.seq);
}

function withFact(facts: Timeline['facts'], stepKey: string, name: string): Timeline['facts'] {
  const known = facts.get(stepKey) ?? [];
  return known.includes(name) ? facts : new Map([...facts, [stepKey, [...known, name]]]);
}

/**
 * The steps and edges that a contact has taken, for the canvas to light up.
 * @param entry the edges by which it may have come in.
 */
export function pathOf(steps: readonly JourneyStepFragment[], entry: readonly string[]): { steps: ReadonlySet<string>; edges: ReadonlySet<string> } {
  const taken = steps.flatMap(({ stepKey, outcome }) => (outcome === null ? [] : [edgeIdOf({ from: stepKey, outcome })]));
  return { steps: new Set(steps.map(({ stepKey }) => stepKey)), edges: new Set([...entry, ...taken]) };
}
