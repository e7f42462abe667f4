import { z } from 'zod';
import { callOutcomes } from '../event-types.ts';
import { defineTrigger } from './define-trigger.ts';

const config = z.strictObject({ outcome: z.enum(callOutcomes).optional().describe('This outcome alone.') });

export const callCompleted = defineTrigger<z.output<typeof config>>({
  type: 'call_completed',
  summary: 'A call to the contact came to its end.',
  icon: 'phone-off',
  config,
  events: ['call_completed'],
  key: ({ outcome }) => outcome ?? null,
  keyOf: ({ data }) => (typeof data['outcome'] === 'string' ? data['outcome'] : null),
  matches: ({ outcome }, { data }) => outcome === undefined || data['outcome'] === outcome,
});
