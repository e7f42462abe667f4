import type { ContactEvent, Data } from './state.ts';

/** What a provider may report later, by event type: the name under `steps.<id>`; machine opens count for nothing but themselves. */
const facts: Record<string, (event: ContactEvent) => string> = {
  email_opened: (event) => (event.data['machine'] === true ? 'machine_opened' : 'opened'),
  email_clicked: () => 'clicked',
  email_delivered: () => 'delivered',
  email_bounced: () => 'bounced',
  email_received: () => 'replied',
  email_complained: () => 'complained',
  email_unsubscribed: () => 'unsubscribed',
  sms_failed: () => 'undelivered',
  sms_delivered: () => 'delivered',
  sms_received: () => 'replied',
  call_completed: () => 'completed',
};

/** Keys of such an event that are kept beside the fact. */
const extras = ['reply_text', 'answered', 'outcome', 'duration', 'url', 'bounce', 'error_code'];

export interface FactReading {
  stepId: string;
  visit: number;
  name: string;
  values: Data;
}

/** Reads a fact about one of this run's own sends off an event, or null when the event is about something else. */
export function factOf(event: ContactEvent, runId: string): FactReading | null {
  const nameOf = facts[event.type];
  const stepId = event.data['step_id'];
  if (!nameOf || event.data['enrollment_id'] !== runId || typeof stepId !== 'string') return null;
  const name = nameOf(event);
  const kept = Object.fromEntries(extras.filter((key) => key in event.data).map((key) => [key, event.data[key]]));
  const visit = Number(event.data['visit'] ?? 1);
  return { stepId, visit, name, values: { ...kept, [name]: true, [`${name}_at`]: new Date(event.at).toISOString() } };
}

/** The event types that report on sends. */
export const factTypes = Object.keys(facts);
