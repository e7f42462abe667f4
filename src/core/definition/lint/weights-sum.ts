import { isRecord } from '../definition.ts';
import type { Path } from '../definition.ts';
import type { Fix } from '../diagnostic.ts';
import type { LintRule } from './rule.ts';

export const weightsSum: LintRule = {
  id: 'weights_sum',
  severity: 'warning',
  docs: 'Weights are relative, so any sum works; one that is not 100 is often a slip.',
  example: `- id: ab
  type: ab_split
  config: { variants: [ { name: A, weight: 1 }, { name: B, weight: 1 } ] }`,
  fixes: 'Writes the same shares as whole per cents.',
  check: ({ definition }) =>
    definition.steps.flatMap(({ id, written, path }) => {
      const rows = Array.isArray(written['variants']) ? written['variants'].filter(isRecord) : [];
      const weights = rows.flatMap(({ weight }) => (typeof weight === 'number' ? [weight] : []));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      if (weights.length === 0 || sum === 100) return [];
      return [{
        path: [...path, 'config', 'variants'],
        message: `The weights of "${id}" add up to ${sum}, not 100; they are shares of ${sum}.`,
        hint: 'Make them add up to 100, so that each reads as per cent.',
        fix: sum > 0 && weights.length === rows.length ? inPerCent(weights, [...path, 'config', 'variants']) : undefined,
      }];
    }),
};

/** The same shares as whole per cents: what rounding leaves over goes to those that lost most by it. */
function inPerCent(weights: number[], path: Path): Fix {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const exact = weights.map((weight) => (weight * 100) / sum);
  const order = [...exact.keys()].toSorted((a, b) => (exact[b]! % 1) - (exact[a]! % 1));
  const over = 100 - exact.reduce((total, share) => total + Math.floor(share), 0);
  const shares = exact.map((share, index) => Math.floor(share) + (order.indexOf(index) < over ? 1 : 0));
  return { title: `Write ${shares.join(', ')}`, edits: shares.map((value, index) => ({ path: [...path, index, 'weight'], value })) };
}
