import { z } from 'zod';
import type { Data } from '../state.ts';
import { defineTrigger } from './define-trigger.ts';

const config = z.strictObject({
  fields: z.array(z.string().min(1)).min(1).optional(),
  changed_to: z.unknown().optional(),
});

/** Fires only when a named field really changed; without `fields`, on any change. */
export const contactUpdated = defineTrigger<z.output<typeof config>>({
  type: 'contact_updated',
  summary: "One of the contact's fields changed.",
  icon: 'user-pen',
  config,
  events: ['contact_updated'],
  matches: ({ fields, changed_to }, event) => {
    const changes = (event.data['changes'] ?? {}) as Record<string, Data>;
    const named = (fields ?? Object.keys(changes)).filter((field) => Object.hasOwn(changes, field));
    if (changed_to === undefined) return named.length > 0;
    return named.some((field) => JSON.stringify(changes[field]?.['to']) === JSON.stringify(changed_to));
  },
});
