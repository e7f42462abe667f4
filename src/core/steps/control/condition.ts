import { z } from 'zod';
import { evaluateConditions } from '../../conditions/evaluate.ts';
import { conditionList } from '../../conditions/schema.ts';
import type { Explanation } from '../../state.ts';
import { proceed } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';
import { target } from '../target.ts';

const config = z.strictObject({ if: conditionList, then: target.optional(), else: target.optional() });

export const condition = defineStep<z.output<typeof config>>({
  type: 'condition',
  group: 'control',
  summary: 'Goes one of two ways, by what is true of the contact now.',
  icon: 'split',
  config,
  arms: [
    { path: 'then', outcome: 'then' },
    { path: 'else', outcome: 'else' },
  ],
  outcomes: () => ['then', 'else'],
  results: ['matched', 'saw'],
  enter: (step, { scope }) => {
    const decision = evaluateConditions(step.config.if, scope);
    return proceed(decision.verdict ? 'then' : 'else', { matched: decision.verdict, saw: seenBy(decision) }, { decision });
  },
});

/** The value that each clause saw, in the order of the file; groups have none. */
const seenBy = ({ checks }: Explanation): unknown[] => checks.filter(({ operator }) => !['all', 'any', 'not'].includes(operator)).map(({ actual }) => actual);
