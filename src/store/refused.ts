import type { Refusal } from '../core/ports/hot-path.ts';
import { jsonText } from './json-text.ts';
import { derived, piece, type Piece } from './statement.ts';

/**
 * Who asked for an entry that was refused, and so what is kept of it. An event's refusals and a date's are all kept. Of a schedule's trigger only a
 * contact's newest is: a daily look at a million contacts would keep a million rows a day.
 */
export type Asker = 'event' | 'date' | 'schedule';

const kept: Record<Asker, { event: (alias: string) => string; place: string; newest: string }> = {
  event: { event: (alias) => `${alias}.event_id`, place: 'NULL::smallint', newest: '' },
  date: { event: () => 'NULL::uuid', place: 'NULL::smallint', newest: '' },
  schedule: {
    event: () => 'NULL::uuid',
    place: '(SELECT place FROM step)::smallint',
    newest: 'ON CONFLICT (workflow_id, contact_id, place) DO UPDATE SET reason = EXCLUDED.reason, detail = EXCLUDED.detail, created_at = EXCLUDED.created_at',
  },
};

export interface Refusals {
  refusals: Refusal[];
}

const refusedBy = (asker: Asker): Piece<Refusals> => {
  const { event, place, newest } = kept[asker];
  return piece<Refusals, Refusal>(
    'refused',
    {
      event_id: ['uuid', ({ eventId }) => eventId],
      location_id: ['uuid', ({ locationId }) => locationId],
      workflow_id: ['uuid', ({ workflowId }) => workflowId],
      contact_id: ['uuid', ({ contactId }) => contactId],
      reason: ['text', ({ reason }) => reason],
      detail: ['jsonb', ({ detail }) => jsonText(detail)],
    },
    ({ refusals }) => refusals,
    (input) => `INSERT INTO enrollment_refusals (location_id, workflow_id, contact_id, event_id, place, reason, detail)
      SELECT x.location_id, x.workflow_id, x.contact_id, ${event('x')}, ${place}, x.reason, x.detail FROM ${input} JOIN claimed ON claimed.id = x.event_id ${newest}`,
  );
};

const turnedAwayFor = (asker: Asker): Piece<unknown> => {
  const { event, place, newest } = kept[asker];
  return derived(
    'turned_away',
    `INSERT INTO enrollment_refusals (location_id, workflow_id, contact_id, event_id, place, reason)
      SELECT a.location_id, a.workflow_id, a.contact_id, ${event('a')}, ${place},
        CASE WHEN w.status = 'active' AND NOT w.entry_stopped THEN 'already_enrolled' ELSE 'not_active' END
      FROM asked a JOIN claimed ON claimed.id = a.event_id JOIN workflows_v2 w ON w.id = a.workflow_id LEFT JOIN moved m ON m.n = a.n WHERE m.n IS NULL ${newest}`,
  );
};

/** Keeps why contacts were refused, for those of `claimed` whose turn this is. */
export const refused: Record<Asker, Piece<Refusals>> = { event: refusedBy('event'), date: refusedBy('date'), schedule: refusedBy('schedule') };

/** Those that were asked in and not let in after all, with why. */
export const turnedAway: Record<Asker, Piece<unknown>> = { event: turnedAwayFor('event'), date: turnedAwayFor('date'), schedule: turnedAwayFor('schedule') };
