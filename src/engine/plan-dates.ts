import type { ContactWalk, ContactPage, DatePlan } from '../core/ports/schedules.ts';
import type { EventBatch } from '../core/ports/hot-path.ts';
import type { TriggerConfig } from '../core/program.ts';
import type { DateFieldConfig } from '../core/triggers/date-field.ts';
import { concernsDate, nextDateOccurrence } from '../core/triggers/date-occurrences.ts';
import type { Candidate } from '../core/triggers/match.ts';

/** The `date_field` triggers of active workflows by location. */
export type DateIndex = Map<string, { candidate: Candidate; place: number; config: DateFieldConfig }[]>;

/** Built once for every set of active workflows. */
export function buildDateIndex(candidates: Candidate[]): DateIndex {
  const index: DateIndex = new Map();
  for (const candidate of candidates) {
    for (const [place, { type, config }] of candidate.program.triggers.entries()) {
      if (type !== 'date_field') continue;
      const entries = index.get(candidate.locationId) ?? [];
      index.set(candidate.locationId, [...entries, { candidate, place, config: config as DateFieldConfig }]);
    }
  }
  return index;
}

/**
 * The plans that a batch of events moves: a contact is new, or its date or zone changed. They follow from the contact as it is, not from what the
 * event says, so that the order in which events are taken does not matter.
 */
export function plansOf({ events, locations, now }: EventBatch, index: DateIndex): (DatePlan & { eventId: string })[] {
  if (index.size === 0) return [];
  return events.flatMap(({ id: eventId, type, data, locationId, contact }) => {
    const entries = index.get(locationId);
    const location = locations.get(locationId);
    if (!entries || !location || !contact || (type !== 'contact_created' && type !== 'contact_updated')) return [];
    const moved = type === 'contact_created' ? entries : entries.filter(({ config }) => concernsDate(config, Object.keys((data['changes'] ?? {}) as object)));
    return moved.map(({ candidate: { workflowId, versionId }, place, config }) => ({
      eventId,
      workflowId,
      versionId,
      place,
      locationId,
      contactId: contact.id,
      contactRevision: contact.revision,
      next: nextDateOccurrence(config, contact, location.timezone, now),
    }));
  });
}

/** The plans of a page of contacts. */
export function pagePlans({ workflowId, versionId, locationId, place }: ContactWalk, { config }: TriggerConfig, { contacts, location, now }: ContactPage): DatePlan[] {
  return contacts.map((contact) => ({
    workflowId, versionId, place, locationId, contactId: contact.id, contactRevision: contact.revision,
    next: nextDateOccurrence(config as DateFieldConfig, contact, location.timezone, now),
  }));
}
