import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiStage, type Answer, type ApiStage } from '../support/api-stage.ts';

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
    const notOk = results
      .filter(({ status }) => status !== 'ok')
      .map((result) => `${result.status} ${result.id}: ${result.name}${'reason' in result ? ` (${result.reason})` : ''}`);
    expect(results.length).toBeGreaterThan(50);
    expect(notOk).toEqual([]);
  });

  const post = (body: string, headers: Record<string, string> = {}) =>
    withKey('http://test/graphql', { method: 'POST', body, headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers } });

  it.each([
    ['data', 200, '{"query":"{ system { clockSpeed } }"}'],
    ['an error of a field', 200, '{"query":"{ system { clockSpeed } simulateWorkflow(input: {}) { status } }"}'],
    ['a document that does not parse', 400, '{"query":"{ system {"}'],
    ['a field that is not there', 400, '{"query":"{ sytem { clockSpeed } }"}'],
    ['variables that do not fit', 400, '{"query":"query($n: Int!) { contacts(first: $n) { nodes { id } } }","variables":{"n":"many"}}'],
    ['a body that is no JSON', 400, '{'],
    ['no query at all', 400, '{}'],
    ['a document that is too deep', 400, JSON.stringify({ query: `{ workflows { nodes ${'{ enrollments { nodes { workflow '.repeat(6)} { id } ${'} } } '.repeat(6)} } }` })],
    ['a document that is too wide', 400, JSON.stringify({ query: `{ ${Array.from({ length: 401 }, (_, i) => `a${i}: system { clockSpeed }`).join(' ')} }` })],
    ['a document that costs too much', 400, '{"query":"{ workflows(first: 100) { nodes { enrollments(first: 100) { nodes { stepLogs(first: 100) { nodes { id } } } } } } }"}'],
    ['a document of too many words', 400, JSON.stringify({ query: `{ ${'__typename '.repeat(5_001)} }` })],
    ['a page over 100', 400, '{"query":"{ contacts(first: 101) { nodes { id } } }"}'],
    ['a page over 100 that a variable asks for', 400, '{"query":"query($n: Int) { contacts(first: $n) { nodes { id } } }","variables":{"n":101}}'],
  ])('answers %s with %i', async (_what, status, body) => {
    const response = await post(body);
    expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([status, 'application/graphql-response+json']);
    const answer = (await response.json()) as Answer;
    expect('data' in answer).toBe(status === 200); // an error of the request has none
    for (const { extensions } of answer.errors ?? []) expect(extensions?.code).toMatch(/^[A-Z_]+$/);
  });

  it('answers a document that is refused with 200 to whoever speaks application/json alone', async () => {
    const response = await post('{"query":"{ contacts(first: 101) { nodes { id } } }"}', { accept: 'application/json' });
    expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([200, 'application/json']);
    expect(await response.json()).toEqual({ errors: [expect.objectContaining({ extensions: { code: 'INVALID_INPUT' } })] });
  });

  it.each(['{}', '{"query":null}', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}'])('refuses %s, which has no document, with 400 whatever is accepted', async (body) => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const response = await post(body, { accept });
      expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([400, accept]);
      expect(await response.json()).toEqual({ errors: [{ message: expect.stringContaining('has no document'), extensions: { code: 'BAD_REQUEST' } }] });
    }
  });

  it.each([
    ['a query', 'text/plain', '{"query":"{ system { clockSpeed } }"}'],
    ['a document that does not parse', 'image/*', '{"query":"{"}'],
    ['a subscription', 'application/json', '{"query":"subscription { systemStatus { __typename } }"}'],
  ])('says what %s can be answered as to whoever accepts %s alone', async (_what, accept, body) => {
    const response = await post(body, { accept });
    expect([response.status, response.headers.get('content-type')]).toEqual([406, 'application/json']);
    expect(response.headers.get('accept')).toBe('application/graphql-response+json, application/json, text/event-stream');
    expect(await response.json()).toEqual({ errors: [{ message: expect.stringContaining(`"Accept: ${accept}"`), extensions: { code: 'INVALID_INPUT' } }] });
  });

  it('runs no mutation whose answer could not be given', async () => {
    const refused = await post('{"query":"mutation { upsertContact(input: { email: \\"unheard@example.com\\" }) { __typename } }"}', { accept: 'text/html, image/*' });
    expect(refused.status).toBe(406);
    const { data } = await stage.gql('{ contacts(search: "unheard@") { nodes { id } } }');
    expect(data).toEqual({ contacts: { nodes: [] } });
  });

  it.each(['*/*', 'application/*', 'text/html, application/json;q=0.5', 'APPLICATION/JSON', ''])('answers whoever accepts %j', async (accept) => {
    expect((await post('{"query":"{ system { clockSpeed } }"}', { accept })).status).toBe(200);
  });

  it('has a code for a variable that is missing', async () => {
    expect((await stage.gql('query($id: ID!) { node(id: $id) { id } }')).errors).toEqual([expect.objectContaining({ extensions: { code: 'INVALID_INPUT' } })]);
  });

  it.each(['variables', 'extensions'])('refuses a GET whose %s are no JSON, and does not blame itself', async (name) => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const response = await withKey(`http://test/graphql?query={__typename}&${name}={bad`, { headers: { accept } });
      expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([400, accept]);
      expect(((await response.json()) as Answer).errors).toEqual([{ message: expect.stringContaining('are JSON'), extensions: { code: 'INVALID_INPUT' } }]);
    }
  });

  it('names the scheme to a caller without a key (RFC 9110 §11.6.1)', async () => {
    const response = await stage.yoga.fetch('http://test/graphql', { method: 'POST', body: '{"query":"{ __typename }"}', headers: { 'content-type': 'application/json' } });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="millrace"']);
  });
});

describe('a cursor that no list gave out', () => {
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  const UUID = '00000000-0000-4000-8000-000000000000';
  const forgeries = [
    'abc',
    '',
    encoded('GPC:S:abc'),
    encoded('GPC:N:5'),
    encoded('GPC:D:1'),
    encoded('GPC:Z:'),
    encoded('GPC:J:["x"]'),
    encoded(`GPC:T:["S:${UUID}","N:1"]`),
    encoded(`GPC:S:${UUID}' OR 1=1`),
    'x'.repeat(5_000),
  ];
  const lists: [where: string, document: (page: string) => string][] = [
    ['a list', (page) => `{ contacts(${page}) { nodes { id } } }`],
    ['the list of a row', (page) => `{ workflows { nodes { versions(${page}) { nodes { id } } } } }`],
    ['a list without nodes of its own', (page) => `{ auditLog(${page}) { nodes { uuid } } }`],
    ['a fragment', (page) => `{ workflows { nodes { ...F } } } fragment F on Workflow { enrollments(${page}) { nodes { id } } }`],
  ];

  it.each(lists)('is refused with a code before anything runs: in %s', async (_where, document) => {
    for (const forged of forgeries) {
      for (const page of [`after: ${JSON.stringify(forged)}`, `last: 3, before: ${JSON.stringify(forged)}`]) {
        const { data, errors } = await stage.gql(document(page));
        expect([page, data, errors?.map(({ extensions }) => extensions.code)]).toEqual([page, undefined, ['INVALID_INPUT']]);
      }
    }
  });

  it('is refused where a variable or its default brings it, and where step logs want another kind', async () => {
    const refused = async (query: string, variables: object = {}) =>
      expect((await stage.gql(query, variables)).errors).toEqual([
        expect.objectContaining({ message: expect.stringContaining('was not given out by this list'), extensions: { code: 'INVALID_INPUT' } }),
      ]);
    await refused('query($c: String) { contacts(after: $c) { nodes { id } } }', { c: 'abc' });
    await refused('query($c: String = "abc") { contacts(after: $c) { nodes { id } } }');
    await refused(`{ enrollments { nodes { stepLogs(after: "${encoded(`GPC:S:${UUID}`)}") { nodes { seq } } } } }`);
    expect(await stage.gql('query($c: String) { contacts(after: $c) { nodes { id } } }', { c: null })).toEqual({ data: { contacts: { nodes: [] } } });
  });

  it('that is well made but of no row gives an empty page', async () => {
    expect(await stage.gql(`{ contacts(after: "${encoded(`GPC:S:${UUID}`)}") { nodes { id } } }`)).toEqual({ data: { contacts: { nodes: [] } } });
    expect((await stage.gql(`{ enrollments { nodes { stepLogs(after: "${encoded(`GPC:T:["S:${UUID}","N:1"]`)}") { nodes { seq } } } } }`)).errors).toBeUndefined();
  });

  it('is of a page with one end: first or last, not both, and null is neither', async () => {
    const refused = (query: string, variables: object = {}) => stage.gql(query, variables).then(({ errors }) => errors?.map(({ extensions }) => extensions.code));
    expect(await refused('{ contacts(first: 1, last: 1) { nodes { id } } }')).toEqual(['INVALID_INPUT']);
    expect(await refused('query($n: Int) { location { id } contacts(first: 1, last: $n) { nodes { id } } }', { n: 2 })).toEqual(['INVALID_INPUT']);
    expect(await refused('query($n: Int) { contacts(first: 1, last: $n) { nodes { id } } workflows(first: null, last: 1) { nodes { id } } }', { n: null })).toBeUndefined();
  });

  it('cannot be both ways at once', async () => {
    const cursor = encoded(`GPC:S:${UUID}`);
    const { errors } = await stage.gql(`{ contacts(after: "${cursor}", before: "${cursor}") { nodes { id } } }`);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['INVALID_INPUT']);
  });
});
