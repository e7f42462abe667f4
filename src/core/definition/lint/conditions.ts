import { checkConditions } from '../../conditions/check.ts';
import { isRecord } from '../definition.ts';
import type { Definition, Path } from '../definition.ts';
import type { LintRule } from './rule.ts';

/** Keys that hold a condition list, wherever they stand in a config. */
const KEYS = new Set(['if', 'condition']);

export const conditions: LintRule = {
  id: 'condition_value',
  severity: 'error',
  docs: 'A condition that can never hold: a value of a kind that its operator cannot compare, a field that does not exist (`condition_value`, `unknown_variable`).',
  check: ({ definition }) =>
    conditionsOf(definition).flatMap(({ value, path }) =>
      checkConditions(value, path)
        .filter(({ kind }) => kind === 'reference')
        .map(({ rule, message, hint, path: place }) => ({ rule, message, hint, path: place })),
    ),
};

function conditionsOf(definition: Definition): { value: unknown; path: Path }[] {
  return [
    ...definition.triggers.map(({ filters, path }) => ({ value: filters, path: [...path, 'filters'] })),
    ...definition.exitConditions.map((rule) => ({ value: rule.if, path: [...rule.path, 'if'] })),
    ...definition.steps.flatMap((step) => [{ value: step.if, path: [...step.path, 'if'] }, ...search(step.written, [...step.path, 'config'])]),
  ].filter(({ value }) => value !== null && !(Array.isArray(value) && value.length === 0));
}

function search(value: unknown, path: Path): { value: unknown; path: Path }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => search(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => (KEYS.has(key) ? [{ value: item, path: [...path, key] }] : search(item, [...path, key])));
}
