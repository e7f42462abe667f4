import { z } from 'zod';
import { finish } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';

const config = z.strictObject({
  status: z.enum(['exited', 'completed']).default('exited'),
  reason: z.string().min(1).max(255).optional(),
});

export const exit = defineStep<z.output<typeof config>>({
  type: 'exit',
  group: 'control',
  summary: 'Ends the run here.',
  icon: 'log-out',
  config,
  outcomes: () => [],
  enter: (step) => finish(step.config.status, step.config.reason ?? step.id),
});
