import { decimal, roundTo, toNumber } from '../to-number.ts';
import { defineFilter, type FilterArgument, type FilterDefinition } from './define-filter.ts';

function arithmetic(name: string, summary: string, operate: (a: number, b: number) => number, check?: FilterArgument['check']): FilterDefinition {
  return defineFilter({
    name,
    summary,
    example: `{{ contact.custom_fields.score | ${name}: 2 }}`,
    args: [{ name: 'number', kind: 'number', check }],
    apply(value, [other]) {
      const number = toNumber(value);
      return number === null ? undefined : finite(decimal(operate(number, Number(other))));
    },
  });
}

const finite = (number: number): number | undefined => (Number.isFinite(number) ? number : undefined);

export const numberFilters: FilterDefinition[] = [
  defineFilter({
    name: 'round',
    summary: 'A number rounded to so many digits after the point, none unless given.',
    example: '{{ contact.custom_fields.price | round: 2 }}',
    args: [{ name: 'digits', kind: 'whole', optional: true, check: (value) => (Number(value) < 0 || Number(value) > 12 ? 'it must be 0 to 12' : null) }],
    apply(value, [digits = 0]) {
      const number = toNumber(value);
      return number === null ? undefined : finite(roundTo(number, Number(digits)));
    },
  }),
  arithmetic('plus', 'The sum.', (a, b) => a + b),
  arithmetic('minus', 'The difference.', (a, b) => a - b),
  arithmetic('times', 'The product.', (a, b) => a * b),
  arithmetic('divided_by', 'The quotient, with its fraction.', (a, b) => a / b, (value) => (Number(value) === 0 ? 'nothing can be divided by 0' : null)),
];
