import { printInstant } from '../time/calendar.ts';
import { durationMs } from '../time/duration.ts';
import type { Scope } from '../templates/scope.ts';
import type { OperatorDefinition } from './operators/define-operator.ts';
import { findOperator } from './operators/index.ts';

/** `{ event: email_opened, step: welcome_email, within: 3d, count: { gte: 1 } }`: how often something happened to the contact. */
export interface BehaviourCondition {
  event: string;
  /** Only reports on this enrollment's sends of that step. */
  step?: string;
  /** A duration that ends now; without it the whole history counts. */
  within?: string | number;
  /** A number, or comparisons that must all hold; at least once when left out. */
  count?: number | Record<string, number>;
}

/** The largest number that a count may be compared with: what is read of a contact's history is bounded. */
export const MOST_COUNTED = 1_000;
/** Counts up to this are exact in the log, whatever they are compared with. */
const WELL_COUNTED = 100;

/** The operators that a count may be compared by; their aliases are allowed too. */
export const countOperators = ['equals', 'not_equals', 'greater_than', 'greater_or_equal', 'less_than', 'less_or_equal'];

/** A behaviour condition made ready: aliases resolved, durations read. */
export interface Behaviour {
  event: string;
  step: string | null;
  windowMs: number | null;
  counts: { operator: OperatorDefinition; bound: number }[];
  /** The newest events that are enough to settle the count. */
  most: number;
  /** As a sentence for the log. */
  clause: string;
}

export const isBehaviour = (leaf: object): leaf is BehaviourCondition => 'event' in leaf && typeof leaf.event === 'string';

/** Reads a condition that `checkConditions` let through. */
export function readBehaviour({ event, step, within, count = { greater_or_equal: 1 } }: BehaviourCondition): Behaviour {
  const counts = Object.entries(typeof count === 'number' ? { equals: count } : count).flatMap(([word, bound]) => {
    const operator = findOperator(word);
    return operator === undefined ? [] : [{ operator, bound }];
  });
  // Events about other sends take places of a bounded reading.
  const most = step === undefined ? Math.max(WELL_COUNTED, ...counts.map(({ bound }) => bound + 1)) : MOST_COUNTED + 1;
  const words = [
    event,
    step === undefined ? '' : ` of ${step}`,
    within === undefined ? '' : ` within ${within}`,
    ', count ',
    counts.map(({ operator, bound }) => `${operator.name} ${bound}`).join(' and '),
  ];
  return { event, step: step ?? null, windowMs: within === undefined ? null : durationMs(within), counts, most, clause: words.join('') };
}

/** What was counted, as the log shows it. `at_least` stands beside a count that was cut short. */
export interface Counted {
  count: number;
  last: string | null;
  at_least?: true;
}

/**
 * Counts the events of the scope's history that the condition means, up to the scope's own moment.
 * @throws Error when no history was read for the scope
 */
export function countBehaviour(behaviour: Behaviour, { history, now, zone }: Scope): { verdict: boolean; counted: Counted } {
  if (history === undefined) throw new Error(`A condition asks how often ${behaviour.event} happened, but the contact's history was not read here.`);
  const { event, step, windowMs, counts, most } = behaviour;
  const since = windowMs === null ? -Infinity : now - windowMs;
  const found = history.events.filter((past) => past.type === event && past.at >= since && (step === null || (past.stepId === step && past.enrollmentId === history.enrollmentId)));
  const last = found.reduce((latest, { at }) => Math.max(latest, at), -Infinity);
  const counted: Counted = { count: found.length, last: found.length === 0 ? null : printInstant(last, zone) };
  if (found.length >= most) counted.at_least = true;
  return { verdict: counts.every(({ operator, bound }) => operator.holds(found.length, bound, COUNTING)), counted };
}

/** Comparing whole numbers looks at no scope. */
const COUNTING = { zone: 'UTC' } as Scope;
