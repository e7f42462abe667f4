import type { ContactEvent, Data, Position } from './state.ts';

/** What a provider may report later, by event type: the name under `steps.<id>`; what machines open and follow counts for nothing but itself. */
const facts: Record<string, (event: Pick<ContactEvent, 'data'>) => string> = {
  email_opened: (event) => (event.data['machine'] === true ? 'machine_opened' : 'opened'),
  email_clicked: (event) => (event.data['machine'] === true ? 'machine_clicked' : 'clicked'),
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

/** Every id that a step has had in the run's versions, from the given one on. */
export function idsSince({ renamed }: Pick<Position, 'renamed'>, stepId: string): string[] {
  const ids = [stepId];
  for (let next = renamed?.[stepId]; next !== undefined && !ids.includes(next); next = renamed?.[next]) ids.push(next);
  return ids;
}

/** The event types that report on sends. */
export const factTypes = Object.keys(facts);

/** What a provider may report of a send that is true or not: the names under `steps.<id>`. */
export const factNames: ReadonlySet<string> = new Set([...factTypes.map((type) => facts[type]!({ data: {} })), 'answered']);

/** What a send is called to have come to when an event of this type tells of it (`opened`); null when such an event tells of no send. */
export const factNamed = (type: string): string | null => facts[type]?.({ data: {} }) ?? null;

/** False for an event that only looks like the one that it is called after: an e-mail opened by a machine. */
export const reportsFact = (event: ContactEvent): boolean => facts[event.type] === undefined || facts[event.type]!(event) === factNamed(event.type);

/** What a step's result says already about what events of this type report; null when nothing. */
export function knownFact(type: string, result: Data): { at: number; data: Data } | null {
  const name = factNamed(type);
  if (name === null || result[name] !== true) return null;
  const at = Date.parse(String(result[`${name}_at`]));
  return { at: Number.isNaN(at) ? 0 : at, data: Object.fromEntries(extras.filter((key) => key in result).map((key) => [key, result[key]])) };
}
