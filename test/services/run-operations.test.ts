import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBatch } from '../../src/engine/run-batch.ts';
import { createContact } from '../../src/services/contacts.ts';
import { enrollContact, exitEnrollment, getEnrollment, listStepLogs } from '../../src/services/enrollments.ts';
import { archiveWorkflow, pauseWorkflow, resumeWorkflow } from '../../src/services/lifecycle.ts';
import { publishWorkflow } from '../../src/services/publishing.ts';
import { moveEnrollment, operateInBulk, retryStep, runNow, skipStep } from '../../src/services/run-operations.ts';
import { workflowStats } from '../../src/services/stats.ts';
import { createWorkflow, updateWorkflow } from '../../src/services/workflows.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import type { Context } from '../../src/context.ts';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';

let stage: ApiStage;
/** The same ports, but a rung run is taken at once, as by a worker without delay. */
let ctx: Context;
beforeAll(async () => {
  stage = await createApiStage();
  ctx = { ...stage.ctx, queue: { ...stage.ctx.queue, nudgeRuns: (lane, ids) => runBatch(ctx, ids, lane) } };
});
afterAll(() => stage.close());

const STEPS = `steps:
  - { id: nap, type: wait, config: { duration: 2d } }
  - { id: text, type: send_sms, config: { message: Hello } }
  - { id: rest, type: wait, config: { duration: 1d } }
  - { id: mark, type: set, config: { values: { at: end } } }
`;
const NAME = 'name: Operations\ntrigger: { type: manual }\n';
const who = () => stage.here.who;

async function workflow(steps = STEPS, settings = ''): Promise<string> {
  const { workflow: made } = await createWorkflow(ctx, who(), { source: { format: 'yaml', text: `${NAME}${settings}${steps}` } });
  await publishWorkflow(ctx, who(), { id: made.id });
  return made.id;
}
async function enrolled(workflowId: string): Promise<string> {
  const { id: contactId } = await createContact(ctx, who(), { contact: { phone: '+14155550123' } });
  const { id } = await enrollContact(ctx, who(), { workflowId, contactId });
  await runBatch(ctx, [id], 'interactive');
  return id;
}
const trail = async (enrollmentId: string) => (await listStepLogs(ctx, who(), { enrollmentId })).items.map(({ stepId, status }) => `${stepId}:${status}`);
const rows = async (text: string, values: unknown[]) => (await stage.workers.query(text, values)).rows;
const audit = (subject: string) => rows("SELECT action, actor, detail FROM audit_log WHERE subject = $1 AND action <> 'enrollment.create' ORDER BY at", [subject]);
const sends = (id: string) => rows('SELECT step_id, visit, status FROM sends WHERE enrollment_id = $1 ORDER BY seq', [id]);
const fail = (id: string) => ctx.runs.poison(id, 'a fault');

describe('one run', () => {
  it('is run now: its timer is gone, and its step is done', async () => {
    const id = await enrolled(await workflow());
    expect(await runNow(ctx, who(), { id })).toMatchObject({ currentStep: 'text', status: 'active' });
    expect(await rows("SELECT 1 FROM workflow_scheduled_actions WHERE enrollment_id = $1 AND kind = 'timer'", [id])).toEqual([]);
    expect(await audit(id)).toEqual([{ action: 'enrollment.run_now', actor: 'test', detail: { from: 'nap' } }]);
  });

  it('is skipped over its step, with who did it in the log', async () => {
    const id = await enrolled(await workflow());
    expect(await skipStep(ctx, who(), { id })).toMatchObject({ currentStep: 'text' });
    expect((await listStepLogs(ctx, who(), { enrollmentId: id })).items[0]).toMatchObject({ stepId: 'nap', status: 'skipped', output: { skipped: 'skipped by test' } });
  });

  it('is taken away from a message that has not left, which then never does', async () => {
    const id = await enrolled(await workflow());
    await runNow(ctx, who(), { id });
    expect(await skipStep(ctx, who(), { id })).toMatchObject({ currentStep: 'rest' });
    expect(await sends(id)).toEqual([{ step_id: 'text', visit: 1, status: 'skipped' }]);
    await runBatch(ctx, [id], 'bulk');
    expect(await trail(id)).toEqual(['nap:skipped', 'text:skipped', 'rest:pending'].map((row) => row.replace('nap:skipped', 'nap:completed')));
  });

  it('is moved while its message is at the provider: the outcome completes the row and moves nobody', async () => {
    const workflowId = await workflow();
    const id = await enrolled(workflowId);
    await runNow(ctx, who(), { id });
    const ledger = createSendStore(stage.workers);
    const [send] = await rows('SELECT id FROM sends WHERE enrollment_id = $1', [id]);
    const { claimed } = await ledger.claim([send.id], 60_000);
    expect(await moveEnrollment(ctx, who(), { id, stepId: 'nap' })).toMatchObject({ currentStep: 'nap' });
    expect(await trail(id)).toEqual(['nap:completed', 'text:executing', 'nap:pending']);
    const { lease, attempt } = claimed[0]!;
    const { nudge } = await ledger.finish([{ id: send.id, lease, attempt, end: { status: 'accepted', result: { message_id: 'm1' } }, provider: 'outbox', providerId: 'm1' }]);
    await runBatch(ctx, nudge, 'bulk');
    expect(await trail(id)).toEqual(['nap:completed', 'text:completed', 'nap:pending']);
    expect(await getEnrollment(ctx, who(), { id })).toMatchObject({ currentStep: 'nap', status: 'active' });
    expect((await workflowStats(ctx, who(), { workflowId })).nodes).toMatchObject([{ stepKey: 'nap', waiting: 1, passed: 1 }, { stepKey: 'text', waiting: 0, passed: 1 }, {}, {}]);
  });

  it('is retried when it failed, and its failure is taken out of the stats', async () => {
    const workflowId = await workflow();
    const id = await enrolled(workflowId);
    await fail(id);
    expect(await workflowStats(ctx, who(), { workflowId })).toMatchObject({ failed: 1, active: 0 });
    expect(await retryStep(ctx, who(), { id })).toMatchObject({ status: 'active', currentStep: 'nap', exitReason: null, completedAt: null });
    expect(await trail(id)).toEqual(['nap:failed', 'nap:pending']);
    expect(await workflowStats(ctx, who(), { workflowId })).toMatchObject({ enrolled: 1, failed: 0, active: 1 });
  });

  it('is moved and skipped when it failed, too', async () => {
    const id = await enrolled(await workflow());
    await fail(id);
    expect(await moveEnrollment(ctx, who(), { id, stepId: 'rest' })).toMatchObject({ status: 'active', currentStep: 'rest' });
    await fail(id);
    expect(await skipStep(ctx, who(), { id })).toMatchObject({ status: 'completed' });
  });

  it.each([
    ['retry an active one', (id: string) => retryStep(ctx, who(), { id }), 'INVALID_STATE', /only a failed one/],
    ['move to nowhere', (id: string) => moveEnrollment(ctx, who(), { id, stepId: 'rst' }), 'INVALID_INPUT', /Did you mean "rest"\?/],
    ['another location', (id: string) => skipStep(ctx, { ...who(), locationId: randomUUID() }, { id }), 'NOT_FOUND', /No enrollment/],
    ['a key without the scope', (id: string) => runNow(ctx, { ...who(), scopes: ['read'] }, { id }), 'FORBIDDEN', /enroll/],
    ['no uuid', () => runNow(ctx, who(), { id: 'x' }), 'NOT_FOUND', /No enrollment/],
  ] as const)('refuses: %s', async (_name, work, code, message) => {
    const id = await enrolled(await workflow());
    await expect(work(id)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await trail(id)).toEqual(['nap:pending']);
    expect(await audit(id)).toEqual([]);
  });

  it('goes nowhere once it has ended, and does not wait while it performs', async () => {
    const id = await enrolled(await workflow());
    await runNow(ctx, who(), { id });
    await expect(runNow(ctx, who(), { id })).rejects.toMatchObject({ code: 'INVALID_STATE' });
    await exitEnrollment(ctx, who(), { id });
    for (const work of [retryStep, skipStep, runNow]) await expect(work(ctx, who(), { id })).rejects.toMatchObject({ code: 'INVALID_STATE' });
    await expect(moveEnrollment(ctx, who(), { id, stepId: 'nap' })).rejects.toMatchObject({ code: 'INVALID_STATE' });
  });

  it('is not revived beside a newer run of its contact', async () => {
    const workflowId = await workflow(STEPS, 'settings: { reentry: after_exit }\n');
    const id = await enrolled(workflowId);
    await fail(id);
    const { contactId } = await getEnrollment(ctx, who(), { id });
    await enrollContact(ctx, who(), { workflowId, contactId });
    await expect(retryStep(ctx, who(), { id })).rejects.toMatchObject({ code: 'INVALID_STATE', message: expect.stringContaining('again') });
  });

  it('of a paused workflow takes it with the resume; of an archived one never', async () => {
    const workflowId = await workflow();
    const id = await enrolled(workflowId);
    await pauseWorkflow(ctx, who(), { id: workflowId });
    expect(await skipStep(ctx, who(), { id })).toMatchObject({ currentStep: 'nap' });
    await resumeWorkflow(ctx, who(), { id: workflowId });
    await runBatch(ctx, [id], 'bulk');
    expect(await getEnrollment(ctx, who(), { id })).toMatchObject({ currentStep: 'text' });
    await archiveWorkflow(ctx, who(), { id: workflowId, force: true });
    await expect(skipStep(ctx, who(), { id })).rejects.toMatchObject({ code: 'INVALID_STATE', message: expect.stringContaining('archived') });
  });
});

describe('races', () => {
  const asked = { patienceMs: 0 };

  it('retry and exit: exactly one of the two ends stands', async () => {
    const id = await enrolled(await workflow());
    await fail(id);
    await Promise.all([retryStep(ctx, who(), { id, ...asked }), exitEnrollment(ctx, who(), { id })]);
    await runBatch(ctx, [id], 'bulk');
    expect((await getEnrollment(ctx, who(), { id })).status).toBe('active'); // a failed run cannot be exited, so the retry stands
    await Promise.all([skipStep(ctx, who(), { id, ...asked }), exitEnrollment(ctx, who(), { id })]);
    await runBatch(ctx, [id], 'bulk');
    expect((await getEnrollment(ctx, who(), { id })).status).toBe('exited');
    expect(await rows('SELECT 1 FROM workflow_scheduled_actions WHERE enrollment_id = $1', [id])).toEqual([]);
  });

  it('skip and a due timer: the step is done once', async () => {
    const id = await enrolled(await workflow());
    await rows("UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() WHERE enrollment_id = $1 AND kind = 'timer'", [id]);
    await skipStep(stage.ctx, who(), { id, ...asked });
    await Promise.all([runBatch(ctx, [id], 'interactive'), runBatch(ctx, [id], 'bulk')]);
    expect((await trail(id)).slice(1)).toEqual(['text:executing']);
    expect(await sends(id)).toHaveLength(1);
  });

  it('twenty retries: one more visit', async () => {
    const id = await enrolled(await workflow());
    await fail(id);
    await Promise.allSettled(Array.from({ length: 20 }, () => retryStep(ctx, who(), { id, ...asked })));
    await runBatch(ctx, [id], 'bulk');
    expect(await trail(id)).toEqual(['nap:failed', 'nap:pending']);
  });
});

describe('many runs', () => {
  it('are counted first, and asked then; those who cannot are named by reason', async () => {
    const workflowId = await workflow();
    const ids = await Promise.all(Array.from({ length: 6 }, () => enrolled(workflowId)));
    await runNow(ctx, who(), { id: ids[0]! });
    await exitEnrollment(ctx, who(), { id: ids[1]! });
    const dry = await operateInBulk(ctx, who(), { filter: { workflowId }, ask: { kind: 'run_now' }, dryRun: true });
    expect(dry).toMatchObject({ matched: 6, affected: 4, dryRun: true, steps: [{ stepKey: 'nap', count: 4 }] });
    expect(dry.refused.map(({ count }) => count)).toEqual([1, 1]);
    expect(await audit(workflowId)).toMatchObject([{ action: 'workflow.create' }, { action: 'workflow.publish' }]);
    expect(await operateInBulk(ctx, who(), { filter: { workflowId, currentStep: 'nap' }, ask: { kind: 'run_now' } })).toMatchObject({ matched: 5, affected: 4, dryRun: false });
    await runBatch(ctx, ids, 'bulk');
    const standing = await Promise.all(ids.map(async (id) => (await getEnrollment(ctx, who(), { id })).currentStep));
    expect(standing.filter((step) => step === 'text')).toHaveLength(5);
    expect((await audit(workflowId)).at(-1)).toMatchObject({ action: 'enrollment.bulk_run_now', detail: { affected: 4 } });
  });

  it('are retried by status', async () => {
    const workflowId = await workflow();
    const ids = await Promise.all(Array.from({ length: 3 }, () => enrolled(workflowId)));
    await Promise.all(ids.slice(1).map(fail));
    expect(await operateInBulk(ctx, who(), { filter: { workflowId, status: 'failed' }, ask: { kind: 'retry' } })).toMatchObject({ matched: 2, affected: 2, refused: [] });
    await runBatch(ctx, ids, 'bulk');
    expect(await workflowStats(ctx, who(), { workflowId })).toMatchObject({ active: 3, failed: 0 });
  });

  it('are moved where their version has the step, skipped, and taken out by the time that they came', async () => {
    const workflowId = await workflow();
    const old = await enrolled(workflowId);
    const { revision } = (
      await updateWorkflow(ctx, who(), {
        id: workflowId,
        source: { format: 'yaml', text: `${NAME}${STEPS.replace('id: rest', 'id: pause')}` },
        expectedRevision: (await publishWorkflow(ctx, who(), { id: workflowId })).workflow.revision,
      })
    ).workflow;
    await publishWorkflow(ctx, who(), { id: workflowId, expectedRevision: revision });
    const young = await enrolled(workflowId);
    const filter = { workflowId };
    await expect(operateInBulk(ctx, who(), { filter, ask: { kind: 'move', to: 'gone' } })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await operateInBulk(ctx, who(), { filter, ask: { kind: 'move', to: 'rest' } })).toMatchObject({
      matched: 2,
      affected: 1,
      refused: [{ count: 1, reason: expect.stringContaining('without a step "rest"') }],
    });
    await runBatch(ctx, [old, young], 'bulk');
    expect(await getEnrollment(ctx, who(), { id: old })).toMatchObject({ currentStep: 'rest' });
    const { enrolledAt } = await getEnrollment(ctx, who(), { id: young });
    expect(await operateInBulk(ctx, who(), { filter: { workflowId, enrolledBefore: enrolledAt }, ask: { kind: 'exit', reason: 'stale' } })).toMatchObject({ affected: 1 });
    expect(await operateInBulk(ctx, who(), { filter: { workflowId, enrolledAfter: enrolledAt - 1 }, ask: { kind: 'skip' } })).toMatchObject({ affected: 1 });
    await runBatch(ctx, [old, young], 'bulk');
    expect(await getEnrollment(ctx, who(), { id: old })).toMatchObject({ status: 'exited', exitReason: 'stale' });
    expect(await getEnrollment(ctx, who(), { id: young })).toMatchObject({ currentStep: 'text' });
  });

  it('of another location are none', async () => {
    const workflowId = await workflow();
    await expect(operateInBulk(ctx, { ...who(), locationId: randomUUID() }, { filter: { workflowId }, ask: { kind: 'retry' } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(operateInBulk(ctx, who(), { filter: { workflowId, planet: 'mars' } as never, ask: { kind: 'retry' } })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
