import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../src/context.ts';
import { createAtOnce } from '../../src/engine/at-once.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { ProviderError } from '../../src/errors.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import { createStage, rowsOf, type Stage } from '../support/engine-stage.ts';
import { fakeProviders, type FakeProviders } from '../support/fake-providers.ts';
import { until } from '../support/until.ts';

let stage: Stage;
let fake: FakeProviders;
let ctx: Context;
beforeAll(async () => {
  stage = await createStage();
});
beforeEach(async () => {
  fake = fakeProviders({ capacity: undefined });
  ctx = {
    ...stage.ctx,
    sends: createSendStore(stage.pool),
    clock: { machineNow: () => Date.now(), journeyNow: () => Date.now(), speed: 1 },
    environment: { publicUrl: 'http://127.0.0.1:3000', emailFrom: 'hello@acme.example' },
    desk: () => ({ readSecrets: async () => new Map() }),
    tokens: { sign: (purpose: string, id: string) => `${purpose}-${id}` },
    providers: fake,
    // Only the ports that the hot path uses.
  } as unknown as Context;
  stage.history.rung.runs.length = 0;
  stage.history.rung.sends.length = 0;
  await stage.owner.query("UPDATE locations SET defaults = '{}'");
});
afterAll(() => stage.close());

const SMS = { id: 'hello', type: 'send_sms', config: { message: 'Hello' } };
const TELL = { id: 'tell', type: 'set', config: { values: { told: '{{steps.hello.message_id}}' } } };

async function enrolled(steps: object[] = [SMS, TELL], more: object = {}): Promise<{ run: string; contact: string; workflow: string }> {
  const workflow = await stage.publish({ name: `At once ${Math.random()}`, trigger: { type: 'manual' }, steps, ...more });
  const contact = await stage.contact({ phone: '+15551230001' });
  return { run: await stage.enroll(workflow, contact), contact, workflow: workflow.workflowId };
}
async function take(run: string, own: Context = ctx): Promise<void> {
  const atOnce = createAtOnce(own);
  await runBatch({ ...own, atOnce }, [run], 'interactive');
  await atOnce.settled();
}
const sendOf = async (run: string) => (await rowsOf(stage.owner, 'SELECT id, status, attempt, lease_until IS NOT NULL AS leased FROM sends WHERE enrollment_id = $1', [run]))[0]!;
/** The commit, with something that happens just before it. */
const before = (happening: () => Promise<unknown>): Context => ({ ...ctx, runs: { ...ctx.runs, commit: async (...given) => (await happening(), ctx.runs.commit(...given)) } });

describe('a send whose provider bears anything', () => {
  test('is claimed as it is written, performed, and takes its run on, without a doorbell', async () => {
    const { run } = await enrolled();
    let seen: unknown;
    fake.onSms = async () => void (seen = await sendOf(run));
    await take(run);
    expect(seen).toMatchObject({ status: 'executing', attempt: 1, leased: true });
    expect(await sendOf(run)).toMatchObject({ status: 'accepted', attempt: 1, leased: false });
    expect(await stage.enrollment(run)).toMatchObject({ status: 'completed', revision: 3, step_data: { enrollment: { told: (await sendOf(run))['id'] } } });
    expect(await stage.mailbox(run)).toEqual([]);
    expect([...stage.history.rung.runs, ...stage.history.rung.sends]).toEqual([]);
  });

  test('leaves once when two workers take the same run', async () => {
    const { run } = await enrolled();
    await Promise.all([take(run), take(run), take(run)]);
    expect(fake.messages).toHaveLength(1);
    expect(await stage.enrollment(run)).toMatchObject({ status: 'completed' });
  });

  test('is a delivery worker\'s when it is refused for now', async () => {
    const { run } = await enrolled();
    fake.onSms = () => {
      if (fake.messages.length === 1) throw new ProviderError('busy', { retryable: true, retryAfterMs: 1, detail: { status: 429 } });
    };
    await take(run);
    const { id, ...row } = await sendOf(run);
    expect(row).toMatchObject({ status: 'pending', leased: false });
    await stage.owner.query('UPDATE sends SET next_attempt_at = now() WHERE id = $1', [id]);
    await deliver(ctx, [String(id)], 'bulk');
    expect(await sendOf(run)).toMatchObject({ status: 'accepted' });
    expect(fake.messages).toHaveLength(2);
  });

  test('is looked up by a delivery worker when the answer of its commit was lost', async () => {
    const { run } = await enrolled();
    const losing: Context = { ...ctx, runs: { ...ctx.runs, commit: async (commits, now) => {
      await ctx.runs.commit(commits.map((commit) => ({ ...commit, claimMs: -1 })), now);
      throw new Error('Connection terminated unexpectedly');
    } } };
    await expect(take(run, losing)).rejects.toThrow('terminated');
    fake.onFind = () => ({ providerId: 'found', result: { message_id: 'found' } });
    await deliver(ctx, [String((await sendOf(run))['id'])], 'bulk');
    expect(fake.messages).toEqual([]);
    expect(await stage.enrollment(run)).toMatchObject({ step_data: { enrollment: { told: 'found' } } });
  });
});

test.each([['interactive', false], ['bulk', true]] as const)('a batch of the %s lane waits for its messages: %s', async (lane, waits) => {
  const { run } = await enrolled();
  let answer = (): void => undefined;
  fake.onSms = () => new Promise<void>((resolve) => (answer = resolve));
  const atOnce = createAtOnce(ctx);
  let ended = false;
  const batch = runBatch({ ...ctx, atOnce }, [run], lane).then(() => (ended = true));
  await until('the message', () => fake.messages.length > 0);
  if (!waits) await batch;
  expect(ended).toBe(!waits);
  expect(await sendOf(run)).toMatchObject({ status: 'executing' });
  answer();
  await Promise.all([batch, atOnce.settled()]);
  expect(await stage.enrollment(run)).toMatchObject({ status: 'completed' });
});

describe('a send goes by the gate of the delivery worker', () => {
  const byTheGate = async (run: string): Promise<void> => {
    expect(fake.messages).toEqual([]);
    const { id, ...row } = await sendOf(run);
    expect(row).toMatchObject({ status: 'pending', attempt: 0, leased: false });
    // An earlier test's send may ring for another attempt meanwhile.
    expect(stage.history.rung.sends).toContainEqual({ lane: 'interactive', ids: [id] });
  };

  test.each<[string, (contact: string, workflow: string) => Promise<unknown>]>([
    ['the contact withdrew', (contact) => stage.owner.query(`UPDATE contacts SET consent = '{"sms": "withdrawn"}', revision = revision + 1 WHERE id = $1`, [contact])],
    ['the contact was deleted', (contact) => stage.owner.query('UPDATE contacts SET deleted_at = now() WHERE id = $1', [contact])],
    ['the contact lost its number', (contact) => stage.owner.query('UPDATE contacts SET phone = NULL, revision = revision + 1 WHERE id = $1', [contact])],
    ['the workflow was paused', (_contact, workflow) => stage.owner.query("UPDATE workflows_v2 SET status = 'paused' WHERE id = $1", [workflow])],
    ['the workflow was archived', (_contact, workflow) => stage.owner.query("UPDATE workflows_v2 SET status = 'archived' WHERE id = $1", [workflow])],
  ])('when %s between the look and the commit', async (_what, happen) => {
    const { run, contact, workflow } = await enrolled();
    await take(run, before(() => happen(contact, workflow)));
    await expect(byTheGate(run)).resolves.toBeUndefined();
  });

  test('when somebody is about to change the contact: it is not waited for', async () => {
    const { run, contact } = await enrolled();
    const other = await stage.owner.connect();
    try {
      await other.query('BEGIN');
      await other.query('UPDATE contacts SET revision = revision + 1 WHERE id = $1', [contact]);
      await take(run);
      await expect(byTheGate(run)).resolves.toBeUndefined();
    } finally {
      await other.query('ROLLBACK');
      other.release();
    }
  });

  test.each<[string, object]>([
    ['quiet hours', { quiet_hours: { from: '21:00', to: '08:00' } }],
    ['rate limits', { rate_limits: { sms: 5 } }],
  ])('when the location has %s', async (_what, defaults) => {
    const { run } = await enrolled();
    await stage.owner.query('UPDATE locations SET defaults = $1', [JSON.stringify(defaults)]);
    // At noon: what these hours do is not the question here.
    await stage.owner.query("UPDATE journey_clock SET real_epoch = clock_timestamp(), journey_epoch = '2026-03-02T12:00:00Z'");
    await stage.owner.query("UPDATE workflow_scheduled_actions SET scheduled_for = '2026-03-01T12:00:00Z' WHERE enrollment_id = $1", [run]);
    await take(run);
    await expect(byTheGate(run)).resolves.toBeUndefined();
  });

  test('when exit rules are to be looked at just before it leaves', async () => {
    const { run } = await enrolled([SMS], { exit_conditions: [{ if: [{ field: 'tags', operator: 'contains', value: 'gone' }] }] });
    await take(run);
    await expect(byTheGate(run)).resolves.toBeUndefined();
  });

  test('when its provider bears only so much', async () => {
    const limited = { ...ctx, providers: fakeProviders() } as Context;
    const { run } = await enrolled();
    await take(run, limited);
    await expect(byTheGate(run)).resolves.toBeUndefined();
  });
});

describe('a run that was carried from its claim to its outcome is read again', () => {
  const takenBy = async (happen: (run: string, contact: string, workflow: string) => Promise<unknown>, steps?: object[]): Promise<string> => {
    const { run, contact, workflow } = await enrolled(steps);
    fake.onSms = async () => void (await happen(run, contact, workflow));
    await take(run);
    expect(await stage.mailbox(run)).toContainEqual(expect.objectContaining({ kind: 'outcome', step_id: 'hello' }));
    expect(stage.history.rung.runs).toContainEqual({ lane: 'interactive', ids: [run] });
    return run;
  };
  const look = { id: 'look', type: 'condition', config: { if: [{ field: 'tags', operator: 'contains', value: 'new' }] } };

  test('when its contact changed meanwhile: the next step sees the change', async () => {
    const run = await takenBy((_run, contact) => stage.owner.query("UPDATE contacts SET tags = '{new}', revision = revision + 1 WHERE id = $1", [contact]), [SMS, look]);
    await take(run);
    expect(await stage.logs(run)).toContainEqual(expect.objectContaining({ step_id: 'look', outcome: 'then' }));
  });

  test('when something waits in its mailbox: both are taken in order', async () => {
    const run = await takenBy((id) => stage.mail(id, 'exit', { reason: 'enough', status: 'exited' }));
    await take(run);
    expect(await stage.enrollment(run)).toMatchObject({ status: 'exited', exit_reason: 'enough' });
  });

  test('when its workflow was paused: it stays until the workflow resumes', async () => {
    let workflowId = '';
    const run = await takenBy((_run, _contact, workflow) => stage.owner.query("UPDATE workflows_v2 SET status = 'paused' WHERE id = $1", [(workflowId = workflow)]));
    await take(run);
    expect(await stage.enrollment(run)).toMatchObject({ status: 'active' });
    expect(await stage.logs(run)).toHaveLength(1);
    await stage.owner.query("UPDATE workflows_v2 SET status = 'active' WHERE id = $1", [workflowId]);
    await take(run);
    expect(await stage.enrollment(run)).toMatchObject({ status: 'completed' });
  });
});
