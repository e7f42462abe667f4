import { checkConditions } from '../../conditions/check.ts';
import { conditionListsOf } from './condition-lists.ts';
import type { LintRule } from './rule.ts';

export const conditions: LintRule = {
  id: 'condition_value',
  severity: 'error',
  docs: 'A condition that can never hold: a value or a field of a kind that its operator cannot compare, a field that does not exist (`condition_value`, `unknown_variable`).',
  example: `- { id: rich, type: condition, config: { if: { field: custom_fields.score, operator: greater_than, value: plenty }, then: end } }`,
  check: ({ definition }) =>
    conditionListsOf(definition).flatMap(({ value, path }) =>
      checkConditions(value, path)
        .filter(({ kind }) => kind === 'reference')
        .map(({ rule, message, hint, path: place }) => ({ rule, message, hint, path: place })),
    ),
};
