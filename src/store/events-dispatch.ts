import type { Pool } from 'pg';
import type { AskRow, DispatchAnswer, EventBatch, Refusal } from '../core/ports/hot-path.ts';
import { planned, type AskedPlan, type Planning } from './date-plans.ts';
import { asking, type AskBatch } from './events-asks.ts';
import { fresh, guardedContacts, type Guarded } from './fresh-contacts.ts';
import { refused, turnedAway, type Refusals } from './refused.ts';
import { enrolling, gatherFused, type EventEnrollment, type FusedBatch } from './runs-fused.ts';
import { assemble, derived, piece, run, type Piece } from './statement.ts';

/**
 * Dispatches events in one statement. It claims each event that nobody else has dispatched and whose contact is still as it was
 * read; all the rest joins on what was claimed, so that two dispatchers never double anything. Throws the driver's error when
 * the statement fails as a whole.
 */
export async function dispatchEvents(
  pool: Pool, { events, now }: EventBatch, enrollments: EventEnrollment[], refusals: Refusal[], asks: AskRow[] = [], plans: AskedPlan[] = [],
): Promise<DispatchAnswer> {
  if (events.length === 0) return { noticed: [], enrolled: [], left: [] };
  const guards = new Map(enrollments.map(({ eventId, contact }) => [eventId, contact.id]));
  const guarded = events.map(({ id }) => ({ id, guard: guards.get(id) ?? null }));
  const batch: DispatchBatch = { ...gatherFused(enrollments), events: guarded, contacts: guardedContacts(enrollments), refusals, asks, plans };
  const { rows } = await run<AnswerRow>(pool, statementFor(batch, now));
  const of = (what: AnswerRow['what']): AnswerRow[] => rows.filter((row) => row.what === what);
  const claimed = new Set(of('claimed').map(({ id }) => id));
  const fresh = new Set(of('fresh').map(({ id }) => id));
  return {
    noticed: [...new Set([...of('noticed'), ...of('start')].map(({ id }) => id))],
    enrolled: of('enrolled').map(({ id, workflow_id, location_id }) => ({ id, workflowId: workflow_id, locationId: location_id })),
    left: batch.events.filter(({ id, guard }) => guard !== null && !claimed.has(id) && !fresh.has(guard)).map(({ id }) => id),
  };
}

interface AnswerRow {
  what: 'claimed' | 'fresh' | 'noticed' | 'start' | 'enrolled';
  id: string;
  workflow_id: string;
  location_id: string;
}

interface DispatchBatch extends FusedBatch, Guarded, AskBatch, Planning, Refusals {
  /** `guard`: the contact that must be unchanged before the event may be claimed. */
  events: { id: string; guard: string | null }[];
}

const claimed = (guarded: boolean): Piece<DispatchBatch> =>
  piece<DispatchBatch, DispatchBatch['events'][number]>(
    'claimed',
    { id: ['uuid', ({ id }) => id], guard: ['uuid', ({ guard }) => guard] },
    ({ events }) => events,
    (input) => `UPDATE contact_events e SET dispatched_at = now() FROM ${input} ${guarded ? 'LEFT JOIN fresh f ON f.id = x.guard' : ''}
      WHERE e.id = x.id AND e.dispatched_at IS NULL ${guarded ? 'AND (x.guard IS NULL OR f.id IS NOT NULL)' : ''}
      RETURNING e.id, e.location_id, e.contact_id, e.type, e.data, e.source, e.depth, e.occurred_at`,
  );

/**
 * A mailbox row for every active run of the contact whose version mentions the event, wherever the run stands, and for the run,
 * ended or not, whose own send the event reports on. What workflows ask of one another no run hears. The row has the event's id: it exists once, and rows of
 * one moment keep the order of events.
 * Rows of a paused workflow are pending like any other until the sweeper holds them: a resume that is under way would not see held ones.
 */
const noticed = derived(
  'noticed',
  `INSERT INTO workflow_scheduled_actions (enrollment_id, id, location_id, kind, payload, scheduled_for)
    SELECT r.id, e.id, r.location_id, 'event', jsonb_build_object('event', jsonb_build_object('id', e.id, 'type', e.type, 'contactId', e.contact_id,
        'at', round(extract(epoch FROM e.occurred_at) * 1000), 'data', e.data, 'source', e.source, 'depth', e.depth)),
      clock.now
    FROM clock, claimed e JOIN workflow_enrollments r ON r.contact_id = e.contact_id
    JOIN workflow_versions v ON v.id = r.version_id
    WHERE (r.status = 'active' AND v.listens && ARRAY[e.type::text, '*'] AND e.type NOT IN ('workflow_start', 'workflow_stop')) OR e.data ->> 'enrollment_id' = r.id::text
    ON CONFLICT DO NOTHING RETURNING enrollment_id`,
);

const NONE = 'NULL::uuid AS workflow_id, NULL::uuid AS location_id';

function statementFor(batch: DispatchBatch, now: number) {
  const enrolls = batch.runs.length > 0;
  const answers = [`SELECT 'claimed' AS what, id, ${NONE} FROM claimed`, `SELECT 'noticed', enrollment_id, ${NONE} FROM noticed`];
  if (enrolls) answers.push(`SELECT 'fresh', id, ${NONE} FROM fresh`, "SELECT 'enrolled', id, workflow_id, location_id FROM moved");
  if (batch.runs.some(({ transition }) => !transition.changed)) answers.push(`SELECT 'start', enrollment_id, ${NONE} FROM starts`);
  if (batch.asks.length > 0) answers.push(`SELECT 'noticed', enrollment_id, ${NONE} FROM stopped`, `SELECT 'noticed', enrollment_id, ${NONE} FROM answered`);
  return assemble(
    'dispatch',
    [fresh, claimed(enrolls), noticed, refused.event, planned, ...(enrolls ? [...enrolling, turnedAway.event] : []), ...asking(enrolls)],
    batch,
    now,
    answers.join(' UNION ALL '),
  );
}
