import { isMissing } from '../values.ts';
import { defineOperator, type OperatorDefinition } from './define-operator.ts';
import { none } from './operands.ts';

function isEmpty(value: unknown): boolean {
  if (isMissing(value) || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

export const presenceOperators: OperatorDefinition[] = [
  defineOperator({ name: 'is_set', summary: 'There is a value, even an empty one.', operand: none, holds: () => true }),
  defineOperator({ name: 'is_not_set', summary: 'There is no value.', operand: none, missing: true, holds: () => false }),
  defineOperator({ name: 'is_empty', summary: 'There is no value, or it is empty text or an empty list.', operand: none, missing: true, holds: isEmpty }),
  defineOperator({ name: 'is_not_empty', summary: 'There is a value, and it is no empty text or list.', operand: none, holds: (actual) => !isEmpty(actual) }),
  defineOperator({ name: 'is_true', summary: 'The value is true.', operand: none, holds: (actual) => actual === true || actual === 'true' }),
  defineOperator({ name: 'is_false', summary: 'The value is false; a missing one is not.', operand: none, holds: (actual) => actual === false || actual === 'false' }),
];
