import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrollContacts } from '../../src/services/enrollments.ts';
import { until } from '../support/until.ts';
import { checkEverything } from './checker.ts';
import { startStage, type Stage } from './stage.ts';

/** An hour passes in a second. */
const CLOCK_SPEED = 3_600;
const PEOPLE = 1_000;
const STEPS = 7;

const journey = (name: string): string => `
name: ${name}
trigger: { type: manual }
steps:
  - { id: mail, type: send_email, config: { subject: "Hi {{contact.first_name}}", text: Hello } }
  - { id: pause, type: wait, config: { duration: 1h } }
  - { id: text, type: send_sms, config: { message: "Hi {{contact.first_name}}" } }
  - { id: split, type: ab_split, config: { variants: [{ name: A, weight: 50, next: count }, { name: B, weight: 50, next: count }] } }
  - { id: count, type: update_contact, config: { increment: { custom_fields.laps: 1 } } }
  - { id: nap, type: wait, config: { duration: 30m } }
  - { id: call, type: make_call, config: { say: Hello } }
`;

let stage: Stage;

beforeAll(async () => {
  stage = await startStage(CLOCK_SPEED);
}, 120_000);
afterAll(() => stage.stop(), 60_000);

async function enroll(name: string): Promise<string> {
  const workflowId = await stage.publish(journey(name));
  await stage.db.query('DELETE FROM contacts');
  stage.smtp.ledger.length = 0;
  stage.twilio.ledger.length = 0;
  const contactIds = await stage.contacts(PEOPLE);
  await enrollContacts(stage.house.ctx, stage.who, { workflowId, contactIds });
  return workflowId;
}

const ended = async (workflowId: string): Promise<number> =>
  (await stage.db.query<{ n: number }>("SELECT count(*)::int AS n FROM workflow_enrollments WHERE workflow_id = $1 AND status <> 'active'", [workflowId])).rows[0]!.n;

/** Progress that can be told from outside: how many step rows were completed. */
const rows = async (workflowId: string): Promise<number> =>
  (await stage.db.query<{ n: number }>('SELECT count(*)::int AS n FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id WHERE e.workflow_id = $1 AND l.completed_at IS NOT NULL', [workflowId])).rows[0]!.n;

describe(`${PEOPLE} contacts on their way`, () => {
  it('all arrive, each message once, though workers are killed again and again', { timeout: 240_000 }, async () => {
    const workflowId = await enroll('Killed workers');
    const victims = ['delivery', 'execution', 'delivery', 'scheduling', 'execution', 'delivery', 'execution', 'scheduling', 'delivery', 'triggers'] as const;
    for (const [n, victim] of victims.entries()) {
      await until(`some progress before kill ${n + 1}`, async () => (await rows(workflowId)) >= (n + 1) * 350 || (await ended(workflowId)) === PEOPLE, 60_000);
      await until(`a living ${victim} worker`, () => stage.signal(victim, 'SIGKILL'));
    }
    await until('every run to end', async () => (await ended(workflowId)) === PEOPLE, 120_000);
    await until('a quiet mailbox', async () => (await stage.db.query('SELECT 1 FROM workflow_scheduled_actions')).rowCount === 0, 60_000);
    await checkEverything(stage, workflowId, PEOPLE, STEPS);
    expect(await ended(workflowId)).toBe(PEOPLE);
  });

  it('all arrive though Redis is flushed in the middle, three times', { timeout: 240_000 }, async () => {
    const workflowId = await enroll('Flushed Redis');
    for (let n = 1; n <= 3; n += 1) {
      await until(`some progress before flush ${n}`, async () => (await rows(workflowId)) >= n * 1_500, 60_000);
      await stage.flushRedis();
    }
    await until('every run to end', async () => (await ended(workflowId)) === PEOPLE, 120_000);
    await until('a quiet mailbox', async () => (await stage.db.query('SELECT 1 FROM workflow_scheduled_actions')).rowCount === 0, 60_000);
    await checkEverything(stage, workflowId, PEOPLE, STEPS);
  });
});
