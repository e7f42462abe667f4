import type { RunChoice, RunDecision, RunGroup, RunOperationDesk } from '../../core/ports/run-operation-desk.ts';
import { jsonText } from '../json-text.ts';
import type { Bench } from './bench.ts';
import { writeAudit } from './outbox.ts';
import { recordOf } from './rows.ts';
import type { Sql } from './transaction.ts';

/** More doorbells than this are not rung at once: the sweeper finds the rest. */
const MOST_NUDGES = 10_000;

/**
 * Operations on runs, one or a million: one statement that counts how they stand, one that writes what is asked into their mailboxes. Both see
 * one snapshot. No run is locked: each row says what it was asked of, and the run decides when it takes it.
 */
export function runOperationDesk({ locationId, transact }: Bench): RunOperationDesk {
  return {
    operateOnRuns: (choice, decide, withDefinitions) =>
      transact(async (sql) => {
        const chosen = chosenBy(locationId, choice);
        const groups = (await sql.rows(
          `SELECT ${STANDING}, count(*)::int AS count ${FROM} WHERE ${chosen.where} GROUP BY 1, 2, 3, 4, 5, 6, 7`, chosen.values,
        )).map((row) => recordOf<RunGroup>(row));
        const decision = decide(groups, withDefinitions ? await definitionsOf(sql, groups) : new Map());
        if (decision === null || decision.take.length === 0) return { groups, affected: 0, runs: [] };
        const answer = await mail(sql, chosen, decision);
        await writeAudit(sql, locationId, decision.audit);
        return { groups, ...answer };
      }, 'REPEATABLE READ'),
  };
}

const FROM = 'FROM workflow_enrollments e JOIN workflows_v2 w ON w.id = e.workflow_id';

const STANDING = `e.version_id, w.status AS workflow_status, e.status, e.current_step, COALESCE(e.position->>'phase', 'ready') AS phase,
  e.position->'open'->>'until' IS NOT NULL AS timed,
  e.status = 'failed' AND EXISTS (SELECT 1 FROM workflow_enrollments n
    WHERE n.contact_id = e.contact_id AND n.workflow_id = e.workflow_id AND n.entry_key = e.entry_key AND n.occurrence > e.occurrence) AS superseded`;

interface Chosen {
  where: string;
  values: unknown[];
}

/** Only what the choice names is in the text, so that each shape gets the plan that suits it. */
function chosenBy(locationId: string, choice: RunChoice): Chosen {
  const values: unknown[] = [locationId];
  const clauses = ['e.location_id = $1'];
  const narrow = (value: unknown, clause: (parameter: string) => string): void => {
    if (value === null || value === undefined) return;
    clauses.push(clause(`$${values.push(value)}`));
  };
  if ('id' in choice) narrow(choice.id, (id) => `e.id = ${id}`);
  else {
    narrow(choice.workflowId, (id) => `e.workflow_id = ${id}`);
    narrow(choice.contactId, (id) => `e.contact_id = ${id}`);
    narrow(choice.status, (status) => `e.status = ${status}`);
    narrow(choice.currentStep, (step) => `e.current_step = ${step}`);
    narrow(choice.enrolledBefore, (moment) => `e.enrolled_at < to_timestamp(${moment}::float8 / 1000)`);
    narrow(choice.enrolledAfter, (moment) => `e.enrolled_at > to_timestamp(${moment}::float8 / 1000)`);
  }
  return { where: clauses.join(' AND '), values };
}

async function definitionsOf(sql: Sql, groups: RunGroup[]): Promise<Map<string, unknown>> {
  const ids = [...new Set(groups.map(({ versionId }) => versionId))];
  const rows = await sql.rows<{ id: string; definition: unknown }>('SELECT id, definition FROM workflow_versions WHERE id = ANY($1::uuid[])', [ids]);
  return new Map(rows.map(({ id, definition }) => [id, definition]));
}

async function mail(sql: Sql, { where, values }: Chosen, { take, mail: { kind, payload } }: RunDecision): Promise<{ affected: number; runs: string[] }> {
  const place = (offset: number): string => `$${values.length + offset}`;
  const row = await sql.row<{ affected: number; runs: string[] }>(
    `WITH standing AS (
      SELECT e.id, e.location_id, e.position, ${STANDING} ${FROM} WHERE ${where}
    ), mailed AS (
      INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, step_id, visit, kind, payload, scheduled_for)
      SELECT e.id, e.location_id, COALESCE(e.current_step, ''), COALESCE((e.position->'visits'->>e.current_step)::int, 0), ${place(1)}, ${place(2)}, journey_now()
      FROM standing e JOIN unnest(${place(3)}::uuid[], ${place(4)}::text[], ${place(5)}::text[], ${place(6)}::text[], ${place(7)}::bool[], ${place(8)}::bool[])
        AS g(version_id, status, current_step, phase, timed, superseded)
        ON g.version_id = e.version_id AND g.status = e.status AND g.current_step IS NOT DISTINCT FROM e.current_step AND g.phase = e.phase
          AND g.timed = e.timed AND g.superseded = e.superseded
      RETURNING enrollment_id
    ) SELECT (SELECT count(*)::int FROM mailed) AS affected, ARRAY(SELECT enrollment_id FROM mailed LIMIT ${MOST_NUDGES}) AS runs`,
    [
      ...values, kind, jsonText(payload), take.map((group) => group.versionId), take.map((group) => group.status), take.map((group) => group.currentStep),
      take.map((group) => group.phase), take.map((group) => group.timed), take.map((group) => group.superseded),
    ],
  );
  return row!;
}
