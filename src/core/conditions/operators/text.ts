import { matchesPattern } from '../pattern.ts';
import { sameValue } from '../values.ts';
import { defineOperator, type OperatorDefinition } from './define-operator.ts';
import { any, pattern, scalar, text } from './operands.ts';

type TextTest = (text: string, part: string) => boolean;

/** A test of text without regard to case; false for what is no text. */
const folded = (test: TextTest) => (actual: unknown, expected: unknown): boolean =>
  typeof actual === 'string' && (typeof expected === 'string' || typeof expected === 'number') && test(actual.toLowerCase(), String(expected).toLowerCase());

const includes = folded((whole, part) => whole.includes(part));

function contains(actual: unknown, expected: unknown, zone: string): boolean {
  return Array.isArray(actual) ? actual.some((item) => sameValue(item, expected, zone)) : includes(actual, expected);
}

export const textOperators: OperatorDefinition[] = [
  defineOperator({
    name: 'equals',
    aliases: ['eq'],
    summary: 'The same value: text exactly, numbers numerically, dates as instants.',
    operand: any,
    holds: (a, e, { zone }) => sameValue(a, e, zone),
  }),
  defineOperator({
    name: 'not_equals',
    aliases: ['neq'],
    summary: 'Not the same value; true for a missing one.',
    operand: any,
    missing: true,
    holds: (a, e, { zone }) => !sameValue(a, e, zone),
  }),
  defineOperator({
    name: 'contains',
    summary: 'A list has exactly this item, or a text this part whatever its case.',
    operand: scalar,
    holds: (a, e, { zone }) => contains(a, e, zone),
  }),
  defineOperator({
    name: 'not_contains',
    summary: 'A list lacks this item, or a text this part; true for a missing value.',
    operand: scalar,
    missing: true,
    holds: (a, e, { zone }) => !contains(a, e, zone),
  }),
  defineOperator({ name: 'starts_with', summary: 'Text begins so, whatever its case.', operand: text, holds: folded((whole, part) => whole.startsWith(part)) }),
  defineOperator({ name: 'ends_with', summary: 'Text ends so, whatever its case.', operand: text, holds: folded((whole, part) => whole.endsWith(part)) }),
  defineOperator({
    name: 'matches',
    summary: 'A regular expression (RE2 syntax) is found in the text; anchor it with ^ and $ to match the whole.',
    operand: pattern,
    holds: (actual, expected) => typeof actual === 'string' && typeof expected === 'string' && matchesPattern(expected, actual),
  }),
];
