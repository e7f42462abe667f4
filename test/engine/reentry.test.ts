import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import type { Data } from '../../src/core/state.ts';
import { createStage, rowsOf, type PublishedWorkflow, type Stage } from '../support/engine-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

const note = { id: 'note', type: 'set', config: { values: { x: 1 } } };
const nap = { id: 'nap', type: 'wait', config: { duration: '1d' } };
let n = 0;
async function entering(settings: Data, steps: Data[]): Promise<{ workflow: PublishedWorkflow; tag: string; contact: string; enter(data?: Data): Promise<void> }> {
  const tag = `t${(n += 1)}`;
  const workflow = await stage.publish({ name: `Entry ${n}`, trigger: { type: 'tag_added', config: { tag } }, settings, steps });
  const contact = await stage.contact();
  const enter = async (data: Data = {}): Promise<void> => {
    await stage.event(contact, 'tag_added', { tag, ...data });
    await Promise.all([dispatchEvents(stage.ctx), dispatchEvents(stage.ctx)]);
  };
  return { workflow, tag, contact, enter };
}
const runsOf = (contact: string) =>
  rowsOf(stage.owner, 'SELECT id, status, entry_key, occurrence FROM workflow_enrollments WHERE contact_id = $1 ORDER BY entry_key, occurrence', [contact]);
const refusals = (contact: string) => rowsOf(stage.owner, 'SELECT reason FROM enrollment_refusals WHERE contact_id = $1', [contact]);

describe('re-entry', () => {
  it('never: once, also after the run has ended', async () => {
    const { contact, enter } = await entering({}, [note]);
    await enter();
    await enter();
    expect(await runsOf(contact)).toMatchObject([{ status: 'completed', occurrence: 1 }]);
    expect(await refusals(contact)).toEqual([{ reason: 'already_enrolled' }]);
  });

  it('after_exit: once at a time, again when the last run has ended', async () => {
    const { contact, enter } = await entering({ reentry: 'after_exit' }, [nap]);
    await enter();
    await enter();
    const [first] = await runsOf(contact);
    expect(await runsOf(contact)).toHaveLength(1);
    await stage.mail(String(first?.['id']), 'exit', { reason: 'manual', status: 'exited' });
    await runBatch(stage.ctx, [String(first?.['id'])], 'bulk');
    await enter();
    expect(await runsOf(contact)).toMatchObject([{ status: 'exited', occurrence: 1 }, { status: 'active', occurrence: 2 }]);
  });

  it('after 30d: counts from the end of the last run', async () => {
    const { contact, enter } = await entering({ reentry: { after: '30d' } }, [note]);
    await enter();
    await enter();
    expect(await runsOf(contact)).toHaveLength(1);
    await stage.owner.query(
      "UPDATE workflow_enrollments SET enrolled_at = enrolled_at - interval '60 days', completed_at = completed_at - interval '29 days' WHERE contact_id = $1",
      [contact],
    );
    await enter();
    expect(await runsOf(contact)).toHaveLength(1);
    await stage.owner.query("UPDATE workflow_enrollments SET completed_at = completed_at - interval '1 day' WHERE contact_id = $1", [contact]);
    await enter();
    expect(await runsOf(contact)).toMatchObject([{ occurrence: 1 }, { occurrence: 2 }]);
  });

  it('keyed runs: one for each key at once, and each key by the policy', async () => {
    const { contact, enter } = await entering({ entry_key: '{{trigger.data.order_id}}' }, [nap]);
    await enter({ order_id: 'a' });
    await enter({ order_id: 'b' });
    await enter({ order_id: 'a' });
    expect(await runsOf(contact)).toMatchObject([{ entry_key: 'a', occurrence: 1, status: 'active' }, { entry_key: 'b', occurrence: 1, status: 'active' }]);
  });
});

describe('limits', () => {
  it('loop_limit: the 26th visit of a step fails the run instead', async () => {
    const workflow = await stage.publish({ name: 'Loop', trigger: { type: 'manual' }, steps: [note, { id: 'nap', type: 'wait', config: { duration: '1s' }, next: 'note' }] });
    const id = await stage.enroll(workflow, await stage.contact());
    for (let round = 0; round < 30; round += 1) {
      await runBatch(stage.ctx, [id], 'bulk');
      await stage.owner.query("UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() - interval '1 second' WHERE enrollment_id = $1", [id]);
    }
    expect(await stage.enrollment(id)).toMatchObject({ status: 'failed', exit_reason: 'loop_limit' });
    expect((await stage.logs(id)).filter(({ step_id }) => step_id === 'note')).toHaveLength(25);
  });

  it('max_run_age: a run that is older ends at its next boundary', async () => {
    const workflow = await stage.publish({ name: 'Old', trigger: { type: 'manual' }, settings: { max_run_age: '1d' }, steps: [nap, note] });
    const id = await stage.enroll(workflow, await stage.contact());
    await runBatch(stage.ctx, [id], 'bulk');
    await stage.owner.query("UPDATE workflow_enrollments SET enrolled_at = enrolled_at - interval '2 days' WHERE id = $1", [id]);
    await stage.owner.query('UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() WHERE enrollment_id = $1', [id]);
    await runBatch(stage.ctx, [id], 'bulk');
    expect(await stage.enrollment(id)).toMatchObject({ status: 'exited', exit_reason: 'max_run_age' });
  });
});
