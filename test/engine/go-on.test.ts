import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../src/context.ts';
import type { ClaimedSend } from '../../src/core/ports/hot-path.ts';
import type { EffectOutcome } from '../../src/core/state.ts';
import { goOn, record, type Settled } from '../../src/engine/go-on.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import { createStage, type Stage } from '../support/engine-stage.ts';

let stage: Stage;
let ctx: Context;
beforeAll(async () => {
  stage = await createStage();
  // Only the ports that going on uses.
  ctx = { ...stage.ctx, sends: createSendStore(stage.pool) } as unknown as Context;
});
beforeEach(() => {
  stage.history.rung.runs.length = 0;
  stage.history.rung.sends.length = 0;
  stage.history.messages.length = 0;
});
afterAll(() => stage.close());

const SMS = { id: 'hello', type: 'send_sms', config: { message: 'Hello' } };
const ACCEPTED: EffectOutcome = { status: 'accepted', result: { message_id: 'm1' } };

/** Runs that stand at their message, claimed by this worker. */
async function claimed(steps: object[], runs = 1): Promise<ClaimedSend[]> {
  const workflow = await stage.publish({ name: `Go on ${Math.random()}`, trigger: { type: 'manual' }, steps });
  const ids: string[] = [];
  for (let n = 0; n < runs; n += 1) ids.push(await stage.enroll(workflow, await stage.contact({ phone: `+1555123000${n}` })));
  await runBatch(ctx, ids, 'interactive');
  const { claimed: sends } = await ctx.sends.claim(stage.history.rung.sends.flatMap((ring) => ring.ids), 25_000);
  stage.history.rung.sends.length = 0;
  stage.history.messages.length = 0;
  return sends;
}

const settledBy = (end: EffectOutcome) => (send: ClaimedSend): Settled => ({
  send, lane: 'interactive', result: { id: send.id, lease: send.lease, attempt: send.attempt, end, provider: 'outbox', providerId: 'p1' },
});

describe('an outcome', () => {
  test('is recorded and takes its run on in one commit', async () => {
    const sends = await claimed([SMS, { id: 'tell', type: 'set', config: { values: { told: '{{steps.hello.message_id}}' } } }], 3);
    await goOn(ctx, sends.map(settledBy(ACCEPTED)));
    for (const { enrollmentId } of sends) {
      expect(await stage.enrollment(enrollmentId)).toMatchObject({ status: 'completed', revision: 3, step_data: { enrollment: { told: 'm1' } } });
      expect(await stage.mailbox(enrollmentId)).toEqual([]);
      expect(await stage.logs(enrollmentId)).toMatchObject([{ step_id: 'hello', status: 'completed', started_rev: 2, ended_rev: 3 }, { step_id: 'tell', status: 'completed' }]);
    }
    expect(stage.history.messages.flatMap(({ runs }) => runs.map(({ rev, status }) => ({ rev, status })))).toEqual(sends.map(() => ({ rev: 3, status: 'completed' })));
    expect(stage.history.rung.runs).toEqual([]);
  });

  test('rings for the next message that follows from it', async () => {
    const [send] = await claimed([SMS, { ...SMS, id: 'again' }]);
    await goOn(ctx, [settledBy(ACCEPTED)(send!)]);
    expect(stage.history.rung.sends).toMatchObject([{ lane: 'interactive', ids: [expect.any(String)] }]);
    expect(await stage.enrollment(send!.enrollmentId)).toMatchObject({ status: 'active', current_step: 'again' });
  });

  test('that is said twice moves nobody twice', async () => {
    const [send] = await claimed([SMS, { id: 'pause', type: 'wait', config: { duration: '1d' } }]);
    await goOn(ctx, [settledBy(ACCEPTED)(send!)]);
    await goOn(ctx, [settledBy(ACCEPTED)(send!)]);
    expect(await stage.enrollment(send!.enrollmentId)).toMatchObject({ revision: 3, current_step: 'pause' });
    expect(await stage.mailbox(send!.enrollmentId)).toMatchObject([{ kind: 'timer' }]);
  });

  test('of a failed send fails its run', async () => {
    const [send] = await claimed([SMS]);
    await goOn(ctx, [settledBy({ status: 'failed', error: 'no such number' })(send!)]);
    expect(await stage.enrollment(send!.enrollmentId)).toMatchObject({ status: 'failed', exit_reason: 'step_failed:hello' });
  });
});

describe('an outcome goes by the mailbox', () => {
  const byMailbox = async ({ enrollmentId }: ClaimedSend): Promise<void> => {
    expect(await stage.mailbox(enrollmentId)).toMatchObject([{ kind: 'outcome', step_id: 'hello', visit: 1, payload: { attempt: 1, outcome: ACCEPTED } }]);
    expect(stage.history.rung.runs).toEqual([{ lane: 'interactive', ids: [enrollmentId] }]);
    stage.history.rung.runs.length = 0;
    await runBatch(ctx, [enrollmentId], 'interactive');
    expect(await stage.enrollment(enrollmentId)).toMatchObject({ status: 'completed' });
    expect(await stage.mailbox(enrollmentId)).toEqual([]);
  };

  test('when its run changes the contact', async () => {
    const [send] = await claimed([SMS, { id: 'mark', type: 'add_tag', config: { tag: 'greeted' } }]);
    await goOn(ctx, [settledBy(ACCEPTED)(send!)]);
    await expect(byMailbox(send!)).resolves.toBeUndefined();
  });

  test('when it is only recorded', async () => {
    const [send] = await claimed([SMS]);
    await record(ctx, [settledBy(ACCEPTED)(send!)]);
    await expect(byMailbox(send!)).resolves.toBeUndefined();
  });

  test('when the run moved meanwhile: it lost its guard', async () => {
    const [send] = await claimed([SMS]);
    const overtaken: Context = {
      ...ctx,
      runs: {
        ...ctx.runs,
        loadStanding: async (ids) => {
          const batch = await ctx.runs.loadStanding(ids);
          await stage.owner.query('UPDATE workflow_enrollments SET revision = revision + 1 WHERE id = ANY($1)', [ids]);
          return batch;
        },
      },
    };
    await goOn(overtaken, [settledBy(ACCEPTED)(send!)]);
    await expect(byMailbox(send!)).resolves.toBeUndefined();
  });

  test('when something else waits there, and both are taken in order', async () => {
    const [send] = await claimed([SMS]);
    await stage.mail(send!.enrollmentId, 'exit', { reason: 'enough', status: 'exited' });
    await goOn(ctx, [settledBy(ACCEPTED)(send!)]);
    expect(await stage.mailbox(send!.enrollmentId)).toMatchObject([{ kind: 'exit' }, { kind: 'outcome' }]);
    await runBatch(ctx, [send!.enrollmentId], 'interactive');
    expect(await stage.enrollment(send!.enrollmentId)).toMatchObject({ status: 'exited', exit_reason: 'enough' });
    expect(await stage.logs(send!.enrollmentId)).toMatchObject([{ step_id: 'hello', status: 'completed' }]);
  });
});

test('an outcome of a run that has ended closes its row and rings for nobody', async () => {
  const [send] = await claimed([SMS]);
  await stage.owner.query(`UPDATE workflow_enrollments SET status = 'exited', exit_reason = 'left', revision = revision + 1 WHERE id = $1`, [send!.enrollmentId]);
  await goOn(ctx, [settledBy(ACCEPTED)(send!)]);
  expect(await stage.logs(send!.enrollmentId)).toMatchObject([{ step_id: 'hello', status: 'completed' }]);
  expect(await stage.mailbox(send!.enrollmentId)).toEqual([]);
  expect(stage.history.rung.runs).toEqual([]);
});
