import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedEvent } from '../../src/core/scripted-event.ts';
import { simulate } from '../../src/core/simulate.ts';
import { compileStored } from '../../src/core/definition/compile.ts';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import type { Data } from '../../src/core/state.ts';
import { createStage, rowsOf, type Stage } from '../support/engine-stage.ts';
import { contactOf, locationOf, someAssets, START } from '../support/given.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

const branch = (condition: Data, more: Data = {}): { name: string } & Data => ({
  name: `Branch ${JSON.stringify(condition)}`,
  trigger: { type: 'manual' },
  steps: [{ id: 'check', type: 'condition', config: { if: [condition], then: 'end', else: 'end' } }],
  ...more,
});
const outcomeOf = async (run: string) => (await stage.logs(run))[0];
const ago = (eventId: string, interval: string) => stage.owner.query(`UPDATE contact_events SET occurred_at = occurred_at - $2::interval WHERE id = $1`, [eventId, interval]);

/** The context with a count of how often history was read, and for how many (contact, type). */
function counted() {
  const asked: number[] = [];
  const recall: typeof stage.ctx.events.recall = (requests) => {
    asked.push(requests.length);
    return stage.ctx.events.recall(requests);
  };
  return { asked, ctx: { ...stage.ctx, events: { ...stage.ctx.events, recall } } };
}

describe('behaviour conditions in the engine', () => {
  it('count what happened to each contact, within the window, in one query for a batch', async () => {
    const workflow = await stage.publish(branch({ event: 'order.placed', within: '3d', count: { gte: 2 } }));
    const [frequent, rare, past] = await Promise.all([stage.contact(), stage.contact(), stage.contact()]);
    for (const contact of [frequent, frequent, rare, past]) await stage.event(contact, 'order.placed');
    await ago(await stage.event(past, 'order.placed'), '4 days');
    const runs = [await stage.enroll(workflow, frequent), await stage.enroll(workflow, rare), await stage.enroll(workflow, past)];
    const { ctx, asked } = counted();
    await runBatch(ctx, runs, 'interactive');
    expect(await Promise.all(runs.map(async (run) => (await outcomeOf(run))?.['outcome']))).toEqual(['then', 'else', 'else']);
    expect(asked).toEqual([3]);
    expect((await outcomeOf(runs[0]!))?.['decision']).toMatchObject({
      checks: [{ clause: 'order.placed within 3d, count greater_or_equal 2', actual: { count: 2 }, verdict: true }],
    });
  });

  it('of a step count the reports on this enrollment\'s own sends, and no machine\'s', async () => {
    const workflow = await stage.publish({
      name: 'Mail',
      trigger: { type: 'manual' },
      steps: [
        { id: 'mail', type: 'wait', config: { duration: '1d' } },
        { id: 'check', type: 'condition', config: { if: [{ event: 'email_opened', step: 'mail' }], then: 'end', else: 'end' } },
      ],
    });
    const opened = async (about: (run: string) => Data): Promise<unknown> => {
      const contact = await stage.contact();
      const run = await stage.enroll(workflow, contact);
      await runBatch(stage.ctx, [run], 'interactive');
      await stage.event(contact, 'email_opened', about(run));
      await stage.owner.query("UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() WHERE enrollment_id = $1 AND kind = 'timer'", [run]);
      await runBatch(stage.ctx, [run], 'interactive');
      return (await stage.logs(run))[1]?.['outcome'];
    };
    expect(await opened((run) => ({ enrollment_id: run, step_id: 'mail', visit: 1, machine: false }))).toBe('then');
    expect(await opened((run) => ({ enrollment_id: run, step_id: 'mail', visit: 1, machine: true }))).toBe('else');
    expect(await opened((run) => ({ enrollment_id: run, step_id: 'other', visit: 1 }))).toBe('else');
    expect(await opened(() => ({ enrollment_id: '0190a000-0000-7000-8000-0000000000e1', step_id: 'mail', visit: 1 }))).toBe('else');
  });

  it('cost nothing where no program has any', async () => {
    const workflow = await stage.publish(branch({ field: 'email', operator: 'is_set' }));
    const { ctx, asked } = counted();
    await runBatch(ctx, [await stage.enroll(workflow, await stage.contact())], 'interactive');
    expect(asked).toEqual([]);
  });

  it('filter who is let in, the event that fired included, and the refusal says what was counted', async () => {
    const definition = branch(
      { event: 'page_viewed' },
      {
        trigger: {
          type: 'tag_added',
          config: { tag: 'keen' },
          filters: [
            { event: 'tag_added', count: 1 },
            { event: 'page_viewed', count: { gte: 2 } },
          ],
        },
      },
    );
    const { workflowId } = await stage.publish(definition);
    const [keen, idle] = await Promise.all([stage.contact(), stage.contact()]);
    for (const contact of [keen, keen, idle]) await stage.event(contact, 'page_viewed');
    for (const contact of [keen, idle]) await stage.event(contact, 'tag_added', { tag: 'keen' });
    const { ctx, asked } = counted();
    await dispatchEvents(ctx);
    expect(await rowsOf(stage.owner, 'SELECT contact_id, status FROM workflow_enrollments WHERE workflow_id = $1', [workflowId])).toEqual([
      { contact_id: keen, status: 'completed' },
    ]);
    expect(await rowsOf(stage.owner, 'SELECT reason, detail FROM enrollment_refusals WHERE workflow_id = $1', [workflowId])).toMatchObject([
      { reason: 'filters', detail: { clause: 'page_viewed, count greater_or_equal 2', expected: { greater_or_equal: 2 }, actual: { count: 1 } } },
    ]);
    expect(asked).toEqual([4]);
  });

  it('reads no more than a count needs', async () => {
    const contact = await stage.contact();
    for (let i = 0; i < 5; i += 1) await stage.event(contact, 'a');
    const seen = await stage.ctx.events.recall([{ contactId: contact, type: 'a', since: null, most: 3 }, { contactId: contact, type: 'b', since: 0, most: 3 }]);
    expect(seen.get(contact)).toHaveLength(3);
  });

  it('reach a goal when the event comes, as in the simulator', async () => {
    const definition = branch(
      {},
      { steps: [{ id: 'won', type: 'goal', config: { condition: { event: 'order.placed', within: '30d', count: { gte: 2 } }, on_success: 'exit_success' } }] },
    );
    const workflow = await stage.publish({ ...definition, name: 'Goal' });
    const contact = await stage.contact();
    await stage.event(contact, 'order.placed');
    const run = await stage.enroll(workflow, contact);
    await runBatch(stage.ctx, [run], 'interactive');
    expect(await stage.enrollment(run)).toMatchObject({ status: 'active' });
    await stage.event(contact, 'order.placed');
    await dispatchEvents(stage.ctx);
    await runBatch(stage.ctx, [run], 'interactive');
    expect(await stage.enrollment(run)).toMatchObject({ status: 'completed', exit_reason: 'goal:won' });

    const events = ['1d', '2d'].map((after) => scriptedEvent.parse({ after, type: 'order.placed' }));
    const play = (script: typeof events) =>
      simulate({ program: compileStored(definition), contact: contactOf(), events: script, start: START, location: locationOf(), assets: someAssets });
    expect(play(events)).toMatchObject({ status: 'completed', exitReason: 'goal:won', endedAt: START + 2 * 86_400_000 });
    expect(play(events.slice(1))).toMatchObject({ status: 'active' });
  });
});
