import type { LogRow, Transition } from '../core/state.ts';
import { uuidv7 } from '../ids.ts';
import { jsonText } from './json-text.ts';
import { derived, piece, type Columns, type Piece } from './statement.ts';
import type { Writes, Written } from './writes.ts';

/**
 * What a commit and a fused enrolment both write. Every piece joins `moved (n, id, location_id, workflow_id, contact_id,
 * revision, way)`: the runs whose guard held. What a lost run wanted to write is nowhere.
 */
const ms = (column: string): string => `to_timestamp(${column} / 1000)`;

const json = (value: unknown): string | null => (value === null || value === undefined ? null : jsonText(value));

interface LogOf {
  n: number;
  row: LogRow;
}

const logsOf =
  (began: boolean) =>
  ({ runs }: Writes): LogOf[] =>
    runs.flatMap(({ n, transition }) => transition.logs.filter((row) => row.began === began).map((row) => ({ n, row })));

/** What a row holds whether it begins now or was begun by an earlier commit. */
const logCells: Columns<LogOf> = {
  n: ['int', ({ n }) => n],
  seq: ['int', ({ row }) => row.seq],
  attempt: ['int', ({ row }) => row.attempt],
  status: ['text', ({ row }) => row.status],
  input: ['jsonb', ({ row }) => json(row.input)],
  output: ['jsonb', ({ row }) => json(row.output)],
  decision: ['json', ({ row }) => json(row.decision)],
  error: ['text', ({ row }) => row.error],
  outcome: ['text', ({ row }) => row.outcome],
  completed_at: ['float8', ({ row }) => row.completedAt],
};

export const logsBegun = piece<Writes, LogOf>(
  'begun',
  {
    ...logCells,
    step_id: ['text', ({ row }) => row.stepId],
    step_type: ['text', ({ row }) => row.stepType],
    visit: ['int', ({ row }) => row.visit],
    started_at: ['float8', ({ row }) => row.startedAt],
  },
  logsOf(true),
  (input) => `INSERT INTO workflow_step_logs (enrollment_id, seq, location_id, step_id, step_type, visit, attempt, status, input_data, output_data, decision, error, outcome,
      started_at, completed_at, started_rev, ended_rev)
    SELECT m.id, x.seq, m.location_id, x.step_id, x.step_type, x.visit, x.attempt, x.status, x.input, x.output, x.decision, x.error, x.outcome,
      ${ms('x.started_at')}, ${ms('x.completed_at')}, m.revision, CASE WHEN x.completed_at IS NOT NULL THEN m.revision END
    FROM ${input} JOIN moved m ON m.n = x.n`,
);

/** Rows that were begun by an earlier commit. An input that was logged then stays when this one has none. */
export const logsEnded = piece<Writes, LogOf>(
  'ended',
  logCells,
  logsOf(false),
  (input) => `UPDATE workflow_step_logs l SET attempt = x.attempt, status = x.status, input_data = COALESCE(x.input, l.input_data), output_data = COALESCE(x.output, l.output_data),
      decision = COALESCE(x.decision, l.decision), error = x.error, outcome = x.outcome, completed_at = ${ms('x.completed_at')},
      ended_rev = CASE WHEN x.completed_at IS NOT NULL THEN m.revision END
    FROM ${input} JOIN moved m ON m.n = x.n
    WHERE l.enrollment_id = m.id AND l.seq = x.seq`,
);

export const timers = piece<Writes, Written>(
  'timers',
  {
    n: ['int', ({ n }) => n],
    step_id: ['text', ({ transition }) => transition.timer?.stepId ?? ''],
    visit: ['int', ({ transition }) => transition.timer?.visit ?? 0],
    at: ['float8', ({ transition }) => transition.timer?.at ?? 0],
    relative: ['bool', ({ transition }) => transition.timer?.relative ?? false],
  },
  ({ runs }) => runs.filter(({ transition }) => transition.timer !== null),
  (input) => `INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, step_id, visit, kind, scheduled_for, relative)
    SELECT m.id, m.location_id, x.step_id, x.visit, 'timer', ${ms('x.at')}, x.relative FROM ${input} JOIN moved m ON m.n = x.n`,
);

/**
 * A run that stopped because its workflow is paused: a `start` takes it on when the workflow resumes. It is written as pending, because the
 * workflow may be resumed in this very moment, and that would release no row that it does not see. No load gives it out meanwhile, and
 * the sweeper holds it.
 */
export const heldStarts = piece<Writes, Written>(
  'held',
  { n: ['int', ({ n }) => n] },
  ({ runs }) => runs.filter(({ transition }) => transition.held),
  (input) => `INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, scheduled_for)
    SELECT m.id, m.location_id, 'start', clock.now FROM clock, ${input} JOIN moved m ON m.n = x.n`,
);

const sendCells: Columns<Written> = {
  n: ['int', ({ n }) => n],
  id: ['uuid', ({ sendId }) => sendId],
  step_id: ['text', ({ transition }) => transition.effect?.stepId ?? ''],
  visit: ['int', ({ transition }) => transition.effect?.visit ?? 0],
  seq: ['int', ({ transition }) => transition.effect?.seq ?? 0],
  channel: ['text', ({ transition }) => transition.effect?.channel ?? ''],
  request: ['json', ({ transition }) => jsonText(transition.effect?.request)],
  attempts: ['int', ({ transition }) => transition.effect?.retry.attempts ?? 1],
  backoff: ['int', ({ transition }) => transition.effect?.retry.backoffMs ?? 0],
  quiet_hours: ['jsonb', ({ transition }) => json(transition.effect?.window)],
};

const LEDGER = 'id, location_id, enrollment_id, workflow_id, contact_id, step_id, visit, seq, channel, request, max_attempts, backoff_ms, quiet_hours';
const INTENT = 'x.id, m.location_id, m.id, m.workflow_id, m.contact_id, x.step_id, x.visit, x.seq, x.channel, x.request, x.attempts, x.backoff, x.quiet_hours';

/** `from` gives `x`; `more` are further columns of the ledger, and what they get. */
const intoLedger = (from: string, more: Record<string, string> = {}): string => `INSERT INTO sends (${[LEDGER, ...Object.keys(more)].join(', ')}) SELECT ${[INTENT, ...Object.values(more)].join(', ')}
    FROM ${from} JOIN moved m ON m.n = x.n`;

const sending = ({ transition, sendId }: Written): boolean => transition.effect !== null && sendId !== null;

/** Intents that a delivery worker claims. */
export const sends = piece<Writes, Written>(
  'sends',
  sendCells,
  ({ runs }) => runs.filter((run) => run.claimMs === null && sending(run)),
  (input) => intoLedger(input),
);

const claims = ({ runs }: Writes): boolean => runs.some(({ claimMs }) => claimMs !== null);

/** The workflows whose messages may leave, each asked once. */
export const doors: Piece<Writes> = {
  ...derived('doors', 'SELECT d.id FROM (SELECT DISTINCT workflow_id AS id FROM moved) d WHERE hold_door_open(d.id)', 'MATERIALIZED'),
  values: (batch) => (claims(batch) ? [] : null),
};

/**
 * Runs whose sends may leave at once: the workflow is active and the contact is as it was read, and both stay so until this commits. Whoever is changing the contact is not waited
 * for: that send goes by the gate of the delivery worker. Runs are locked before contacts.
 * (`IN` is hashed; a join would compare each with all, because the planner expects one row.)
 */
export const fit = piece<Writes, Written>(
  'fit',
  { n: ['int', ({ n }) => n], contact_rev: ['int', ({ contactRevision }) => contactRevision] },
  ({ runs }) => runs.filter(({ claimMs }) => claimMs !== null),
  (input) => `SELECT m.n FROM ${input} JOIN moved m ON m.n = x.n
    JOIN contacts c ON c.id = m.contact_id AND c.revision = x.contact_rev AND c.deleted_at IS NULL
    WHERE m.workflow_id IN (SELECT id FROM doors)
    FOR SHARE OF c SKIP LOCKED`,
);

const CLAIMED = {
  status: "CASE WHEN x.fits THEN 'executing' ELSE 'pending' END",
  attempt: 'CASE WHEN x.fits THEN 1 ELSE 0 END',
  lease_until: 'CASE WHEN x.fits THEN now() + make_interval(secs => x.claim_ms / 1000) END',
  first_attempt_at: 'CASE WHEN x.fits THEN now() END',
};

/** Intents that are claimed as they are written. One that does not fit is written as any other. */
export const claimedSends = piece<Writes, Written>(
  'claimed',
  { ...sendCells, claim_ms: ['float8', ({ claimMs }) => claimMs] },
  ({ runs }) => runs.filter((run) => run.claimMs !== null && sending(run)),
  (input) => `${intoLedger(`(SELECT x.*, x.n IN (SELECT n FROM fit) AS fits FROM ${input}) x`, CLAIMED)}
    RETURNING CASE WHEN lease_until IS NOT NULL THEN enrollment_id END AS id, lease_until::text AS lease`,
);

interface WithdrawnOf {
  n: number;
  effect: Transition['withdrawn'][number];
}

/** Sends that are pending and wanted no more. One that its worker has begun goes on: its outcome is awaited by the row that it left open. */
export const withdrawn = piece<Writes, WithdrawnOf>(
  'withdrawn',
  { n: ['int', ({ n }) => n], step_id: ['text', ({ effect }) => effect.stepId], visit: ['int', ({ effect }) => effect.visit], reason: ['text', ({ effect }) => effect.reason] },
  ({ runs }) => runs.flatMap(({ n, transition }) => transition.withdrawn.map((effect) => ({ n, effect }))),
  (input) => `UPDATE sends s SET status = CASE WHEN s.unknown_before THEN 'unknown' ELSE 'skipped' END, error = x.reason, ended_at = now(), lease_until = NULL
    FROM ${input} JOIN moved m ON m.n = x.n
    WHERE s.enrollment_id = m.id AND s.step_id = x.step_id AND s.visit = x.visit AND s.status = 'pending'
    RETURNING s.enrollment_id, s.location_id, s.step_id, s.visit, s.attempt, s.error,
      CASE WHEN s.unknown_before THEN jsonb_build_object('status', 'unknown', 'error', s.error) ELSE jsonb_build_object('status', 'skipped', 'reason', s.error) END AS outcome`,
);

/** A withdrawn send tells its run how it ended, as a delivered one does. */
export const withdrawnTold: Piece<Writes> = {
  ...derived('told', `INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, step_id, visit, kind, payload, scheduled_for)
    SELECT x.enrollment_id, x.location_id, x.step_id, x.visit, 'outcome', jsonb_build_object('attempt', greatest(x.attempt, 1), 'outcome', x.outcome), clock.now FROM clock, withdrawn x`),
  values: ({ runs }) => (runs.some(({ transition }) => transition.withdrawn.length > 0) ? [] : null),
};

interface FactOf {
  n: number;
  fact: Transition['facts'][number];
}

/** A fact that is known already stays as it was first told. */
export const facts = piece<Writes, FactOf>(
  'facts',
  {
    n: ['int', ({ n }) => n],
    step_id: ['text', ({ fact }) => fact.stepId],
    visit: ['int', ({ fact }) => fact.visit],
    name: ['text', ({ fact }) => fact.name],
    at: ['float8', ({ fact }) => fact.at],
  },
  ({ runs }) => runs.flatMap(({ n, transition }) => transition.facts.map((fact) => ({ n, fact }))),
  (input) => `UPDATE sends s SET facts = news.facts || s.facts
    FROM (SELECT m.id, x.step_id, x.visit, jsonb_object_agg(x.name, jsonb_build_object('at', x.at, 'rev', m.revision)) AS facts
      FROM ${input} JOIN moved m ON m.n = x.n GROUP BY m.id, x.step_id, x.visit) news
    WHERE s.enrollment_id = news.id AND s.step_id = news.step_id AND s.visit = news.visit`,
);

interface EventOf {
  run: Written;
  place: number;
  event: Transition['events'][number];
}

/** The event's key names the commit that caused it, so that it exists once however often the commit is tried. */
export const causedEvents = piece<Writes, EventOf>(
  'events',
  {
    n: ['int', ({ run }) => run.n],
    id: ['uuid', ({ event }) => event.id ?? uuidv7()],
    type: ['text', ({ event }) => event.type],
    key: ['text', ({ run, place }) => `${run.id}:${run.revision}:${place}`],
    data: ['jsonb', ({ event }) => jsonText(event.data)],
    depth: ['int', ({ event }) => event.depth],
  },
  ({ runs }) => runs.flatMap((run) => run.transition.events.map((event, place) => ({ run, place, event }))),
  (input) => `INSERT INTO contact_events (id, location_id, contact_id, type, source, event_key, data, depth, occurred_at)
    SELECT x.id, m.location_id, m.contact_id, x.type, 'workflow', x.key, x.data, x.depth, clock.now FROM clock, ${input} JOIN moved m ON m.n = x.n`,
);

interface AssignmentOf {
  n: number;
  versionId: string;
  key: string;
  variant: string;
  /** True when the same commit reached a goal after it. */
  converted: boolean;
}

/** The first exposure of a contact stands, whatever a later run draws. */
export const assignments = piece<Writes, AssignmentOf>(
  'assigned',
  {
    n: ['int', ({ n }) => n],
    version_id: ['uuid', ({ versionId }) => versionId],
    key: ['text', ({ key }) => key],
    variant: ['text', ({ variant }) => variant],
    converted: ['bool', ({ converted }) => converted],
  },
  ({ runs, ways }) =>
    runs.flatMap(({ n, way, transition: { assignments: exposures, conversions: reached } }) =>
      exposures.map(({ key, variant }) => ({ n, versionId: ways[way]!.versionId, key, variant, converted: reached.includes(key) })),
    ),
  (input) => `INSERT INTO experiment_assignments (location_id, workflow_id, version_id, experiment, contact_id, variant, created_at, converted_at)
    SELECT m.location_id, m.workflow_id, x.version_id, x.key, m.contact_id, x.variant, clock.now, CASE WHEN x.converted THEN clock.now END
    FROM clock, ${input} JOIN moved m ON m.n = x.n ON CONFLICT DO NOTHING`,
);

/** Goals that follow an exposure of an earlier commit. The first one counts. */
export const conversions = piece<Writes, { n: number; key: string }>(
  'converted',
  { n: ['int', ({ n }) => n], key: ['text', ({ key }) => key] },
  ({ runs }) => runs.flatMap(({ n, transition }) => transition.conversions.map((key) => ({ n, key }))),
  (input) => `UPDATE experiment_assignments a SET converted_at = clock.now FROM clock, ${input} JOIN moved m ON m.n = x.n
    WHERE a.workflow_id = m.workflow_id AND a.experiment = x.key AND a.contact_id = m.contact_id AND a.converted_at IS NULL`,
);
