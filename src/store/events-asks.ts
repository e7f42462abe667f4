import type { AskRow } from '../core/ports/hot-path.ts';
import { jsonText } from './json-text.ts';
import { derived, piece, type Piece } from './statement.ts';

/**
 * What workflows ask of one another, done and answered in the statement that dispatches the ask: on top of `claimed`, and of `moved` where the
 * dispatch enrolls. A piece of a batch without asks is left out.
 */
export interface AskBatch {
  asks: AskRow[];
}

const whereAsked = (sql: Piece<unknown>): Piece<AskBatch> => ({ ...sql, values: ({ asks }) => (asks.length > 0 ? [] : null) });

/** Each ask that was claimed, with the workflow that it means: by id, then by slug, then by name, an active one first. */
const asked = piece<AskBatch, AskRow>(
  'meant',
  {
    event_id: ['uuid', ({ eventId }) => eventId],
    kind: ['text', ({ kind }) => kind],
    asker: ['uuid', ({ asker }) => asker.enrollmentId],
    step_id: ['text', ({ asker }) => asker.stepId],
    visit: ['int', ({ asker }) => asker.visit],
    called: ['text', ({ workflow }) => workflow],
    reason: ['text', ({ reason }) => reason],
    run_id: ['uuid', ({ runId }) => runId],
    entry_key: ['text', ({ entryKey }) => entryKey],
    outcome: ['jsonb', ({ outcome }) => outcome && jsonText(outcome)],
  },
  ({ asks }) => asks,
  (input) => `SELECT x.*, c.contact_id, c.location_id, w.id AS workflow_id, w.name, w.status, w.entry_stopped FROM ${input} JOIN claimed c ON c.id = x.event_id
    LEFT JOIN LATERAL (SELECT w.* FROM workflows_v2 w WHERE w.location_id = c.location_id AND w.status <> 'archived' AND x.called IN (w.id::text, w.slug, w.name)
      ORDER BY w.id::text = x.called DESC, w.slug = x.called DESC, w.status = 'active' DESC, w.id LIMIT 1) w ON true`,
);

const leaving = whereAsked(derived(
  'leaving',
  `SELECT a.event_id, a.reason, e.id, e.location_id FROM meant a
    JOIN workflow_enrollments e ON e.contact_id = a.contact_id AND e.workflow_id = a.workflow_id AND e.status = 'active' AND e.id <> a.asker WHERE a.kind = 'stop'`,
));

const stopped = whereAsked(derived(
  'stopped',
  `INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, payload, scheduled_for)
    SELECT l.id, l.location_id, 'exit', jsonb_build_object('reason', l.reason, 'status', 'exited'), clock.now FROM clock, leaving l RETURNING enrollment_id`,
));

const failed = (error: string): string => `jsonb_build_object('status', 'failed', 'error', ${error})`;
const accepted = (result: string): string => `jsonb_build_object('status', 'accepted', 'result', jsonb_build_object(${result}))`;
const UNKNOWN = "'There is no workflow \"' || a.called || '\" in this location. Correct the step or create the workflow, then retry the step.'";
const CLOSED = `'Workflow "' || a.name || '" ' || CASE WHEN a.status = 'active' THEN 'takes nobody in at the moment (its entry is stopped)' ELSE 'is ' || a.status END
  || ': publish or resume it, or open its entry, then retry the step.'`;

/** A contact that is or was in the other workflow already, and may not come again, is answered with that enrollment. */
const answered = (enrolls: boolean): Piece<AskBatch> => whereAsked(derived(
  'answered',
  `INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, step_id, visit, kind, payload, scheduled_for)
    SELECT a.asker, a.location_id, a.step_id, a.visit, 'outcome', jsonb_build_object('attempt', 1, 'outcome', CASE
        WHEN a.outcome IS NOT NULL THEN a.outcome
        WHEN a.workflow_id IS NULL THEN ${failed(UNKNOWN)}
        WHEN a.kind = 'stop' THEN ${accepted("'stopped', gone.n > 0, 'count', gone.n")}
        ${enrolls ? `WHEN m.id IS NOT NULL THEN ${accepted("'enrollment_id', m.id, 'created', true")}` : ''}
        WHEN a.status <> 'active' OR a.entry_stopped THEN ${failed(CLOSED)}
        ELSE ${accepted("'enrollment_id', inside.id, 'created', false")} END), clock.now
    FROM clock, meant a ${enrolls ? 'LEFT JOIN moved m ON m.id = a.run_id' : ''}
    LEFT JOIN LATERAL (SELECT count(*) AS n FROM leaving l WHERE l.event_id = a.event_id) gone ON true
    LEFT JOIN LATERAL (SELECT e.id FROM workflow_enrollments e WHERE e.contact_id = a.contact_id AND e.workflow_id = a.workflow_id AND e.entry_key = a.entry_key
      ORDER BY e.occurrence DESC LIMIT 1) inside ON true
    RETURNING enrollment_id`,
));

export const asking = (enrolls: boolean): Piece<AskBatch>[] => [asked, leaving, stopped, answered(enrolls)];
