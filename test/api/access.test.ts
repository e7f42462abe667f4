import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEntrance } from '../../src/api/authenticate.ts';
import { schema } from '../../src/api/schema.ts';
import { createYogaServer } from '../../src/api/yoga.ts';
import { createAdmission } from '../../src/http/auth.ts';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';

let stage: ApiStage;
beforeAll(async () => void (stage = await createApiStage()));
afterAll(() => stage.close());

const post = (body: string, headers: Record<string, string> = {}) =>
  stage.yoga.fetch('http://test/graphql', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
describe('without a key', () => {
  it.each([undefined, 'Bearer wrong-wrong-wrong', 'Basic abc'])('nobody gets in (%s)', async (authorization) => {
    const response = await post(JSON.stringify({ query: '{ workflows { nodes { id } } }' }), authorization ? { authorization } : {});
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('nobody reads the schema either', async () => {
    expect((await post(JSON.stringify({ query: '{ __schema { types { name } } }' }))).status).toBe(401);
  });

  it('a key that was revoked is none', async () => {
    const made = await stage.gql('mutation { createApiKey(input: { name: "short", scopes: [READ] }) { ... on CreateApiKeyPayload { secret apiKey { id prefix scopes } } } }');
    const { secret, apiKey } = made.data.createApiKey;
    expect(secret.startsWith(apiKey.prefix)).toBe(true);
    expect((await stage.gql('{ system { clockSpeed } }', {}, secret)).data).toEqual({ system: { clockSpeed: 1 } });
    await stage.gql('mutation($id: ID!) { revokeApiKey(input: { id: $id }) { ... on RevokeApiKeyPayload { apiKey { revokedAt } } } }', { id: apiKey.id });
    expect((await stage.gql('{ system { clockSpeed } }', {}, secret)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(
      (await stage.gql('{ apiKeys { nodes { name revokedAt } } }')).data.apiKeys.nodes.some(
        (key: { name: string; revokedAt: string | null }) => key.name === 'short' && key.revokedAt,
      ),
    ).toBe(true);
  });
});

describe('a key that may not everything', () => {
  it('may not list keys, nor reach one as a node', async () => {
    const key = await stage.here.key('read', 'write');
    expect((await stage.gql('{ apiKeys { nodes { id } } }', {}, key)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const id = (await stage.gql('{ apiKeys { nodes { id } } }')).data.apiKeys.nodes[0].id;
    const { data } = await stage.gql('query($id: ID!) { node(id: $id) { ... on ApiKey { name } } }', { id }, key);
    expect(data?.node ?? null).toBeNull();
  });

  it('an enroll key lets people in and out, and writes nothing else', async () => {
    const key = await stage.here.key('enroll');
    const made = 'mutation { exitEnrollment(input: { id: "00000000-0000-4000-8000-000000000000" }) { __typename } }';
    expect((await stage.gql(made, {}, key)).data.exitEnrollment.__typename).toBe('NotFound');
    expect((await stage.gql('mutation { deleteContact(input: { id: "x" }) { __typename } }', {}, key)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it.each([
    ['write', 'mutation { deleteContact(input: { id: "x" }) { __typename } }'],
    ['enroll', 'mutation { runNow(input: { id: "x" }) { __typename } }'],
    ['admin', 'mutation { revokeApiKey(input: { id: "x" }) { __typename } }'],
    ['admin', '{ apiKeys { nodes { id } } }'],
  ])('is told that it lacks %s by %s', async (scope, document) => {
    const { errors } = await stage.gql(document, {}, await stage.here.key('read'));
    expect(errors?.[0]?.message).toMatch(new RegExp(`its scopes are \\[read\\]\\. Use a key with the scope ${scope}\\.$`));
  });
});

describe('another location', () => {
  it('sees and changes nothing of ours', async () => {
    const there = await stage.location('There');
    const created = await stage.gql(
      'mutation { upsertContact(input: { email: "ours@example.com" }) { ... on UpsertContactPayload { contact { id uuid } } } createVoicemail(input: { slug: "v", audioUrl: "https://a.example/v.mp3" }) { ... on CreateVoicemailPayload { voicemail { id } } } }',
    );
    const { id, uuid } = created.data.upsertContact.contact;
    const { data, errors } = await stage.gql(
      `query($id: ID!, $v: ID!) { contact(id: $id) { email } node(id: $id) { id } nodes(ids: [$id, $v]) { id } odd: node(id: "Q29udGFjdDphYmM=") { id } contacts { nodes { id } } voicemails { nodes { id } } location { name } }`,
      { id, v: created.data.createVoicemail.voicemail.id },
      there.admin,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ contact: null, node: null, nodes: [null, null], odd: null, contacts: { nodes: [] }, voicemails: { nodes: [] }, location: { name: 'There' } });
    const change = await stage.gql('mutation($id: ID!) { addTags(input: { contactId: $id, tags: ["x"] }) { __typename ... on UserError { message } } }', { id: uuid }, there.admin);
    expect(change.data.addTags.__typename).toBe('NotFound');
    const missing = await stage.gql(
      'mutation { addTags(input: { contactId: "00000000-0000-4000-8000-000000000000", tags: ["x"] }) { ... on UserError { message } } }',
      {},
      there.admin,
    );
    expect(missing.data.addTags.message.replace('00000000-0000-4000-8000-000000000000', '')).toBe(change.data.addTags.message.replace(uuid, ''));
  });
});

describe('limits', () => {
  it('refuse what is too deep, too wide, too dear or too long', async () => {
    const deep = `{ workflows { nodes { published ${'{ workflow { published '.repeat(10)} { number } ${'} }'.repeat(10)} } } }`;
    expect((await stage.gql(deep)).errors?.[0]).toMatchObject({ message: expect.stringContaining('depth'), extensions: { code: 'INVALID_INPUT' } });
    const wide = `{ ${Array.from({ length: 500 }, (_, n) => `a${n}: system { clockSpeed }`).join(' ')} }`;
    expect((await stage.gql(wide)).errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } });
    const dear = '{ workflows(first: 100) { nodes { enrollments(first: 100) { nodes { stepLogs(first: 100) { nodes { stepKey } } } } } } }';
    expect((await stage.gql(dear)).errors?.[0]).toMatchObject({ message: expect.stringContaining('complexity'), extensions: { code: 'INVALID_INPUT' } });
    const long = `{ ${'system { clockSpeed } '.repeat(3_000)} }`;
    expect((await stage.gql(long)).errors?.[0]?.message).toMatch(/token/i);
  });

  const lists = Object.values(schema.getQueryType()!.getFields()).filter((field) => field.args.some(({ name }) => name === 'first')).map(({ name }) => name);

  it.each(lists)('refuse a page of %s over 100 and under 1, and never clamp it', async (name) => {
    const { data, errors } = await stage.gql(
      `{ over: ${name}(first: 101) { pageInfo { hasNextPage } } back: ${name}(last: 101) { pageInfo { hasNextPage } } none: ${name}(first: 0) { pageInfo { hasNextPage } } }`,
    );
    expect(data ?? null).toBeNull();
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^(first|last): a page has at (most 100 entries: ask for fewer and follow pageInfo\.endCursor|least 1 entry)$/),
      extensions: { code: 'INVALID_INPUT' },
    });
  });

  it('count an alias like a field, and say what is served', async () => {
    const aliases = (count: number): string => `{ ${Array.from({ length: count }, (_, n) => `a${n}: system { clockSpeed }`).join(' ')} }`;
    expect((await stage.gql(aliases(100))).errors).toBeUndefined();
    expect((await stage.gql(aliases(300))).errors?.[0]?.message).toMatch(
      /^This document is too large: its breadth is 600, at most 400 is served\. Ask for fewer fields or smaller pages\.$/,
    );
  });

  it('refuse a list of more than 100 ids', async () => {
    const { errors } = await stage.gql('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array.from({ length: 101 }, () => 'x') });
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('at most 100 ids at once'), extensions: { code: 'INVALID_INPUT' } });
  });

  it('refuse a body over 2 MiB', async () => {
    expect((await post(JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(2_200_000) } }), { authorization: `Bearer ${stage.here.admin}` })).status).toBe(413);
  });

  it('refuse what a form could send', async () => {
    const response = await post('query={__typename}', { 'content-type': 'text/plain', authorization: `Bearer ${stage.here.admin}` });
    expect(response.status).toBe(415);
    const get = await stage.yoga.fetch(`http://test/graphql?query=${encodeURIComponent('mutation { deleteContact(input: { id: "x" }) { __typename } }')}`, {
      headers: { authorization: `Bearer ${stage.here.admin}` },
    });
    expect(get.status).toBe(405);
  });
});

describe('a key that asks too often', () => {
  it('is told when to come back', async () => {
    const admit = createAdmission(stage.ctx, createRateLimit(() => 0, 0.25, 1));
    const yoga = createYogaServer(createEntrance(stage.ctx, admit), stage.ctx.logger);
    const ask = () => yoga.fetch('http://test/graphql', {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${stage.here.admin}` }, body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '4']);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    await expect(admit(`Bearer ${stage.here.admin}`), 'other doors share the admission').rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });
});

describe('a bug', () => {
  it('shows an error id and nothing else', async () => {
    const broken = { ...stage.ctx, clock: { ...stage.ctx.clock, journeyNow: () => { throw new Error('password=hunter2'); } } };
    const response = await createYogaServer(createEntrance(broken, createAdmission(broken)), broken.logger).fetch('http://test/graphql', {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${stage.here.admin}` }, body: JSON.stringify({ query: '{ system { clockSpeed } }' }),
    });
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string; errorId: string } }[] };
    expect(errors[0]!.extensions).toEqual({ code: 'INTERNAL', errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(errors[0]!.message).toContain(errors[0]!.extensions.errorId);
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });

  it('is told apart from an input that a scalar cannot read', async () => {
    const bad = await stage.gql('mutation { createApiKey(input: { name: "x", scopes: [READ], expiresAt: "tomorrow" }) { __typename } }');
    expect(bad.errors?.[0]?.message).toContain('ISO 8601');
  });
});
