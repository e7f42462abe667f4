import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { webhookHeaders } from '../../src/providers/webhook-signature.ts';
import { createDoorStage, type Answer, type DoorStage } from '../support/door-stage.ts';

let stage: DoorStage;
beforeAll(async () => void (stage = await createDoorStage()));
afterAll(() => stage.close());
beforeEach(async () => void (await stage.rows('DELETE FROM contact_events')));

const events = () =>
  stage.rows<{ type: string; source: string; contact_id: string; data: object }>(
    "SELECT type, source, contact_id, data FROM contact_events WHERE type = 'webhook' ORDER BY id",
  );
const definition = (config: string) => `name: From outside\ntrigger: { type: webhook, ${config} }\nsteps:\n  - { id: hello, type: add_tag, config: { tag: greeted } }\n`;

/** An active workflow and the path of its own address. */
async function opened(config = 'match_by: email'): Promise<{ id: string; path: string }> {
  const { id } = (await stage.ask('POST', '/api/workflows', { body: definition(config) })).json;
  expect((await stage.ask('POST', `/api/workflows/${id}/publish`)).status).toBe(200);
  return { id, path: await pathOf(id) };
}
const pathOf = async (id: string): Promise<string> => new URL((await stage.ask('GET', `/api/workflows/${id}/webhook`)).json.url).pathname;
const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> => stage.ask('POST', path, { body, headers, key: null });

describe("POST to a workflow's own address", () => {
  it.each([
    ['email', { email: 'ANA@example.com' }, { email: 'ana@example.com' }],
    ['email', { contact: { email: 'bea@example.com' } }, { email: 'bea@example.com' }],
    ['phone', { phone: '+1 555 123 0077' }, { phone: '+15551230077' }],
  ])('finds the contact by %s: %j', async (by, body, contact) => {
    const { id, path } = await opened(`match_by: ${by}`);
    const known = (await stage.ask('POST', '/api/contacts', { body: contact })).json;
    const answer = await post(path, { ...body, order: { id: 7 } });
    expect([answer.status, answer.json]).toEqual([202, { event_id: expect.any(String), contact_id: known.id, created: true }]);
    expect(await events()).toEqual([{ type: 'webhook', source: `webhook:${id}`, contact_id: known.id, data: { ...body, order: { id: 7 } } }]);
  });

  it('finds the contact by contact_id, or creates one where the trigger says so', async () => {
    const { path } = await opened('match_by: contact_id');
    const known = (await stage.ask('POST', '/api/contacts', { body: { first_name: 'Ana' } })).json;
    expect((await post(path, { contact_id: known.id })).json.contact_id).toBe(known.id);
    const creating = await opened('match_by: email, create_contact: true');
    const made = (await post(creating.path, { email: 'new@example.com', first_name: 'Neu', custom_fields: { plan: 'pro' }, other: 1 })).json.contact_id;
    expect((await stage.ask('GET', `/api/contacts/${made}`)).json).toMatchObject({ email: 'new@example.com', first_name: 'Neu', custom_fields: { plan: 'pro' } });
    expect((await post(creating.path, { email: 'new@example.com' })).json.contact_id).toBe(made);
  });

  it('is one event for one webhook-id', async () => {
    const { path } = await opened('create_contact: true');
    const one = await post(path, { email: 'once@example.com' }, { 'webhook-id': 'msg_1' });
    const two = await post(path, { email: 'once@example.com' }, { 'webhook-id': 'msg_1' });
    expect([one.json.created, two.json.created, two.json.event_id === one.json.event_id]).toEqual([true, false, true]);
    expect(await events()).toHaveLength(1);
  });

  it.each([
    ['nobody whom it knows', { email: 'nobody@example.com' }, 404, 'NOT_FOUND'],
    ['nothing to match by', { name: 'Ana' }, 422, 'INVALID_INPUT'],
    ['no object', [1], 422, 'INVALID_INPUT'],
    ['a forbidden key', JSON.parse('{"email":"a@example.com","x":{"__proto__":1}}'), 422, 'INVALID_INPUT'],
  ])('refuses a body with %s', async (_what, body, status, code) => {
    const answer = await post((await opened()).path, body);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(await events()).toEqual([]);
  });

  it('refuses forged and rotated addresses, and workflows that take nobody in', async () => {
    const { id, path } = await opened('create_contact: true');
    expect((await post('/hooks/w/bm8.bm8', { email: 'a@example.com' })).status).toBe(403);
    const { url } = (await stage.ask('POST', `/api/workflows/${id}/webhook/rotate`)).json;
    expect((await post(path, { email: 'a@example.com' })).status).toBe(403);
    expect((await post(new URL(url).pathname, { email: 'a@example.com' })).status).toBe(202);
    await stage.ask('POST', `/api/workflows/${id}/pause`);
    expect((await post(new URL(url).pathname, { email: 'a@example.com' })).json.code).toBe('WORKFLOW_NOT_ACTIVE');
    expect((await stage.ask('GET', path, { key: null })).status).toBe(405);
  });

  it('asks for a signature once the workflow has a secret, and shows that once', async () => {
    const { id, path } = await opened('create_contact: true');
    const { secret, signed } = (await stage.ask('POST', `/api/workflows/${id}/webhook/secret`)).json;
    expect([signed, secret]).toEqual([true, expect.stringMatching(/^whsec_/)]);
    expect((await stage.ask('GET', `/api/workflows/${id}/webhook`)).text).not.toContain(secret);
    const body = { email: 'signed@example.com' };
    expect((await post(path, body)).status).toBe(403);
    const headersBy = (key: string, at = stage.ctx.clock.machineNow()) => webhookHeaders('msg_signed', JSON.stringify(body), key, at);
    expect((await post(path, body, headersBy('whsec_AAAA'))).status).toBe(403);
    expect((await post(path, body, headersBy(secret, 0))).status).toBe(403);
    expect(await events()).toEqual([]);
    expect((await post(path, body, headersBy(secret))).status).toBe(202);
    expect((await stage.ask('POST', `/api/workflows/${id}/webhook/secret`, { body: { remove: true } })).json).toMatchObject({ signed: false, secret: null });
    expect((await post(path, body)).status).toBe(202);
  });

  it.each([
    ['no base64, which would be read as no key at all', 'whsec_!!!!!!!!!!!!!!!!'],
    ['of too few bytes', `whsec_${Buffer.alloc(15, 'k').toString('base64')}`],
  ])('takes no secret that is %s', async (_what, secret) => {
    const { id } = await opened();
    const answer = await stage.ask('POST', `/api/workflows/${id}/webhook/secret`, { body: { secret } });
    expect([answer.status, answer.json.detail]).toEqual([422, expect.stringContaining('base64 of at least 16 bytes')]);
    expect((await stage.ask('GET', `/api/workflows/${id}/webhook`)).json.signed).toBe(false);
  });

  it('keeps a secret unreadable, also in the answer that an Idempotency-Key keeps', async () => {
    const { id } = await opened();
    const ask = () => stage.ask('POST', `/api/workflows/${id}/webhook/secret`, { body: {}, headers: { 'idempotency-key': `secret of ${id}` } });
    const [first, again] = [await ask(), await ask()];
    expect([again.json, again.headers.get('idempotency-replayed')]).toEqual([first.json, 'true']);
    const kept = JSON.stringify(await stage.rows('SELECT * FROM idempotency_keys WHERE key = $1', [`secret of ${id}`]));
    expect(kept).toContain('sealed:');
    expect(kept).not.toContain(first.json.secret);
  });

  it('is told over GraphQL to keys that may write, and to no foreign one', async () => {
    const { id } = await opened();
    const query = `{ workflow(by: { uuid: "${id}" }) { webhookUrl webhookSigned } }`;
    const read = async (key: string) => (await stage.ask('POST', '/graphql', { body: { query }, key })).json.data.workflow;
    expect(await read(stage.admin)).toEqual({ webhookUrl: expect.stringContaining('/hooks/w/'), webhookSigned: false });
    expect(await read(await stage.keyOf(stage.here, 'read'))).toEqual({ webhookUrl: null, webhookSigned: null });
    expect(await read(stage.foreign)).toBeNull();
    const rotate = `mutation { rotateWebhookUrl(input: { workflowId: "${id}" }) { ... on RotateWebhookUrlPayload { webhookUrl } __typename } }`;
    expect((await stage.ask('POST', '/graphql', { body: { query: rotate }, key: stage.foreign })).json.data.rotateWebhookUrl.__typename).toBe('NotFound');
    expect((await stage.ask('POST', '/graphql', { body: { query: rotate } })).json.data.rotateWebhookUrl.webhookUrl).toContain('/hooks/w/');
  });
});
