import { compareValues } from '../values.ts';
import { defineOperator, type OperatorDefinition } from './define-operator.ts';
import { comparable, range } from './operands.ts';

function comparison(name: string, alias: string, summary: string, test: (order: number) => boolean): OperatorDefinition {
  return defineOperator({
    name,
    aliases: [alias],
    summary,
    operand: comparable,
    holds(actual, expected, { zone }) {
      const order = compareValues(actual, expected, zone);
      return order !== null && test(order);
    },
  });
}

export const numberOperators: OperatorDefinition[] = [
  comparison('greater_than', 'gt', 'A greater number, or a later date.', (order) => order > 0),
  comparison('greater_or_equal', 'gte', 'A number at least as great, or a date no earlier.', (order) => order >= 0),
  comparison('less_than', 'lt', 'A smaller number, or an earlier date.', (order) => order < 0),
  comparison('less_or_equal', 'lte', 'A number at most as great, or a date no later.', (order) => order <= 0),
  defineOperator({
    name: 'between',
    summary: 'A number or date from the first to the second of two, both included.',
    operand: range,
    holds(actual, expected, { zone }) {
      if (!Array.isArray(expected) || expected.length !== 2) return false;
      const [low, high] = [compareValues(actual, expected[0], zone), compareValues(actual, expected[1], zone)];
      return low !== null && high !== null && low >= 0 && high <= 0;
    },
  }),
];
