import type { Scope } from '../../templates/scope.ts';
import { parseDuration } from '../../time/duration.ts';
import { asInstant } from '../../time/instant.ts';
import { defineOperator, type OperatorDefinition } from './define-operator.ts';
import { duration, moment } from './operands.ts';

function order(actual: unknown, expected: unknown, { zone }: Scope): number {
  const [at, other] = [asInstant(actual, zone), asInstant(expected, zone)];
  return at === null || other === null ? NaN : at - other;
}

/** How many milliseconds `actual` lies ahead of now; NaN when it is no moment. */
const ahead = (actual: unknown, scope: Scope): number => (asInstant(actual, scope.zone) ?? NaN) - scope.now;

/** The length of a duration; NaN for a rendered value that is none, so that nothing lies within it. */
function lengthOf(expected: unknown): number {
  try {
    return parseDuration(String(expected));
  } catch {
    return NaN;
  }
}

export const dateOperators: OperatorDefinition[] = [
  defineOperator({ name: 'before', summary: 'An earlier date.', operand: moment, holds: (a, e, scope) => order(a, e, scope) < 0 }),
  defineOperator({ name: 'after', summary: 'A later date.', operand: moment, holds: (a, e, scope) => order(a, e, scope) > 0 }),
  defineOperator({
    name: 'within_last',
    summary: 'A date from so long ago until now.',
    operand: duration,
    holds: (a, e, scope) => ahead(a, scope) <= 0 && -ahead(a, scope) <= lengthOf(e),
  }),
  defineOperator({
    name: 'within_next',
    summary: 'A date from now until so far ahead.',
    operand: duration,
    holds: (a, e, scope) => ahead(a, scope) >= 0 && ahead(a, scope) <= lengthOf(e),
  }),
];
