import type { Scope } from '../../templates/scope.ts';
import { sameValue } from '../values.ts';
import { defineOperator, type OperatorDefinition } from './define-operator.ts';
import { list } from './operands.ts';

/** A single value counts as a list of one. */
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const has = (items: unknown[], wanted: unknown, { zone }: Scope): boolean => items.some((item) => sameValue(item, wanted, zone));
const isIn = (actual: unknown, expected: unknown, scope: Scope): boolean => has(asList(expected), actual, scope);
const shares = (actual: unknown, expected: unknown, scope: Scope): boolean => asList(expected).some((wanted) => has(asList(actual), wanted, scope));

export const listOperators: OperatorDefinition[] = [
  defineOperator({ name: 'in', summary: 'The value is one of a list, exactly.', operand: list, holds: isIn }),
  defineOperator({ name: 'not_in', summary: 'The value is none of a list; true for a missing one.', operand: list, missing: true, holds: (a, e, scope) => !isIn(a, e, scope) }),
  defineOperator({ name: 'any_of', summary: 'The list has at least one of these.', operand: list, holds: shares }),
  defineOperator({ name: 'all_of', summary: 'The list has all of these.', operand: list, holds: (a, e, scope) => asList(e).every((wanted) => has(asList(a), wanted, scope)) }),
  defineOperator({ name: 'none_of', summary: 'The list has none of these; true for a missing one.', operand: list, missing: true, holds: (a, e, scope) => !shares(a, e, scope) }),
];
