import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import type { Data } from '../../src/core/state.ts';
import { createStage, one, rowsOf, type Stage } from '../support/engine-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.owner.query("UPDATE workflows_v2 SET status = 'archived'");
  await stage.owner.query('UPDATE contact_events SET dispatched_at = now() WHERE dispatched_at IS NULL');
  await stage.owner.query('UPDATE workflow_registry SET revision = revision + 1');
});

const onTag = (tag: string, more: Data = {}) => ({
  name: `On ${tag}`,
  trigger: { type: 'tag_added', config: { tag }, ...more },
  steps: [{ id: 'note', type: 'set', config: { values: { x: 1 } } }],
});
const runsOf = (contactId: string) =>
  rowsOf(stage.owner, 'SELECT id, status, revision, occurrence, trigger_data, depth FROM workflow_enrollments WHERE contact_id = $1 ORDER BY occurrence, id', [contactId]);
const refusalsOf = (contactId: string) => rowsOf(stage.owner, 'SELECT reason, detail FROM enrollment_refusals WHERE contact_id = $1 ORDER BY created_at', [contactId]);

describe('dispatchEvents', () => {
  it('enrolls and runs the first segment in one statement', async () => {
    const { workflowId } = await stage.publish(onTag('vip'));
    const contact = await stage.contact();
    const event = await stage.event(contact, 'tag_added', { tag: 'vip' });
    expect(await dispatchEvents(stage.ctx)).toBe(1);
    const [run] = await runsOf(contact);
    expect(run).toMatchObject({ status: 'completed', revision: 1, occurrence: 1, trigger_data: { type: 'tag_added', event_id: event, data: { tag: 'vip' } } });
    expect(await stage.logs(String(run?.['id']))).toMatchObject([{ step_id: 'note', status: 'completed', started_rev: 1, ended_rev: 1 }]);
    expect(stage.history.messages.at(-1)).toMatchObject({ workflowId, runs: [{ id: run?.['id'], rev: 1 }], counts: { enrolled: 1, completed: 1 } });
    expect(await rowsOf(stage.owner, 'SELECT kind, sum(n)::int AS n FROM workflow_stat_deltas WHERE workflow_id = $1 GROUP BY kind ORDER BY kind', [workflowId])).toEqual([
      { kind: 'completed', n: 1 },
      { kind: 'ended', n: 1 },
      { kind: 'enrolled', n: 1 },
      { kind: 'started', n: 1 },
    ]);
    expect(await dispatchEvents(stage.ctx)).toBe(0);
  });

  it('enrolls once however many dispatchers take the same events at once', async () => {
    await stage.publish({ ...onTag('race'), steps: [{ id: 'nap', type: 'wait', config: { duration: '1d' } }] });
    for (let round = 0; round < 10; round += 1) {
      const contacts = await Promise.all(Array.from({ length: 8 }, () => stage.contact()));
      await Promise.all([...contacts, ...contacts].map((contact) => stage.event(contact, 'tag_added', { tag: 'race' })));
      await Promise.all([dispatchEvents(stage.ctx), dispatchEvents(stage.ctx), dispatchEvents(stage.ctx)]);
      const runs = await rowsOf(stage.owner, 'SELECT contact_id, count(*)::int AS n FROM workflow_enrollments WHERE contact_id = ANY($1) GROUP BY 1', [contacts]);
      expect(runs.map(({ n }) => n)).toEqual(contacts.map(() => 1));
      expect(
        await one(
          stage.owner,
          "SELECT count(*)::int FROM workflow_scheduled_actions a JOIN workflow_enrollments e ON e.id = a.enrollment_id WHERE e.contact_id = ANY($1) AND a.kind = 'timer'",
          [contacts],
        ),
      ).toBe(8);
    }
  });

  it('lets the first of several triggers enroll, and then notes no refusal of the others', async () => {
    const vip = { field: 'tags', operator: 'contains', value: 'vip' };
    const { trigger: _one, ...definition } = onTag('several');
    const triggers = [{ type: 'tag_added', tag: 'several', filters: [vip] }, { type: 'tag_added', tag: 'several' }, { type: 'tag_added' }];
    await stage.publish({ ...definition, triggers });
    const contact = await stage.contact();
    await stage.event(contact, 'tag_added', { tag: 'several' });
    await dispatchEvents(stage.ctx);
    expect(await runsOf(contact)).toHaveLength(1);
    expect(await refusalsOf(contact)).toEqual([]);
  });

  it.each([
    ['never', 'never', 1],
    ['after_exit', 'after_exit', 2],
    ['after a time that has not passed', { after: '1h' }, 1],
    ['after a time that has passed', { after: '1h' }, 2],
  ])('re-enrolls by policy: %s', async (name, reentry, runs) => {
    await stage.publish({ ...onTag('again'), settings: { reentry } });
    const contact = await stage.contact();
    await stage.event(contact, 'tag_added', { tag: 'again' });
    await dispatchEvents(stage.ctx);
    if (name.endsWith('has passed')) await stage.owner.query("UPDATE workflow_enrollments SET completed_at = completed_at - interval '2 hours' WHERE contact_id = $1", [contact]);
    await stage.event(contact, 'tag_added', { tag: 'again' });
    await dispatchEvents(stage.ctx);
    expect((await runsOf(contact)).map(({ occurrence }) => occurrence)).toEqual(Array.from({ length: runs }, (_, index) => index + 1));
    expect(await refusalsOf(contact)).toHaveLength(2 - runs);
  });

  it('enrolls nobody twice when only the answer of a dispatch was lost', async () => {
    await stage.publish({ ...onTag('deaf'), settings: { reentry: 'after_exit' } });
    const contact = await stage.contact();
    await stage.event(contact, 'tag_added', { tag: 'deaf' });
    const deaf = {
      ...stage.ctx,
      events: {
        ...stage.ctx.events,
        async dispatch(...given: Parameters<typeof stage.ctx.events.dispatch>) {
          await stage.ctx.events.dispatch(...given);
          throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
        },
      },
    };
    await expect(dispatchEvents(deaf)).rejects.toThrow('ECONNRESET');
    await dispatchEvents(stage.ctx);
    expect(await runsOf(contact)).toHaveLength(1);
    expect(await refusalsOf(contact)).toEqual([]);
  });

  it('lets a contact in whose first step writes an e-mail address of another: the step fails as its on_error says', async () => {
    await stage.contact({ email: 'held@example.com' });
    await stage.publish({ ...onTag('mail'), steps: [{ id: 'take', type: 'update_contact', config: { set: { email: 'held@example.com' } }, on_error: 'continue' }] });
    const contact = await stage.contact();
    await stage.event(contact, 'tag_added', { tag: 'mail' });
    await dispatchEvents(stage.ctx);
    const [run] = await runsOf(contact);
    await runBatch(stage.ctx, [String(run?.['id'])], 'interactive');
    expect(await stage.logs(String(run?.['id']))).toMatchObject([{ step_id: 'take', status: 'failed', error: expect.stringContaining('another contact') }]);
    expect(await runsOf(contact)).toMatchObject([{ status: 'completed' }]);
    expect(await refusalsOf(contact)).toEqual([]);
  });

  it('keeps why it refused', async () => {
    await stage.publish(onTag('picky', { filters: [{ field: 'custom_fields.plan', operator: 'equals', value: 'pro' }] }));
    const contact = await stage.contact({ custom_fields: { plan: 'free' } });
    await stage.event(contact, 'tag_added', { tag: 'picky' });
    const deep = await stage.contact({ custom_fields: { plan: 'pro' } });
    await stage.event(deep, 'tag_added', { tag: 'picky' }, 6);
    await dispatchEvents(stage.ctx);
    expect(await runsOf(contact)).toEqual([]);
    expect(await refusalsOf(contact)).toMatchObject([{ reason: 'filters', detail: { expected: 'pro', actual: 'free' } }]);
    expect(await refusalsOf(deep)).toMatchObject([{ reason: 'depth' }]);
  });

  it('tells every active run that listens, wherever it stands, and keeps the row of a paused one', async () => {
    const listening = {
      name: 'Goal',
      trigger: { type: 'manual' },
      steps: [{ id: 'goal', type: 'goal', config: { condition: { field: 'tags', operator: 'contains', value: 'won' } } }],
    };
    const [open, paused] = [await stage.publish(listening), await stage.publish({ ...listening, name: 'Paused' })];
    const contact = await stage.contact();
    const [waiting, held] = [await stage.enroll(open, contact), await stage.enroll(paused, contact)];
    await runBatch(stage.ctx, [waiting, held], 'interactive');
    await stage.owner.query("UPDATE workflows_v2 SET status = 'paused' WHERE id = $1", [paused.workflowId]);
    await stage.owner.query("UPDATE contacts SET tags = '{won}', revision = revision + 1 WHERE id = $1", [contact]);
    const event = await stage.event(contact, 'tag_added', { tag: 'won' });
    await dispatchEvents(stage.ctx);
    expect(await stage.mailbox(waiting)).toMatchObject([{ id: event, kind: 'event', status: 'pending' }]);
    expect(await stage.mailbox(held)).toMatchObject([{ id: event, kind: 'event', status: 'pending' }]);
    expect(stage.history.rung.runs.at(-1)?.ids.toSorted()).toEqual([waiting, held].toSorted());
    await runBatch(stage.ctx, [waiting, held], 'interactive');
    expect(await stage.enrollment(waiting)).toMatchObject({ status: 'completed' });
    expect(await stage.enrollment(held)).toMatchObject({ status: 'active' });
    await stage.owner.query("UPDATE workflow_scheduled_actions SET created_at = now() - interval '1 minute' WHERE enrollment_id = $1", [held]);
    expect(await stage.ctx.runs.stranded(5_000, 10)).toEqual([]);
    expect(await stage.mailbox(held)).toMatchObject([{ id: event, kind: 'event', status: 'held' }]);
  });

  it.each([1, 2])('tells a run of what happened after the event that enrolled it, though %i dispatchers read both at once', async (dispatchers) => {
    const leaving = await stage.publish({
      ...onTag(`in${dispatchers}`),
      exit_conditions: [{ id: 'left', on: 'tag_removed' }],
      steps: [{ id: 'nap', type: 'wait', config: { duration: '1d' } }],
    });
    const contact = await stage.contact();
    await stage.event(contact, 'tag_removed', { tag: `in${dispatchers}` });
    await stage.event(contact, 'tag_added', { tag: `in${dispatchers}` });
    const after = await stage.event(contact, 'tag_removed', { tag: `in${dispatchers}` });
    await Promise.all(Array.from({ length: dispatchers }, () => dispatchEvents(stage.ctx)));
    const [run] = await rowsOf(stage.owner, 'SELECT id FROM workflow_enrollments WHERE workflow_id = $1', [leaving.workflowId]);
    const id = String(run?.['id']);
    expect((await stage.mailbox(id)).filter(({ kind }) => kind === 'event')).toMatchObject([{ id: after }]);
    await runBatch(stage.ctx, [id], 'interactive');
    expect(await stage.enrollment(id)).toMatchObject({ status: 'exited', exit_reason: 'left' });
    expect(await stage.mailbox(id)).toEqual([]);
  });

  it('merges what a provider reports into the ledger, the first time only', async () => {
    const mailing = await stage.publish({ name: 'Mail', trigger: { type: 'manual' }, steps: [{ id: 'mail', type: 'send_email', config: { subject: 'Hi', text: 'Hello' } }] });
    const contact = await stage.contact({ email: 'fact@example.com' });
    const id = await stage.enroll(mailing, contact);
    await runBatch(stage.ctx, [id], 'interactive');
    for (let twice = 0; twice < 2; twice += 1) {
      await stage.event(contact, 'email_opened', { enrollment_id: id, step_id: 'mail', visit: 1 });
      await dispatchEvents(stage.ctx);
      await runBatch(stage.ctx, [id], 'interactive');
    }
    expect(await rowsOf(stage.owner, "SELECT facts->'opened'->'rev' AS rev FROM sends WHERE enrollment_id = $1", [id])).toEqual([{ rev: 3 }]);
    expect(await stage.enrollment(id)).toMatchObject({ revision: 3, step_data: { steps: { mail: { opened: true } } } });
    expect(await stage.mailbox(id)).toEqual([]);
  });

  it('lets two workflows that change the contact see each other', async () => {
    const counting = (name: string) => ({ ...onTag('both'), name, steps: [{ id: 'count', type: 'update_contact', config: { increment: { 'custom_fields.n': 1 } } }] });
    await stage.publish(counting('One'));
    await stage.publish(counting('Two'));
    const contact = await stage.contact();
    await stage.event(contact, 'tag_added', { tag: 'both' });
    await dispatchEvents(stage.ctx);
    const runs = await runsOf(contact);
    expect(runs.map(({ status }) => status).sort()).toEqual(['active', 'completed']);
    await runBatch(stage.ctx, stage.history.rung.runs.at(-1)?.ids ?? [], 'interactive');
    expect(await rowsOf(stage.owner, "SELECT custom_fields->'n' AS n FROM contacts WHERE id = $1", [contact])).toEqual([{ n: 2 }]);
  });

  it('decides again when the contact changed between the look and the commit', async () => {
    await stage.publish(onTag('moving', { filters: [{ field: 'custom_fields.plan', operator: 'equals', value: 'pro' }] }));
    const contact = await stage.contact({ custom_fields: { plan: 'pro' } });
    await stage.event(contact, 'tag_added', { tag: 'moving' });
    let looks = 0;
    const events = {
      ...stage.ctx.events,
      async undispatched(limit: number) {
        const batch = await stage.ctx.events.undispatched(limit);
        if ((looks += 1) === 1) await stage.owner.query(`UPDATE contacts SET custom_fields = '{"plan": "free"}', revision = revision + 1 WHERE id = $1`, [contact]);
        return batch;
      },
    };
    expect(await dispatchEvents({ ...stage.ctx, events })).toBe(1);
    expect(looks).toBe(2);
    expect(await runsOf(contact)).toEqual([]);
    expect(await refusalsOf(contact)).toMatchObject([{ reason: 'filters' }]);
  });

  it('dispatches an event without its enrollment when the data of the enrollment cannot be written', async () => {
    await stage.publish({ ...onTag('huge'), settings: { entry_key: '{{trigger.data.key}}' } });
    const [bad, good] = [await stage.contact(), await stage.contact()];
    // An index row holds at most some 2,700 bytes, and random text does not compress.
    const key =
      Array.from({ length: 400 }, (_, index) => ((index * 2_654_435_761) % 4_294_967_296).toString(36)).join('') +
      Array.from({ length: 4000 }, () => String.fromCharCode(0x4e00 + Math.floor(Math.random() * 20_000))).join('');
    await stage.event(bad, 'tag_added', { tag: 'huge', key });
    await stage.event(good, 'tag_added', { tag: 'huge', key: 'k' });
    await dispatchEvents(stage.ctx);
    expect(await runsOf(bad)).toEqual([]);
    expect(await refusalsOf(bad)).toMatchObject([{ reason: 'error' }]);
    expect(await runsOf(good)).toHaveLength(1);
    expect(await one(stage.owner, 'SELECT count(*)::int FROM contact_events WHERE dispatched_at IS NULL')).toBe(0);
  });
});
