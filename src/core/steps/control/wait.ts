import { z } from 'zod';
import { nextOpen } from '../../time/calendar.ts';
import { durationMs, durationSchema } from '../../time/duration.ts';
import { park, proceed } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';

const config = z.strictObject({
  duration: durationSchema,
  business_hours_only: z.boolean().default(false),
});

/** Runs its full length and, with `business_hours_only`, then rolls forward to the next open minute of the location. */
export const wait = defineStep<z.output<typeof config>>({
  type: 'wait',
  group: 'control',
  summary: 'Waits for a time before the run goes on.',
  icon: 'clock',
  config,
  results: ['waited_until'],
  waits: ({ duration }) => durationMs(duration) > 0,
  enter: (step, { scene, scope }) => {
    const { now, location } = scene;
    const due = now + durationMs(step.config.duration);
    if (!step.config.business_hours_only) return park(due);
    const until = nextOpen(location.calendar, scope.zone, due);
    return park(until, { note: { duration: step.config.duration, zone: scope.zone } });
  },
  wake: (_step, { scene }) => proceed('next', { waited_until: new Date(scene.now).toISOString() }),
});
