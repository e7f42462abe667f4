import type { Onward, SendResult } from '../core/ports/hot-path.ts';
import { jsonText } from './json-text.ts';
import { consumedRows, contactGuardedMove, DUE, gather, plainMove, writes, type CommitBatch } from './runs-commit.ts';
import { closeLog, countClosed, postOutcome } from './sends-statements.ts';
import { assemble, derived, piece, type Columns, type Piece, type Statement } from './statement.ts';

/** How one attempt ended, as the statement takes it. */
interface FinishRow {
  id: string;
  lease: string;
  attempt: number;
  /** A final status, or `again`. */
  status: string;
  provider: string | null;
  providerId: string | null;
  outcome: string | null;
  error: string | null;
  inMs: number;
  /** False when the attempt does not count towards the most that there may be. */
  counts: boolean;
  /** True when the provider may have taken it. */
  unknown: boolean;
}

const columns: Columns<FinishRow> = {
  id: ['uuid', ({ id }) => id],
  lease: ['text', ({ lease }) => lease],
  attempt: ['int', ({ attempt }) => attempt],
  status: ['text', ({ status }) => status],
  provider: ['text', ({ provider }) => provider],
  provider_id: ['text', ({ providerId }) => providerId],
  outcome: ['jsonb', ({ outcome }) => outcome],
  error: ['text', ({ error }) => error],
  in_ms: ['float8', ({ inMs }) => inMs],
  counts: ['bool', ({ counts }) => counts],
  unknown: ['bool', ({ unknown }) => unknown],
};

interface FinishBatch extends CommitBatch {
  ends: FinishRow[];
  again: FinishRow[];
}

/** Believes only who holds the lease: an attempt's number may come again when one did not count, a lease never does. */
const owned = `s.id = x.id AND s.lease_until = x.lease::timestamptz AND s.attempt = x.attempt AND s.status = 'executing'`;

/** A real provider's bodies are dropped from the ledger. */
const answered = piece<FinishBatch, FinishRow>(
  'answered',
  columns,
  ({ ends }) => ends,
  (input) => `UPDATE sends s SET status = x.status, provider = x.provider, provider_id = x.provider_id, result = x.outcome -> 'result', error = x.error, ended_at = now(), lease_until = NULL,
    unknown_before = s.unknown_before OR x.status = 'unknown',
    request = CASE WHEN x.provider = 'outbox' THEN s.request ELSE (s.request::jsonb - ARRAY['html', 'text', 'body', 'say', 'headers'])::json END
  FROM ${input} WHERE ${owned}
  RETURNING s.enrollment_id, s.location_id, s.step_id, s.visit, s.seq, s.attempt, s.status, s.error, s.result, x.outcome`,
);

const again = piece<FinishBatch, FinishRow>(
  'again',
  columns,
  (batch) => batch.again,
  (input) => `UPDATE sends s SET status = 'pending', lease_until = NULL, next_attempt_at = now() + make_interval(secs => x.in_ms / 1000), error = x.error,
    attempt = s.attempt - CASE WHEN x.counts THEN 0 ELSE 1 END, unknown_before = s.unknown_before OR x.unknown,
    result = CASE WHEN x.unknown THEN jsonb_build_object('unknowns', coalesce((s.result ->> 'unknowns')::int, 0) + 1) ELSE s.result END
  FROM ${input} WHERE ${owned}`,
);

const BY_RESULT = 'JOIN answered d ON d.enrollment_id = x.id';

/** Runs go on only with the result that they go on from: one that was recorded before, by whoever, moves nobody. */
const moved: Piece<CommitBatch> = plainMove(BY_RESULT);

/**
 * The same for runs that were carried from their claim to here: nobody has changed the contact since, the workflow is active, and nothing waits in the mailbox that
 * would have to be heard first.
 */
const carriedMove: Piece<CommitBatch> = contactGuardedMove(
  `${BY_RESULT}, workflows_v2 w`,
  `AND w.id = e.workflow_id AND w.status = 'active'
    AND NOT EXISTS (SELECT 1 FROM workflow_scheduled_actions a WHERE a.enrollment_id = e.id AND a.status = 'pending' AND a.scheduled_for <= clock.now)`,
);

/** The results whose runs did not go on in this statement. */
const settled = (from: string): Piece<unknown> =>
  derived('settled', `SELECT n.*, e.id IS NULL OR e.status <> 'active' AS run_ended, coalesce(e.revision, 0) AS revision,
    CASE n.status WHEN 'failed' THEN 'failed' WHEN 'skipped' THEN 'skipped' ELSE 'completed' END AS log_status
  FROM ${from} LEFT JOIN workflow_enrollments e ON e.id = n.enrollment_id`);

const stays = [derived('posted', postOutcome('settled')), derived('closed', closeLog('settled')), derived('counted_closed', countClosed)];
const nudged = "SELECT 'posted' AS kind, enrollment_id AS id, 0 AS revision, true AS due FROM settled WHERE NOT run_ended";

/** Nobody goes on at once: each result becomes a row in its run's mailbox. */
const recording: Piece<FinishBatch>[] = [answered, settled('answered n'), ...stays];

/** Runs go on where their guard holds. */
const onward = (move: Piece<CommitBatch>): Piece<FinishBatch>[] => [
  answered,
  move,
  settled('(SELECT * FROM answered WHERE enrollment_id NOT IN (SELECT id FROM moved)) n'),
  ...stays,
  derived('passed', 'SELECT n, id, revision, taken FROM moved'),
  consumedRows,
  ...writes,
];

/**
 * One statement that records how attempts ended, and takes the runs of `going` on by it. Gives rows of (kind, id, revision, due): `posted` for
 * runs that got a mailbox row, `moved` for those that went on.
 */
export function finishStatement(results: SendResult[], { commits, now, carried }: Onward): Statement {
  const rows = [...results].sort((a, b) => (a.id < b.id ? -1 : 1)).map(finishRow);
  const batch: FinishBatch = { ...gather(commits), ends: rows.filter(({ status }) => status !== 'again'), again: rows.filter(({ status }) => status === 'again') };
  if (batch.ends.length === 0) return assemble('put_back', [again], batch, now, "SELECT '' AS kind, NULL::uuid AS id, 0 AS revision, false AS due WHERE false");
  if (batch.runs.length === 0) return assemble('record', [...recording, again], batch, now, nudged);
  if (carried) return assemble('finish_carried', [...onward(carriedMove), again], batch, now, `SELECT 'moved' AS kind, p.id, p.revision, false AS due FROM passed p UNION ALL ${nudged}`);
  return assemble('finish', [...onward(moved), again], batch, now, `SELECT 'moved' AS kind, p.id, p.revision, ${DUE} AS due FROM passed p UNION ALL ${nudged}`);
}

function finishRow(result: SendResult): FinishRow {
  const { id, lease, attempt } = result;
  if ('again' in result) {
    const { inMs, error, countsAsAttempt, unknown } = result.again;
    return { id, lease, attempt, status: 'again', provider: null, providerId: null, outcome: null, error, inMs, counts: countsAsAttempt, unknown: unknown ?? false };
  }
  const { end, provider, providerId } = result;
  const error = 'error' in end ? end.error : 'reason' in end ? end.reason : null;
  return { id, lease, attempt, status: end.status, provider, providerId, outcome: jsonText(end), error, inMs: 0, counts: true, unknown: false };
}
