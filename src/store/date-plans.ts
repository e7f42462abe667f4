import type { DatePlan } from '../core/ports/schedules.ts';
import { piece } from './statement.ts';

/** A plan, and the row whose claim writes it: an event, or a walk. */
export type AskedPlan = DatePlan & { eventId: string };

export interface Planning {
  plans: AskedPlan[];
}

/**
 * Writes when date fields fire next, one row a contact. An older view of the contact never replaces a newer one, and what was planned for another
 * version is dropped: publishing plans everybody anew. A contact without a date gets no row, but an old one is emptied.
 */
export const planned = piece<Planning, AskedPlan>(
  'planned',
  {
    asked_by: ['uuid', ({ eventId }) => eventId],
    workflow_id: ['uuid', ({ workflowId }) => workflowId],
    version_id: ['uuid', ({ versionId }) => versionId],
    place: ['int', ({ place }) => place],
    location_id: ['uuid', ({ locationId }) => locationId],
    contact_id: ['uuid', ({ contactId }) => contactId],
    revision: ['int', ({ contactRevision }) => contactRevision],
    due: ['float8', ({ next }) => next?.at ?? null],
    day: ['text', ({ next }) => next?.day ?? null],
  },
  ({ plans }) => plans,
  (input) => `INSERT INTO date_field_plans AS p (workflow_id, place, contact_id, location_id, due_at, occurrence, contact_revision)
    SELECT DISTINCT ON (x.workflow_id, x.place, x.contact_id) x.workflow_id, x.place, x.contact_id, x.location_id, to_timestamp(x.due / 1000), x.day::date, x.revision
    FROM ${input} JOIN claimed ON claimed.id = x.asked_by
      JOIN workflow_schedules s ON s.workflow_id = x.workflow_id AND s.version_id = x.version_id
    WHERE x.due IS NOT NULL
      OR EXISTS (SELECT 1 FROM date_field_plans old WHERE old.workflow_id = x.workflow_id AND old.place = x.place AND old.contact_id = x.contact_id)
    ORDER BY x.workflow_id, x.place, x.contact_id, x.revision DESC
    ON CONFLICT (workflow_id, place, contact_id) DO UPDATE SET due_at = EXCLUDED.due_at, occurrence = EXCLUDED.occurrence, contact_revision = EXCLUDED.contact_revision
      WHERE p.contact_revision <= EXCLUDED.contact_revision`,
);
