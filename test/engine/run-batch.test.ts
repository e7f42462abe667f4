import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBatch } from '../../src/engine/run-batch.ts';
import { createStage, one, rowsOf, type PublishedWorkflow, type Stage } from '../support/engine-stage.ts';

const trigger = { type: 'manual' };
const tagged = { name: 'Tagged', trigger, steps: [{ id: 'mark', type: 'add_tag', config: { tag: 'seen' } }] };
const counting = { name: 'Counting', trigger, steps: [{ id: 'count', type: 'update_contact', config: { increment: { 'custom_fields.n': 1 } } }] };
const texting = {
  name: 'Texting',
  trigger,
  steps: [
    { id: 'hello', type: 'send_sms', config: { message: 'Hello {{contact.custom_fields.word}}' } },
    { id: 'mark', type: 'add_tag', config: { tag: 'texted' } },
  ],
};

let stage: Stage;
let mark: PublishedWorkflow;
let count: PublishedWorkflow;
let text: PublishedWorkflow;
beforeAll(async () => {
  stage = await createStage();
  mark = await stage.publish(tagged);
  count = await stage.publish(counting);
  text = await stage.publish(texting);
});
afterAll(() => stage.close());

const accepted = (attempt = 1) => ({ attempt, outcome: { status: 'accepted', result: { message_id: 'm1' } } });

describe('runBatch', () => {
  it('takes a run through an effect in two commits, one log row a step', async () => {
    const contact = await stage.contact({ phone: '+12025550123', custom_fields: { word: 'you' } });
    const id = await stage.enroll(text, contact);
    await runBatch(stage.ctx, [id], 'interactive');
    expect(await stage.logs(id)).toMatchObject([{ seq: 1, step_id: 'hello', status: 'executing', started_rev: 2, ended_rev: null }]);
    const [send] = await rowsOf(stage.owner, 'SELECT id, status, request, channel FROM sends WHERE enrollment_id = $1', [id]);
    expect(send).toMatchObject({ status: 'pending', channel: 'sms' });
    expect(send?.['request']).toMatchObject({ body: 'Hello you' });
    expect(stage.history.rung.sends.at(-1)).toEqual({ lane: 'interactive', ids: [send?.['id']] });

    await stage.mail(id, 'outcome', accepted(), { stepId: 'hello', visit: 1 });
    await runBatch(stage.ctx, [id], 'interactive');
    expect(await stage.logs(id)).toMatchObject([
      { seq: 1, status: 'completed', outcome: 'next', started_rev: 2, ended_rev: 3 },
      { seq: 2, step_id: 'mark', status: 'completed', started_rev: 3, ended_rev: 3 },
    ]);
    expect(await stage.enrollment(id)).toMatchObject({ status: 'completed', revision: 3, next_run_at: null });
    expect(await stage.mailbox(id)).toEqual([]);
    expect(await one(stage.owner, 'SELECT tags FROM contacts WHERE id = $1', [contact])).toEqual(['texted']);
    expect(await rowsOf(stage.owner, 'SELECT type, source, event_key, data FROM contact_events WHERE contact_id = $1', [contact])).toMatchObject([
      { type: 'tag_added', source: 'workflow', event_key: `${id}:3:0` },
    ]);
    expect(stage.history.messages.at(-1)).toMatchObject({
      workflowId: text.workflowId,
      runs: [
        {
          id,
          rev: 3,
          status: 'completed',
          moves: [
            ['hello', 'next', 'mark'],
            ['mark', 'next', ''],
          ],
        },
      ],
      counts: { completed: 1 },
    });
  });

  it('consumes each input once however many workers take the same runs at once', async () => {
    for (let round = 0; round < 15; round += 1) {
      const contacts = await Promise.all(Array.from({ length: 6 }, () => stage.contact()));
      const ids = await Promise.all(contacts.map((contact) => stage.enroll(count, contact)));
      await Promise.all([runBatch(stage.ctx, ids, 'bulk'), runBatch(stage.ctx, [...ids].reverse(), 'bulk'), runBatch(stage.ctx, ids, 'interactive')]);
      const rows = await rowsOf(
        stage.owner,
        `SELECT c.custom_fields->'n' AS n, c.revision, e.status, e.revision AS rev FROM contacts c JOIN workflow_enrollments e ON e.contact_id = c.id WHERE e.id = ANY($1)`,
        [ids],
      );
      expect(rows).toEqual(ids.map(() => ({ n: 1, revision: 2, status: 'completed', rev: 2 })));
      expect(await one(stage.owner, 'SELECT count(*)::int FROM workflow_step_logs WHERE enrollment_id = ANY($1)', [ids])).toBe(ids.length);
    }
  });

  it('lets several runs of one contact change it one after the other', async () => {
    const contact = await stage.contact();
    const others = await Promise.all([stage.publish({ ...counting, name: 'B' }), stage.publish({ ...counting, name: 'C' }), stage.publish({ ...counting, name: 'D' })]);
    const ids = await Promise.all([count, ...others].map((workflow) => stage.enroll(workflow, contact)));
    await Promise.all([runBatch(stage.ctx, ids, 'bulk'), runBatch(stage.ctx, ids, 'bulk')]);
    expect(await rowsOf(stage.owner, "SELECT custom_fields->'n' AS n, revision FROM contacts WHERE id = $1", [contact])).toEqual([{ n: 4, revision: 5 }]);
    expect(await rowsOf(stage.owner, 'SELECT DISTINCT status FROM workflow_enrollments WHERE id = ANY($1)', [ids])).toEqual([{ status: 'completed' }]);
  });

  it('starts again from the same rows when a worker dies between load and commit', async () => {
    const id = await stage.enroll(mark, await stage.contact());
    const dying = { ...stage.ctx, runs: { ...stage.ctx.runs, commit: () => Promise.reject(new Error('killed')) } };
    await expect(runBatch(dying, [id], 'bulk')).rejects.toThrow('killed');
    expect(await stage.mailbox(id)).toMatchObject([{ kind: 'start' }]);
    await runBatch(stage.ctx, [id], 'bulk');
    expect(await stage.logs(id)).toHaveLength(1);
    expect(await stage.enrollment(id)).toMatchObject({ status: 'completed' });
  });

  it('takes nothing twice when only the answer of a commit was lost', async () => {
    const contact = await stage.contact({ phone: '+12025550123' });
    const ids = [await stage.enroll(text, contact), await stage.enroll(count, contact)];
    const deaf = {
      ...stage.ctx,
      runs: {
        ...stage.ctx.runs,
        async commit(...given: Parameters<typeof stage.ctx.runs.commit>) {
          await stage.ctx.runs.commit(...given);
          throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
        },
      },
    };
    for (let twice = 0; twice < 2; twice += 1) {
      await runBatch(deaf, ids, 'bulk').catch((error: Error) => expect(error.message).toBe('read ECONNRESET'));
      await runBatch(stage.ctx, ids, 'bulk');
    }
    expect(await Promise.all(ids.map((id) => stage.mailbox(id)))).toEqual([[], []]);
    expect(await rowsOf(stage.owner, 'SELECT step_id, count(*)::int AS n FROM workflow_step_logs WHERE enrollment_id = ANY($1) GROUP BY 1 ORDER BY 1', [ids])).toEqual([
      { step_id: 'count', n: 1 },
      { step_id: 'hello', n: 1 },
    ]);
    expect(await rowsOf(stage.owner, 'SELECT status FROM sends WHERE enrollment_id = ANY($1)', [ids])).toEqual([{ status: 'pending' }]);
    expect(await rowsOf(stage.owner, "SELECT custom_fields->'n' AS n FROM contacts WHERE id = $1", [contact])).toEqual([{ n: 1 }]);
  });

  it('sends runs back to the queue that lose their guard again and again', async () => {
    const id = await stage.enroll(mark, await stage.contact());
    let commits = 0;
    const losing = { ...stage.ctx, runs: { ...stage.ctx.runs, commit: async () => ({ moved: new Map<string, number>(), lost: [id], due: [], count: (commits += 1) }) } };
    await runBatch(losing, [id], 'interactive');
    expect(commits).toBe(4);
    expect(stage.history.rung.runs.at(-1)).toEqual({ lane: 'interactive', ids: [id] });
  });

  describe('an e-mail address that belongs to another contact', () => {
    const taking = (more: object, email = 'Taken@example.com') => ({
      name: 'Taker',
      trigger: { type: 'manual' },
      steps: [
        { id: 'take', type: 'update_contact', config: { set: { email } }, ...more },
        { id: 'note', type: 'set', config: { values: { a: 1 } } },
      ],
    });
    beforeAll(() => stage.contact({ email: 'taken@example.com' }));

    it('fails the step that writes it, in words, and its run alone', async () => {
      const taker = await stage.publish(taking({}));
      const [id, other] = [await stage.enroll(taker, await stage.contact()), await stage.enroll(mark, await stage.contact())];
      await runBatch(stage.ctx, [id, other], 'bulk');
      expect(await stage.enrollment(id)).toMatchObject({ status: 'failed', exit_reason: 'step_failed:take' });
      expect(await stage.logs(id)).toMatchObject([{ step_id: 'take', status: 'failed', error: expect.stringContaining('belongs to another contact') }]);
      expect(await stage.enrollment(other)).toMatchObject({ status: 'completed' });
    });

    it('is left to on_error', async () => {
      const id = await stage.enroll(await stage.publish(taking({ on_error: 'continue' })), await stage.contact());
      await runBatch(stage.ctx, [id], 'bulk');
      expect(await stage.enrollment(id)).toMatchObject({ status: 'completed', step_data: { steps: { take: { error: expect.stringContaining('belongs to another contact') } } } });
      expect((await stage.logs(id)).map(({ status }) => status)).toEqual(['failed', 'completed']);
    });

    it('can be retried once it is free', async () => {
      const owner = await stage.contact({ email: 'soon-free@example.com' });
      const id = await stage.enroll(await stage.publish(taking({}, 'soon-free@example.com')), await stage.contact());
      await runBatch(stage.ctx, [id], 'bulk');
      await stage.owner.query('UPDATE contacts SET email = NULL, revision = revision + 1 WHERE id = $1', [owner]);
      await stage.mail(id, 'retry');
      await runBatch(stage.ctx, [id], 'bulk');
      expect(await stage.enrollment(id)).toMatchObject({ status: 'completed' });
    });

    it('goes to the first of a batch that wants one which nobody has', async () => {
      const taker = await stage.publish(taking({ on_error: 'continue' }, 'new@example.com'));
      const ids = await Promise.all(Array.from({ length: 5 }, async () => stage.enroll(taker, await stage.contact())));
      await runBatch(stage.ctx, ids, 'bulk');
      const steps = (await Promise.all(ids.map((id) => stage.logs(id)))).map(([take]) => take?.['status']);
      expect(steps.toSorted()).toEqual(['completed', 'failed', 'failed', 'failed', 'failed']);
      expect(await one(stage.owner, "SELECT count(*)::int FROM contacts WHERE email = 'new@example.com'")).toBe(1);
    });
  });

  it('fails the culprit alone when a statement fails, by halving', async () => {
    const contacts = await Promise.all(Array.from({ length: 7 }, () => stage.contact()));
    const ids = await Promise.all(contacts.map((contact) => stage.enroll(mark, contact)));
    // A row that is already there makes the insert of this run's first log row fail.
    await stage.owner.query(
      `INSERT INTO workflow_step_logs (enrollment_id, seq, location_id, step_id, step_type, status, started_rev) VALUES ($1, 1, $2, 'x', 'x', 'executing', 1)`,
      [ids[3], stage.locationId],
    );
    await runBatch(stage.ctx, ids, 'bulk');
    const statuses = await Promise.all(ids.map(async (id) => (await stage.enrollment(id))['status']));
    expect(statuses).toEqual(ids.map((_, index) => (index === 3 ? 'failed' : 'completed')));
    expect((await stage.enrollment(ids[3] ?? ''))['exit_reason']).toContain('workflow_step_logs_pkey');
    expect(await stage.mailbox(ids[3] ?? '')).toEqual([]);
  });

  it('fails a run alone whose mailbox, state or version cannot be read', async () => {
    const [good, badMail, badState, badVersion] = await Promise.all(Array.from({ length: 4 }, async () => stage.enroll(mark, await stage.contact())));
    await stage.mail(badMail ?? '', 'outcome', { attempt: 'many' });
    await stage.owner.query(`UPDATE workflow_enrollments SET position = '{"phase": "dancing"}' WHERE id = $1`, [badState]);
    await stage.owner.query('UPDATE workflow_enrollments SET version_id = gen_random_uuid() WHERE id = $1', [badVersion]);
    await runBatch(stage.ctx, [good, badMail, badState, badVersion].map(String), 'bulk');
    const statuses = await Promise.all([good, badMail, badState, badVersion].map(async (id) => (await stage.enrollment(String(id)))['status']));
    expect(statuses).toEqual(['completed', 'failed', 'failed', 'failed']);
    expect((await stage.enrollment(String(badVersion)))['exit_reason']).toContain('does not exist');
  });

  it('survives NUL and broken surrogates in what a provider says', async () => {
    const id = await stage.enroll(text, await stage.contact({ phone: '+12025550123' }));
    await runBatch(stage.ctx, [id], 'bulk');
    const loaded = await stage.ctx.runs.load([id]);
    expect(loaded.runs).toEqual([]);
    await stage.mail(id, 'outcome', accepted(), { stepId: 'hello', visit: 1 });
    const odd = {
      ...stage.ctx,
      runs: {
        ...stage.ctx.runs,
        async load(ids: string[]) {
          const batch = await stage.ctx.runs.load(ids);
          for (const { inbox } of batch.runs)
            inbox[0]!.input = {
              kind: 'outcome',
              stepId: 'hello',
              visit: 1,
              attempt: 1,
              outcome: { status: 'accepted', result: { message_id: 'a\0b', note: 'half \ud800', fine: '\\u0000 😀' } },
            };
          return batch;
        },
      },
    };
    await runBatch(odd, [id], 'bulk');
    expect((await stage.logs(id))[0]?.['output_data']).toEqual({ message_id: 'a\uFFFDb', note: 'half \uFFFD', fine: '\\u0000 😀' });
  });

  it('keeps counters equal to what the logs say', async () => {
    const logged = await rowsOf(
      stage.owner,
      `SELECT e.workflow_id, l.step_id, count(*)::int AS started, count(l.completed_at)::int AS ended FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id
        WHERE l.step_id <> 'x' GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    const counted = await rowsOf(
      stage.owner,
      `SELECT workflow_id, step_id, sum(n) FILTER (WHERE kind = 'started')::int AS started, COALESCE(sum(n) FILTER (WHERE kind = 'ended'), 0)::int AS ended FROM workflow_stat_deltas
        WHERE step_id NOT IN ('', 'x') GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    expect(counted).toEqual(logged);
    const ends = await rowsOf(stage.owner, "SELECT workflow_id, status AS kind, count(*)::int AS n FROM workflow_enrollments WHERE status <> 'active' GROUP BY 1, 2 ORDER BY 1, 2");
    expect(
      await rowsOf(stage.owner, "SELECT workflow_id, kind, sum(n)::int AS n FROM workflow_stat_deltas WHERE step_id = '' GROUP BY 1, 2 HAVING sum(n) <> 0 ORDER BY 1, 2"),
    ).toEqual(ends);
  });
});
