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
  mode: z.enum(['gate', 'magnet']).default('gate'),
});
type Config = z.output<typeof config>;

/** Reached or not, a magnet without a timeout holds nobody up on plain arrival. */
const isOpen = ({ mode, timeout }: Config): boolean => mode === 'magnet' && timeout === undefined;

/** How those leave who have not reached it: nobody leaves a gate without a timeout so. */
const unreached = (given: Config): string[] => (isOpen(given) ? ['next'] : given.timeout === undefined ? [] : ['timeout']);

/**
 * A gate: looked at on arrival, then again on every event of the contact, until it is true or timed out. A magnet is looked at from
 * entry on, and draws the run to itself when it is true.
 */
export const goal = defineStep<Config>({
  type: 'goal',
  group: 'control',
  summary: 'Waits until the contact has reached a goal, or a timeout; as a magnet it draws the run to itself.',
  icon: 'target',
  config,
  arms: [
    { path: 'on_success', outcome: 'success' },
    { path: 'on_timeout', outcome: 'timeout' },
  ],
  outcomes: (given) => ['success', ...unreached(given)],
  results: ['reached', 'reached_at'],
  goal: true,
  waits: (given) => !isOpen(given) && (given.timeout === undefined || durationMs(given.timeout) > 0),
  longest: ({ timeout }) => (timeout === undefined ? null : durationMs(timeout)),
  listens: () => ['*'],
  magnet: ({ mode }) => (mode === 'magnet' ? 'success' : null),
  pulls: (step, { scope }) => evaluateConditions(step.config.condition, scope).verdict,
  enter: (step, moment) => {
    const { timeout } = step.config;
    const { verdict, decision } = look(step.config, moment);
    if (verdict) return verdict;
    if (isOpen(step.config)) return proceed('next', { reached: false }, { decision });
    return park(timeout === undefined ? null : moment.scene.now + durationMs(timeout), { decision });
  },
  notice: (step, moment) => look(step.config, moment).verdict,
  wake: () => proceed('timeout', { reached: false }),
});

function look(config: Config, { scope, scene }: Moment): { verdict: Verdict | null; decision: ReturnType<typeof evaluateConditions> } {
  const decision = evaluateConditions(config.condition, scope);
  const verdict = decision.verdict ? proceed('success', { reached: true, reached_at: new Date(scene.now).toISOString() }, { decision, goal: true }) : null;
  return { verdict, decision };
}
