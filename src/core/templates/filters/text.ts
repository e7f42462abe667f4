import { printValue } from '../print.ts';
import { defineFilter, type FilterDefinition } from './define-filter.ts';

const notNegative = (value: unknown): string | null => (Number(value) < 0 ? 'it must not be negative' : null);

export const textFilters: FilterDefinition[] = [
  defineFilter({
    name: 'default',
    summary: 'Another value in place of one that is missing or empty.',
    example: '{{ contact.first_name | default: "there" }}',
    args: [{ name: 'value', kind: 'any' }],
    takesMissing: true,
    apply: (value, [other]) => (value === undefined || value === null || printValue(value) === '' ? other : value),
  }),
  defineFilter({
    name: 'upcase',
    summary: 'Text in capitals.',
    example: '{{ contact.last_name | upcase }}',
    apply: (value) => printValue(value).toUpperCase(),
  }),
  defineFilter({
    name: 'downcase',
    summary: 'Text in small letters.',
    example: '{{ contact.email | downcase }}',
    apply: (value) => printValue(value).toLowerCase(),
  }),
  defineFilter({
    name: 'capitalize',
    summary: 'First letter as a capital, the others small.',
    example: '{{ contact.first_name | capitalize }}',
    apply(value) {
      const [first = '', ...others] = printValue(value);
      return first.toUpperCase() + others.join('').toLowerCase();
    },
  }),
  defineFilter({
    name: 'trim',
    summary: 'Text without the white space around it.',
    example: '{{ contact.first_name | trim }}',
    apply: (value) => printValue(value).trim(),
  }),
  defineFilter({
    name: 'truncate',
    summary: 'At most so many characters, the ending ("..." unless given) included.',
    example: '{{ enrollment.note | truncate: 40 }}',
    args: [{ name: 'length', kind: 'whole', check: notNegative }, { name: 'ending', kind: 'text', optional: true }],
    apply(value, [length, ending = '...']) {
      const letters = [...printValue(value)];
      if (letters.length <= Number(length)) return letters.join('');
      const kept = Math.max(0, Number(length) - [...String(ending)].length);
      return letters.slice(0, kept).join('') + String(ending);
    },
  }),
  defineFilter({
    name: 'replace',
    summary: 'Every occurrence of one text replaced by another.',
    example: '{{ contact.phone | replace: "+", "00" }}',
    args: [{ name: 'old', kind: 'text', check: (value) => (value === '' ? 'it must not be empty' : null) }, { name: 'new', kind: 'text' }],
    apply: (value, [old, other]) => printValue(value).replaceAll(String(old), () => String(other)),
  }),
];
