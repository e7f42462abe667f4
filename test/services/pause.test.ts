import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { wakeDue } from '../../src/engine/wake-due.ts';
import { createContact, updateContact } from '../../src/services/contacts.ts';
import { enrollContact, enrollContacts, exitEnrollment, getEnrollment, listStepLogs } from '../../src/services/enrollments.ts';
import { pauseWorkflow, resumeWorkflow } from '../../src/services/lifecycle.ts';
import { publishWorkflow } from '../../src/services/publishing.ts';
import { createWorkflow } from '../../src/services/workflows.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';

let stage: ApiStage;
let ctx: Context;
beforeAll(async () => {
  stage = await createApiStage();
  ctx = stage.ctx;
});
afterAll(() => stage.close());

const who = () => stage.here.who;
const STEPS = `steps:
  - { id: nap, type: wait, config: { duration: 2d } }
  - { id: text, type: send_sms, config: { message: Hello } }
  - { id: rest, type: wait, config: { duration: 1d } }
`;
async function workflow(more = ''): Promise<string> {
  const { workflow: made } = await createWorkflow(ctx, who(), { source: { format: 'yaml', text: `name: Pauses\ntrigger: { type: manual }\n${more}${STEPS}` } });
  await publishWorkflow(ctx, who(), { id: made.id });
  return made.id;
}
async function enrolled(workflowId: string) {
  const { id: contactId } = await createContact(ctx, who(), { contact: { phone: '+14155550123' } });
  const { id } = await enrollContact(ctx, who(), { workflowId, contactId });
  await runBatch(ctx, [id], 'interactive');
  return { id, contactId };
}
const sql = async (text: string, values: unknown[]) => (await stage.workers.query(text, values)).rows;
/** The timers of a workflow came due an hour ago. */
const overdue = (workflowId: string) =>
  sql(
    `UPDATE workflow_scheduled_actions a SET scheduled_for = journey_now() - interval '1 hour' FROM workflow_enrollments e WHERE e.id = a.enrollment_id AND e.workflow_id = $1 AND a.kind = 'timer'`,
    [workflowId],
  );
const trail = async (enrollmentId: string) => (await listStepLogs(ctx, who(), { enrollmentId })).items.map(({ stepId, status }) => `${stepId}:${status}`);

describe('resume', () => {
  it('catch_up: what came due during the pause is done now', async () => {
    const id = await workflow();
    const run = await enrolled(id);
    await pauseWorkflow(ctx, who(), { id });
    await overdue(id);
    await wakeDue(ctx);
    expect(await trail(run.id)).toEqual(['nap:pending']);
    await resumeWorkflow(ctx, who(), { id });
    await wakeDue(ctx);
    expect(await trail(run.id)).toEqual(['nap:completed', 'text:executing']);
  });

  it('catch_up: a hundred in a second, in the order of their moments', async () => {
    const id = await workflow();
    const people = await sql('INSERT INTO contacts (location_id) SELECT $1 FROM generate_series(1, 250) RETURNING id', [who().locationId]);
    const answers = await enrollContacts(ctx, who(), { workflowId: id, contactIds: people.map((row) => row.id) });
    await runBatch(ctx, answers.map(({ enrollmentId }) => enrollmentId), 'bulk');
    await pauseWorkflow(ctx, who(), { id });
    await overdue(id);
    await resumeWorkflow(ctx, who(), { id });
    const moments = await sql(
      `SELECT CASE WHEN a.scheduled_for > recent.since THEN a.scheduled_for END AS later, count(*)::int AS n
       FROM workflow_scheduled_actions a JOIN workflow_enrollments e ON e.id = a.enrollment_id, (SELECT journey_now() - interval '30 minutes' AS since) recent
       WHERE e.workflow_id = $1 AND a.status = 'pending' GROUP BY 1 ORDER BY 1 NULLS FIRST`, [id],
    );
    expect(moments.map(({ n }) => n)).toEqual([100, 100, 50]);
    expect(moments[2].later - moments[1].later).toBe(1_000);
  });

  it('skip_overdue: a wait that is over is followed by no message up to the next wait', async () => {
    const id = await workflow();
    const [run, early] = [await enrolled(id), await enrolled(id)];
    await pauseWorkflow(ctx, who(), { id });
    await overdue(id);
    await sql("UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() + interval '1 day' WHERE enrollment_id = $1", [early.id]);
    await resumeWorkflow(ctx, who(), { id, mode: 'skip_overdue' });
    await wakeDue(ctx);
    expect(await trail(run.id)).toEqual(['nap:completed', 'text:skipped', 'rest:pending']);
    expect(await trail(early.id)).toEqual(['nap:pending']);
    expect(await sql('SELECT 1 FROM sends WHERE enrollment_id = $1', [run.id])).toEqual([]);
    await overdue(id);
    await wakeDue(ctx);
    expect(await trail(early.id)).toEqual(['nap:completed', 'text:executing']);
  });
});

describe('while paused', () => {
  it('an outcome completes its step and nothing new starts; an exit acts at once', async () => {
    const id = await workflow();
    const run = await enrolled(id);
    await overdue(id);
    await wakeDue(ctx);
    const ledger = createSendStore(stage.workers);
    const [send] = await sql('SELECT id FROM sends WHERE enrollment_id = $1', [run.id]);
    const { claimed } = await ledger.claim([send.id], 60_000);
    await pauseWorkflow(ctx, who(), { id });
    const { lease, attempt } = claimed[0]!;
    await runBatch(ctx, (await ledger.finish([{ id: send.id, lease, attempt, end: { status: 'accepted', result: {} }, provider: 'outbox', providerId: 'm' }])).nudge, 'bulk');
    expect(await trail(run.id)).toEqual(['nap:completed', 'text:completed']);
    expect(await exitEnrollment(ctx, who(), { id: run.id })).toMatchObject({ status: 'exited' });
  });

  it('events and exit rules are kept, and processed with the resume', async () => {
    const id = await workflow('exit_conditions:\n  - { id: booked, on: tag_added, if: [{ field: tags, operator: contains, value: booked }] }\n');
    const run = await enrolled(id);
    await pauseWorkflow(ctx, who(), { id });
    await updateContact(ctx, who(), { id: run.contactId, contact: { tags: ['booked'] } });
    await dispatchEvents(ctx);
    await runBatch(ctx, [run.id], 'bulk');
    expect(await getEnrollment(ctx, who(), { id: run.id })).toMatchObject({ status: 'active' });
    await resumeWorkflow(ctx, who(), { id });
    await runBatch(ctx, [run.id], 'bulk');
    expect(await getEnrollment(ctx, who(), { id: run.id })).toMatchObject({ status: 'exited', exitReason: 'booked' });
  });

  it('nobody is let in', async () => {
    const id = await workflow();
    await pauseWorkflow(ctx, who(), { id });
    const { id: contactId } = await createContact(ctx, who(), { contact: {} });
    await expect(enrollContact(ctx, who(), { workflowId: id, contactId })).rejects.toMatchObject({ code: 'WORKFLOW_NOT_ACTIVE' });
  });
});
