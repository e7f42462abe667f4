import type { Pool } from 'pg';
import type { Refusal } from '../core/ports/hot-path.ts';
import type { AskedEnrollment, DateAnswer, DueDate, DueDates, ScheduleStore } from '../core/ports/schedules.ts';
import { CONTACT_COLUMNS, readContact, toMs, type ContactRow } from './contact-row.ts';
import { fresh, guardedContacts, type Guarded } from './fresh-contacts.ts';
import type { LocationCache, LocationStamp } from './locations.ts';
import { refused, turnedAway, type Refusals } from './refused.ts';
import { enrolling, gatherFused, type FusedBatch } from './runs-fused.ts';
import { assemble, limited, piece, run, type Piece } from './statement.ts';

/** Planned occurrences that are due by the database's journey clock. */
export async function dueDates(pool: Pool, locations: LocationCache, limit: number): Promise<DueDates> {
  const { rows } = await pool.query<DueRow>(limited('due_dates', DUE, limit, []));
  return { now: Math.floor((rows[0]?.now ?? 0) * 1000), dates: rows.map(dateOf), locations: await locations.gather(rows) };
}

interface DueRow extends Omit<ContactRow, 'contact_id'>, LocationStamp {
  now: number;
  workflow_id: string;
  place: number;
  planned_contact: string;
  due_at: number;
  occurrence: string;
  fired_for: string | null;
  planned_from: number;
  version_id: string | null;
  workflow_name: string;
  opened_at: number;
  /** Null when the contact was deleted. */
  contact_id: string | null;
}

const dateOf = (row: DueRow): DueDate => ({
  workflowId: row.workflow_id,
  place: row.place,
  locationId: row.location_id,
  contactId: row.planned_contact,
  dueAt: toMs(row.due_at),
  occurrence: row.occurrence,
  firedFor: row.fired_for,
  plannedFrom: row.planned_from,
  contact: row.contact_id === null ? null : readContact({ ...row, contact_id: row.contact_id }),
  open: row.version_id === null ? null : { versionId: row.version_id, workflowName: row.workflow_name, openedAt: toMs(row.opened_at) },
});

const DUE = `WITH clock AS MATERIALIZED (SELECT journey_now() AS now)
  SELECT date_part('epoch', (SELECT now FROM clock)) AS now, p.workflow_id, p.place, p.location_id, p.contact_id AS planned_contact, date_part('epoch', p.due_at) AS due_at,
    to_char(p.occurrence, 'YYYY-MM-DD') AS occurrence, to_char(p.fired_for, 'YYYY-MM-DD') AS fired_for, p.contact_revision AS planned_from,
    s.version_id, w.name AS workflow_name, date_part('epoch', s.opened_at) AS opened_at, l.xmin::text AS location_stamp, ${CONTACT_COLUMNS}
  FROM date_field_plans p
  JOIN workflows_v2 w ON w.id = p.workflow_id
  JOIN locations l ON l.id = p.location_id
  LEFT JOIN workflow_schedules s ON s.workflow_id = p.workflow_id
  LEFT JOIN contacts c ON c.id = p.contact_id AND c.deleted_at IS NULL
  WHERE p.due_at <= (SELECT now FROM clock) ORDER BY p.due_at`;

/** Answers due dates in one statement: all of it hangs on the plans that were still as they were read. */
export async function fireDates(pool: Pool, now: number, answers: DateAnswer[], enrollments: AskedEnrollment[], refusals: Refusal[]): ReturnType<ScheduleStore['fireDates']> {
  const guards = new Map(enrollments.map(({ eventId, contact }) => [eventId, contact.id]));
  const rows = answers.map((answer): AnswerRow => ({ ...answer, guard: guards.get(answer.key) ?? null }));
  const batch: FireBatch = { ...gatherFused(enrollments), contacts: guardedContacts(enrollments), answers: rows, refusals };
  const found = await run<{ what: string; id: string }>(pool, statementFor(batch, now));
  const idsOf = (what: string): string[] => found.rows.filter((row) => row.what === what).map(({ id }) => id);
  return { answered: idsOf('claimed').length, enrolled: new Set(idsOf('enrolled')), started: idsOf('start') };
}

type AnswerRow = DateAnswer & { guard: string | null };

interface FireBatch extends FusedBatch, Guarded, Refusals {
  answers: AnswerRow[];
}

const claimed = (guarded: boolean): Piece<FireBatch> =>
  piece<FireBatch, AnswerRow>(
    'claimed',
    {
      id: ['uuid', ({ key }) => key],
      workflow_id: ['uuid', ({ date }) => date.workflowId],
      place: ['int', ({ date }) => date.place],
      contact_id: ['uuid', ({ date }) => date.contactId],
      due: ['float8', ({ date }) => date.dueAt],
      revision: ['int', ({ date }) => date.plannedFrom],
      version_id: ['uuid', ({ date }) => date.open?.versionId ?? null],
      next: ['float8', ({ next }) => next?.at ?? null],
      day: ['text', ({ next }) => next?.day ?? null],
      fired_for: ['text', ({ date, fires }) => (fires ? date.occurrence : null)],
      guard: ['uuid', ({ guard }) => guard],
    },
    ({ answers }) => answers,
    (input) => `UPDATE date_field_plans p SET due_at = to_timestamp(x.next / 1000), occurrence = x.day::date, fired_for = COALESCE(x.fired_for::date, p.fired_for)
      FROM ${input} LEFT JOIN workflow_schedules s ON s.workflow_id = x.workflow_id ${guarded ? 'LEFT JOIN fresh f ON f.id = x.guard' : ''}
      WHERE p.workflow_id = x.workflow_id AND p.place = x.place AND p.contact_id = x.contact_id AND p.due_at = to_timestamp(x.due / 1000) AND p.contact_revision = x.revision
        AND s.version_id IS NOT DISTINCT FROM x.version_id ${guarded ? 'AND (x.guard IS NULL OR f.id IS NOT NULL)' : ''}
      RETURNING x.id`,
  );

function statementFor(batch: FireBatch, now: number) {
  const enrolls = batch.runs.length > 0;
  const answers = ["SELECT 'claimed' AS what, id FROM claimed"];
  if (enrolls) answers.push("SELECT 'enrolled', id FROM moved");
  if (batch.runs.some(({ transition }) => !transition.changed)) answers.push("SELECT 'start', enrollment_id FROM starts");
  const pieces: Piece<FireBatch>[] = [fresh, claimed(enrolls), refused.date, ...(enrolls ? [...enrolling, turnedAway.date] : [])];
  return assemble('fire_dates', pieces, batch, now, answers.join(' UNION ALL '));
}
