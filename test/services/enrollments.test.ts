import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastCursor } from '../../src/core/cursor.ts';
import { createContact } from '../../src/services/contacts.ts';
import { explainEnrollment } from '../../src/services/explain.ts';
import { enrollContact, enrollContacts, exitEnrollment, getEnrollment, listEnrollments, listStepLogs, logEventsAfter } from '../../src/services/enrollments.ts';
import { publishWorkflow } from '../../src/services/publishing.ts';
import { workflowStats } from '../../src/services/stats.ts';
import { recordClick, recordOpen } from '../../src/services/tracking.ts';
import { createWorkflow, updateWorkflow } from '../../src/services/workflows.ts';
import { createDeskStage, DEFINITION, type DeskStage } from '../support/desk-stage.ts';

let stage: DeskStage;
beforeAll(async () => void (stage = await createDeskStage()));
afterAll(() => stage.close());

async function workflow(settings = ''): Promise<string> {
  const { workflow: made } = await createWorkflow(stage.ctx, stage.here, { source: { format: 'yaml', text: `${settings}${DEFINITION}` } });
  await publishWorkflow(stage.ctx, stage.here, { id: made.id });
  return made.id;
}
const contact = async (): Promise<string> => (await createContact(stage.ctx, stage.here, { contact: {} })).id;
const enroll = (workflowId: string, contactId: string, initialData = {}) => enrollContact(stage.ctx, stage.here, { workflowId, contactId, initialData });

describe('a workflow in numbers', () => {
  const stepsOf = async (workflowId: string, version: number | null = null) => (await workflowStats(stage.ctx, stage.here, { workflowId, version })).nodes;
  const nobody = (stepKey: string) => ({ stepKey, waiting: 0, passed: 0, failed: 0 });

  it('names every step of the published version before anybody was there', async () => {
    const { workflow: draft } = await createWorkflow(stage.ctx, stage.here, { source: { format: 'yaml', text: DEFINITION } });
    expect(await stepsOf(draft.id)).toEqual([]);
    await publishWorkflow(stage.ctx, stage.here, { id: draft.id });
    expect(await stepsOf(draft.id)).toEqual(['hello', 'pause', 'bye'].map(nobody));
    expect(await stepsOf(draft.id, 7)).toEqual([]);
  });

  it('names behind them the steps that only other versions have', async () => {
    const workflowId = await workflow();
    await stage.rows(
      "INSERT INTO workflow_stat_deltas (location_id, workflow_id, version_id, at, kind, step_id, outcome, n) SELECT location_id, workflow_id, id, now(), 'started', 'pause', '', 2 FROM workflow_versions WHERE workflow_id = $1",
      [workflowId],
    );
    const { revision } = await publishWorkflow(stage.ctx, stage.here, { id: workflowId }).then(({ workflow: made }) => made);
    await updateWorkflow(stage.ctx, stage.here, { id: workflowId, source: { format: 'yaml', text: DEFINITION.replaceAll('pause', 'rest') }, expectedRevision: revision });
    await publishWorkflow(stage.ctx, stage.here, { id: workflowId });
    const waiting = { ...nobody('pause'), waiting: 2 };
    expect(await stepsOf(workflowId)).toEqual([nobody('hello'), nobody('rest'), nobody('bye'), waiting]);
    expect(await stepsOf(workflowId, 1)).toEqual([nobody('hello'), waiting, nobody('bye')]);
  });
});

describe('enrolling one', () => {
  it('writes the run, its start and its count, and rings the interactive bell', async () => {
    const [workflowId, contactId] = [await workflow(), await contact()];
    const enrollment = await enroll(workflowId, contactId, { plan: 'pro' });
    expect(enrollment).toMatchObject({
      workflowId,
      contactId,
      status: 'active',
      revision: 1,
      currentStep: null,
      stepData: { enrollment: { plan: 'pro' }, steps: {} },
      triggerData: { type: 'manual', data: { plan: 'pro' } },
    });
    expect(await stage.rows('SELECT kind, status FROM workflow_scheduled_actions WHERE enrollment_id = $1', [enrollment.id])).toEqual([{ kind: 'start', status: 'pending' }]);
    expect(stage.queue.rung.at(-1)).toEqual({ bell: 'runs', lane: 'interactive', ids: [enrollment.id] });
    expect(await workflowStats(stage.ctx, stage.here, { workflowId })).toMatchObject({ enrolled: 1, active: 1, completed: 0 });
  });

  it('refuses a second time, and names the first', async () => {
    const [workflowId, contactId] = [await workflow(), await contact()];
    const { id } = await enroll(workflowId, contactId);
    await expect(enroll(workflowId, contactId)).rejects.toMatchObject({ code: 'ALREADY_ENROLLED', detail: { enrollmentId: id } });
    await exitEnrollment(stage.ctx, stage.here, { id });
    await expect(enroll(workflowId, contactId)).rejects.toMatchObject({ code: 'ALREADY_ENROLLED' });
  });

  it('lets one of twenty at once in', async () => {
    const [workflowId, contactId] = [await workflow(), await contact()];
    const ends = await Promise.allSettled(Array.from({ length: 20 }, () => enroll(workflowId, contactId)));
    const [first] = await stage.rows<{ id: string }>('SELECT id FROM workflow_enrollments WHERE workflow_id = $1', [workflowId]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(ends.every((end) => end.status === 'fulfilled' || end.reason.detail.enrollmentId === first!.id)).toBe(true);
    expect((await workflowStats(stage.ctx, stage.here, { workflowId })).enrolled).toBe(1);
  });

  it('lets people come again as the settings say', async () => {
    const [workflowId, contactId] = [await workflow('settings: { reentry: after_exit }\n'), await contact()];
    const { id } = await enroll(workflowId, contactId);
    await expect(enroll(workflowId, contactId)).rejects.toMatchObject({ code: 'ALREADY_ENROLLED' });
    await exitEnrollment(stage.ctx, stage.here, { id });
    expect(await enroll(workflowId, contactId)).toMatchObject({ occurrence: 2 });
    const later = await workflow('settings: { reentry: { after: 30d } }\n');
    const { id: first } = await enroll(later, contactId);
    await exitEnrollment(stage.ctx, stage.here, { id: first });
    await expect(enroll(later, contactId)).rejects.toMatchObject({ code: 'ALREADY_ENROLLED' });
    await stage.rows("UPDATE workflow_enrollments SET completed_at = completed_at - interval '31 days' WHERE id = $1", [first]);
    expect(await enroll(later, contactId)).toMatchObject({ occurrence: 2 });
  });

  it('runs once for each entry key', async () => {
    const [workflowId, contactId] = [await workflow('settings: { entry_key: "{{trigger.data.order_id}}" }\n'), await contact()];
    expect(await enroll(workflowId, contactId, { order_id: 'a' })).toMatchObject({ entryKey: 'a' });
    expect(await enroll(workflowId, contactId, { order_id: 'b' })).toMatchObject({ entryKey: 'b' });
    await expect(enroll(workflowId, contactId, { order_id: 'a' })).rejects.toMatchObject({ code: 'ALREADY_ENROLLED' });
  });

  it('takes a contact in person, by e-mail', async () => {
    const workflowId = await workflow();
    const { contactId } = await enrollContact(stage.ctx, stage.here, { workflowId, contact: { email: 'in@example.com' } });
    await expect(enrollContact(stage.ctx, stage.here, { workflowId, contact: { email: 'IN@example.com' } })).rejects.toMatchObject({
      code: 'ALREADY_ENROLLED',
      detail: { contactId },
    });
    await expect(enrollContact(stage.ctx, stage.here, { workflowId })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(enrollContact(stage.ctx, stage.here, { workflowId, contactId, contact: {} })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('refuses drafts, strangers and other locations', async () => {
    const { workflow: draft } = await createWorkflow(stage.ctx, stage.here, { source: { format: 'yaml', text: DEFINITION } });
    await expect(enroll(draft.id, await contact())).rejects.toMatchObject({ code: 'WORKFLOW_NOT_ACTIVE' });
    const workflowId = await workflow();
    await expect(enroll(workflowId, randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(enrollContact(stage.ctx, stage.there, { workflowId, contactId: await contact() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const foreign = await createContact(stage.ctx, stage.there, { contact: {} });
    await expect(enroll(workflowId, foreign.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('filters of a manual trigger', () => {
  const guarded = async (trigger: string): Promise<string> => {
    const { workflow: made } = await createWorkflow(stage.ctx, stage.here, {
      source: { format: 'yaml', text: `name: Guarded\n${trigger}\nsteps: [{ id: nap, type: wait, config: { duration: 1d } }]\n` },
    });
    await publishWorkflow(stage.ctx, stage.here, { id: made.id });
    return made.id;
  };
  const vip = '{ type: manual, filters: [{ field: tags, operator: contains, value: vip }] }';
  const person = async (tags: string[] = []): Promise<string> => (await createContact(stage.ctx, stage.here, { contact: { tags } })).id;

  it('are looked at once, at entry: who does not pass is refused with the clause, which is kept', async () => {
    const [id, plain, good] = [await guarded(`trigger: ${vip}`), await person(), await person(['vip'])];
    await expect(enroll(id, plain)).rejects.toMatchObject({ code: 'INVALID_STATE', message: expect.stringContaining('tags contains "vip"'), detail: { contactId: plain } });
    expect(await stage.rows("SELECT contact_id, reason, detail->>'path' AS path FROM enrollment_refusals WHERE workflow_id = $1", [id])).toEqual([
      { contact_id: plain, reason: 'filters', path: 'tags' },
    ]);
    expect(await enroll(id, good)).toMatchObject({ contactId: good, status: 'active' });
    expect(await explainEnrollment(stage.ctx, stage.here, { workflowId: id, contactId: plain })).toMatchObject({ standing: 'out', refusals: [{ reason: 'filters' }] });
  });

  it('keep all out when one of many does not pass', async () => {
    const [id, plain, good] = [await guarded(`trigger: ${vip}`), await person(), await person(['vip'])];
    await expect(enrollContacts(stage.ctx, stage.here, { workflowId: id, contactIds: [good, plain] })).rejects.toMatchObject({
      code: 'INVALID_STATE',
      detail: { contactId: plain, refused: 1 },
    });
    expect((await listEnrollments(stage.ctx, stage.here, { workflowId: id })).items).toEqual([]);
  });

  it('read the data that comes with the enrolment, and what the contact did', async () => {
    const id = await guarded('trigger: { type: manual, filters: [{ field: "{{trigger.data.plan}}", operator: equals, value: pro }, { not: { event: order_placed } }] }');
    const one = await person();
    await expect(enroll(id, one, { plan: 'free' })).rejects.toMatchObject({ code: 'INVALID_STATE' });
    expect(await enroll(id, one, { plan: 'pro' })).toMatchObject({ status: 'active' });
  });

  it.each([
    ['another manual trigger has none', `triggers: [${vip}, { type: manual }]`],
    ['they belong to a trigger that is not manual', 'trigger: { type: contact_created, filters: [{ field: tags, operator: contains, value: vip }] }'],
  ])('keep nobody out where %s', async (_name, trigger) => {
    expect(await enroll(await guarded(trigger), await person())).toMatchObject({ status: 'active' });
  });
});

describe('enrolling many', () => {
  it('answers everybody in order, and counts each once', async () => {
    const workflowId = await workflow();
    const people = await stage.rows<{ id: string }>('INSERT INTO contacts (location_id) SELECT $1 FROM generate_series(1, 500) RETURNING id', [stage.here.locationId]);
    const ids = people.map(({ id }) => id);
    const { id: first } = await enroll(workflowId, ids[0]!);
    const answers = await enrollContacts(stage.ctx, stage.here, { workflowId, contactIds: [...ids, ids[1]!] });
    expect(answers.map(({ contactId }) => contactId)).toEqual([...ids, ids[1]]);
    expect(answers[0]).toEqual({ contactId: ids[0], enrollmentId: first, created: false });
    expect(answers.at(-1)).toEqual({ contactId: ids[1], enrollmentId: answers[1]!.enrollmentId, created: false });
    expect(answers.filter(({ created }) => created)).toHaveLength(499);
    expect(stage.queue.rung.at(-1)).toMatchObject({ bell: 'runs', lane: 'bulk' });
    expect(await workflowStats(stage.ctx, stage.here, { workflowId })).toMatchObject({ enrolled: 500, active: 500 });
    expect((await listEnrollments(stage.ctx, stage.here, { workflowId, limit: 100 })).items).toHaveLength(100);
  });

  it('enrolls nobody when one is a stranger', async () => {
    const workflowId = await workflow();
    await expect(enrollContacts(stage.ctx, stage.here, { workflowId, contactIds: [await contact(), 'x'] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await workflowStats(stage.ctx, stage.here, { workflowId })).enrolled).toBe(0);
    await expect(enrollContacts(stage.ctx, stage.here, { workflowId, contactIds: [] })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

/** A run that stands in `pause` (log row 2) after `hello`, with a timer and a send. */
async function waiting() {
  const [workflowId, contactId] = [await workflow(), await contact()];
  const { id } = await enroll(workflowId, contactId);
  const [sendId] = [randomUUID()];
  await stage.rows("UPDATE workflow_scheduled_actions SET kind = 'timer', step_id = 'pause' WHERE enrollment_id = $1", [id]);
  await stage.rows(
    `UPDATE workflow_enrollments SET revision = 2, current_step = 'pause', position = '{"phase": "waiting", "seq": 2, "open": {"seq": 2, "stepId": "pause"}}' WHERE id = $1`,
    [id],
  );
  await stage.rows(
    `INSERT INTO workflow_step_logs (enrollment_id, seq, location_id, step_id, step_type, status, outcome, started_at, completed_at, started_rev, ended_rev)
     VALUES ($1, 1, $2, 'hello', 'add_tag', 'completed', 'next', now(), now(), 2, 2), ($1, 2, $2, 'pause', 'wait', 'executing', NULL, now(), NULL, 2, NULL)`,
    [id, stage.here.locationId],
  );
  await stage.rows(
    `INSERT INTO sends (id, location_id, enrollment_id, workflow_id, contact_id, step_id, visit, seq, channel, status, request, facts)
     VALUES ($1, $2, $3, $4, $5, 'hello', 1, 1, 'email', 'accepted', '{"template_id": "welcome"}', '{"delivered": {"at": 5, "rev": 2}}')`,
    [sendId, stage.here.locationId, id, workflowId, contactId],
  );
  return { id, workflowId, contactId, sendId: sendId! };
}

describe('exiting', () => {
  it('ends the run, its timer, its open row and its count, once', async () => {
    const { id, workflowId } = await waiting();
    const exited = await exitEnrollment(stage.ctx, stage.here, { id, reason: 'asked to' });
    expect(exited).toMatchObject({ status: 'exited', exitReason: 'asked to', revision: 3, nextRunAt: null });
    expect(exited.completedAt).not.toBeNull();
    expect(exited.position).toEqual({ phase: 'ready', seq: 2 });
    expect(await stage.rows('SELECT 1 FROM workflow_scheduled_actions WHERE enrollment_id = $1', [id])).toEqual([]);
    expect((await listStepLogs(stage.ctx, stage.here, { enrollmentId: id })).items[1]).toMatchObject({ status: 'completed', output: { interrupted_by: 'asked to' }, endedRev: 3 });
    expect(await workflowStats(stage.ctx, stage.here, { workflowId })).toMatchObject({ enrolled: 1, active: 0, exited: 1 });
    expect(stage.bus.published.at(-1)).toMatchObject({ runs: [{ id, rev: 3, status: 'exited' }], counts: { exited: 1 } });
    expect(await exitEnrollment(stage.ctx, stage.here, { id, reason: 'again' })).toMatchObject({ exitReason: 'asked to', revision: 3 });
  });

  it('leaves the row of a message that is on its way open, and its outcome in the mailbox', async () => {
    const { id } = await waiting();
    await stage.rows(`UPDATE workflow_enrollments SET position = jsonb_set(position::jsonb, '{phase}', '"performing"') WHERE id = $1`, [id]);
    await stage.rows("INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, scheduled_for) VALUES ($1, $2, 'outcome', now())", [id, stage.here.locationId]);
    expect((await exitEnrollment(stage.ctx, stage.here, { id })).position).toMatchObject({ phase: 'performing', open: { seq: 2 } });
    expect(await stage.rows('SELECT kind FROM workflow_scheduled_actions WHERE enrollment_id = $1', [id])).toEqual([{ kind: 'outcome' }]);
    expect((await listStepLogs(stage.ctx, stage.here, { enrollmentId: id })).items[1]).toMatchObject({ status: 'executing', completedAt: null });
  });

  it('keeps what was reported of the run\'s own messages, and forgets all other events', async () => {
    const { id } = await waiting();
    for (const data of [{ enrollment_id: id }, { enrollment_id: 'another' }, {}]) {
      await stage.rows("INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, payload, scheduled_for) VALUES ($1, $2, 'event', $3, now())", [
        id,
        stage.here.locationId,
        JSON.stringify({ event: { data } }),
      ]);
    }
    await exitEnrollment(stage.ctx, stage.here, { id });
    expect(await stage.rows("SELECT payload->'event'->'data' AS data FROM workflow_scheduled_actions WHERE enrollment_id = $1", [id])).toEqual([{ data: { enrollment_id: id } }]);
  });

  it('is not for others', async () => {
    const { id } = await waiting();
    for (const wrong of [id, 'x']) await expect(exitEnrollment(stage.ctx, stage.there, { id: wrong })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await getEnrollment(stage.ctx, stage.here, { id })).toMatchObject({ status: 'active' });
  });
});

describe('the log as a stream', () => {
  it('tells everything once, in order, from any cursor', async () => {
    const { id } = await waiting();
    const read = (after: string | null) => logEventsAfter(stage.ctx, stage.here, { enrollmentId: id, after });
    const { events, ended } = await read(null);
    expect(ended).toBe(false);
    expect(events.map((event) => event.kind)).toEqual(['step_started', 'step_ended', 'fact', 'step_started']);
    expect((await read(lastCursor(await getEnrollment(stage.ctx, stage.here, { id })))).events).toEqual([]);
    await exitEnrollment(stage.ctx, stage.here, { id });
    const all = (await read(null)).events;
    expect(all.map((event) => event.kind)).toEqual(['step_started', 'step_ended', 'fact', 'step_started', 'step_ended', 'status_changed']);
    for (const [at, event] of all.entries()) expect((await read(event.cursor)).events.map(({ cursor }) => cursor)).toEqual(all.slice(at + 1).map(({ cursor }) => cursor));
    expect((await read(null)).ended).toBe(true);
  });

  it('refuses a foreign cursor and a foreign run', async () => {
    const { id } = await waiting();
    await expect(logEventsAfter(stage.ctx, stage.here, { enrollmentId: id, after: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(logEventsAfter(stage.ctx, stage.there, { enrollmentId: id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(listStepLogs(stage.ctx, stage.here, { enrollmentId: id, after: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const page = await listStepLogs(stage.ctx, stage.here, { enrollmentId: id, limit: 1 });
    expect(page.nextCursor).toBe('1');
    expect((await listStepLogs(stage.ctx, stage.here, { enrollmentId: id, limit: 1, after: page.nextCursor })).items[0]).toMatchObject({ seq: 2 });
  });
});

describe('opens and clicks', () => {
  const person = { userAgent: 'Mozilla/5.0 (X11; Linux) Firefox/145.0' };
  it('are told once, with what conditions need', async () => {
    const { id, sendId, workflowId, contactId } = await waiting();
    const opened = await recordOpen(stage.ctx, sendId, person);
    expect(opened).toMatchObject({
      type: 'email_opened',
      contactId,
      created: true,
      data: { enrollment_id: id, workflow_id: workflowId, step_id: 'hello', visit: 1, template_id: 'welcome', machine: false },
    });
    expect((await recordOpen(stage.ctx, sendId, person))!.created).toBe(false);
    expect(await recordClick(stage.ctx, sendId, 'https://a.example', person)).toMatchObject({ type: 'email_clicked', created: true, data: { url: 'https://a.example' } });
    expect((await recordClick(stage.ctx, sendId, 'https://b.example', person))!.created).toBe(true);
    expect((await recordClick(stage.ctx, sendId, 'https://b.example', person))!.created).toBe(false);
  });

  it('tell machines from people', async () => {
    const { sendId } = await waiting();
    expect(await recordOpen(stage.ctx, sendId, { userAgent: 'Mozilla/5.0' })).toMatchObject({ created: true, data: { machine: true } });
    expect(await recordOpen(stage.ctx, sendId, { ...person, method: 'HEAD' })).toMatchObject({ created: false });
    expect(await recordOpen(stage.ctx, sendId, person)).toMatchObject({ created: true, data: { machine: false } });
    expect(await recordClick(stage.ctx, sendId, 'https://a.example', { userAgent: 'Barracuda Sentinel' })).toMatchObject({ created: true, data: { machine: true } });
    expect(await recordClick(stage.ctx, sendId, 'https://a.example', person)).toMatchObject({ created: true, data: { machine: false } });
  });

  it('of no send are nothing', async () => {
    expect(await recordOpen(stage.ctx, randomUUID(), person)).toBeNull();
    expect(await recordClick(stage.ctx, 'x', 'https://a.example', person)).toBeNull();
  });
});
