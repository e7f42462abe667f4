/** The three statements of the ledger. Each does all of its work, for any number of sends, in one round trip. */

/** Due by machine time, or its worker died: whoever held the lease has had the provider's timeout and more. */
const isDue = (s: string): string => `((${s}.status = 'pending' AND ${s}.next_attempt_at <= now()) OR (${s}.status = 'executing' AND ${s}.lease_until < now()))`;

/** Completes the step's log row of a run that has ended: nobody will advance it any more. */
const closeLog = (source: string): string => `UPDATE workflow_step_logs l
  SET status = x.log_status, error = x.error, output_data = x.result, completed_at = (SELECT journey_now()), ended_rev = x.revision
  FROM ${source} x WHERE x.run_ended AND l.enrollment_id = x.enrollment_id AND l.seq = x.seq AND l.completed_at IS NULL`;

const postOutcome = (source: string): string => `INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, step_id, visit, kind, payload, scheduled_for)
  SELECT x.enrollment_id, x.location_id, x.step_id, x.visit, 'outcome', jsonb_build_object('attempt', greatest(x.attempt, 1), 'outcome', x.outcome), (SELECT journey_now())
  FROM ${source} x WHERE NOT x.run_ended`;

/**
 * The gate. $1 ids in order of wish, $2 lease in ms, $3 channels, $4 how many may be claimed of each.
 * `FOR UPDATE SKIP LOCKED` re-reads each row as it is locked, so two workers never claim the same one.
 */
export const CLAIM = `WITH asked AS MATERIALIZED (
  SELECT a.id, s.channel, s.location_id, s.enrollment_id, s.workflow_id, s.contact_id, row_number() OVER (PARTITION BY s.channel ORDER BY a.n) AS rank
  FROM unnest($1::uuid[]) WITH ORDINALITY AS a(id, n) JOIN sends s ON s.id = a.id WHERE ${isDue('s')}
), judged AS MATERIALIZED (
  SELECT q.id, q.channel, q.rank, coalesce(e.revision, 0) AS revision, coalesce(l.defaults -> 'rate_limits', '{}') AS rate_limits,
    e.id IS NULL OR e.status <> 'active' AS run_ended,
    coalesce(w.status = 'paused', false) AND e.status = 'active' AS held,
    CASE WHEN e.id IS NULL OR e.status <> 'active' THEN 'The run had ended before this left.'
      WHEN w.id IS NULL OR w.status = 'archived' THEN 'The workflow was archived before this left.'
      WHEN c.id IS NULL OR c.deleted_at IS NOT NULL THEN 'The contact was deleted before this left.'
      WHEN c.consent ->> q.channel = 'withdrawn' THEN 'The contact withdrew from ' || q.channel || ' before this left.' END AS reason
  FROM asked q
  LEFT JOIN workflow_enrollments e ON e.id = q.enrollment_id
  LEFT JOIN workflows_v2 w ON w.id = q.workflow_id
  LEFT JOIN contacts c ON c.id = q.contact_id
  LEFT JOIN locations l ON l.id = q.location_id
), room AS (
  SELECT * FROM unnest($3::text[], $4::int[]) AS r(channel, places)
), chosen AS MATERIALIZED (
  SELECT s.id, s.status = 'executing' AS lost FROM sends s
  WHERE s.id IN (SELECT j.id FROM judged j LEFT JOIN room r ON r.channel = j.channel WHERE NOT j.held AND (j.reason IS NOT NULL OR j.rank <= coalesce(r.places, 2147483647)))
    AND ${isDue('s')}
  ORDER BY s.id FOR UPDATE OF s SKIP LOCKED
), taken AS (
  UPDATE sends s SET status = 'executing', attempt = s.attempt + 1, lease_until = now() + make_interval(secs => $2::float8 / 1000),
    first_attempt_at = coalesce(s.first_attempt_at, now()), unknown_before = s.unknown_before OR h.lost,
    result = CASE WHEN h.lost THEN jsonb_build_object('unknowns', coalesce((s.result ->> 'unknowns')::int, 0) + 1) ELSE s.result END
  FROM chosen h JOIN judged j ON j.id = h.id WHERE s.id = h.id AND j.reason IS NULL
  RETURNING s.id, s.location_id, s.enrollment_id, s.workflow_id, s.contact_id, s.step_id, s.visit, s.seq, s.channel, s.request, s.attempt, s.max_attempts, s.backoff_ms,
    s.first_attempt_at, s.unknown_before, s.result, j.rate_limits, j.rank
), stopped AS (
  UPDATE sends s SET status = CASE WHEN h.lost OR s.unknown_before THEN 'unknown' ELSE 'skipped' END, error = j.reason, result = NULL, lease_until = NULL, ended_at = now()
  FROM chosen h JOIN judged j ON j.id = h.id WHERE s.id = h.id AND j.reason IS NOT NULL
  RETURNING s.enrollment_id, s.location_id, s.step_id, s.visit, s.seq, s.attempt, s.error, j.run_ended, j.revision, NULL::jsonb AS result,
    CASE s.status WHEN 'unknown' THEN 'completed' ELSE 'skipped' END AS log_status,
    CASE s.status WHEN 'unknown' THEN jsonb_build_object('status', 'unknown', 'error', s.error) ELSE jsonb_build_object('status', 'skipped', 'reason', s.error) END AS outcome
), posted AS (${postOutcome('stopped')}
), closed AS (${closeLog('stopped')})
SELECT 'claimed' AS kind, t.id, t.channel, t.rank, jsonb_build_object('locationId', t.location_id, 'enrollmentId', t.enrollment_id, 'workflowId', t.workflow_id, 'contactId', t.contact_id,
    'stepId', t.step_id, 'visit', t.visit, 'seq', t.seq, 'request', t.request, 'attempt', t.attempt, 'maxAttempts', t.max_attempts, 'backoffMs', t.backoff_ms,
    'firstAttemptAt', round(date_part('epoch', t.first_attempt_at) * 1000), 'unknownBefore', t.unknown_before, 'unknowns', coalesce((t.result ->> 'unknowns')::int, 0),
    'rateLimits', t.rate_limits) AS send FROM taken t
UNION ALL SELECT 'nudge', x.enrollment_id, NULL, 0, NULL FROM stopped x WHERE NOT x.run_ended
UNION ALL SELECT 'left', j.id, j.channel, j.rank, NULL FROM judged j JOIN room r ON r.channel = j.channel WHERE NOT j.held AND j.reason IS NULL AND j.rank > r.places
ORDER BY rank`;

/**
 * Believes only the owner of an attempt. $1 ids, $2 attempts, $3 status or `again`, $4 provider, $5 provider id, $6 outcome, $7 error,
 * $8 wait in ms, $9 counts as an attempt, $10 the provider may have taken it. A real provider's bodies are dropped from the ledger.
 */
export const FINISH = `WITH given AS (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[], $8::float8[], $9::bool[], $10::bool[])
    AS g(id, attempt, status, provider, provider_id, outcome, error, in_ms, counts, unknown)
), ended AS (
  UPDATE sends s SET status = g.status, provider = g.provider, provider_id = g.provider_id, result = g.outcome -> 'result', error = g.error, ended_at = now(), lease_until = NULL,
    unknown_before = s.unknown_before OR g.status = 'unknown',
    request = CASE WHEN g.provider = 'outbox' THEN s.request ELSE s.request - ARRAY['html', 'text', 'body', 'say', 'headers'] END
  FROM given g WHERE s.id = g.id AND s.attempt = g.attempt AND s.status = 'executing' AND g.status <> 'again'
  RETURNING s.enrollment_id, s.location_id, s.step_id, s.visit, s.seq, s.attempt, s.status, s.error, s.result, g.outcome
), settled AS MATERIALIZED (
  SELECT n.*, e.id IS NULL OR e.status <> 'active' AS run_ended, coalesce(e.revision, 0) AS revision,
    CASE n.status WHEN 'failed' THEN 'failed' WHEN 'skipped' THEN 'skipped' ELSE 'completed' END AS log_status
  FROM ended n LEFT JOIN workflow_enrollments e ON e.id = n.enrollment_id
), again AS (
  UPDATE sends s SET status = 'pending', lease_until = NULL, next_attempt_at = now() + make_interval(secs => g.in_ms / 1000), error = g.error,
    attempt = s.attempt - CASE WHEN g.counts THEN 0 ELSE 1 END, unknown_before = s.unknown_before OR g.unknown,
    result = CASE WHEN g.unknown THEN jsonb_build_object('unknowns', coalesce((s.result ->> 'unknowns')::int, 0) + 1) ELSE s.result END
  FROM given g WHERE s.id = g.id AND s.attempt = g.attempt AND s.status = 'executing' AND g.status = 'again'
), posted AS (${postOutcome('settled')}
), closed AS (${closeLog('settled')})
SELECT enrollment_id AS id FROM settled WHERE NOT run_ended`;

/** $1 grace in ms, $2 limit. Sends of paused workflows wait for the resume, and must not crowd out the others. */
export const UNFINISHED = `SELECT s.id FROM sends s JOIN workflows_v2 w ON w.id = s.workflow_id
  WHERE w.status <> 'paused' AND ((s.status = 'pending' AND s.next_attempt_at < now() - make_interval(secs => $1::float8 / 1000))
    OR (s.status = 'executing' AND s.next_attempt_at <= now() AND s.lease_until < now()))
  ORDER BY s.next_attempt_at LIMIT $2`;
