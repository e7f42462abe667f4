import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';

/** https://graphql.github.io/graphql-over-http/draft/, as its audit suite asks for it. */

let stage: ApiStage;
beforeAll(async () => void (stage = await createApiStage()));
afterAll(() => stage.close());

/** `fetch` that reaches the door without a socket, with a key. */
const withKey = (url: string, init: RequestInit = {}): Promise<Response> =>
  Promise.resolve(stage.yoga.fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${stage.here.admin}` } }));

describe('GraphQL over HTTP', () => {
  it('holds in every point of the audit', async () => {
    const results = await auditServer({ url: 'http://test/graphql', fetchFn: withKey });
    const notOk = results.filter(({ status }) => status !== 'ok').map((result) => `${result.status} ${result.id}: ${result.name}${'reason' in result ? ` (${result.reason})` : ''}`);
    expect(results.length).toBeGreaterThan(50);
    expect(notOk).toEqual([]);
  });

  const post = (body: string, headers: Record<string, string> = {}) =>
    withKey('http://test/graphql', { method: 'POST', body, headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers } });

  it.each([
    ['data', 200, '{"query":"{ system { clockSpeed } }"}'],
    ['data beside an error of a field', 200, '{"query":"{ system { clockSpeed } contacts(first: 101) { nodes { id } } }"}'],
    ['a document that does not parse', 400, '{"query":"{ system {"}'],
    ['a field that is not there', 400, '{"query":"{ sytem { clockSpeed } }"}'],
    ['variables that do not fit', 400, '{"query":"query($n: Int!) { contacts(first: $n) { nodes { id } } }","variables":{"n":"many"}}'],
    ['a body that is no JSON', 400, '{'],
    ['no query at all', 400, '{}'],
  ])('answers %s with %i', async (_what, status, body) => {
    const response = await post(body);
    expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([status, 'application/graphql-response+json']);
  });
});
