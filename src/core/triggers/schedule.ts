import { z } from 'zod';
import { isZone } from '../time/calendar.ts';
import { parseCron, type CronFault } from '../time/cron.ts';
import { asInstant } from '../time/instant.ts';
import { defineTrigger } from './define-trigger.ts';

const cron = z.string().superRefine((text, context) => {
  try {
    parseCron(text);
  } catch (error) {
    const { message, hint } = error as CronFault;
    context.addIssue({ code: 'custom', message, params: { rule: 'invalid_cron', hint, plain: message } });
  }
});

const at = z.string().refine((text) => asInstant(text, 'UTC') !== null, {
  error: 'This is no moment.',
  params: { rule: 'invalid_instant', hint: 'Write ISO-8601, local to the timezone or with an offset: "2026-03-02T09:00".' },
});

const timezone = z.string().refine(isZone, {
  error: 'This is no time zone.',
  params: { rule: 'unknown_timezone', hint: "Write a zone of the IANA list such as Europe/Berlin, or leave it out for the location's." },
});

const config = z
  .strictObject({
    cron: cron.optional().describe(
      'five fields, minute hour day-of-month month day-of-week: `0 9 * * mon-fri`; also `L` (a month\'s last day), `mon#1` (its first Monday), `friL` (its last Friday).',
    ),
    at: at.optional().describe('A single time instead: ISO-8601, local to the zone or with an offset.'),
    timezone: timezone.optional().describe("An IANA zone; the location's unless said."),
    catch_up: z.enum(['none', 'last', 'all']).default('none').describe('What becomes of times that passed while nothing ran.'),
  })
  .refine((given) => (given.cron === undefined) !== (given.at === undefined), {
    error: 'A schedule has either "cron" or "at".',
    params: { rule: 'invalid_config', hint: 'Write cron: "0 9 * * mon-fri", or at: "2026-03-02T09:00" for a single time.' },
  });

export type ScheduleConfig = z.output<typeof config>;

/**
 * Fires at the times of a cron expression, or once, and enrolls the location's contacts that match the filters. No event fires it: `fireSchedules`
 * does. `catch_up` says what becomes of times that passed while nothing ran: `none` of them (default), the `last`, or `all`.
 */
export const schedule = defineTrigger<ScheduleConfig>({
  type: 'schedule',
  summary: 'A time came: by a cron expression, or once.',
  icon: 'calendar-clock',
  config,
  events: [],
});
