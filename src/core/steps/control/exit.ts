import { z } from 'zod';
import { renderText } from '../../templates/render.ts';
import { finish } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';

const LONGEST_REASON = 255;

const config = z.strictObject({
  status: z.enum(['exited', 'completed']).default('exited'),
  reason: z.string().min(1).max(LONGEST_REASON).optional(),
});

export const exit = defineStep<z.output<typeof config>>({
  type: 'exit',
  group: 'control',
  summary: 'Ends the run here.',
  icon: 'log-out',
  config,
  outcomes: () => [],
  enter: (step, { scope }) => finish(step.config.status, renderText(step.config.reason ?? '', scope).slice(0, LONGEST_REASON) || step.id),
});
