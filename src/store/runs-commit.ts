import type { Pool } from 'pg';
import type { CommitAnswer, RunCommit } from '../core/ports/hot-path.ts';
import { contactWrites } from './contact-writes.ts';
import { jsonText } from './json-text.ts';
import { assignments, causedEvents, claimedSends, conversions, doors, facts, fit, heldStarts, logsBegun, logsEnded, sends, timers, withdrawn, withdrawnTold } from './run-writes.ts';
import { countsOf, createWays, statDeltas } from './stat-deltas.ts';
import { isTaken } from './sqlstate.ts';
import { takenEmails } from './taken-emails.ts';
import { assemble, derived, piece, run, type Piece } from './statement.ts';
import type { Writes, Written } from './writes.ts';

/**
 * Writes many runs in one statement, each guarded by its revision and, where it changed its contact, by the contact's. Give
 * at most one commit that changes a contact per contact. Runs whose e-mail address is another's are left out and named. Throws the driver's error when the
 * statement fails as a whole.
 */
export async function commitRuns(pool: Pool, commits: RunCommit[], now: number): Promise<CommitAnswer> {
  if (commits.length === 0) return { moved: new Map(), lost: [], due: [] };
  const batch = gather(commits);
  let rows: MovedRow[];
  try {
    ({ rows } = await run<MovedRow>(pool, statementFor(batch, now)));
  } catch (error) {
    return commitUntaken(pool, commits, now, error);
  }
  const moved = new Map(rows.map(({ id, revision }) => [id, revision]));
  const leases = rows.flatMap(({ id, lease }): [string, string][] => (lease === null ? [] : [[id, lease]]));
  return {
    ...(leases.length > 0 && { leases: new Map(leases) }),
    moved,
    lost: commits.map(({ loaded }) => loaded.run.id).filter((id) => !moved.has(id)),
    // The outcome of a withdrawn send was written by this very statement, which does not see it.
    due: [...new Set([...rows.filter(({ due }) => due).map(({ id }) => id), ...commits.filter(({ loaded, transition }) => transition.withdrawn.length > 0 && moved.has(loaded.run.id)).map(({ loaded }) => loaded.run.id)])],
  };
}

/** Writes the rest when the addresses of some are taken. Two of the batch may want one address that nobody has: then the statement fails, and is bisected. */
async function commitUntaken(pool: Pool, commits: RunCommit[], now: number, error: unknown): Promise<CommitAnswer> {
  const isEmail = isTaken(error) && (error as { constraint?: unknown }).constraint === 'contacts_email_key';
  const taken = isEmail ? await takenEmails(pool, commits) : new Map<string, string>();
  if (taken.size === 0) throw error;
  return { ...(await commitRuns(pool, commits.filter(({ loaded }) => !taken.has(loaded.run.id)), now)), taken };
}

interface MovedRow {
  id: string;
  revision: number;
  due: boolean;
  lease: string | null;
}

export interface CommitBatch extends Writes {
  /** Runs that only consume their inputs. */
  unchanged: { n: number; id: string; revision: number; taken: number }[];
  consumed: { n: number; id: string }[];
  /** Runs whose timers, set by earlier commits, are void. */
  cancelled: { n: number }[];
}

/** Numbers the commits of one statement and sorts them into ways. */
export function gather(commits: RunCommit[]): CommitBatch {
  const sorted = [...commits].sort((a, b) => (a.loaded.run.id < b.loaded.run.id ? -1 : 1));
  const { ways, wayOf } = createWays();
  const batch: CommitBatch = { runs: [], ways, unchanged: [], consumed: [], cancelled: [] };
  for (const [n, { loaded, transition, consumed, sendId, claimMs = null }] of sorted.entries()) {
    for (const id of consumed) batch.consumed.push({ n, id });
    if (!transition.changed) {
      batch.unchanged.push({ n, id: loaded.run.id, revision: loaded.revision, taken: consumed.length });
      continue;
    }
    const { run: before, locationId, versionId, contact } = loaded;
    // A run has a timer only while it waits for a moment; a performing run has none to cancel.
    if (transition.cancelTimers && (before.state.position.open?.until ?? null) !== null) batch.cancelled.push({ n });
    const { id, workflowId, contactId } = before;
    const way = wayOf({ locationId, workflowId, versionId }, countsOf(transition, before.state.status));
    const revision = loaded.revision + 1;
    batch.runs.push({ n, id, locationId, workflowId, contactId, contactRevision: contact.revision, revision, transition, sendId, claimMs, way, taken: consumed.length });
  }
  return batch;
}

const columns = {
  n: ['int', ({ n }: Written) => n],
  id: ['uuid', ({ id }: Written) => id],
  rev: ['int', ({ revision }: Written) => revision - 1],
  way: ['int', ({ way }: Written) => way],
  taken: ['int', ({ taken }: Written) => taken],
  status: ['text', ({ transition }: Written) => transition.state.status],
  current_step: ['text', ({ transition }: Written) => transition.state.currentStep],
  step_data: ['jsonb', ({ transition }: Written) => jsonText(transition.state.data)],
  position: ['json', ({ transition }: Written) => jsonText(transition.state.position)],
  next_run: ['float8', ({ transition }: Written) => transition.state.position.open?.until ?? null],
  exit_reason: ['text', ({ transition }: Written) => transition.state.exitReason],
} as const;

const MOVE = `UPDATE workflow_enrollments e SET status = x.status, current_step = x.current_step, step_data = x.step_data, position = x.position, revision = x.rev + 1,
    next_run_at = to_timestamp(x.next_run / 1000),
    completed_at = CASE WHEN x.status = 'active' THEN NULL ELSE COALESCE(e.completed_at, clock.now) END, exit_reason = x.exit_reason`;
const MOVED = 'RETURNING x.n, e.id, e.location_id, e.workflow_id, e.contact_id, e.revision, x.way, x.taken';

const runsOf = ({ runs }: CommitBatch): Written[] => runs;

/** The plain move: no run of the batch changed its contact. `also` adds to what it reads beside `x`. */
export const plainMove = (also = ''): Piece<CommitBatch> => piece('moved', columns, runsOf, (input) => moving(`${input} ${also}`));

/** The same for runs whose contact must be as it was read, too: `when` may ask more of the run `e`. */
export const contactGuardedMove = (also: string, when: string): Piece<CommitBatch> =>
  piece('moved', { ...columns, contact_rev: ['int', ({ contactRevision }: Written) => contactRevision] }, runsOf, (input) =>
    moving(`${input} ${also}, contacts c`, `AND c.id = e.contact_id AND c.revision = x.contact_rev ${when}`));

const moving = (from: string, when = ''): string => `${MOVE} FROM clock, ${from} WHERE e.id = x.id AND e.revision = x.rev ${when} ${MOVED}`;

/**
 * With contact changes both guards must hold before either row is written: the runs are locked first, contacts are written for
 * locked runs only, and runs move only with their contact. Everything is joined, never asked for by a subquery: a join is
 * what PostgreSQL can check again when it had to wait for a row.
 */
const guardedMove: Piece<CommitBatch>[] = [
  piece('asked', { ...columns, contact: ['bool', ({ transition }: Written) => transition.contact !== null] }, runsOf, (input) => `SELECT * FROM ${input}`),
  derived('locked', 'SELECT a.n FROM asked a JOIN workflow_enrollments e ON e.id = a.id AND e.revision = a.rev ORDER BY e.id FOR NO KEY UPDATE OF e'),
  contactWrites('touched', 'locked'),
  derived(
    'moved',
    `${MOVE} FROM clock, asked x JOIN locked k ON k.n = x.n LEFT JOIN touched t ON t.n = x.n
    WHERE e.id = x.id AND e.revision = x.rev AND (t.n IS NOT NULL OR NOT x.contact) ${MOVED}`,
  ),
];

/** Runs that only consume. They are locked too: an input that changed nothing at one revision might at the next. */
const still = piece<CommitBatch, CommitBatch['unchanged'][number]>(
  'still',
  { n: ['int', ({ n }) => n], id: ['uuid', ({ id }) => id], rev: ['int', ({ revision }) => revision], taken: ['int', ({ taken }) => taken] },
  ({ unchanged }) => unchanged,
  (input) => `SELECT x.n, e.id, e.revision, x.taken FROM ${input} JOIN workflow_enrollments e ON e.id = x.id AND e.revision = x.rev ORDER BY e.id FOR NO KEY UPDATE OF e`,
);

export const consumedRows = piece<CommitBatch, { n: number; id: string }>(
  'consumed',
  { n: ['int', ({ n }) => n], id: ['uuid', ({ id }) => id] },
  ({ consumed }) => consumed,
  (input) => `DELETE FROM workflow_scheduled_actions a USING ${input} JOIN passed p ON p.n = x.n WHERE a.enrollment_id = p.id AND a.id = x.id`,
);

/** The statement does not see the timers that it sets itself: those stay. */
const cancelledTimers = piece<CommitBatch, { n: number }>(
  'cancelled',
  { n: ['int', ({ n }) => n] },
  ({ cancelled }) => cancelled,
  (input) => `DELETE FROM workflow_scheduled_actions a USING ${input} JOIN moved m ON m.n = x.n WHERE a.enrollment_id = m.id AND a.kind = 'timer'`,
);

/** Everything that a run which moved may write. */
export const writes: Piece<CommitBatch>[] = [logsBegun, logsEnded, timers, heldStarts, sends, doors, fit, claimedSends, withdrawn, withdrawnTold, facts, causedEvents, assignments, conversions, statDeltas, cancelledTimers];

/** Is more due than the run consumed? */
export const DUE = `(SELECT count(*) FROM workflow_scheduled_actions a
    WHERE a.enrollment_id = p.id AND a.status = 'pending' AND a.scheduled_for <= (SELECT journey_now())) > p.taken`;

/** All claims of a statement have the same lease. */
const LEASE = 'CASE WHEN p.id IN (SELECT id FROM claimed) THEN (SELECT max(lease) FROM claimed) END';

const tail = (claims: boolean): string => `SELECT p.id, p.revision, ${DUE} AS due, ${claims ? LEASE : 'NULL'} AS lease FROM passed p`;

function statementFor(batch: CommitBatch, now: number) {
  const moves = batch.runs.length > 0;
  const stays = batch.unchanged.length > 0;
  const move = batch.runs.some(({ transition }) => transition.contact !== null) ? guardedMove : [plainMove()];
  const passed = [...(moves ? ['moved'] : []), ...(stays ? ['still'] : [])].map((from) => `SELECT n, id, revision, taken FROM ${from}`).join(' UNION ALL ');
  return assemble('commit', [...(moves ? move : []), still, derived('passed', passed), consumedRows, ...(moves ? writes : [])], batch, now, tail(batch.runs.some(({ claimMs }) => claimMs !== null)));
}
