import type { GraphQLField } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/api/schema.ts';
import type { KeyScope } from '../../src/core/ports/records.ts';
import { everyRoute } from '../../src/rest/reference-routes.ts';
import { createDoorStage, type Answer, type DoorStage } from '../support/door-stage.ts';
import { until } from '../support/until.ts';
import { argumentsOf, type Say } from '../support/walk-schema.ts';

/** Every field of the three roots and every route of REST, with a key of each scope, with one that has expired, one that was revoked, and none. */
let stage: DoorStage;
let keys: Record<KeyScope, string>;
let expired: string;
let revoked: string;
const SCOPES = ['read', 'write', 'enroll', 'admin'] as const;

beforeAll(async () => {
  stage = await createDoorStage();
  const [read, write, enroll, admin] = await Promise.all(SCOPES.map((scope) => stage.keyOf(stage.here, scope)));
  keys = { read: read!, write: write!, enroll: enroll!, admin: admin! };
  [expired, revoked] = [await stage.keyOf(stage.there, 'admin'), await stage.keyOf(stage.there, 'admin')];
  for (const [key, change] of [[expired, "expires_at = now() - interval '1 second'"], [revoked, 'revoked_at = now()']] as const) {
    await stage.rows(`UPDATE api_keys SET ${change} WHERE hash = sha256($1::bytea)`, [key]);
  }
});
afterAll(() => stage.close());

/** What needs another scope than its root: reading needs `read`, changing `write`. */
const NEEDS: Record<string, KeyScope> = {
  apiKeys: 'admin', auditLog: 'admin', createApiKey: 'admin', revokeApiKey: 'admin', putSecret: 'admin', deleteSecret: 'admin', updateLocation: 'admin',
  enrollContact: 'enroll', enrollContacts: 'enroll', exitEnrollment: 'enroll', retryStep: 'enroll', skipStep: 'enroll', moveEnrollment: 'enroll', runNow: 'enroll',
  bulkExitEnrollment: 'enroll', bulkRetryStep: 'enroll', bulkSkipStep: 'enroll', bulkMoveEnrollment: 'enroll', bulkRunNow: 'enroll',
};
/** Operations that REST alone has. */
const REST_NEEDS: Record<string, KeyScope | null> = { updateContact: 'write', workflowWebhook: 'write', openapi: null, reference: null };

const opens = (scope: KeyScope, need: KeyScope): boolean => scope === 'admin' || scope === need || need === 'read';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const YAML = 'name: Walked\ntrigger: { type: manual }\nsteps: [{ id: a, type: exit }]\n';
const BY_TYPE: Record<string, unknown> = { ID: NOBODY, String: 'x1', JSON: {}, Int: 1, DateTime: '2030-01-01T00:00:00Z', Cursor: 'x' };
const required = (place: string): boolean => !/\.(after|before|first|last|search|tag|maxFps|eventId|occurredAt|expiresAt|toVersion)$/.test(place);
// The feed tells nothing by itself: a cursor that is none makes it answer.
const say: Say = (place, name, type) => (name === 'yaml' ? YAML : place === 'Subscription.workflowEvents.after' ? 'x' : required(place) ? BY_TYPE[type] : undefined);

const fieldsOf = (type: { getFields(): Record<string, GraphQLField<unknown, unknown>> } | null | undefined) => Object.values(type?.getFields() ?? {});
const roots = [['query', schema.getQueryType()!, 'read'], ['mutation', schema.getMutationType()!, 'write'], ['subscription', schema.getSubscriptionType()!, 'read']] as const;
const fields = roots.flatMap(([root, type, usual]) =>
  fieldsOf(type).map(
    (field) => [`${root} ${field.name}`, `${root} { ${field.name}${argumentsOf(field, type.name, say)} { __typename } }`, NEEDS[field.name] ?? usual] as const,
  ),
);

/** The first answer of an operation; a stream is left after it. */
async function codeOf(query: string, key: string | null): Promise<{ status: number; code: string | null }> {
  const streams = query.startsWith('subscription');
  const headers = { 'content-type': 'application/json', accept: streams ? 'text/event-stream' : 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
  const leave = new AbortController();
  const response = await fetch(`${stage.base}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }), signal: leave.signal });
  const text = streams && response.status === 200 ? await firstEvent(response) : await response.text();
  leave.abort();
  return { status: response.status, code: /"code":"(\w+)"/.exec(text)?.[1] ?? null };
}

async function firstEvent(response: Response): Promise<string> {
  let text = '';
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.includes('data:')) break;
  }
  return text;
}

describe('GraphQL, by scope', () => {
  it.each(fields)('%s', async (_name, document, need) => {
    const codes = await Promise.all(SCOPES.map(async (scope) => [scope, (await codeOf(document, keys[scope])).code] as const));
    expect(codes.map(([scope, code]) => [scope, code === 'FORBIDDEN'])).toEqual(SCOPES.map((scope) => [scope, !opens(scope, need)]));
    for (const [, code] of codes) expect(['INTERNAL', 'GRAPHQL_VALIDATION_FAILED']).not.toContain(code);
    expect(await Promise.all([expired, revoked, null].map((key) => codeOf(document, key)))).toEqual(Array(3).fill({ status: 401, code: 'UNAUTHENTICATED' }));
  });

  it.each(fields.filter(([name]) => name.split(' ')[1]! in NEEDS))('%s says in its description which scope it needs', (name, _document, need) => {
    const [root, field] = name.split(' ') as ['query' | 'mutation', string];
    const type = root === 'query' ? schema.getQueryType()! : schema.getMutationType()!;
    expect(type.getFields()[field]!.description).toContain(`Needs \`${need}\``);
  });

  it('names no operation that is not there', () => {
    expect(Object.keys(NEEDS).filter((name) => !fields.some(([field]) => field.endsWith(` ${name}`)))).toEqual([]);
  });
});

describe('REST, by scope', () => {
  const needOf = (operation: string): KeyScope | null => {
    if (operation in REST_NEEDS) return REST_NEEDS[operation]!;
    return fields.find(([name]) => name.endsWith(` ${operation}`))?.[2] ?? 'read';
  };
  const rows = everyRoute.map((row) => [`${row.method} ${row.path}`, row, needOf(row.operation)] as const);
  const ask = (row: (typeof everyRoute)[number], key: string | null): Promise<Answer> => {
    const path = row.path.replace('{id}', NOBODY).replace('{name}', 'walked').replace(/\{\w+\}/g, '1');
    return stage.ask(row.method, path, { key, headers: { accept: '*/*' }, ...(row.body === null ? {} : { body: row.body === 'definition' ? YAML : {} }) });
  };

  it.each(rows)('%s needs what its operation needs in GraphQL', async (_name, row, need) => {
    expect(row.scope).toBe(need);
    const statuses = await Promise.all(SCOPES.map(async (scope) => [scope, (await ask(row, keys[scope])).status] as const));
    expect(statuses.map(([scope, status]) => [scope, status === 403])).toEqual(SCOPES.map((scope) => [scope, need !== null && !opens(scope, need)]));
    for (const [, status] of statuses) expect(status === 401 || status >= 500).toBe(false);
    for (const { status, headers, json } of await Promise.all([expired, revoked, null].map((key) => ask(row, key)))) {
      if (need === null) expect(status).toBe(200);
      else expect([status, headers.get('www-authenticate'), json.code]).toEqual([401, 'Bearer realm="millrace"', 'UNAUTHENTICATED']);
    }
  });
});

describe('a key', () => {
  it('with no scope is none, and cannot be made', async () => {
    const { json } = await stage.ask('POST', '/graphql', {
      body: { query: 'mutation { createApiKey(input: { name: "x", scopes: [] }) { __typename ... on UserError { message } } }' },
    });
    expect(json.data.createApiKey).toEqual({ __typename: 'InvalidInput', message: expect.stringContaining('a key needs a scope') });
  });

  it('that has passed its expiry cannot be made', async () => {
    const { json } = await stage.ask('POST', '/graphql', {
      body: { query: 'mutation { createApiKey(input: { name: "x", scopes: [READ], expiresAt: "2020-01-01T00:00:00Z" }) { __typename ... on UserError { message } } }' },
    });
    expect(json.data.createApiKey).toEqual({ __typename: 'InvalidInput', message: expect.stringContaining('has passed') });
  });

  it('says when it was last used, and one that nobody used does not', async () => {
    const used = await stage.keyOf(stage.here, 'read');
    const made = await stage.ask('POST', '/graphql', {
      body: { query: 'mutation { createApiKey(input: { name: "unused", scopes: [READ] }) { ... on CreateApiKeyPayload { apiKey { lastUsedAt } } } }' },
    });
    expect(made.json.data.createApiKey.apiKey).toEqual({ lastUsedAt: null });
    expect((await stage.ask('GET', '/api/location', { key: used })).status).toBe(200);
    const last = await until(
      'the use of the key is written',
      async () => (await stage.rows<{ at: Date | null }>('SELECT last_used_at AS at FROM api_keys WHERE hash = sha256($1::bytea)', [used]))[0]!.at,
    );
    const again = await stage.ask('GET', '/api/location', { key: used });
    expect(again.status).toBe(200);
    const { json } = await stage.ask('POST', '/graphql', { body: { query: '{ apiKeys(first: 100) { nodes { lastUsedAt } } }' } });
    expect(json.data.apiKeys.nodes).toContainEqual({ lastUsedAt: last.toISOString() });
  });

  it('is noted once a minute, however many processes say so', async () => {
    const secret = await stage.keyOf(stage.here, 'read');
    const [{ id }] = (await stage.rows<{ id: string }>('SELECT id FROM api_keys WHERE hash = sha256($1::bytea)', [secret])) as [{ id: string }];
    const at = async (): Promise<string> => (await stage.rows<{ at: string }>('SELECT last_used_at::text AS at FROM api_keys WHERE id = $1', [id]))[0]!.at;
    await stage.ctx.desk(stage.here.locationId).noteKeyUse(id);
    const first = await at();
    await stage.ctx.desk(stage.here.locationId).noteKeyUse(id);
    expect(await at()).toBe(first);
    await stage.rows("UPDATE api_keys SET last_used_at = last_used_at - interval '61 seconds' WHERE id = $1", [id]);
    await stage.ctx.desk(stage.here.locationId).noteKeyUse(id);
    expect((await at()) >= first).toBe(true);
  });
});
