import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { createStage, one, rowsOf, type Stage } from '../support/engine-stage.ts';

const trigger = { type: 'manual' };
let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

/** Publishes the steps, enrolls the contact and runs it until it waits. */
async function enroll(name: string, steps: object[], contact: string, settings: object = {}): Promise<string> {
  const id = await stage.enroll(await stage.publish({ name, trigger, settings, steps }), contact);
  await runBatch(stage.ctx, [id], 'interactive');
  return id;
}

async function hear(id: string, contact: string, type: string, data: object): Promise<void> {
  await stage.event(contact, type, data as Record<string, unknown>);
  await dispatchEvents(stage.ctx);
  await runBatch(stage.ctx, [id], 'interactive');
}

const timersOf = async (id: string): Promise<unknown[]> =>
  (await stage.mailbox(id)).map(({ kind, scheduled_for, relative }) => [kind, (scheduled_for as Date).toISOString(), relative]);

describe('a wait in the store', () => {
  it('until a date field has one timer, which moves both ways with the field', async () => {
    const contact = await stage.contact({ custom_fields: { ends: '2099-05-01' } });
    const id = await enroll('Ends', [{ id: 'pause', type: 'wait', config: { until: '{{contact.custom_fields.ends}}', offset: '-1d' } }], contact);
    expect(await timersOf(id)).toEqual([['timer', '2099-04-30T00:00:00.000Z', false]]);
    for (const [ends, due] of [['2099-08-01', '2099-07-31'], ['2099-02-01', '2099-01-31']] as const) {
      await stage.owner.query('UPDATE contacts SET custom_fields = $2, revision = revision + 1 WHERE id = $1', [contact, { ends }]);
      await hear(id, contact, 'contact_updated', { changes: { 'custom_fields.ends': { from: null, to: ends } } });
      expect(await timersOf(id)).toEqual([['timer', `${due}T00:00:00.000Z`, false]]);
      expect(await stage.logs(id)).toMatchObject([{ seq: 1, status: 'pending', input_data: { until: `${due}T00:00:00Z`, zone: 'UTC' }, completed_at: null }]);
    }
    await stage.owner.query('UPDATE contacts SET custom_fields = $2, revision = revision + 1 WHERE id = $1', [contact, {}]);
    await hear(id, contact, 'contact_updated', { changes: { 'custom_fields.ends': { from: '2099-02-01', to: null } } });
    expect(await stage.enrollment(id)).toMatchObject({ status: 'completed' });
    expect(await timersOf(id)).toEqual([]);
  });

  it('for an event keeps the event, and its timeout goes with it', async () => {
    const contact = await stage.contact();
    const steps = [{ id: 'pause', type: 'wait', config: { for: { event: 'order_placed' }, timeout: '3d', on_event: 'exit_success', on_timeout: 'exit_timeout' } }];
    const id = await enroll('Order', steps, contact);
    expect(await timersOf(id)).toMatchObject([['timer', expect.any(String), true]]);
    await hear(id, contact, 'order_placed', { total: 80 });
    expect(await stage.enrollment(id)).toMatchObject({
      status: 'completed',
      exit_reason: 'success',
      step_data: { steps: { pause: { event: { type: 'order_placed', data: { total: 80 } } } } },
    });
    expect(await timersOf(id)).toEqual([]);
  });

  it("for a fact of the run's own send goes on at once when it is known", async () => {
    const contact = await stage.contact({ phone: '+12025550123' });
    const steps = [
      { id: 'text', type: 'send_sms', config: { message: 'Hi' } },
      { id: 'nap', type: 'wait', config: { duration: '1d' } },
      { id: 'reply', type: 'wait', config: { for: { event: 'sms_received', step: 'text' }, timeout: '3d', on_timeout: 'exit_silent' } },
    ];
    const id = await enroll('Reply', steps, contact);
    await stage.mail(id, 'outcome', { attempt: 1, outcome: { status: 'accepted', result: { message_id: 'm1' } } }, { stepId: 'text', visit: 1 });
    await runBatch(stage.ctx, [id], 'interactive');
    await hear(id, contact, 'sms_received', { enrollment_id: id, step_id: 'text', visit: 1, reply_text: 'Yes' });
    await stage.owner.query("UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() WHERE enrollment_id = $1 AND kind = 'timer'", [id]);
    await runBatch(stage.ctx, [id], 'interactive');
    expect(await stage.enrollment(id)).toMatchObject({ status: 'completed', step_data: { steps: { reply: { event: { type: 'sms_received', data: { reply_text: 'Yes' } } } } } });
    expect((await stage.logs(id)).map(({ step_id, outcome }) => [step_id, outcome])).toEqual([['text', 'next'], ['nap', 'next'], ['reply', 'event']]);
  });
});

describe('quiet hours in the store', () => {
  it('hold a message as a timer, and a send keeps its window for the gate', async () => {
    const clock = async (hours: number): Promise<string> => one(stage.owner, "SELECT to_char((journey_now() + make_interval(hours => $1)) AT TIME ZONE 'UTC', 'HH24:MI')", [hours]);
    const contact = await stage.contact({ phone: '+12025550123' });
    const steps = [{ id: 'text', type: 'send_sms', config: { message: 'Hi' } }];
    const quiet = { from: await clock(-2), to: await clock(2) };
    const held = await enroll('Night', steps, contact, { quiet_hours: quiet });
    expect(await timersOf(held)).toMatchObject([['timer', expect.any(String), false]]);
    expect(await stage.logs(held)).toMatchObject([{ status: 'pending', input_data: { quiet_hours: `${quiet.from}–${quiet.to}`, zone: 'UTC' } }]);
    expect(await rowsOf(stage.owner, 'SELECT 1 FROM sends WHERE enrollment_id = $1', [held])).toEqual([]);
    const open = { from: await clock(3), to: await clock(4) };
    const sent = await enroll('Day', steps, contact, { quiet_hours: open });
    expect(await rowsOf(stage.owner, 'SELECT quiet_hours FROM sends WHERE enrollment_id = $1', [sent])).toEqual([
      { quiet_hours: { ...open, channels: ['sms', 'voice'], zone: 'contact' } },
    ]);
  });
});
