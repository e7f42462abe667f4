import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Data } from '../../src/core/state.ts';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { createContact, addTags } from '../../src/services/contacts.ts';
import { explainEnrollment } from '../../src/services/explain.ts';
import { exitEnrollment } from '../../src/services/enrollments.ts';
import { pauseWorkflow } from '../../src/services/lifecycle.ts';
import { publishWorkflow } from '../../src/services/publishing.ts';
import { createWorkflow } from '../../src/services/workflows.ts';
import { createAssetStore } from '../../src/store/assets.ts';
import { createEventStore } from '../../src/store/event-store.ts';
import { createPool } from '../../src/store/pool.ts';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';

let stage: DoorStage;
let workers: ReturnType<typeof createPool>;
beforeAll(async () => {
  stage = await createDoorStage();
  workers = createPool({ url: stage.url, role: 'millrace_worker', max: 2, name: 'test-dispatch', onError: () => undefined });
});
afterAll(async () => {
  await workers.end();
  await stage.close();
});

const dispatch = () => dispatchEvents({ ...stage.ctx, events: createEventStore(workers), assets: createAssetStore(workers) });
const yaml = (settings = '') => `name: For the tall
trigger: { type: tag_added, tag: tall, filters: [{ field: custom_fields.height, operator: greater_than, value: 180 }] }
${settings}steps:
  - { id: pause, type: wait, config: { duration: 2d } }
`;
async function workflow(settings = ''): Promise<string> {
  const { workflow: made } = await createWorkflow(stage.ctx, stage.here, { source: { format: 'yaml', text: yaml(settings) } });
  await publishWorkflow(stage.ctx, stage.here, { id: made.id });
  return made.id;
}
const person = async (height: number): Promise<string> => (await createContact(stage.ctx, stage.here, { contact: { custom_fields: { height } } as Data })).id;
const tag = (id: string) => addTags(stage.ctx, stage.here, { id, tags: ['tall'] });
const explain = (workflowId: string, contactId: string) => explainEnrollment(stage.ctx, stage.here, { workflowId, contactId });

describe('explainEnrollment', () => {
  it('says that a trigger has not fired, though its filters would hold', async () => {
    const [id, contact] = [await workflow(), await person(190)];
    expect(await explain(id, contact)).toMatchObject({
      standing: 'out', open: true, enrollment: null, waitingFor: null, refusals: [], reentry: { allowed: true },
      triggers: [{ type: 'tag_added', event: null, filters: { verdict: true }, text: expect.stringContaining('has not fired') }],
    });
  });

  it('names the clause that refused, the value that it saw then, and the one that it sees now', async () => {
    const [id, contact] = [await workflow(), await person(160)];
    await tag(contact);
    await dispatch();
    const why = await explain(id, contact);
    expect(why).toMatchObject({
      standing: 'out', triggers: [{ event: { data: { tag: 'tall' } }, filters: { verdict: false, checks: [{ actual: 160, expected: 180 }] } }],
      refusals: [{ reason: 'filters', detail: { path: expect.stringContaining('height'), actual: 160, expected: 180 } }],
    });
    expect(why.text).toContain('Last refused: filters');
  });

  it('says of a contact who was imported that imports fire nothing without on_import: enroll', async () => {
    const source = (onImport: string) => ({
      format: 'yaml' as const,
      text: `name: Hello\ntrigger: { type: contact_created${onImport}, filters: [{ field: tags, operator: contains, value: vip }] }\nsteps: [{ id: pause, type: wait, config: { duration: 2d } }]\n`,
    });
    const [plain, asked] = await Promise.all(['', ', on_import: enroll'].map(async (onImport) => {
      const { workflow: { id } } = await createWorkflow(stage.ctx, stage.here, { source: source(onImport) });
      await publishWorkflow(stage.ctx, stage.here, { id });
      return id;
    }));
    const { id: contact } = await createContact(stage.ctx, stage.here, { contact: { tags: ['new'] }, source: 'import' });
    await dispatch();
    expect(await explain(plain!, contact)).toMatchObject({
      standing: 'out',
      refusals: [],
      triggers: [{ event: null, filters: { verdict: false }, text: expect.stringContaining('imports enroll only where the trigger says on_import: enroll') }],
    });
    expect(await explain(asked!, contact)).toMatchObject({
      standing: 'out',
      refusals: [{ reason: 'filters', detail: { clause: expect.any(String), expected: 'vip', actual: ['new'] } }],
      triggers: [{ event: { source: 'import' } }],
    });
  });

  it('says where a run stands and what it waits for, then how it ended and that it may not come again', async () => {
    const [id, contact] = [await workflow(), await person(190)];
    await tag(contact);
    await dispatch();
    const inside = await explain(id, contact);
    expect(inside).toMatchObject({ standing: 'in', waitingFor: expect.stringMatching(/^step "pause" until /), reentry: { allowed: false }, enrollment: { currentStep: 'pause' } });
    await exitEnrollment(stage.ctx, stage.here, { id: inside.enrollment!.id, reason: 'enough' });
    const after = await explain(id, contact);
    expect(after).toMatchObject({ standing: 'was_in', waitingFor: null, reentry: { allowed: false, text: expect.stringContaining('never') } });
    expect(after.text).toContain('(enough)');
  });

  it('says when the workflow takes nobody in, and knows nothing of another location\'s', async () => {
    const [id, contact] = [await workflow('settings: { reentry: after_exit }\n'), await person(190)];
    await pauseWorkflow(stage.ctx, stage.here, { id });
    expect(await explain(id, contact)).toMatchObject({ open: false, text: expect.stringContaining('it is paused') });
    await expect(explainEnrollment(stage.ctx, stage.there, { workflowId: id, contactId: contact })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is told by both doors, refusals page by page', async () => {
    const [id, contact] = [await workflow(), await person(150)];
    await tag(contact);
    await dispatch();
    await stage.rows(
      "INSERT INTO enrollment_refusals (location_id, workflow_id, contact_id, reason, created_at) SELECT $1, $2, gen_random_uuid(), 'depth', now() - n * interval '1 minute' FROM generate_series(1, 3) n",
      [stage.here.locationId, id],
    );
    const first = (await stage.ask('GET', `/api/workflows/${id}/refusals?limit=2`)).json;
    expect(first.data.map(({ reason }: Data) => reason)).toEqual(['filters', 'depth']);
    const second = (await stage.ask('GET', `/api/workflows/${id}/refusals?limit=2&cursor=${first.next_cursor}`)).json;
    expect([second.data.length, second.next_cursor]).toEqual([2, null]);
    expect((await stage.ask('GET', `/api/workflows/${id}/refusals?contact_id=${contact}`)).json.data).toHaveLength(1);
    expect((await stage.ask('GET', `/api/workflows/${id}/explain?contact_id=${contact}`)).json).toMatchObject({
      standing: 'out',
      triggers: [{ filters: { verdict: false } }],
      refusals: [{ reason: 'filters' }],
    });
    const query = `{ explainEnrollment(workflowId: "${id}", contactId: "${contact}") { standing text mayEnter triggers { type firedAt filters { verdict } } refusals { reason detail } enrollment { status } }
      workflow(by: { uuid: "${id}" }) { refusals(first: 1) { nodes { reason detail contact { uuid } } } } }`;
    const { data } = (await stage.ask('POST', '/graphql', { body: { query } })).json;
    expect(data).toMatchObject({
      explainEnrollment: { standing: 'OUT', mayEnter: true, triggers: [{ type: 'tag_added', filters: { verdict: false } }], refusals: [{ reason: 'filters' }] },
      workflow: { refusals: { nodes: [{ reason: 'filters', contact: { uuid: contact } }] } },
    });
    const foreign = await stage.ask('POST', '/graphql', {
      body: { query: `{ explainEnrollment(workflowId: "${id}", contactId: "${contact}") { standing } }` },
      key: stage.foreign,
    });
    expect(foreign.json.data.explainEnrollment).toBeNull();
  });
});
