import type { Scope } from '../../templates/scope.ts';
import { isMissing, sameValue } from '../values.ts';
import { defineOperator, type OperatorDefinition } from './define-operator.ts';
import { any, none } from './operands.ts';

interface Change {
  from?: unknown;
  to?: unknown;
}

/** What the event says became of a field: `{ field, from, to }` or `{ changes: { field: { from, to } } }`; null when it did not change. */
function changeOf(field: string, scope: Scope): Change | null {
  const name = field.replace(/^\s*\{\{\s*|\s*\}\}\s*$/g, '').replace(/^contact\./, '');
  const data = scope.event?.data ?? {};
  const change = data['field'] === name ? data : own(data['changes'], name);
  if (change === null || typeof change !== 'object') return null;
  const { from, to }: Change = change;
  const told = 'from' in change && 'to' in change;
  const same = told && ((isMissing(from) && isMissing(to)) || sameValue(from, to, scope.zone));
  return same ? null : { from, to };
}

function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : null;
}

export const changeOperators: OperatorDefinition[] = [
  defineOperator({
    name: 'changed',
    summary: 'The event that is looked at changed this field.',
    operand: none,
    missing: 'ask',
    holds: (_actual, _expected, scope, field = '') => changeOf(field, scope) !== null,
  }),
  defineOperator({
    name: 'changed_to',
    summary: 'The event that is looked at changed this field to exactly this value.',
    operand: any,
    missing: 'ask',
    holds(_actual, expected, scope, field = '') {
      const change = changeOf(field, scope);
      return change !== null && sameValue(change.to, expected, scope.zone);
    },
  }),
];
