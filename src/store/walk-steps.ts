import type { Pool } from 'pg';
import type { Refusal } from '../core/ports/hot-path.ts';
import type { AskedEnrollment, ContactPage, ContactWalk, DatePlan, StepAnswer, WalkStep } from '../core/ports/schedules.ts';
import { CONTACT_COLUMNS, readContact, type ContactRow } from './contact-row.ts';
import { planned, type Planning } from './date-plans.ts';
import { fresh, guardedContacts, type Guarded } from './fresh-contacts.ts';
import type { LocationCache, LocationStamp } from './locations.ts';
import { refused, turnedAway, type Refusals } from './refused.ts';
import { enrolling, gatherFused, type FusedBatch } from './runs-fused.ts';
import { assemble, derived, limited, piece, run, type Piece } from './statement.ts';

/** The contacts of a location after the cursor, by id. */
export async function readPage(pool: Pool, locations: LocationCache, { locationId, cursor }: Pick<ContactWalk, 'locationId' | 'cursor'>, limit: number): Promise<ContactPage> {
  const { rows: places } = await pool.query<LocationStamp & { now: number }>({ name: 'walk_place', text: PLACE, values: [locationId] });
  const { rows } = await pool.query<ContactRow>(limited('walk_page', PAGE, limit, [locationId, cursor]));
  const location = (await locations.gather(places)).get(locationId);
  if (!location) throw new Error(`Location ${locationId} does not exist. Was it deleted by hand?`);
  return { now: Math.floor((places[0]?.now ?? 0) * 1000), location, contacts: rows.map(readContact) };
}

const PLACE = "SELECT date_part('epoch', journey_now()) AS now, id AS location_id, xmin::text AS location_stamp FROM locations WHERE id = $1";
const PAGE = `SELECT ${CONTACT_COLUMNS} FROM contacts c
  WHERE c.location_id = $1 AND c.deleted_at IS NULL AND c.id > COALESCE($2::uuid, '00000000-0000-0000-0000-000000000000') ORDER BY c.id`;

/** Enrolls contacts, keeps why others were refused and moves the walk on, in one statement; all of it or nothing. */
export async function enrollStep(pool: Pool, walk: ContactWalk, step: WalkStep, enrollments: AskedEnrollment[], refusals: Refusal[], leaseMs: number): Promise<StepAnswer> {
  const contacts = guardedContacts(enrollments.filter(({ transition }) => transition.changed));
  const row = { ...step, walk, leaseMs, asked: enrollments.length + step.failed, guards: contacts.length };
  return write(pool, { ...gatherFused(enrollments), contacts, refusals, plans: [], steps: [row] });
}

/** Plans date fields and moves the walk on, in one statement; either both or neither. */
export async function planStep(pool: Pool, walk: ContactWalk, step: WalkStep, plans: DatePlan[], leaseMs: number): Promise<StepAnswer> {
  const row = { ...step, walk, leaseMs, asked: 0, guards: 0 };
  return write(pool, { ...gatherFused([]), contacts: [], refusals: [], plans: plans.map((plan) => ({ ...plan, eventId: walk.id })), steps: [row] });
}

async function write(pool: Pool, batch: StepBatch): Promise<StepAnswer> {
  const { rows } = await run<{ what: 'claimed' | 'fresh' | 'enrolled' | 'start'; id: string }>(pool, statementFor(batch));
  const idsOf = (what: (typeof rows)[number]['what']): string[] => rows.filter((row) => row.what === what).map(({ id }) => id);
  if (idsOf('claimed').length > 0) return { kind: 'done', enrolled: new Set(idsOf('enrolled')), started: idsOf('start') };
  return { kind: idsOf('fresh').length < batch.contacts.length ? 'stale' : 'lost' };
}

type StepRow = WalkStep & { walk: ContactWalk; leaseMs: number; asked: number; guards: number };

interface StepBatch extends FusedBatch, Guarded, Planning, Refusals {
  /** Always one. */
  steps: [StepRow];
}

const step = piece<StepBatch, StepRow>(
  'step',
  {
    id: ['uuid', ({ walk }) => walk.id],
    version_id: ['uuid', ({ walk }) => walk.versionId],
    place: ['int', ({ walk }) => walk.place],
    after: ['uuid', ({ from }) => from],
    cursor: ['uuid', ({ to }) => to],
    looked: ['int', ({ looked }) => looked],
    filtered: ['int', ({ filtered }) => filtered],
    asked: ['int', ({ asked }) => asked],
    guards: ['int', ({ guards }) => guards],
    ends: ['bool', ({ ends }) => ends],
    lease_ms: ['float8', ({ leaseMs }) => leaseMs],
  },
  ({ steps }) => steps,
  (input) => `SELECT x.* FROM ${input}`,
);

/** Whose turn it is: the walk stands where this step begins, its door leads to the same version, and nobody guarded has changed. */
const claimed = (guarded: boolean): Piece<StepBatch> =>
  derived(
    'claimed',
    `SELECT w.id FROM step x JOIN contact_walks w ON w.id = x.id AND w.status = 'walking' AND w.cursor IS NOT DISTINCT FROM x.after
      JOIN workflow_schedules s ON s.workflow_id = w.workflow_id AND s.version_id = x.version_id
      ${guarded ? 'JOIN (SELECT count(*) AS n FROM fresh) unchanged ON unchanged.n = x.guards' : ''}
      FOR NO KEY UPDATE OF w`,
  );

const entered = (enrolls: boolean): string => (enrolls ? '(SELECT count(*)::int FROM moved)' : '0');

const walked = (enrolls: boolean): Piece<StepBatch> =>
  derived(
    'walked',
    `UPDATE contact_walks w SET cursor = COALESCE(x.cursor, w.cursor), looked = w.looked + x.looked, filtered = w.filtered + x.filtered,
        enrolled = w.enrolled + ${entered(enrolls)}, turned_away = w.turned_away + x.asked - ${entered(enrolls)},
        status = CASE WHEN x.ends THEN 'done' ELSE w.status END, ended_at = CASE WHEN x.ends THEN now() END,
        lease_until = now() + make_interval(secs => x.lease_ms / 1000)
      FROM step x JOIN claimed ON claimed.id = x.id WHERE w.id = x.id`,
  );

function statementFor(batch: StepBatch) {
  const enrolls = batch.runs.length > 0;
  const answers = ["SELECT 'claimed' AS what, id FROM claimed"];
  if (batch.contacts.length > 0) answers.push("SELECT 'fresh', id FROM fresh");
  if (enrolls) answers.push("SELECT 'enrolled', id FROM moved");
  if (batch.runs.some(({ transition }) => !transition.changed)) answers.push("SELECT 'start', enrollment_id FROM starts");
  const pieces: Piece<StepBatch>[] = [
    fresh, step, claimed(batch.contacts.length > 0), refused.schedule, planned, ...(enrolls ? [...enrolling, turnedAway.schedule] : []), walked(enrolls),
  ];
  return assemble('walk', pieces, batch, batch.steps[0].now, answers.join(' UNION ALL '));
}
