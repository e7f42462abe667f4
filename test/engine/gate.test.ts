import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import type { Data } from '../../src/core/state.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import { createStage, one, rowsOf, type Stage } from '../support/engine-stage.ts';
import { fakeProviders, type FakeProviders } from '../support/fake-providers.ts';

let stage: Stage;
let fake: FakeProviders;
let ctx: Context;
beforeAll(async () => {
  stage = await createStage();
  fake = fakeProviders();
  ctx = {
    ...stage.ctx,
    environment: { publicUrl: 'http://127.0.0.1:3000', emailFrom: 'Acme <hello@acme.example>' },
    clock: { machineNow: () => Date.now(), journeyNow: () => Date.now(), speed: 1 },
    sends: createSendStore(stage.pool),
    providers: fake,
    tokens: { sign: (purpose: string, id: string) => `${purpose}-${id}` },
    // Only the ports that delivery uses.
  } as unknown as Context;
});
afterAll(() => stage.close());

const trigger = { type: 'manual' };
const hello = { id: 'hello', type: 'send_sms', config: { message: 'Hello' } };
const note = { id: 'note', type: 'set', config: { values: { x: 1 } } };
const booked = [{ field: 'tags', operator: 'contains', value: 'booked' }];
let n = 0;
/** A run whose message is committed and has not left. */
async function pending(more: Data, steps: Data[] = [hello, note]): Promise<{ id: string; contact: string; send: string }> {
  n += 1;
  const contact = await stage.contact({ phone: `+1202555${String(1_000 + n)}`, email: `c${n}@example.com` });
  const id = await stage.enroll(await stage.publish({ name: `Gate ${n}`, trigger, ...more, steps }), contact);
  await runBatch(ctx, [id], 'bulk');
  return { id, contact, send: await one(stage.owner, 'SELECT id FROM sends WHERE enrollment_id = $1', [id]) };
}
const tag = (contact: string) => stage.owner.query("UPDATE contacts SET tags = '{booked}', revision = revision + 1 WHERE id = $1", [contact]);
const left = (id: string) => fake.messages.some(({ sendId }) => sendId === id);

describe('just before a message leaves', () => {
  it.each([
    ['its reason', { id: 'gone', if: booked, reason: 'got it', status: 'completed' }, { status: 'completed', exit_reason: 'got it' }],
    ['its id', { id: 'gone', if: booked }, { status: 'exited', exit_reason: 'gone' }],
  ])('exit rules are looked at once more, by the contact as it is now: the run ends with %s', async (_name, rule, state) => {
    const { id, contact, send } = await pending({ exit_conditions: [rule, { id: 'second', if: booked }] });
    await tag(contact);
    await deliver(ctx, [send], 'bulk');
    expect(left(send)).toBe(false);
    await runBatch(ctx, [id], 'bulk');
    expect(await stage.enrollment(id)).toMatchObject(state);
    expect(await stage.logs(id)).toMatchObject([{ step_id: 'hello', status: 'skipped', output_data: { skipped: expect.stringContaining('held before this left') } }]);
    expect(await rowsOf(stage.owner, 'SELECT status FROM sends WHERE id = $1', [send])).toEqual([{ status: 'skipped' }]);
  });

  it('a rule that holds is the end of the run also where the message was its last step', async () => {
    const { id, contact, send } = await pending({ exit_conditions: [{ id: 'gone', if: booked }] }, [hello]);
    await tag(contact);
    await deliver(ctx, [send], 'bulk');
    await runBatch(ctx, [id], 'bulk');
    expect(await stage.enrollment(id)).toMatchObject({ status: 'exited', exit_reason: 'gone' });
  });

  it('a run that grew too old sends no more', async () => {
    const { id, send } = await pending({ settings: { max_run_age: '1h' } });
    await stage.owner.query("UPDATE workflow_enrollments SET enrolled_at = enrolled_at - interval '2 hours' WHERE id = $1", [id]);
    await deliver(ctx, [send], 'bulk');
    await runBatch(ctx, [id], 'bulk');
    expect(left(send)).toBe(false);
    expect(await stage.enrollment(id)).toMatchObject({ status: 'exited', exit_reason: 'max_run_age' });
  });

  it.each<[string, Data]>([
    ['without exit rules', {}],
    ['whose rules do not hold', { exit_conditions: [{ id: 'gone', if: [{ field: 'tags', operator: 'contains', value: 'else' }] }] }],
    ['whose rule waits for an event', { exit_conditions: [{ id: 'gone', on: 'tag_added', if: booked }] }],
  ])('a run %s sends', async (_name, more) => {
    const { contact, send } = await pending(more);
    await tag(contact);
    await deliver(ctx, [send], 'bulk');
    expect(left(send)).toBe(true);
  });

  it('reads nothing for programs without such rules, and once for all the others', async () => {
    let looks = 0;
    const counting = { ...ctx, runs: { ...ctx.runs, look: (ids: string[]) => ((looks += 1), ctx.runs.look(ids)) } };
    const plain = await Promise.all([pending({}), pending({})]);
    await deliver(counting, plain.map(({ send }) => send), 'bulk');
    expect(looks).toBe(0);
    const rules = { exit_conditions: [{ id: 'gone', if: booked }] };
    const guarded = await Promise.all([pending(rules), pending(rules), pending(rules)]);
    await tag(guarded[1]!.contact);
    await deliver(counting, guarded.map(({ send }) => send), 'bulk');
    expect(looks).toBe(1);
    expect(guarded.map(({ send }) => left(send))).toEqual([true, false, true]);
  });

  it('consent that was withdrawn holds the message back: the step is skipped with the reason, and the run goes on', async () => {
    const { id, contact, send } = await pending({});
    await stage.owner.query(`UPDATE contacts SET consent = '{"sms": "withdrawn"}' WHERE id = $1`, [contact]);
    await deliver(ctx, [send], 'bulk');
    await runBatch(ctx, [id], 'bulk');
    expect(left(send)).toBe(false);
    expect(await stage.logs(id)).toMatchObject([{ status: 'skipped', output_data: { skipped: expect.stringContaining('withdrew') } }, { step_id: 'note', status: 'completed' }]);
  });

  it.each([
    ['a phone', 'phone', hello, 'no_address: the contact has no address for sms'],
    ['an e-mail', 'email', { id: 'hello', type: 'send_email', config: { subject: 'Hi', text: 'Hello' } }, 'no_address: the contact has no address for email'],
    ['the phone of a call', 'phone', { id: 'hello', type: 'make_call', config: { say: 'Hello' } }, 'no_address: the contact has no address for voice'],
  ])('%s that was removed meanwhile: the step is skipped as for a missing address, and the run goes on', async (_name, field, step, skipped) => {
    const { id, contact, send } = await pending({}, [step, note]);
    await stage.owner.query(`UPDATE contacts SET ${field} = NULL, revision = revision + 1 WHERE id = $1`, [contact]);
    await deliver(ctx, [send], 'bulk');
    await runBatch(ctx, [id], 'bulk');
    expect(left(send)).toBe(false);
    expect(await stage.logs(id)).toMatchObject([{ step_id: 'hello', status: 'skipped', output_data: { skipped } }, { step_id: 'note', status: 'completed' }]);
    expect(await rowsOf(stage.owner, 'SELECT status, error FROM sends WHERE id = $1', [send])).toEqual([{ status: 'skipped', error: skipped }]);
  });

  it('a message to an address of its own leaves, whatever became of the contact\'s', async () => {
    const { contact, send } = await pending({}, [
      { id: 'hello', type: 'send_sms', config: { message: 'Hello', to: '{{contact.custom_fields.office | default: "+12025550999"}}' } },
      note,
    ]);
    await stage.owner.query('UPDATE contacts SET phone = NULL, revision = revision + 1 WHERE id = $1', [contact]);
    await deliver(ctx, [send], 'bulk');
    expect(left(send)).toBe(true);
  });
});

describe('a magnet', () => {
  const magnet = { id: 'won', type: 'goal', config: { mode: 'magnet', condition: booked, on_success: 'exit_success' } };

  it('withdraws a message that has not left', async () => {
    const { id, contact, send } = await pending({}, [hello, magnet]);
    await tag(contact);
    await stage.event(contact, 'tag_added', { tag: 'booked' });
    await dispatchEvents(ctx);
    await runBatch(ctx, [id], 'bulk');
    await deliver(ctx, [send], 'bulk');
    expect(left(send)).toBe(false);
    expect(await stage.enrollment(id)).toMatchObject({ status: 'completed', exit_reason: 'goal:won' });
    await runBatch(ctx, [id], 'bulk');
    expect(await stage.logs(id)).toMatchObject([{ step_id: 'hello', status: 'skipped', output_data: { interrupted_by: 'won' } }, { step_id: 'won', outcome: 'success' }]);
  });

  it.each([1, 2, 3, 4, 5, 6])('comes out the same in every order of event, outcome and timer in one batch, taken by three workers at once (%i)', async (order) => {
    const steps = [{ id: 'nap', type: 'wait', config: { duration: '1h' } }, hello, magnet];
    const contact = await stage.contact({ phone: `+1202556${1_000 + order}` });
    const id = await stage.enroll(await stage.publish({ name: `Race ${order}`, trigger, steps }), contact);
    await runBatch(ctx, [id], 'bulk');
    await tag(contact);
    const event = { id: '0190a000-0000-7000-8000-00000000ee01', type: 'tag_added', contactId: contact, at: Date.now(), data: { tag: 'booked' }, source: 'test', depth: 0 };
    const inputs = [
      () => stage.mail(id, 'event', { event }),
      () => stage.mail(id, 'outcome', { attempt: 1, outcome: { status: 'accepted', result: {} } }, { stepId: 'hello', visit: 1 }),
      () => stage.owner.query("UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() WHERE enrollment_id = $1 AND kind = 'timer'", [id]),
    ];
    const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (const at of orders[order - 1]!) await inputs[at]!();
    await Promise.all([runBatch(ctx, [id], 'bulk'), runBatch(ctx, [id], 'bulk'), runBatch(ctx, [id], 'interactive')]);
    expect(await stage.enrollment(id)).toMatchObject({ status: 'completed', exit_reason: 'goal:won' });
    expect(await stage.mailbox(id)).toEqual([]);
    const logs = await stage.logs(id);
    expect(logs.every(({ completed_at }) => completed_at !== null)).toBe(true);
    expect(logs.filter(({ step_id }) => step_id === 'won')).toMatchObject([{ outcome: 'success' }]);
    expect(
      await rowsOf(stage.owner, "SELECT sum(n)::int AS n FROM workflow_stat_deltas d JOIN workflow_enrollments e USING (workflow_id) WHERE e.id = $1 AND d.kind = 'goal'", [
        id,
      ]),
    ).toEqual([{ n: 1 }]);
  });
});
