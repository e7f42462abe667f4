import type { Scope } from '../../templates/scope.ts';
import { isMissing } from '../values.ts';
import type { Operand } from './operands.ts';

/** One operator of a field condition: `{ field, operator, value }`. */
export interface OperatorDefinition {
  name: string;
  aliases: string[];
  /** What it means, in one line, for the catalogue and the docs. */
  summary: string;
  /** What its `value` may be, checked when a workflow is published. */
  operand: Operand;
  /** The verdict when the field, or the value that it is compared with, is missing; `ask` leaves it to `holds`. */
  missing: boolean | 'ask';
  /** @param field the path as written, for operators that look at the event that changed it */
  holds(actual: unknown, expected: unknown, scope: Scope, field?: string): boolean;
}

type Given = Omit<OperatorDefinition, 'aliases' | 'missing'> & Partial<Pick<OperatorDefinition, 'aliases' | 'missing'>>;

/** Declares an operator. Unless it says otherwise it is false for a missing value, and its `holds` never sees one. */
export function defineOperator(given: Given): OperatorDefinition {
  const missing = given.missing ?? false;
  return {
    aliases: [],
    ...given,
    missing,
    holds(actual, expected, scope, field) {
      if (missing !== 'ask' && (isMissing(actual) || (given.operand.name !== 'none' && isMissing(expected)))) return missing;
      return given.holds(actual, expected, scope, field);
    },
  };
}
