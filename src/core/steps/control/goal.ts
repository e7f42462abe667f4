import { z } from 'zod';
import { evaluateConditions } from '../../conditions/evaluate.ts';
import { conditionList } from '../../conditions/schema.ts';
import { durationMs, durationSchema } from '../../time/duration.ts';
import { park, proceed, type Verdict } from '../../verdict.ts';
import { defineStep, type Moment } from '../define-step.ts';
import { target } from '../target.ts';

const config = z.strictObject({
  condition: conditionList,
  on_success: target.optional(),
  timeout: durationSchema.optional(),
  on_timeout: target.optional(),
  mode: z.enum(['gate']).default('gate'),
});
type Config = z.output<typeof config>;

/** A gate: looked at on arrival, then again on every event of the contact, until it is true or timed out. */
export const goal = defineStep<Config>({
  type: 'goal',
  group: 'control',
  summary: 'Waits until the contact has reached a goal, or a timeout.',
  icon: 'target',
  config,
  arms: [
    { path: 'on_success', outcome: 'success' },
    { path: 'on_timeout', outcome: 'timeout' },
  ],
  outcomes: () => ['success', 'timeout'],
  results: ['reached', 'reached_at'],
  waits: ({ timeout }) => timeout === undefined || durationMs(timeout) > 0,
  listens: () => ['*'],
  enter: (step, moment) => {
    const { timeout } = step.config;
    const { verdict, decision } = look(step.config, moment);
    return verdict ?? park(timeout === undefined ? null : moment.scene.now + durationMs(timeout), { decision });
  },
  notice: (step, moment) => look(step.config, moment).verdict,
  wake: () => proceed('timeout', { reached: false }),
});

function look(config: Config, { scope, scene }: Moment): { verdict: Verdict | null; decision: ReturnType<typeof evaluateConditions> } {
  const decision = evaluateConditions(config.condition, scope);
  const verdict = decision.verdict ? proceed('success', { reached: true, reached_at: new Date(scene.now).toISOString() }, { decision }) : null;
  return { verdict, decision };
}
