import { findStep } from '../../steps/index.ts';
import { armsOf } from '../arms.ts';
import type { LintRule } from './rule.ts';

export const deadArm: LintRule = {
  id: 'dead_arm',
  severity: 'warning',
  docs: 'An arm by which nobody ever leaves its step: `on_timeout` of a goal that has no timeout.',
  example: `- { id: booked, type: goal, config: { condition: { field: tags, operator: contains, value: booked }, on_timeout: exit_timeout } }`,
  check: ({ definition }) =>
    definition.steps.flatMap(({ id, type, config, written, path }) => {
      const kind = findStep(type);
      const outcomes = kind?.outcomes(config) ?? [];
      const dead = armsOf(kind?.arms ?? [], written).filter(({ outcome, target }) => target !== undefined && outcome !== null && !outcomes.includes(outcome));
      return dead.map((arm) => ({
        path: [...path, 'config', ...arm.path],
        message: `Nobody leaves "${id}" by "${arm.path.join('.')}".`,
        hint: 'Add what leads there, such as timeout: 7d, or remove it.',
      }));
    }),
};
