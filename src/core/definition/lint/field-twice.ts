import { isRecord, type Path } from '../definition.ts';
import type { LintRule } from './rule.ts';

export const fieldTwice: LintRule = {
  id: 'field_twice',
  severity: 'warning',
  docs: 'A field that one step changes in two ways: `unset` counts before `set`, and `increment`, which counts from the value before the step, before both. The other way does nothing.',
  example: `- { id: score, type: update_contact, config: { set: { custom_fields.score: 0 }, increment: { custom_fields.score: 5 } } }`,
  check: ({ definition }) =>
    definition.steps.flatMap(({ id, written, path }) => {
      const ways = waysOf(written);
      return ways.flatMap(({ way, field, at }, index) => {
        const winner = ways.findLast((other, place) => place > index && other.field === field && other.way !== way);
        return winner === undefined ? [] : [{
          path: [...path, 'config', ...at],
          message: `"${id}" changes "${field}" in two ways, and only ${winner.way} counts: ${way} does nothing.`,
          hint: 'Keep one of the two. What is to happen in turn takes two steps.',
        }];
      });
    }),
};

interface Way {
  way: 'set' | 'unset' | 'increment';
  field: string;
  at: Path;
}

/** Every field that a config changes, by rising power. */
function waysOf({ set, unset, increment }: Record<string, unknown>): Way[] {
  const keys = (way: Way['way'], map: unknown): Way[] => (isRecord(map) ? Object.keys(map).map((field) => ({ way, field, at: [way, field] })) : []);
  const cleared = Array.isArray(unset) ? unset.flatMap((field, index): Way[] => (typeof field === 'string' ? [{ way: 'unset', field, at: ['unset', index] }] : [])) : [];
  return [...keys('set', set), ...cleared, ...keys('increment', increment)];
}
