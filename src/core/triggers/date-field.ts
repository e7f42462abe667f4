import { z } from 'zod';
import { clockTimeSchema } from '../time/clock-time.ts';
import { offsetSchema } from '../time/duration.ts';
import { defineTrigger } from './define-trigger.ts';

/** `custom_fields.birthday`, with or without `contact.` before it. */
const FIELD = /^(?:contact\.)?(?:created_at|updated_at|custom_fields(?:\.[^.\s]+)+)$/;

const config = z.strictObject({
  field: z.string().max(200).refine((field) => FIELD.test(field), {
    error: 'This is no date field of a contact.',
    params: { rule: 'unknown_field', hint: "Name a contact's own field as custom_fields.<key>, such as custom_fields.birthday, or created_at." },
  }),
  offset: offsetSchema.default(0).describe('So long after the date; before it with a minus: -3d.'),
  at: clockTimeSchema.optional().describe("The local time of that day, in the contact's zone; midnight unless said, or the time that the field itself holds."),
  anniversary: z.boolean().default(false).describe('Every year on that day, instead of once.'),
});

export type DateFieldConfig = z.output<typeof config>;

/**
 * Fires for each contact at the moment that one of its date fields names, give or take `offset`, at the local time `at` in the contact's zone;
 * with `anniversary` every year. No event fires it: the moments are planned, one row a contact, and `fireDates` looks which are due.
 */
export const dateField = defineTrigger<DateFieldConfig>({
  type: 'date_field',
  summary: "A date of the contact's came, or will soon, or its anniversary.",
  icon: 'calendar-heart',
  config,
  events: [],
});
