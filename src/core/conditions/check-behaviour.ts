import { suggest } from '../definition/nearest.ts';
import { durationMs, durationSchema } from '../time/duration.ts';
import { countOperators, MOST_COUNTED } from './behaviour.ts';
import type { ConditionFault } from './condition-fault.ts';
import { findOperator } from './operators/index.ts';

type Path = ConditionFault['path'];

export const BEHAVIOUR_KEYS = ['event', 'step', 'within', 'count'];
const EVENT = /^[A-Za-z][A-Za-z0-9_.:-]{0,49}$/;
const EXAMPLE = 'Write { event: email_opened, step: welcome_email, within: 3d, count: { gte: 1 } }.';

/** What is wrong with a behaviour condition, its unknown keys left aside. Whether its step exists is the linter's to say. */
export function checkBehaviour({ event, step, within, count }: Record<string, unknown>, path: Path): ConditionFault[] {
  return [...checkEvent(event, [...path, 'event']), ...checkStep(step, [...path, 'step']), ...checkWithin(within, [...path, 'within']), ...checkCount(count, [...path, 'count'])];
}

function checkEvent(event: unknown, path: Path): ConditionFault[] {
  if (typeof event === 'string' && EVENT.test(event)) return [];
  return [fault('condition_event', `An event is named by its type, found ${show(event)}.`, `Letters, digits and "_.:-", at most 50. ${EXAMPLE}`, path)];
}

function checkStep(step: unknown, path: Path): ConditionFault[] {
  return step === undefined || (typeof step === 'string' && step !== '') ? [] : [fault('condition_shape', `A step is named by its id, found ${show(step)}.`, EXAMPLE, path)];
}

function checkWithin(within: unknown, path: Path): ConditionFault[] {
  if (within === undefined) return [];
  const read = durationSchema.safeParse(within);
  if (!read.success) return [fault('condition_value', read.error.issues[0]?.message ?? 'This is no duration.', null, path)];
  return durationMs(read.data) > 0 ? [] : [fault('condition_value', 'Nothing happens within no time.', 'Write a duration above 0, such as 3d, or leave "within" out.', path)];
}

function checkCount(count: unknown, path: Path): ConditionFault[] {
  if (count === undefined) return [];
  if (typeof count === 'number') return checkBound('equals', count, path);
  if (typeof count !== 'object' || count === null || Array.isArray(count) || Object.keys(count).length === 0) {
    return [fault('condition_shape', `A count is a number or a comparison, found ${show(count)}.`, 'Write count: 2, count: { gte: 1 } or count: { gte: 2, lt: 5 }.', path)];
  }
  return Object.entries(count).flatMap(([word, bound]) => {
    const name = findOperator(word)?.name;
    const known = name !== undefined && countOperators.includes(name);
    return known
      ? checkBound(name, bound, [...path, word])
      : [fault('unknown_operator', `A count cannot be compared by "${word}".`, suggest(word, countOperators), [...path, word])];
  });
}

function checkBound(operator: string, bound: unknown, path: Path): ConditionFault[] {
  if (typeof bound !== 'number' || !Number.isInteger(bound) || bound < 0 || bound > MOST_COUNTED) {
    return [fault('condition_value', `A count is compared with a whole number from 0 to ${MOST_COUNTED}, found ${show(bound)}.`, null, path)];
  }
  if (operator !== 'less_than' || bound > 0) return [];
  return [{ rule: 'condition_value', kind: 'reference', message: 'Nothing happens less than 0 times, so this never holds.', hint: 'For "not once" write count: 0.', path }];
}

const fault = (rule: string, message: string, hint: string | null, path: Path): ConditionFault => ({ rule, kind: 'structure', message, hint, path });
const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);
