import { isBehaviour, type BehaviourCondition } from '../../conditions/behaviour.ts';
import { findConditions, leavesOf } from '../../conditions/find-conditions.ts';
import type { Definition, Path } from '../definition.ts';

/** A condition list of a definition. `inRun` is false for filters: they are looked at before there is a run. */
export interface ConditionList {
  value: unknown;
  path: Path;
  inRun: boolean;
}

/** Every condition list of a definition, with its place in the source. */
export function conditionListsOf(definition: Definition): ConditionList[] {
  const lists: ConditionList[] = [
    ...definition.triggers.map(({ filters, path }) => ({ value: filters, path: [...path, 'filters'], inRun: false })),
    ...definition.exitConditions.map((rule) => ({ value: rule.if, path: [...rule.path, 'if'], inRun: true })),
    ...definition.steps.flatMap((step) => [
      { value: step.if, path: [...step.path, 'if'], inRun: true },
      ...findConditions(step.written, [...step.path, 'config']).map((found) => ({ ...found, inRun: true })),
    ]),
  ];
  return lists.filter(({ value }) => value !== null && !(Array.isArray(value) && value.length === 0));
}

/** Every behaviour condition of a definition, with its place in the source. */
export function behavioursOf(definition: Definition): { leaf: BehaviourCondition; path: Path; inRun: boolean }[] {
  return conditionListsOf(definition).flatMap(({ value, path, inRun }) => leavesOf(value, path)
    .flatMap((found) => (isBehaviour(found.leaf) ? [{ leaf: found.leaf, path: found.path, inRun }] : [])));
}
