import { z } from 'zod';
import { asText } from './as-text.ts';
import { contactFields, isContactField, writeConsent, writeFields, writeTags, type Changes } from './contact-changes.ts';
import { suggest } from './definition/nearest.ts';
import { factTypes } from './facts.ts';
import { optWordOf } from './opt-words.ts';
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
    const faults = event.type === PROVIDER_ANSWERS ? answerFaults(event) : effectFaults(event);
    for (const { path, message, hint, rule } of faults) context.addIssue({ code: 'custom', path, message, params: { rule, hint, plain: message } });
  });

/** What keeps an event from doing what it reports: a tag without a name, a field that no contact has. */
function effectFaults({ type, tag, set }: Record<string, unknown>): ReturnType<typeof answerFaults> {
  if (type === 'tag_added' || type === 'tag_removed') {
    if (asText(tag).trim() !== '') return [];
    return [{ path: ['tag'], message: `"${type}" names no tag.`, hint: 'Write tag: vip beside it.', rule: 'required' }];
  }
  if (type !== 'contact_updated' || typeof set !== 'object' || set === null) return [];
  const strange = Object.keys(set).filter((key) => !isContactField(key) && !/^custom_fields\../.test(key));
  return strange.map((key) => ({
    path: ['set', key],
    message: `A contact has no field "${key}" that could be set.`,
    hint: key === 'tags' ? 'Tags have events of their own: tag_added and tag_removed.' : `${suggest(key, [...contactFields, 'custom_fields.<name>'])} A field of your own is custom_fields.${key}.`,
    rule: 'unknown_field',
  }));
}

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
  /** The contact is gone: nothing reaches them any more. */
  deleted?: true;
}

/** What reports on more than itself. `told` is the event as the run hears it. */
type Effect = (contact: Contact, data: Data, told: Effected['events'][number]) => Effected;

/** A scripted event also does what it reports: `tag_added` adds the tag, `contact_updated` sets the fields of `set`, `email_unsubscribed` withdraws consent. */
const effects: Record<string, Effect> = {
  tag_added: (contact, data) => {
    const { contact: after, added } = writeTags(contact, [asText(data['tag'])], []);
    return { contact: after, events: added.map((tag) => ({ type: 'tag_added', data: { ...data, tag } })) };
  },
  tag_removed: (contact, data) => {
    const { contact: after, removed } = writeTags(contact, [], [asText(data['tag'])]);
    return { contact: after, events: removed.map((tag) => ({ type: 'tag_removed', data: { ...data, tag } })) };
  },
  contact_updated: (contact, data) => {
    const fields = writeFields(contact, (data['set'] ?? {}) as Data);
    const consent = writeConsent(fields.contact, (data['consent'] ?? {}) as Contact['consent']);
    return { contact: consent.contact, events: updated({ ...fields.changes, ...consent.changes }) };
  },
  contact_deleted: (contact, _data, told) => ({ contact, events: [told], deleted: true }),
  email_unsubscribed: noMoreEmail,
  email_complained: noMoreEmail,
  sms_received: (contact, data, { type, data: own }) => {
    const word = optWordOf(asText(data['text']));
    const told = { type, data: { ...own, ...(word && { opt: word.wish, opt_by: word.by }) } };
    if (word?.wish === 'stop') return agreeing(contact, { sms: 'withdrawn' }, (change) => [...change, told]);
    return agreeing(contact, word ? { sms: 'given' } : {}, (change) => [told, ...change]);
  },
};

function noMoreEmail(contact: Contact, _data: Data, told: Effected['events'][number]): Effected {
  return agreeing(contact, { email: 'withdrawn' }, (change) => [...change, told]);
}

const updated = (changes: Changes): Effected['events'] => (Object.keys(changes).length === 0 ? [] : [{ type: 'contact_updated', data: { changes, fields: Object.keys(changes) } }]);

function agreeing(before: Contact, wishes: Contact['consent'], order: (change: Effected['events']) => Effected['events']): Effected {
  const { contact, changes } = writeConsent(before, wishes);
  return { contact, events: order(updated(changes)) };
}

/**
 * Applies one scripted event: the contact after it, and the events that the run hears.
 * @param lastSms the step that sent the run's latest text message: what an inbound one without `step` answers
 */
export function scripted(event: ScriptedEvent, contact: Contact, run: Run, lastSms: string | null = null): Effected {
  const { type } = event;
  const data = type === 'sms_received' && lastSms !== null ? { step: lastSms, ...event.data } : event.data;
  const told = { type, data: factTypes.includes(type) ? aboutStep(data, run) : data };
  return effects[type]?.(contact, data, told) ?? { contact, events: [told] };
}

/** `step: welcome_email` means the run's own latest send of that step. */
function aboutStep(data: Data, run: Run): Data {
  const { step } = data;
  if (typeof step !== 'string') return data;
  const reply = typeof data['text'] === 'string' ? { reply_text: data['text'] } : {};
  const call = typeof data['outcome'] === 'string' ? { answered: data['outcome'] === 'answered' } : {};
  return { ...reply, ...call, ...data, step_id: step, enrollment_id: run.id, visit: run.state.position.visits[step] ?? 1 };
}
