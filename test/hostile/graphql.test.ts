import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostileStage, type HostileStage } from '../support/hostile-stage.ts';

let stage: HostileStage;
beforeAll(async () => {
  stage = await createHostileStage();
  await stage.brace();
});
afterAll(() => stage.close());

const MIB = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
const query = (text: string, more: object = {}): string => JSON.stringify({ query: text, ...more });
const nested = (levels: number): string => `{ workflows { nodes ${'{ enrollments { nodes { workflow '.repeat(levels)} { id } ${'} } } '.repeat(levels)} } }`;

/** What is refused before anything runs: an error of the request (GraphQL over HTTP §6.4). */
const documents: [what: string, body: string | (() => string)][] = [
  ['JSON that is cut off', '{"query":'],
  ['nothing', ''],
  ['null', 'null'],
  ['a text', '"{ __typename }"'],
  ['a number', '1'],
  ['an empty object', '{}'],
  ['a batch', JSON.stringify(Array.from({ length: 1_000 }, () => ({ query: '{ __typename }' })))],
  ['a query that is no text', '{"query": {"a": 1}}'],
  ['variables that are a text', query('{ __typename }', { variables: 'x' })],
  ['variables that are a list', query('{ __typename }', { variables: [1] })],
  ['a parameter of its own', query('{ __typename }', { admin: true })],
  ['no operation', query('fragment F on Query { __typename }')],
  ['two operations without a name', query('{ __typename } { __typename }')],
  ['an operation that is not there', query('query A { __typename }', { operationName: 'B' })],
  ['a brace too few', query('{ workflows { nodes { id }')],
  ['a field that is not there', query('{ passwords }')],
  ['fragments in a circle', query('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }')],
  ['a fragment of itself', query('{ ...A } fragment A on Query { ...A }')],
  ['a fragment that nobody uses', query('{ __typename } fragment A on Query { __typename }')],
  ['a fragment on nothing', query('{ ... on Password { id } }')],
  ['a variable that was not declared', query('{ workflow(by: { slug: $slug }) { id } }')],
  ['an unknown directive', query('{ __typename @admin }')],
  ['a directive twice', query('{ __typename @skip(if: false) @skip(if: false) }')],
  ['a number for a text', query('{ workflow(by: { slug: 1 }) { id } }')],
  ['an unknown key of an input', query('mutation { upsertContact(input: { email: "m@example.com", locationId: "x" }) { __typename } }')],
  ['two of one input', query('{ workflow(by: { slug: "a", uuid: "b" }) { id } }')],
  ['an argument twice', query('{ workflows(first: 1, first: 100) { nodes { id } } }')],
  ['fields that cannot be merged', query('{ a: workflows(first: 1) { nodes { id } } a: contacts(first: 1) { nodes { id } } }')],
  ['100,000 braces', () => query('{'.repeat(100_000))],
  ['1,000 aliases of a list', query(`{ ${Array.from({ length: 1_000 }, (_, i) => `a${i}: workflows(first: 100) { nodes { id } }`).join(' ')} }`)],
  ['100,000 tokens', () => query(`{ ${'__typename '.repeat(100_000)} }`)],
  ['10,000 directives', () => query(`{ __typename ${'@a '.repeat(10_000)} }`)],
];

const shapes: [what: string, method: string, path: string, headers: Record<string, string>, body: string | undefined, statuses: number[]][] = [
  ['a form of another site', 'POST', '/graphql', { 'content-type': 'application/x-www-form-urlencoded' }, 'query=mutation%20%7B%20__typename%20%7D', [415]],
  ['plain text of another site', 'POST', '/graphql', { 'content-type': 'text/plain' }, query('mutation { __typename }'), [415]],
  ['multipart of another site', 'POST', '/graphql', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--', [415]],
  ['XML', 'POST', '/graphql', { 'content-type': 'application/xml' }, '<a/>', [415]],
  ['a mutation by GET', 'GET', '/graphql?query=mutation%20%7B%20__typename%20%7D', { accept: 'application/json' }, undefined, [405]],
  ['GET without a query', 'GET', '/graphql', { accept: 'application/graphql-response+json' }, undefined, [400]],
  ['PUT', 'PUT', '/graphql', JSON_TYPE, query('{ __typename }'), [405]],
  ['DELETE', 'DELETE', '/graphql', {}, undefined, [405]],
];

const pages: [what: string, text: string][] = [
  ['a page of none', '{ contacts(first: 0) { nodes { id } } }'],
  ['a page of fewer', '{ contacts(first: -1) { nodes { id } } }'],
  ['a page of 101', '{ contacts(first: 101) { nodes { id } } }'],
  ['the biggest page', '{ contacts(first: 2147483647) { nodes { id } } }'],
  ['50 levels', nested(50)],
  ['U+0000', '{ contacts(search: "\\u0000") { nodes { id } } }'],
];

describe('hostile requests to GraphQL', () => {
  it.each(documents)('a document of %s', async (_what, body) => {
    const answer = await stage.shoot('POST', '/graphql', {
      body: typeof body === 'function' ? body() : body,
      headers: { ...JSON_TYPE, accept: 'application/graphql-response+json, application/json' },
    });
    expect(answer.status).toBe(400);
    expect(answer.json.errors.length).toBeGreaterThan(0);
    expect(answer.json.data ?? null).toBeNull();
    expect(answer.text).not.toMatch(/node_modules|at \w+ \(/);
    expect(answer.text.length).toBeLessThan(500_000);
  });

  it.each(shapes)('%s', async (_what, method, path, headers, body, statuses) => {
    const answer = await stage.shoot(method, path, { headers, ...(body === undefined ? {} : { body }) });
    expect(statuses).toContain(answer.status);
  });

  it.each(pages)('%s is an error, and never another page', async (_what, text) => {
    const { json } = await stage.shoot('POST', '/graphql', { body: query(text), headers: JSON_TYPE });
    expect([json.data ?? null, json.errors.length > 0, json.errors[0].extensions.code]).toEqual([null, true, 'INVALID_INPUT']);
  });

  it.each([
    ['a document of 3 MiB', () => query(`{ __typename } #${'x'.repeat(3 * MIB)}`)],
    ['variables of 3 MiB', () => query('query($x: String) { contacts(search: $x) { nodes { id } } }', { variables: { x: 'x'.repeat(3 * MIB) } })],
  ])('%s is too large', async (_what, body) => {
    expect((await stage.shoot('POST', '/graphql', { body: body(), headers: JSON_TYPE })).status).toBe(413);
  });

  it.each([null, 'nonsense', "' OR 1=1"])('the key %s opens nothing', async (key) => {
    const { json } = await stage.shoot('POST', '/graphql', { body: query('{ workflows { nodes { id } } }'), headers: JSON_TYPE, key });
    expect([json.data ?? null, json.errors[0].extensions.code]).toEqual([null, 'UNAUTHENTICATED']);
  });

  it('a cursor that was made up leads nowhere', async () => {
    const { json } = await stage.shoot('POST', '/graphql', { body: query('{ contacts(after: "abc") { nodes { id } } }'), headers: JSON_TYPE });
    expect([json.data ?? null, json.errors.length]).toEqual([null, 1]);
  });

  it('an id that was made up names nothing', async () => {
    for (const id of ['x', 'V29ya2Zsb3c6MQ==', '%00', '../..', 'x'.repeat(10_000)]) {
      const { json } = await stage.shoot('POST', '/graphql', { body: query('query($id: ID!) { node(id: $id) { id } }', { variables: { id } }), headers: JSON_TYPE });
      expect(json.data).toEqual({ node: null });
    }
  });

  it('have harmed nobody', async () => {
    await expect(stage.checkUnharmed()).resolves.toBeUndefined();
  });
});
