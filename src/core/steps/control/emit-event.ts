import { z } from 'zod';
import { eventIdOf } from '../../event-id.ts';
import { isCustomEvent } from '../../event-types.ts';
import type { Data } from '../../state.ts';
import { renderValue } from '../../templates/render.ts';
import { proceed } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';

const config = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_.:-]{0,49}$/, 'The name of an event begins with a letter and has letters, digits and "_.:-", at most 50 in all.')
    .refine(isCustomEvent, { error: 'This name is told by the engine itself. Choose another.' }),
  data: z.record(z.string(), z.unknown()).default({}),
});

/** Triggers of type `event`, waits, exit rules and conditions hear it as any other event of the contact. */
export const emitEvent = defineStep<z.output<typeof config>>({
  type: 'emit_event',
  group: 'control',
  summary: 'Tells a custom event of the contact.',
  icon: 'radio',
  config,
  results: ['event_id'],
  enter: (step, moment) => {
    const { name, data } = step.config;
    return proceed('next', { event_id: eventIdOf(moment, 0) }, { events: [{ type: name, data: renderValue(data, moment.scope) as Data }] });
  },
});
