import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../src/ids.ts';
import { createRetention } from '../../src/store/retention.ts';
import { createStage, one, type Stage } from '../support/engine-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await createStage()));
afterAll(() => stage.close());

const DAY = 86_400_000;
/** An id that was made so many days ago. */
const oldId = (days: number): string => {
  const ms = (Date.now() - days * DAY).toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}${uuidv7().slice(13)}`;
};
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString();
const count = (table: string): Promise<string> => one(stage.owner, `SELECT count(*)::int FROM ${table}`);

describe('retention', () => {
  it('drops refusals, walks, dispatched events and answered keys that are older than they are kept', async () => {
    const drop = createRetention(stage.pool, { refusalsDays: 30, eventsDays: 400, logsDays: null, auditDays: 400 });
    const contact = await stage.contact();
    for (const days of [1, 29, 31, 500]) {
      const values = [stage.locationId, contact, ago(days)];
      await stage.owner.query("INSERT INTO enrollment_refusals (location_id, workflow_id, contact_id, reason, created_at) VALUES ($1, $2, $2, 'filters', $3)", values);
      await stage.owner.query(
        "INSERT INTO contact_walks (location_id, workflow_id, purpose, place, due_at, status, ended_at) VALUES ($1, $2, 'schedule', 0, $3, 'done', $3)",
        values,
      );
      await stage.owner.query("INSERT INTO contact_walks (location_id, workflow_id, purpose, place, due_at) VALUES ($1, $2, 'schedule', 1, $3)", values);
      await stage.owner.query("INSERT INTO idempotency_keys (location_id, key, route, body_hash, created_at) VALUES ($1, $2, $3::text, 'h', $3::text::timestamptz)", values);
      for (const dispatched of [null, ago(days)]) {
        await stage.owner.query(
          "INSERT INTO contact_events (id, location_id, contact_id, type, source, event_key, occurred_at, dispatched_at) VALUES ($1::text::uuid, $2, $3, 'x', 'test', $1::text, now(), $4)",
          [oldId(days), stage.locationId, contact, dispatched],
        );
      }
    }
    expect(await drop()).toBe(2 + 2 + 1 + 3);
    expect(await drop()).toBe(0);
    expect(await Promise.all(['enrollment_refusals', 'contact_walks', 'contact_events', 'idempotency_keys'].map(count))).toEqual([2, 6, 7, 1]);
  });

  it('drops the step logs of runs that ended long ago, when it is told to', async () => {
    const workflow = await stage.publish({ name: 'Old', trigger: { type: 'manual' }, steps: [{ id: 'a', type: 'exit' }] });
    const runs = [['completed', 100], ['active', 100], ['failed', 20]] as const;
    for (const [status, days] of runs) {
      const id = oldId(days);
      await stage.owner.query(
        `INSERT INTO workflow_enrollments (id, location_id, workflow_id, version_id, contact_id, status, completed_at) VALUES ($1, $2, $3, $4, $1, $5, $6)`,
        [id, stage.locationId, workflow.workflowId, workflow.versionId, status, status === 'active' ? null : ago(days)],
      );
      await stage.owner.query(
        "INSERT INTO workflow_step_logs (enrollment_id, seq, location_id, step_id, step_type, status, started_rev) VALUES ($1, 1, $2, 'a', 'exit', 'completed', 1)",
        [id, stage.locationId],
      );
    }
    await createRetention(stage.pool, { refusalsDays: 30, eventsDays: 400, logsDays: null, auditDays: 400 })();
    expect(await count('workflow_step_logs')).toBe(3);
    const drop = createRetention(stage.pool, { refusalsDays: 30, eventsDays: 400, logsDays: 50, auditDays: 400 });
    expect(await drop()).toBe(1);
    expect(await drop()).toBe(0);
    expect(await count('workflow_step_logs')).toBe(2);
  });

  it('drops tests that were played a week ago', async () => {
    for (const days of [6, 8]) {
      await stage.owner.query("INSERT INTO workflow_test_runs (id, location_id, mode, report, created_at) VALUES (gen_random_uuid(), $1, 'explore', '{}', $2)", [
        stage.locationId,
        ago(days),
      ]);
    }
    await createRetention(stage.pool, { refusalsDays: 30, eventsDays: 400, logsDays: null, auditDays: 400 })();
    expect(await count('workflow_test_runs')).toBe(1);
  });

  it('drops old lines of the audit log, and cannot drop young ones', async () => {
    const actorsLeft = async (): Promise<string[]> => (await stage.owner.query("SELECT actor FROM audit_log WHERE action = 'aged' ORDER BY at")).rows.map(({ actor }) => actor);
    for (const days of [1, 29, 31, 399, 401]) {
      await stage.owner.query("INSERT INTO audit_log (location_id, actor, action, subject, at) VALUES ($1, $2, 'aged', 'x', $3)", [stage.locationId, String(days), ago(days)]);
    }
    const keep = { refusalsDays: 30, eventsDays: 400, logsDays: null };
    expect(await createRetention(stage.pool, { ...keep, auditDays: 400 })()).toBe(1);
    expect(await actorsLeft()).toEqual(['399', '31', '29', '1']);
    expect(await createRetention(stage.pool, { ...keep, auditDays: 1 })()).toBe(2);
    expect(await actorsLeft()).toEqual(['29', '1']);
  });
});
