import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';

let stage: DoorStage;
beforeAll(async () => void (stage = await createDoorStage()));
afterAll(() => stage.close());

it('keeps, lists and forgets secrets, and never shows a value', async () => {
  const put = await stage.ask('PUT', '/api/secrets/crm_key', { body: { value: 'hidden value' } });
  expect([put.status, put.json.name]).toEqual([200, 'crm_key']);
  const list = await stage.ask('GET', '/api/secrets');
  expect(list.json.data.map(({ name }: { name: string }) => name)).toEqual(['crm_key']);
  expect(put.text + list.text).not.toContain('hidden');
  expect((await stage.ask('PUT', '/api/secrets/crm_key', { body: { value: 'x' } })).status).toBe(422);
  expect((await stage.ask('PUT', '/api/secrets/crm_key', { body: { value: 'hidden value' }, key: await stage.keyOf(stage.here, 'write') })).status).toBe(403);
  expect((await stage.ask('DELETE', '/api/secrets/crm_key', { key: stage.foreign })).status).toBe(404);
  expect((await stage.ask('DELETE', '/api/secrets/crm_key')).status).toBe(204);
  expect((await stage.ask('GET', '/api/secrets')).json.data).toEqual([]);
});

it('says the same over GraphQL', async () => {
  const put = await stage.ask('POST', '/graphql', {
    body: { query: 'mutation { putSecret(input: { name: "key", value: "hidden value" }) { __typename ... on PutSecretPayload { secret { name updatedAt } } } }' },
  });
  expect(put.json).toMatchObject({ data: { putSecret: { __typename: 'PutSecretPayload', secret: { name: 'key' } } } });
  expect((await stage.ask('POST', '/graphql', { body: { query: '{ secrets { name } }' } })).json.data.secrets).toEqual([{ name: 'key' }]);
  const gone = await stage.ask('POST', '/graphql', { body: { query: 'mutation { deleteSecret(input: { name: "key" }) { __typename } }' } });
  expect(gone.json.data.deleteSecret.__typename).toBe('DeleteSecretPayload');
});
