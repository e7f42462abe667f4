import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrollContacts } from '../../src/services/enrollments.ts';
import { until } from '../support/until.ts';
import { checkEverything } from './checker.ts';
import { startStage, type Stage } from './stage.ts';

/** An hour passes in a second. */
const CLOCK_SPEED = 3_600;
const PEOPLE = 300;
const STEPS = 6;
const CUTS = 12;

const JOURNEY = `
name: Broken connections
trigger: { type: manual }
steps:
  - { id: text, type: send_sms, config: { message: "Hi {{contact.first_name}}" } }
  - { id: count, type: update_contact, config: { increment: { custom_fields.laps: 1 } } }
  - { id: pause, type: wait, config: { duration: 1h } }
  - { id: mail, type: send_email, config: { subject: "Hi {{contact.first_name}}", text: Hello } }
  - { id: nap, type: wait, config: { duration: 30m } }
  - { id: mark, type: add_tag, config: { tag: through } }
`;

const OURS = "datname = current_database() AND application_name IN ('execution', 'scheduling', 'triggers', 'delivery', 'faults')";
/** Backends that are in the middle of a statement that writes: what it wrote is undone, or only its answer is lost. */
const CUT_WRITING = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS} AND state = 'active' AND backend_xid IS NOT NULL`;
const CUT_ALL = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS}`;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(CLOCK_SPEED);
}, 120_000);
afterAll(() => stage.stop(), 60_000);

const count = async (sql: string): Promise<number> => (await stage.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0]!.n;
const workers = async (): Promise<string[]> => (await stage.db.query<{ name: string }>("SELECT name || ' ' || pid AS name FROM worker_heartbeats WHERE seen_at > now() - interval '4 seconds' ORDER BY 1")).rows.map(({ name }) => name);

describe(`${PEOPLE} contacts on their way`, () => {
  it('all arrive, each message once, though PostgreSQL ends every connection again and again', { timeout: 240_000 }, async () => {
    const workflowId = await stage.publish(JOURNEY);
    const contactIds = await stage.contacts(PEOPLE);
    await until('four living workers', async () => (await workers()).length === 4);
    const alive = await workers();
    await enrollContacts(stage.house.ctx, stage.who, { workflowId, contactIds });
    for (let cut = 1; cut <= CUTS; cut += 1) {
      await until(`some progress before cut ${cut}`, async () => (await count('workflow_step_logs WHERE completed_at IS NOT NULL')) >= (cut * PEOPLE * STEPS) / (CUTS + 3), 60_000);
      if (cut % 3 === 0) await stage.db.query(CUT_ALL);
      else await until(`a write to fall into the way of cut ${cut}`, async () => ((await stage.db.query(CUT_WRITING)).rowCount ?? 0) > 0, 60_000);
    }
    await until('every run to end', async () => (await count("workflow_enrollments WHERE status <> 'active'")) === PEOPLE, 120_000);
    await until('a quiet mailbox', async () => (await count('workflow_scheduled_actions')) === 0, 60_000);
    await checkEverything(stage, workflowId, PEOPLE, STEPS);
    expect(await count("contact_events WHERE type = 'tag_added'"), 'each event was told once').toBe(PEOPLE);
    expect(await workers(), 'no process died of it').toEqual(alive);
  });
});
