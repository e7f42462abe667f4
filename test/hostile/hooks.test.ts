import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostileStage, type HostileStage } from '../support/hostile-stage.ts';

const SECRET = 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQh';
const BODY = '{"email":"ana@example.com"}';
let stage: HostileStage;
let hook: string;
beforeAll(async () => {
  stage = await createHostileStage();
  const { id } = (
    await stage.ask('POST', '/api/workflows', {
      body: 'name: In\ntrigger: { type: webhook, match_by: email, create_contact: true }\nsteps:\n  - { id: a, type: add_tag, config: { tag: x } }\n',
    })
  ).json;
  await stage.ask('POST', `/api/workflows/${id}/publish`);
  const { url } = (await stage.ask('POST', `/api/workflows/${id}/webhook/secret`, { body: { secret: SECRET } })).json;
  hook = new URL(url).pathname;
  await post({ id: 'known' });
  await stage.brace();
});
afterAll(() => stage.close());

interface Signing {
  id?: string;
  /** Seconds that the sender's clock is off. */
  off?: number;
  secret?: string;
  version?: string;
  body?: string;
  sent?: string;
}

const signed = ({ id = 'msg', off = 0, secret = SECRET, version = 'v1', body = BODY }: Signing): Record<string, string> => {
  const timestamp = String(Math.floor(stage.ctx.clock.machineNow() / 1_000) + off);
  const mac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `${version},${mac}` };
};
const JSON_TYPE = { 'content-type': 'application/json' };
const post = (how: Signing) => stage.shoot('POST', hook, { body: how.sent ?? how.body ?? BODY, headers: { ...JSON_TYPE, ...signed(how) }, key: null });

const forged: [what: string, how: Signing][] = [
  ['an old signature', { off: -601 }],
  ['a signature of the future', { off: 601 }],
  ['another secret', { secret: 'whsec_b3RoZXItb3RoZXItb3RoZXItb3Ro' }],
  ['another version', { version: 'v1a' }],
  ['version 2', { version: 'v2' }],
  ['another body', { sent: '{"email":"eve@example.com"}' }],
  ['the body with a blank more', { sent: `${BODY} ` }],
];

const bodies: [what: string, body: string, status: number][] = [
  ['no JSON', '{"email":', 422],
  ['a list', '[1]', 422],
  ['nothing', '', 422],
  ['60 levels', `{"email":"a@example.com","a":${'['.repeat(60)}${']'.repeat(60)}}`, 422],
  ['__proto__', '{"email":"a@example.com","__proto__":{"a":1}}', 422],
  ['nobody to match', '{"name":"x"}', 422],
  ['100 KiB', `{"email":"a@example.com","a":"${'x'.repeat(102_400)}"}`, 413],
];

const doors: [what: string, method: string, path: string, headers: Record<string, string>, status: number][] = [
  ['an address that was made up', 'POST', '/hooks/w/abc', JSON_TYPE, 403],
  ['an address of dots', 'POST', '/hooks/w/..%2f..%2fetc', JSON_TYPE, 403],
  ['an address of 4 KiB', 'POST', `/hooks/w/${'a'.repeat(4_096)}`, JSON_TYPE, 403],
  ['no address', 'POST', '/hooks/w/', JSON_TYPE, 404],
  ['a hook that is not there', 'POST', '/hooks/constructor', JSON_TYPE, 404],
  ['__proto__ for a hook', 'POST', '/hooks/__proto__', JSON_TYPE, 404],
  ['a message that Twilio did not sign', 'POST', '/hooks/twilio/sms', { 'content-type': 'application/x-www-form-urlencoded' }, 403],
  ['a status with a made-up signature', 'POST', '/hooks/twilio/status', { 'x-twilio-signature': 'AAAA' }, 403],
  ['a call by GET', 'GET', '/hooks/twilio/voice', {}, 405],
  ['a mail report that is none', 'POST', '/hooks/email', JSON_TYPE, 422],
  ['a mail report for nowhere', 'POST', '/hooks/email?location=nowhere', JSON_TYPE, 422],
  ['a pixel that was made up', 'GET', '/t/o/abc.gif', {}, 403],
  ['a pixel by POST', 'POST', '/t/o/abc.gif', {}, 405],
  ['a click that leads away', 'GET', '/t/c/aHR0cHM6Ly9ldmlsLmV4YW1wbGU', {}, 403],
  ['a click that leads to a script', 'GET', '/t/c/javascript:alert(1)', {}, 403],
  ['an unsubscribing that was made up', 'POST', '/u/abc', {}, 403],
  ['an unsubscribing by PUT', 'PUT', '/u/abc', {}, 403],
];

describe('hostile posts to the hooks', () => {
  it.each(forged)('%s', async (_what, how) => {
    const answer = await post(how);
    expect([answer.status, answer.json.code]).toEqual([403, 'FORBIDDEN']);
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('no %s', async (missing) => {
    const { [missing]: _gone, ...headers } = signed({});
    expect((await stage.shoot('POST', hook, { body: BODY, headers: { ...JSON_TYPE, ...headers }, key: null })).status).toBe(403);
  });

  it.each(['', 'v1', 'v1,', 'v1,AAAA', 'v1,====', `${'v1,AAAA '.repeat(500)}`, 'nonsense'])('the signature "%s"', async (signature) => {
    expect((await stage.shoot('POST', hook, { body: BODY, headers: { ...JSON_TYPE, ...signed({}), 'webhook-signature': signature }, key: null })).status).toBe(403);
  });

  it.each(['yesterday', '-1', '1e99', '9'.repeat(40)])('the moment "%s"', async (moment) => {
    expect((await stage.shoot('POST', hook, { body: BODY, headers: { ...JSON_TYPE, ...signed({}), 'webhook-timestamp': moment }, key: null })).status).toBe(403);
  });

  it('what was said before is heard once', async () => {
    for (let i = 0; i < 3; i += 1) expect((await post({ id: 'known' })).json.created).toBe(false);
  });

  it.each(bodies)('a signed body of %s', async (_what, body, status) => {
    expect((await post({ body })).status).toBe(status);
  });

  it.each(doors)('%s', async (_what, method, path, headers, status) => {
    const answer = await stage.shoot(method, path, { headers, key: null, ...(method === 'POST' ? { body: '{}' } : {}) });
    expect(answer.status).toBe(status);
  });

  it('have harmed nobody', async () => {
    await expect(stage.checkUnharmed()).resolves.toBeUndefined();
  });
});
