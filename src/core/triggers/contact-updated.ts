import { z } from 'zod';
import { sameValue } from '../conditions/values.ts';
import { contactFields, isContactField } from '../contact-changes.ts';
import { suggest } from '../definition/nearest.ts';
import type { Data } from '../state.ts';
import { defineTrigger } from './define-trigger.ts';

/** As the event names what changed; `contact.` before it does no harm. */
const path = z.string().transform((text) => text.replace(/^contact\./, ''));
const changes = (name: string): boolean => isContactField(name) || /^custom_fields\.[^.\s]+$/.test(name) || /^consent\.(email|sms|voice)$/.test(name);

const field = path.superRefine((name, context) => {
  if (changes(name)) return;
  const hint = name === 'tags'
    ? 'Tags have triggers of their own: tag_added and tag_removed.'
    : `${suggest(name, [...contactFields, 'custom_fields.<name>', 'consent.<channel>'])} A field of your own is custom_fields.<name>.`;
  const message = `A contact has no field "${name}" that could change.`;
  context.addIssue({ code: 'custom', message, params: { rule: 'unknown_field', hint, plain: message } });
});

const config = z.strictObject({
  fields: z.array(field).min(1).optional().describe(
    'Fires when one of these changed: first_name, last_name, email, phone, timezone, custom_fields.<name>, consent.<channel>. Any, unless said.',
  ),
  changed_to: z.unknown().optional().describe('And only when it changed to this value.'),
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
    return named.some((field) => sameValue(changes[field]?.['to'] ?? null, changed_to, 'UTC'));
  },
});
