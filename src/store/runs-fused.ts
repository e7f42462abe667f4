import type { FusedEnrollment } from '../core/ports/hot-path.ts';
import { contactWrites } from './contact-writes.ts';
import { jsonText } from './json-text.ts';
import { assignments, causedEvents, conversions, heldStarts, logsBegun, sends, timers } from './run-writes.ts';
import { countsOf, createWays, statDeltas } from './stat-deltas.ts';
import { derived, piece, type Piece } from './statement.ts';
import type { Writes, Written } from './writes.ts';

export type EventEnrollment = FusedEnrollment & { eventId: string };

/** A run to be inserted as its first segment left it, beside what that segment writes. */
export interface FusedRow extends Written {
  enrollment: EventEnrollment;
}

export interface FusedBatch extends Writes {
  runs: FusedRow[];
}

/** Numbers the enrollments of one statement and sorts them into ways. */
export function gatherFused(enrollments: EventEnrollment[]): FusedBatch {
  const { ways, wayOf } = createWays();
  const sorted = [...enrollments].sort((a, b) => (a.run.id < b.run.id ? -1 : 1));
  const runs = sorted.map((enrollment, n): FusedRow => {
    const { run, locationId, versionId, transition, sendId, contact } = enrollment;
    const { id, workflowId, contactId } = run;
    const way = wayOf({ locationId, versionId, workflowId }, countsOf(transition, null));
    return { n, id, locationId, workflowId, contactId, contactRevision: contact.revision, revision: 1, transition, sendId, claimMs: null, taken: 0, way, enrollment };
  });
  return { runs, ways };
}

const afterMs = ({ enrollment: { reentry } }: FusedRow): number | null => (typeof reentry === 'object' ? reentry.afterMs : null);

const asked = piece<FusedBatch, FusedRow>(
  'asked',
  {
    n: ['int', ({ n }) => n],
    event_id: ['uuid', ({ enrollment }) => enrollment.eventId],
    id: ['uuid', ({ id }) => id],
    location_id: ['uuid', ({ locationId }) => locationId],
    workflow_id: ['uuid', ({ workflowId }) => workflowId],
    version_id: ['uuid', ({ enrollment }) => enrollment.versionId],
    contact_id: ['uuid', ({ contactId }) => contactId],
    entry_key: ['text', ({ enrollment }) => enrollment.entryKey],
    again: ['bool', ({ enrollment }) => enrollment.reentry !== 'never'],
    after_ms: ['float8', afterMs],
    way: ['int', ({ way }) => way],
    status: ['text', ({ transition }) => transition.state.status],
    current_step: ['text', ({ transition }) => transition.state.currentStep],
    step_data: ['jsonb', ({ transition }) => jsonText(transition.state.data)],
    position: ['json', ({ transition }) => jsonText(transition.state.position)],
    trigger_data: ['json', ({ enrollment }) => jsonText(enrollment.run.trigger)],
    depth: ['int', ({ enrollment }) => enrollment.run.depth],
    enrolled_at: ['float8', ({ enrollment }) => enrollment.run.enrolledAt],
    next_run: ['float8', ({ transition }) => transition.state.position.open?.until ?? null],
    exit_reason: ['text', ({ transition }) => transition.state.exitReason],
  },
  ({ runs }) => runs,
  (input) => `SELECT * FROM ${input}`,
);

/** Who may be let in: the workflow still takes entries, and the contact's last run of it, if any, ended (long enough ago). */
const eligible = derived(
  'eligible',
  `SELECT a.*, COALESCE(last.occurrence, 0) + 1 AS occurrence FROM clock, asked a
    JOIN claimed ON claimed.id = a.event_id
    JOIN workflows_v2 w ON w.id = a.workflow_id AND w.status = 'active' AND NOT w.entry_stopped
    LEFT JOIN LATERAL (SELECT p.occurrence, p.status, p.completed_at FROM workflow_enrollments p
      WHERE p.contact_id = a.contact_id AND p.workflow_id = a.workflow_id AND p.entry_key = a.entry_key ORDER BY p.occurrence DESC LIMIT 1) last ON true
    WHERE last.occurrence IS NULL OR (a.again AND last.status <> 'active'
      AND (a.after_ms IS NULL OR last.completed_at + make_interval(secs => a.after_ms / 1000) <= clock.now))`,
);

/** Two dispatchers that both think so meet at the unique key, and one of them inserts nothing. */
const inserted = derived(
  'inserted',
  `INSERT INTO workflow_enrollments (id, location_id, workflow_id, version_id, contact_id, entry_key, occurrence, status, current_step, step_data, position, trigger_data,
      depth, enrolled_at, completed_at, next_run_at, exit_reason)
    SELECT f.id, f.location_id, f.workflow_id, f.version_id, f.contact_id, f.entry_key, f.occurrence, f.status, f.current_step, f.step_data, f.position, f.trigger_data,
      f.depth, to_timestamp(f.enrolled_at / 1000), CASE WHEN f.status <> 'active' THEN clock.now END, to_timestamp(f.next_run / 1000), f.exit_reason
    FROM clock, eligible f
    ON CONFLICT (contact_id, workflow_id, entry_key, occurrence) DO NOTHING RETURNING id, revision`,
);

const moved = derived('moved', 'SELECT f.n, f.id, f.location_id, f.workflow_id, f.contact_id, i.revision, f.way FROM eligible f JOIN inserted i ON i.id = f.id');

const starts = piece<FusedBatch, FusedRow>(
  'starts',
  { n: ['int', ({ n }) => n] },
  ({ runs }) => runs.filter(({ transition }) => !transition.changed),
  (input) => `INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, scheduled_for)
    SELECT m.id, m.location_id, 'start', clock.now FROM clock, ${input} JOIN moved m ON m.n = x.n RETURNING enrollment_id`,
);

/** The pieces that enroll, on top of `claimed (id)`: the events, or other rows that ask for it, whose turn this is. */
export const enrolling: Piece<FusedBatch>[] = [
  asked,
  eligible,
  inserted,
  moved,
  starts,
  contactWrites('touched', 'moved'),
  logsBegun,
  timers,
  heldStarts,
  sends,
  causedEvents,
  assignments,
  conversions,
  statDeltas,
];
