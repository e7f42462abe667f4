import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMigrations } from '../../src/embedded/migrations.ts';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';

let stage: DoorStage;
beforeAll(async () => {
  stage = await createDoorStage();
});
afterAll(() => stage.close());

const SEND = '0193a000-0000-7000-8000-000000000001';
const events = () => stage.rows<{ type: string; data: Record<string, unknown> }>('SELECT type, data FROM contact_events ORDER BY id');

async function givenSend(): Promise<void> {
  const contact = (await stage.ask('POST', '/api/contacts?upsert=true', { body: { email: 'ana@example.com' } })).json.id;
  await stage.rows(
    `INSERT INTO sends (id, location_id, enrollment_id, workflow_id, contact_id, step_id, visit, seq, channel, status, request, ended_at)
     VALUES ($1, $2, gen_random_uuid(), gen_random_uuid(), $3, 'welcome', 1, 1, 'email', 'accepted', '{}', now() - interval '1 hour') ON CONFLICT DO NOTHING`,
    [SEND, stage.here.locationId, contact],
  );
}

describe('tracking', () => {
  it.each([
    ['an invented token', () => '/t/o/bm8.bm8'],
    ['a token of another purpose', () => `/t/o/${stage.tokens.sign('click', SEND)}`],
    [
      'a click whose address was changed',
      () => `/t/c/${Buffer.from(`${SEND} https://evil.example`).toString('base64url')}.${stage.tokens.sign('click', `${SEND} https://good.example`).split('.')[1]}`,
    ],
    ['a click on a script', () => `/t/c/${stage.tokens.sign('click', `${SEND} javascript:alert(1)`)}`],
  ])('refuses %s, and stores nothing', async (_what, path) => {
    const before = (await events()).length;
    const answer = await stage.ask('GET', path(), { key: null });
    expect([answer.status, answer.json.code, answer.headers.get('location')]).toEqual([403, 'FORBIDDEN', null]);
    expect(await events()).toHaveLength(before);
  });

  it('shows a pixel that is never kept, and tells of the opening once', async () => {
    await givenSend();
    const path = `/t/o/${stage.tokens.sign('open', SEND)}`;
    for (let i = 0; i < 2; i += 1) {
      const answer = await stage.ask('GET', path, { key: null });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/gif']);
      expect(answer.headers.get('cache-control')).toContain('no-store');
    }
    expect((await events()).filter(({ type }) => type === 'email_opened')).toHaveLength(1);
  });

  it('leads a click to the signed address and tells of it', async () => {
    await givenSend();
    const answer = await stage.ask('GET', `/t/c/${stage.tokens.sign('click', `${SEND} https://example.com/a?b=c`)}`, { key: null });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://example.com/a?b=c']);
    expect((await events()).filter(({ type }) => type === 'email_clicked').map(({ data }) => data.url)).toEqual(['https://example.com/a?b=c']);
  });

  it('still leads on when the send is unknown, and refuses other methods', async () => {
    const path = `/t/c/${stage.tokens.sign('click', `0193a000-0000-7000-8000-00000000dead https://example.com/`)}`;
    expect((await stage.ask('GET', path, { key: null })).status).toBe(302);
    expect((await stage.ask('POST', path, { key: null, body: {} })).status).toBe(405);
  });
});

describe('health', () => {
  it('is alive before it is ready, and says what it waits for', async () => {
    expect((await stage.ask('GET', '/healthz', { key: null })).status).toBe(200);
    const early = await stage.ask('GET', '/readyz', { key: null });
    expect(early.status).toBe(503);
    expect(early.headers.get('retry-after')).toBe('1');
    expect(early.json.checks).toMatchObject({
      database: { ok: true },
      queue: { ok: true },
      workers: { ok: false, reason: expect.stringContaining('execution, scheduling, triggers, delivery') },
    });
    expect((await stage.ask('GET', '/readyz/api', { key: null })).json).toEqual({
      status: 'ready',
      checks: { database: { ok: true, reason: null }, migrations: { ok: true, reason: null } },
    });
    for (const name of ['execution', 'scheduling', 'triggers', 'delivery']) await stage.ctx.doors.beat({ name, pid: 1, host: 'test' });
    expect((await stage.ask('GET', '/readyz', { key: null })).status).toBe(200);
    expect(await stage.ctx.doors.appliedMigrations()).toEqual((await readMigrations()).map(({ name }) => name));
  });
});

describe('the other doors', () => {
  it('show a page that asks nobody for anything', async () => {
    const answer = await stage.ask('GET', '/', { key: null });
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.text).not.toMatch(/<script|src=|@import/);
    for (const path of ['/graphql', '/api/openapi.json', '/readyz', '/metrics']) expect(answer.text).toContain(`href="${path}"`);
  });

  it('lead from /api to the page that describes it', async () => {
    for (const path of ['/api', '/api/', '/docs']) {
      const { status, headers } = await stage.ask('GET', path, { key: null });
      expect([path, status, headers.get('location')]).toEqual([path, 302, '/api/docs']);
    }
  });

  it('give numbers without names', async () => {
    const answer = await stage.ask('GET', '/metrics', { key: null });
    expect(answer.text).toContain('millrace_http_requests_total');
    expect(answer.text).not.toContain('@');
  });

  it('answer GraphQL on the same port', async () => {
    const answer = await stage.ask('POST', '/graphql', { body: { query: '{ __typename }' } });
    expect(answer.json.data).toEqual({ __typename: 'Query' });
  });

  it('know nothing else', async () => {
    const answer = await stage.ask('GET', '/wp-login.php', { key: null });
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-content-type-options')]).toEqual([404, 'application/problem+json', 'nosniff']);
  });
});
