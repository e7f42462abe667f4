import { z } from 'zod';
import { asText } from './as-text.ts';
import { writeFields, writeTags, type Changes } from './contact-changes.ts';
import { factTypes } from './facts.ts';
import { answerFaults, PROVIDER_ANSWERS } from './simulated-providers.ts';
import type { Contact, Data, Run } from './state.ts';
import { durationMs, durationSchema } from './time/duration.ts';

/** What a script holds, as people write it: `{ after: 3h, type: email_opened, step: welcome_email }`. */
export const writtenEvent = z
  .looseObject({
    after: durationSchema.describe('When, counted from the start.'),
    type: z.string().min(1).max(50).describe('Any event; its data stand beside it. It also does what it reports.'),
  })
  .superRefine((event, context) => {
    if (event.type === PROVIDER_ANSWERS) for (const { path, message, hint, rule } of answerFaults(event)) context.addIssue({ code: 'custom', path, message, params: { rule, hint, plain: message } });
  });

export const scriptedEvent = writtenEvent.transform(({ after, type, ...data }): ScriptedEvent => ({ afterMs: durationMs(after), type, data }));

export interface ScriptedEvent {
  /** Counts from the simulation's start. */
  afterMs: number;
  type: string;
  data: Data;
}

interface Effected {
  contact: Contact;
  events: { type: string; data: Data }[];
}

/** A scripted event also does what it reports: `tag_added` adds the tag, `contact_updated` sets the fields of `set`. */
const effects: Record<string, (contact: Contact, data: Data) => Effected> = {
  tag_added: (contact, data) => {
    const { contact: after, added } = writeTags(contact, [asText(data['tag'])], []);
    return { contact: after, events: added.map((tag) => ({ type: 'tag_added', data: { ...data, tag } })) };
  },
  tag_removed: (contact, data) => {
    const { contact: after, removed } = writeTags(contact, [], [asText(data['tag'])]);
    return { contact: after, events: removed.map((tag) => ({ type: 'tag_removed', data: { ...data, tag } })) };
  },
  contact_updated: (contact, data) => {
    const { contact: after, changes } = writeFields(contact, (data['set'] ?? {}) as Data);
    return { contact: after, events: updated(changes) };
  },
};

const updated = (changes: Changes): Effected['events'] => (Object.keys(changes).length === 0 ? [] : [{ type: 'contact_updated', data: { changes, fields: Object.keys(changes) } }]);

/** Applies one scripted event: the contact after it, and the events that the run hears. */
export function scripted(event: ScriptedEvent, contact: Contact, run: Run): Effected {
  const effect = effects[event.type];
  if (effect) return effect(contact, event.data);
  return { contact, events: [{ type: event.type, data: factTypes.includes(event.type) ? aboutStep(event.data, run) : event.data }] };
}

/** `step: welcome_email` means the run's own latest send of that step. */
function aboutStep(data: Data, run: Run): Data {
  const { step } = data;
  if (typeof step !== 'string') return data;
  const reply = typeof data['text'] === 'string' ? { reply_text: data['text'] } : {};
  return { ...reply, ...data, step_id: step, enrollment_id: run.id, visit: run.state.position.visits[step] ?? 1 };
}
