import { z } from 'zod';
import { conditionList } from '../../../conditions/schema.ts';
import { clockTimeSchema, weekdaysSchema } from '../../../time/clock-time.ts';
import { durationSchema, offsetSchema } from '../../../time/duration.ts';
import { asInstant } from '../../../time/instant.ts';
import { isTemplate } from '../../../templates/parse.ts';
import { target } from '../../target.ts';

/** A moment as a definition writes it: an instant, a date, or a template that gives one. */
const moment = z
  .string()
  .max(500)
  .refine((text) => isTemplate(text) || asInstant(text, 'UTC') !== null, {
    error: 'This is neither a date nor a template.',
    params: { rule: 'invalid_moment', hint: 'Write 2026-12-24, 2026-12-24T09:00, 2026-12-24T09:00:00Z, or a template such as "{{contact.custom_fields.trial_ends}}".' },
  });

/** Where a wait for an event goes, and how long it waits: beside `for`, or inside it. */
const arms = { timeout: durationSchema.optional(), on_event: target.optional(), on_timeout: target.optional() };

const awaited = z.strictObject({
  event: z.string().min(1).max(50),
  step: z.string().min(1).max(100).optional(),
  if: conditionList.optional(),
  ...arms,
});

/** Every key that a wait may have. Which of them belong together is for `wait.ts` to check: so each wrong pair can be named. */
export const waitFields = z.strictObject({
  duration: durationSchema.optional(),
  until: moment.optional(),
  offset: offsetSchema.optional(),
  at: clockTimeSchema.optional(),
  days: weekdaysSchema.optional(),
  for: awaited.optional(),
  ...arms,
  business_hours_only: z.boolean().default(false),
  on_past: z.enum(['continue', 'skip_next', 'exit']).optional(),
});
export type WaitConfig = z.output<typeof waitFields>;
