import { z } from 'zod';
import { evaluateConditions } from '../../conditions/evaluate.ts';
import { conditionList } from '../../conditions/schema.ts';
import type { Explanation } from '../../state.ts';
import type { Scope } from '../../templates/scope.ts';
import { proceed } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';
import { target } from '../target.ts';

const RESERVED = ['default', 'next'];
const name = z
  .string()
  .min(1)
  .max(100)
  .refine((text) => !RESERVED.includes(text) && !text.startsWith('$'), {
    error: 'This name is taken by an edge that every switch has.',
    params: { rule: 'reserved_case', hint: 'Choose another name: default is where nobody else goes.' },
  });

const config = z.strictObject({
  cases: z
    .array(z.strictObject({ name, if: conditionList, next: target.optional() }))
    .min(1)
    .max(50)
    .refine((cases) => new Set(cases.map((one) => one.name)).size === cases.length, {
      error: 'Two cases have the same name: each name is an edge of its own.',
      params: { rule: 'duplicate_case', hint: 'Give each case a name of its own.' },
    }),
  default: target.optional(),
});
type Cases = z.output<typeof config>['cases'];

export const switchStep = defineStep<z.output<typeof config>>({
  type: 'switch',
  group: 'control',
  summary: 'Goes the way of the first case that holds, or the default way.',
  icon: 'signpost',
  config,
  arms: [
    { path: 'cases.*.next', outcome: { key: 'name' } },
    { path: 'default', outcome: 'default' },
  ],
  outcomes: ({ cases }) => [...cases.map((one) => one.name), 'default'],
  results: ['case'],
  enter: (step, { scope }) => {
    const { found, decision } = choose(step.config.cases, scope);
    return proceed(found ?? 'default', { case: found ?? 'default' }, { decision });
  },
});

/** The first case that holds, and what every case up to it saw. */
function choose(cases: Cases, scope: Scope): { found: string | null; decision: Explanation } {
  const seen: { name: string; explanation: Explanation }[] = [];
  for (const one of cases) {
    const explanation = evaluateConditions(one.if, scope);
    seen.push({ name: one.name, explanation });
    if (explanation.verdict) break;
  }
  const found = seen.find(({ explanation }) => explanation.verdict)?.name ?? null;
  const text = [...seen.map((one) => `${one.name}: ${one.explanation.text}`), ...(found === null ? ['default'] : [])].join('; ');
  return { found, decision: { verdict: found !== null, text, checks: seen.flatMap(({ explanation }) => explanation.checks) } };
}
