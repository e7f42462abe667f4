import { isRecord } from '../definition.ts';
import type { LintRule } from './rule.ts';

export const weightsSum: LintRule = {
  id: 'weights_sum',
  severity: 'warning',
  docs: 'Weights are relative, so any sum works; one that is not 100 is often a slip.',
  check: ({ definition }) =>
    definition.steps.flatMap(({ id, written, path }) => {
      const rows = Array.isArray(written['variants']) ? written['variants'].filter(isRecord) : [];
      const weights = rows.flatMap(({ weight }) => (typeof weight === 'number' ? [weight] : []));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      if (weights.length === 0 || sum === 100) return [];
      return [{ path: [...path, 'config', 'variants'], message: `The weights of "${id}" add up to ${sum}, not 100; they are shares of ${sum}.`, hint: 'Make them add up to 100, so that each reads as per cent.' }];
    }),
};
