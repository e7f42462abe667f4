import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';

let stage: DoorStage;
beforeAll(async () => void (stage = await createDoorStage()));
afterAll(() => stage.close());

const forged = 'YQ.YQ';
const doors: [string, string, Record<string, string>?][] = [
  ['the landing page', '/'],
  ['GraphQL', '/graphql?query={__typename}'],
  ['the editor', '/graphql', { accept: 'text/html' }],
  ['REST', '/api/workflows'],
  ['the description', '/api/openapi.json'],
  ['a problem', '/api/contacts/x'],
  ['nothing', '/nothing'],
  ['health', '/healthz'],
  ['metrics', '/metrics'],
  ['a forged pixel', `/t/o/${forged}`],
  ['a forged link to unsubscribe', `/u/${forged}`],
];

describe('every answer', () => {
  it.each(doors)('of %s is not framed, not guessed at and not kept, and sets no cookie', async (_name, path, headers) => {
    const answer = await stage.ask('GET', path, { headers: headers ?? {} });
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('content-security-policy')).toContain('default-src');
    expect(answer.headers.get('cache-control')).toContain('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('strict-transport-security'), 'plain http').toBeNull();
  });

  it('asks for https alone once the public address has it', async () => {
    const { publicUrl } = stage.ctx.environment;
    Object.assign(stage.ctx.environment, { publicUrl: 'https://journeys.example.com' });
    for (const path of ['/', '/graphql', '/api/workflows']) expect((await stage.ask('GET', path)).headers.get('strict-transport-security')).toBe('max-age=31536000');
    Object.assign(stage.ctx.environment, { publicUrl });
  });

  it('the page to unsubscribe may do nothing but post to itself', async () => {
    const answer = await stage.ask('GET', `/u/${stage.tokens.sign('unsubscribe', '0193a000-0000-7000-8000-00000000dead')}`, { key: null });
    expect([answer.status, answer.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining("default-src 'none'")]);
  });
});

describe('another origin', () => {
  it('may read GraphQL only with a key that it sends itself: no credentials of the browser', async () => {
    const answer = await stage.ask('OPTIONS', '/graphql', {
      key: null,
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('may read no answer of REST', async () => {
    const answer = await stage.ask('GET', '/api/workflows', { headers: { origin: 'https://evil.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});
