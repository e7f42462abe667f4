import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import type { Data } from '../../src/core/state.ts';
import { createStage, one, rowsOf, type PublishedWorkflow, type Stage } from '../support/engine-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

const manual = { type: 'manual' };
const nap = { id: 'nap', type: 'wait', config: { duration: '1d' } };
const note = { id: 'note', type: 'set', config: { values: { x: 1 } } };
const asking = (type: string, config: Data, more: Data = {}) => ({
  name: `${type} ${JSON.stringify(config)}`,
  trigger: manual,
  steps: [{ id: 'ask', type, config, ...more }, note],
});
const runsOf = (workflow: PublishedWorkflow, contact: string) =>
  rowsOf(
    stage.owner,
    'SELECT id, status, depth, occurrence, exit_reason, trigger_data FROM workflow_enrollments WHERE workflow_id = $1 AND contact_id = $2 ORDER BY occurrence',
    [workflow.workflowId, contact],
  );

/** Lets everything happen that is due. */
async function settle(ids: string[]): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    await runBatch(stage.ctx, ids, 'bulk');
    await dispatchEvents(stage.ctx);
    const { rows } = await stage.owner.query("SELECT DISTINCT enrollment_id AS id FROM workflow_scheduled_actions WHERE status = 'pending' AND kind <> 'timer'");
    ids = rows.map(({ id }) => id);
    if (ids.length === 0) return;
  }
}

async function ask(type: string, config: Data, contact: string, more: Data = {}): Promise<{ id: string; log: Data }> {
  const id = await stage.enroll(await stage.publish(asking(type, config, more)), contact);
  await settle([id]);
  return { id, log: (await stage.logs(id))[0] as Data };
}

describe('start_workflow', () => {
  it.each(['id', 'slug', 'name'])('enrolls the contact into a workflow that it names by %s', async (by) => {
    const other = await stage.publish({ name: `Other by ${by}`, trigger: manual, steps: [nap] });
    const ref = by === 'name' ? `Other by ${by}` : await one(stage.owner, `SELECT ${by}::text FROM workflows_v2 WHERE id = $1`, [other.workflowId]);
    const contact = await stage.contact();
    const { id, log } = await ask('start_workflow', by === 'name' ? { name: ref } : { workflow_id: ref }, contact);
    const [run] = await runsOf(other, contact);
    expect(run).toMatchObject({ status: 'active', depth: 1, trigger_data: { type: 'start_workflow' } });
    expect(log).toMatchObject({ status: 'completed', outcome: 'next', input_data: { workflow: ref }, output_data: { enrollment_id: run?.['id'], created: true } });
    expect(await stage.enrollment(id)).toMatchObject({ status: 'completed' });
    expect((await stage.enrollment(String(run?.['id'])))['current_step']).toBe('nap');
  });

  it('respects re-entry: whoever is in already is answered with that enrollment', async () => {
    const other = await stage.publish({ name: 'Once', trigger: manual, steps: [nap] });
    const contact = await stage.contact();
    const first = await stage.enroll(other, contact);
    const { log } = await ask('start_workflow', { name: 'Once' }, contact);
    expect(log['output_data']).toEqual({ enrollment_id: first, created: false });
    expect(await runsOf(other, contact)).toHaveLength(1);
  });

  it('lets somebody in again where the other workflow allows it', async () => {
    const other = await stage.publish({ name: 'Again', trigger: manual, settings: { reentry: 'after_exit' }, steps: [note] });
    const contact = await stage.contact();
    await settle([await stage.enroll(other, contact)]);
    expect((await ask('start_workflow', { name: 'Again' }, contact)).log['output_data']).toMatchObject({ created: true });
    expect(await runsOf(other, contact)).toMatchObject([{ occurrence: 1 }, { occurrence: 2, status: 'completed' }]);
  });

  it('fails clearly for an unknown workflow and for one that is not active', async () => {
    const contact = await stage.contact();
    const unknown = await ask('start_workflow', { name: 'Nowhere' }, contact);
    expect(unknown.log).toMatchObject({ status: 'failed', error: expect.stringContaining('There is no workflow "Nowhere"') });
    expect(await stage.enrollment(unknown.id)).toMatchObject({ status: 'failed', exit_reason: 'step_failed:ask' });
    const paused = await stage.publish({ name: 'Asleep', trigger: manual, steps: [nap] });
    await stage.owner.query("UPDATE workflows_v2 SET status = 'paused' WHERE id = $1", [paused.workflowId]);
    await stage.owner.query('UPDATE workflow_registry SET revision = revision + 1');
    const asleep = await ask('start_workflow', { name: 'Asleep' }, contact, { on_error: 'continue' });
    expect(asleep.log).toMatchObject({ status: 'failed', error: expect.stringContaining('"Asleep" is paused') });
    expect(await stage.enrollment(asleep.id)).toMatchObject({ status: 'completed' });
  });

  it('starts once however many dispatchers and workers take it, and chains end after five', async () => {
    const chain = [];
    for (let n = 0; n < 8; n += 1)
      chain.push(await stage.publish({ name: `Chain ${n}`, trigger: manual, steps: [{ id: 'ask', type: 'start_workflow', config: { name: `Chain ${n + 1}` } }] }));
    const contact = await stage.contact();
    const id = await stage.enroll(chain[0]!, contact);
    for (let round = 0; round < 20; round += 1) {
      const { rows } = await stage.owner.query("SELECT DISTINCT enrollment_id AS id FROM workflow_scheduled_actions WHERE status = 'pending' AND kind <> 'timer'");
      const ids = [id, ...rows.map((row) => String(row.id))];
      await Promise.all([runBatch(stage.ctx, ids, 'bulk'), runBatch(stage.ctx, ids, 'bulk'), dispatchEvents(stage.ctx), dispatchEvents(stage.ctx)]);
    }
    const depths = (await Promise.all(chain.map((workflow) => runsOf(workflow, contact)))).flat().map(({ depth, status }) => [depth, status]);
    expect(depths.map(([depth]) => depth)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(depths.map(([, status]) => status))).toEqual(new Set(['completed']));
    expect(await rowsOf(stage.owner, "SELECT reason FROM enrollment_refusals WHERE contact_id = $1 AND reason = 'depth'", [contact])).toHaveLength(1);
  });

  it('that is exited while it asks keeps its row until the answer, and takes no further step', async () => {
    await stage.publish({ name: 'Late', trigger: manual, steps: [nap] });
    const contact = await stage.contact();
    const id = await stage.enroll(await stage.publish(asking('start_workflow', { name: 'Late' })), contact);
    await runBatch(stage.ctx, [id], 'bulk');
    await stage.mail(id, 'exit', { reason: 'manual', status: 'exited' });
    await settle([id]);
    expect(await stage.enrollment(id)).toMatchObject({ status: 'exited', exit_reason: 'manual' });
    expect(await stage.logs(id)).toMatchObject([{ step_id: 'ask', status: 'completed', output_data: { created: true } }]);
  });
});

describe('stop_workflow', () => {
  it("ends the contact's active runs of the other workflow, nobody else's, and says whether there were any", async () => {
    const other = await stage.publish({ name: 'Stoppable', trigger: manual, steps: [nap] });
    const [contact, stranger] = [await stage.contact(), await stage.contact()];
    const [mine, theirs] = [await stage.enroll(other, contact), await stage.enroll(other, stranger)];
    await settle([mine, theirs]);
    const first = await ask('stop_workflow', { name: 'Stoppable' }, contact);
    expect(first.log).toMatchObject({ status: 'completed', output_data: { stopped: true, count: 1 } });
    expect(await stage.enrollment(mine)).toMatchObject({ status: 'exited', exit_reason: expect.stringMatching(/^stopped_by:stop_workflow/) });
    expect(await stage.logs(mine)).toMatchObject([{ status: 'completed', output_data: { interrupted_by: expect.stringMatching(/^stopped_by:/) } }]);
    expect((await stage.mailbox(mine)).length).toBe(0);
    expect(await stage.enrollment(theirs)).toMatchObject({ status: 'active' });
    expect((await ask('stop_workflow', { workflow_id: other.workflowId }, contact)).log['output_data']).toEqual({ stopped: false, count: 0 });
  });

  it('acts on a paused workflow, and fails for an unknown one', async () => {
    const other = await stage.publish({ name: 'Paused', trigger: manual, steps: [nap] });
    const contact = await stage.contact();
    const run = await stage.enroll(other, contact);
    await settle([run]);
    await stage.owner.query("UPDATE workflows_v2 SET status = 'paused' WHERE id = $1", [other.workflowId]);
    expect((await ask('stop_workflow', { name: 'Paused' }, contact)).log['output_data']).toEqual({ stopped: true, count: 1 });
    expect(await stage.enrollment(run)).toMatchObject({ status: 'exited' });
    expect((await ask('stop_workflow', { name: 'Not there' }, contact)).log).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('There is no workflow "Not there"'),
    });
  });

  it('does not end its own run', async () => {
    const contact = await stage.contact();
    const id = await stage.enroll(
      await stage.publish({ name: 'Selfish', trigger: manual, steps: [{ id: 'ask', type: 'stop_workflow', config: { name: 'Selfish' } }, note] }),
      contact,
    );
    await settle([id]);
    expect(await stage.enrollment(id)).toMatchObject({ status: 'completed' });
  });
});

describe('emit_event', () => {
  it('enrolls by a trigger and reaches exit rules of other runs; its row has the id that the step gave', async () => {
    const heard = await stage.publish({ name: 'Heard', trigger: { type: 'event', config: { name: 'cart.rescued' } }, steps: [nap] });
    const leaving = await stage.publish({ name: 'Leaving', trigger: manual, exit_conditions: [{ id: 'rescued', on: 'cart.rescued' }], steps: [nap] });
    const contact = await stage.contact();
    const waiting = await stage.enroll(leaving, contact);
    await settle([waiting]);
    const { log } = await ask('emit_event', { name: 'cart.rescued', data: { n: 1 } }, contact);
    const [event] = await rowsOf(stage.owner, "SELECT id, source, depth, data FROM contact_events WHERE type = 'cart.rescued'");
    expect(event).toMatchObject({ id: (log['output_data'] as Data)['event_id'], source: 'workflow', depth: 1, data: { n: 1 } });
    expect(await runsOf(heard, contact)).toMatchObject([{ depth: 1, status: 'active' }]);
    expect(await stage.enrollment(waiting)).toMatchObject({ status: 'exited', exit_reason: 'rescued' });
  });
});
