/** The statements of the ledger. Each does all of its work, for any number of sends, in one round trip. */

/** Due by machine time, or its worker died: whoever held the lease has had the provider's timeout and more. */
const isDue = (s: string): string => `((${s}.status = 'pending' AND ${s}.next_attempt_at <= now()) OR (${s}.status = 'executing' AND ${s}.lease_until < now()))`;

/** Completes the step's log row of a run that has ended, as the run itself would have: nobody will advance it any more. A skipped step has a reason, and no error. */
export const closeLog = (source: string): string => `UPDATE workflow_step_logs l
  SET status = x.log_status, error = CASE x.log_status WHEN 'skipped' THEN NULL ELSE x.error END,
    output_data = CASE x.log_status WHEN 'skipped' THEN jsonb_build_object('skipped', x.error) ELSE x.result END, completed_at = (SELECT journey_now()), ended_rev = x.revision
  FROM ${source} x WHERE x.run_ended AND l.enrollment_id = x.enrollment_id AND l.seq = x.seq AND l.completed_at IS NULL
  RETURNING l.enrollment_id, l.step_id, l.status`;

/** What a commit would have counted for the rows that `closeLog` completed. */
export const countClosed = `INSERT INTO workflow_stat_deltas (location_id, workflow_id, version_id, kind, step_id, outcome, n, at)
  SELECT e.location_id, e.workflow_id, e.version_id, 'ended', x.step_id, x.status, count(*)::int, (SELECT journey_now())
  FROM closed x JOIN workflow_enrollments e ON e.id = x.enrollment_id GROUP BY 1, 2, 3, 5, 6`;

const nulls = (count: number): string => Array.from({ length: count }, () => 'NULL').join(', ');

export const postOutcome = (source: string): string => `INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, step_id, visit, kind, payload, scheduled_for)
  SELECT x.enrollment_id, x.location_id, x.step_id, x.visit, 'outcome', jsonb_build_object('attempt', greatest(x.attempt, 1), 'outcome', x.outcome), (SELECT journey_now())
  FROM ${source} x WHERE NOT x.run_ended`;

/** The quiet hours that hold for a send's channel, with what they are read by; null when there are none. A default without channels means messages and calls. */
const WINDOW = `CASE WHEN q.hours IS NOT NULL AND coalesce(q.hours -> 'channels', '["sms", "voice"]') ? s.channel
  THEN jsonb_build_object('hours', q.hours, 'contactZone', c.timezone, 'locationZone', l.timezone,
    'now', date_part('epoch', (SELECT journey_now())) * 1000, 'speed', (SELECT speed FROM journey_clock)) END`;

/** Looks at the sends $1 that are due, in order of wish, as they stand now: `held` by a pause, or with a `reason` why they may not leave any more. */
const JUDGED = `judged AS MATERIALIZED (
  SELECT s.id, s.next_attempt_at, s.channel, ${WINDOW} AS "window", row_number() OVER (PARTITION BY s.channel ORDER BY a.n) AS rank, coalesce(e.revision, 0) AS revision, e.version_id, l.defaults -> 'rate_limits' AS rate_limits,
    e.id IS NULL OR e.status <> 'active' AS run_ended,
    s.channel <> 'webhook' AND COALESCE(CASE s.channel WHEN 'email' THEN c.email ELSE c.phone END, '') = '' AS unaddressed,
    coalesce(w.status = 'paused', false) AND e.status = 'active' AS held,
    CASE WHEN e.id IS NULL OR e.status <> 'active' THEN 'The run had ended before this left.'
      WHEN w.id IS NULL OR w.status = 'archived' THEN 'The workflow was archived before this left.'
      WHEN c.id IS NULL OR (c.deleted_at IS NOT NULL AND NOT (s.channel = 'webhook' AND e.trigger_data ->> 'type' = 'contact_deleted')) THEN 'The contact was deleted before this left.'
      WHEN c.consent ->> s.channel = 'withdrawn' THEN 'The contact withdrew from ' || s.channel || ' before this left.' END AS reason
  FROM unnest($1::uuid[]) WITH ORDINALITY AS a(id, n)
  JOIN sends s ON s.id = a.id
  LEFT JOIN workflow_enrollments e ON e.id = s.enrollment_id
  LEFT JOIN workflows_v2 w ON w.id = s.workflow_id
  LEFT JOIN contacts c ON c.id = s.contact_id
  LEFT JOIN locations l ON l.id = s.location_id
  CROSS JOIN LATERAL (SELECT coalesce(s.quiet_hours, l.defaults -> 'quiet_hours') AS hours) q
  WHERE ${isDue('s')}
)`;

/**
 * The gate. $1 ids in order of wish, $2 lease in ms, $3 channels, $4 how many may be claimed of each, $5 whether their windows were looked at just now.
 * Gives every send that is due: those that it claimed with all columns, the others (no room, a reason to stop, a window to look at) without.
 * The update asks again whether its row is due: a claim that had to wait for another one looks at the row as that one left it. Nor does it take a row whose
 * wish has changed since the look: an opt-out, an exit or a pause that committed meanwhile does that (`desk/recall-sends.ts`), and the next look sees why.
 */
export const CLAIM = `WITH ${JUDGED}, allowed AS MATERIALIZED (
  SELECT j.*, j.rank <= coalesce(r.places, 2147483647) AS room, j.reason IS NULL AND j.rank <= coalesce(r.places, 2147483647) AND (j.window IS NULL OR $5) AS go
  FROM judged j LEFT JOIN unnest($3::text[], $4::int[]) AS r(channel, places) ON r.channel = j.channel WHERE NOT j.held
), taken AS (
  UPDATE sends s SET status = 'executing', attempt = s.attempt + CASE s.status WHEN 'executing' THEN 0 ELSE 1 END, lease_until = now() + make_interval(secs => $2::float8 / 1000),
    first_attempt_at = coalesce(s.first_attempt_at, now()), unknown_before = s.unknown_before OR s.status = 'executing',
    result = CASE WHEN s.status = 'executing' THEN jsonb_build_object('unknowns', coalesce((s.result ->> 'unknowns')::int, 0) + 1) ELSE s.result END
  FROM (SELECT id, next_attempt_at, rank, rate_limits, version_id, unaddressed FROM allowed WHERE go ORDER BY id) j WHERE s.id = j.id AND ${isDue('s')} AND s.next_attempt_at = j.next_attempt_at
  RETURNING s.id, s.location_id, s.enrollment_id, s.workflow_id, s.contact_id, s.step_id, s.visit, s.seq, s.channel, s.request, s.lease_until::text AS lease, s.attempt, s.max_attempts, s.backoff_ms,
    date_part('epoch', s.first_attempt_at) * 1000 AS first_attempt_at, s.unknown_before, s.result -> 'unknowns' AS unknowns, j.rate_limits, j.version_id, j.unaddressed, j.rank
)
SELECT 'claimed' AS kind, t.*, NULL::jsonb AS "window" FROM taken t
UNION ALL SELECT CASE WHEN a.reason IS NOT NULL THEN 'stop' WHEN a.room THEN 'window' ELSE 'left' END, a.id, ${nulls(7)}, a.channel, ${nulls(11)}, a.rank, a.window FROM allowed a WHERE NOT a.go
ORDER BY rank`;

/** Puts off those of $1 that are due and outside their window by $2 (machine ms each), and says why ($3). A lost one is found by its next attempt, too. */
export const POSTPONE = `UPDATE sends s SET next_attempt_at = now() + make_interval(secs => x.in_ms / 1000), error = x.error
  FROM (SELECT * FROM unnest($1::uuid[], $2::float8[], $3::text[]) AS u(id, in_ms, error) ORDER BY id) x WHERE s.id = x.id AND ${isDue('s')}`;

/** Ends those of $1 that may not leave any more, and tells their runs. */
export const STOP = `WITH ${JUDGED}, stopped AS (
  UPDATE sends s SET status = CASE WHEN s.status = 'executing' OR s.unknown_before THEN 'unknown' ELSE 'skipped' END, error = j.reason, result = NULL, lease_until = NULL, ended_at = now()
  FROM (SELECT id, reason, run_ended, revision FROM judged WHERE reason IS NOT NULL AND NOT held ORDER BY id) j WHERE s.id = j.id AND ${isDue('s')}
  RETURNING s.enrollment_id, s.location_id, s.step_id, s.visit, s.seq, s.attempt, s.error, j.run_ended, j.revision, NULL::jsonb AS result,
    CASE s.status WHEN 'unknown' THEN 'completed' ELSE 'skipped' END AS log_status,
    CASE s.status WHEN 'unknown' THEN jsonb_build_object('status', 'unknown', 'error', s.error) ELSE jsonb_build_object('status', 'skipped', 'reason', s.error) END AS outcome
), posted AS (${postOutcome('stopped')}
), closed AS (${closeLog('stopped')}
), counted AS (${countClosed})
SELECT DISTINCT enrollment_id AS id FROM stopped WHERE NOT run_ended`;

/** Sends of a paused workflow's active runs wait for the resume, and must not crowd out the others. */
const OPEN = `SELECT s.id FROM sends s JOIN workflows_v2 w ON w.id = s.workflow_id LEFT JOIN workflow_enrollments e ON e.id = s.enrollment_id AND e.status = 'active'
  WHERE (w.status <> 'paused' OR e.id IS NULL) AND s.ended_at IS NULL`;

/** $1 grace in ms, $2 limit. */
export const UNFINISHED = `${OPEN} AND s.status = 'pending' AND s.next_attempt_at < now() - make_interval(secs => $1::float8 / 1000) ORDER BY s.next_attempt_at LIMIT $2`;

/** $1 limit. What is claimed was due, so it stands at the front of the index of what is due. */
export const ABANDONED = `${OPEN} AND s.status = 'executing' AND s.next_attempt_at <= now() AND s.lease_until < now() ORDER BY s.next_attempt_at LIMIT $1`;
