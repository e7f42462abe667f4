import { printValue } from '../print.ts';
import { defineFilter, type FilterDefinition } from './define-filter.ts';

function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

export const listFilters: FilterDefinition[] = [
  defineFilter({
    name: 'join',
    summary: 'A list as one text, ", " between its items unless another separator is given.',
    example: '{{ contact.tags | join: " / " }}',
    args: [{ name: 'separator', kind: 'text', optional: true }],
    apply: (value, [separator = ', ']) => (Array.isArray(value) ? value.map(printValue).join(String(separator)) : value),
  }),
  defineFilter({
    name: 'size',
    summary: 'How many items a list has, or letters a text.',
    example: '{{ contact.tags | size }}',
    apply: sizeOf,
  }),
  defineFilter({
    name: 'first',
    summary: "A list's first item.",
    example: '{{ contact.tags | first }}',
    apply: (value) => (Array.isArray(value) ? value[0] : undefined),
  }),
  defineFilter({
    name: 'last',
    summary: "A list's last item.",
    example: '{{ contact.tags | last }}',
    apply: (value) => (Array.isArray(value) ? value.at(-1) : undefined),
  }),
];
