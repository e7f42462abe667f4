import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/api/schema.ts';
import { createContact } from '../../src/services/contacts.ts';
import { enrollContact } from '../../src/services/enrollments.ts';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';
import { fillHouse, type House } from '../support/full-house.ts';
import { literalOf } from '../support/walk-schema.ts';

let stage: DoorStage;
let house: House;
let adminId: string;
beforeAll(async () => {
  stage = await createDoorStage();
  adminId = (await stage.rows<{ id: string }>('SELECT id FROM api_keys WHERE hash = sha256($1::bytea)', [stage.admin]))[0]!.id;
  house = await fillHouse(stage.ctx, stage.rows, stage.here, 'nearby');
});
afterAll(() => stage.close());

const yaml = (name: string) =>
  `name: ${name}\ntrigger: { type: manual }\nsteps:\n  - { id: a, type: add_tag, config: { tag: x } }\n  - { id: b, type: wait, config: { duration: 1d } }\n`;
const SECRET = 'the hidden value of the walk';
const gql = async (query: string) => (await stage.ask('POST', '/graphql', { body: { query } })).json;

/** A published workflow of its own, for what ends or changes one. */
async function workflow(name: string): Promise<{ id: string; revision: number }> {
  const id = (await stage.ask('POST', '/api/workflows', { body: yaml(name) })).json.id;
  const { json } = await stage.ask('POST', `/api/workflows/${id}/publish`, { body: {} });
  return { id, revision: json.revision };
}
let count = 0;
const contact = async () => (await createContact(stage.ctx, stage.here, { contact: { email: `a${(count += 1)}@example.com`, tags: ['there'] } })).id;
/** Somebody who waits in a workflow; `failed` makes the run fail. */
async function run(failed = false): Promise<{ id: string; workflowId: string }> {
  const { id: workflowId } = await workflow(`Run ${(count += 1)}`);
  const { id } = await enrollContact(stage.ctx, stage.here, { workflowId, contactId: await contact() });
  const position = { seq: 1, visits: { b: 1 }, phase: failed ? 'ready' : 'waiting', open: failed ? null : { stepId: 'b', visit: 1, seq: 1, until: 9e12 } };
  await stage.rows('UPDATE workflow_enrollments SET current_step = $2, status = $3, position = position::jsonb || $4::jsonb WHERE id = $1', [
    id,
    'b',
    failed ? 'failed' : 'active',
    JSON.stringify(position),
  ]);
  return { id, workflowId };
}
const bulk = async (more: object = {}, failed = false) => ({ filter: { workflowId: (await run(failed)).workflowId }, ...more });
const own = async (name: string, more: (revision: number) => object = () => ({})) => {
  const { id, revision } = await workflow(name);
  return { id, ...more(revision) };
};
const paused = async (name: string) => {
  const { id } = await workflow(name);
  await stage.ask('POST', `/api/workflows/${id}/pause`, { body: {} });
  return { id };
};

/** How to call every mutation so that it changes something. A new one fails until it is here. */
const CALLS: Record<string, () => Promise<object>> = {
  addTags: async () => ({ contactId: await contact(), tags: ['new'] }),
  removeTags: async () => ({ contactId: await contact(), tags: ['there'] }),
  archiveWorkflow: () => own('Archive'),
  pauseWorkflow: () => own('Pause'),
  resumeWorkflow: () => paused('Resume'),
  stopEntry: () => own('Stop'),
  startEntry: async () => {
    const { id } = await workflow('Start');
    await stage.ask('POST', `/api/workflows/${id}/stop-entry`, { body: {} });
    return { id };
  },
  createWorkflow: async () => ({ source: { yaml: yaml('Create') } }),
  importWorkflow: async () => ({ source: { yaml: yaml('Import') } }),
  updateWorkflow: () => own('Update', (expectedRevision) => ({ source: { yaml: yaml('Updated') }, expectedRevision })),
  publishWorkflow: async () => ({ id: (await stage.ask('POST', '/api/workflows', { body: yaml('Publish') })).json.id }),
  restoreWorkflowVersion: () => own('Restore', (expectedRevision) => ({ version: 1, expectedRevision })),
  rollbackPublish: async () => {
    const { id } = await workflow('Rollback');
    const etag = (await stage.ask('GET', `/api/workflows/${id}`)).headers.get('etag')!;
    await stage.ask('PUT', `/api/workflows/${id}`, { body: yaml('Rollback two').replace('1d', '2d'), headers: { 'if-match': etag } });
    await stage.ask('POST', `/api/workflows/${id}/publish`, { body: {} });
    return { id };
  },
  bulkExitEnrollment: () => bulk(),
  bulkMoveEnrollment: () => bulk({ stepKey: 'a' }),
  bulkRetryStep: () => bulk({}, true),
  bulkRunNow: () => bulk(),
  bulkSkipStep: () => bulk(),
  exitEnrollment: async () => ({ id: (await run()).id }),
  moveEnrollment: async () => ({ id: (await run()).id, stepKey: 'a' }),
  retryStep: async () => ({ id: (await run(true)).id }),
  runNow: async () => ({ id: (await run()).id }),
  skipStep: async () => ({ id: (await run()).id }),
  enrollContact: async () => ({ workflowId: house.workflow, contactId: await contact() }),
  enrollContacts: async () => ({ workflowId: house.workflow, contactIds: [await contact(), await contact()] }),
  createApiKey: async () => ({ name: 'one', scopes: [{ enum: 'READ' }] }),
  revokeApiKey: async () => ({ id: house.apiKey }),
  createTemplate: async () => ({ slug: 'one', channel: { enum: 'SMS' }, message: 'Hi' }),
  updateTemplate: async () => ({ id: house.template, message: 'Ho' }),
  createVoicemail: async () => ({ slug: 'one', audioUrl: 'https://a.example/v.mp3' }),
  updateVoicemail: async () => ({ id: house.voicemail, name: 'Ho' }),
  upsertContact: async () => ({ email: 'new@example.com' }),
  deleteContact: async () => ({ id: await contact() }),
  setConsent: async () => ({ contactId: await contact(), channel: { enum: 'SMS' }, state: { enum: 'WITHDRAWN' } }),
  emitEvent: async () => ({ contactId: await contact(), name: 'paid' }),
  updateLocation: async () => ({ name: 'Elsewhere' }),
  testWorkflow: async () => ({ workflowId: house.workflow, contactId: await contact() }),
  putSecret: async () => ({ name: 'walked', value: SECRET }),
  deleteSecret: async () => ({ name: 'nearby' }),
  rotateWebhookUrl: async () => ({ workflowId: house.workflow }),
  setWebhookSecret: async () => ({ workflowId: house.workflow, secret: SECRET }),
};

describe('the audit log', () => {
  it.each(Object.keys(schema.getMutationType()!.getFields()))('has a line of %s: who did what to whom', async (name) => {
    const input = CALLS[name];
    if (!input) throw new Error(`say how to call ${name}: add it to CALLS in this test`);
    const text = literalOf(await input());
    const [before] = await stage.rows<{ n: number }>('SELECT count(*)::int AS n FROM audit_log');
    const { data, errors } = await gql(`mutation { answer: ${name}(input: ${text}) { __typename ... on UserError { message } } }`);
    expect([errors ?? [], data.answer]).toEqual([[], { __typename: expect.stringMatching(/Payload$/) }]);
    const lines = await stage.rows<{ actor: string; action: string; subject: string; detail: object }>(
      'SELECT actor, action, subject, detail FROM audit_log ORDER BY at, id OFFSET $1',
      [before!.n],
    );
    expect(lines).toEqual([
      { actor: 'key:test', action: expect.stringMatching(/^[a-z]+\.[a-z_]+$/), subject: expect.stringMatching(/./), detail: expect.objectContaining({ key_id: adminId }) },
    ]);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  it('is read by admins alone, newest first, in pages', async () => {
    const first = (await stage.ask('GET', '/api/audit?limit=2')).json;
    expect(first.data.map((line: object) => Object.keys(line))).toEqual(Array(2).fill(['id', 'actor', 'action', 'subject', 'detail', 'at']));
    const next = (await stage.ask('GET', `/api/audit?limit=2&cursor=${first.next_cursor}`)).json;
    expect(next.data[0].at <= first.data[1].at).toBe(true);
    const { data } = await gql('{ auditLog(first: 4) { nodes { uuid actor action subject detail at } pageInfo { hasNextPage } } }');
    expect(data.auditLog.nodes.map(({ uuid }: { uuid: string }) => uuid)).toEqual([...first.data, ...next.data].map(({ id }: { id: string }) => id));
    for (const scope of ['read', 'write', 'enroll'] as const) {
      const key = await stage.keyOf(stage.here, scope);
      expect((await stage.ask('GET', '/api/audit', { key })).status).toBe(403);
      expect((await stage.ask('POST', '/graphql', { body: { query: '{ auditLog { nodes { actor } } }' }, key })).json.errors[0].extensions.code).toBe('FORBIDDEN');
    }
  });

  it('has no line of what changed nothing, and none of what failed', async () => {
    const [before] = await stage.rows('SELECT count(*) AS n FROM audit_log');
    await gql(`mutation { addTags(input: { contactId: "${house.contact}", tags: ["nearby"] }) { __typename } }`);
    await gql('mutation { addTags(input: { contactId: "00000000-0000-4000-8000-000000000000", tags: ["x"] }) { __typename } }');
    expect(await stage.rows('SELECT count(*) AS n FROM audit_log')).toEqual([before]);
  });
});
