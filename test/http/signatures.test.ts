import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readJsonObject } from '../../src/http/read-text.ts';
import { checkWebhook } from '../../src/http/standard-webhooks.ts';
import { isTwilios } from '../../src/http/twilio-signature.ts';
import { webhookHeaders } from '../../src/providers/webhook-signature.ts';

describe("Twilio's signature", () => {
  // The example of https://www.twilio.com/docs/usage/security#validating-requests
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  const params = { CallSid: 'CA1234567890ABCDE', Caller: '+14158675310', Digits: '1234', From: '+14158675310', To: '+18005551212' };

  it("fits the example of Twilio's manual", () => {
    expect(isTwilios('12345', 'GvWf1cFY/Q7PnoempGyD5oXAezc=', url, new URLSearchParams(params))).toBe(true);
  });

  it.each<[string, string, string | null, string, Record<string, string>]>([
    ['another token', '54321', 'GvWf1cFY/Q7PnoempGyD5oXAezc=', url, params],
    ['none', '12345', null, url, params],
    ['a cut one', '12345', 'GvWf1cFY', url, params],
    ['another protocol', '12345', 'GvWf1cFY/Q7PnoempGyD5oXAezc=', url.replace('https', 'http'), params],
    ['another parameter', '12345', 'GvWf1cFY/Q7PnoempGyD5oXAezc=', url, { ...params, Extra: '1' }],
    ['white space that was trimmed', '12345', 'GvWf1cFY/Q7PnoempGyD5oXAezc=', url, { ...params, Digits: '1234 ' }],
  ])('does not fit %s', (_what, token, signature, address, given) => {
    expect(isTwilios(token, signature, address, new URLSearchParams(given))).toBe(false);
  });

  it('fits the address with its usual port, and repeated parameters each once', () => {
    const signed = createHmac('sha1', 't').update('https://a.example:443/xMediaUrl1MediaUrl2').digest('base64');
    expect(isTwilios('t', signed, 'https://a.example/x', new URLSearchParams([['MediaUrl', '2'], ['MediaUrl', '1'], ['MediaUrl', '1']]))).toBe(true);
  });
});

describe('Standard Webhooks', () => {
  const NOW = Date.UTC(2026, 2, 2);
  const check = (headers: Record<string, string>, body = '{}', secret = 'whsec_c2VjcmV0') => () => checkWebhook(new Headers(headers), body, secret, NOW);
  const signed = webhookHeaders('msg_1', '{}', 'whsec_c2VjcmV0', NOW);

  it('fits what this house signs itself, also beside signatures of other secrets and versions', () => {
    expect(check(signed)).not.toThrow();
    expect(check({ ...signed, 'webhook-signature': `v1a,xxxx v1,AAAA ${signed['webhook-signature']}` })).not.toThrow();
  });

  it.each<[string, () => void, string]>([
    ['another body', check(signed, '{"a":1}'), 'does not fit'],
    ['another id', check({ ...signed, 'webhook-id': 'msg_2' }), 'does not fit'],
    ['another secret', check(signed, '{}', 'whsec_b3RoZXI='), 'does not fit'],
    ['no header', check({}), 'are needed'],
    ['six minutes ago', check(webhookHeaders('msg_1', '{}', 'whsec_c2VjcmV0', NOW - 360_000)), 'five minutes'],
    ['six minutes ahead', check(webhookHeaders('msg_1', '{}', 'whsec_c2VjcmV0', NOW + 360_000)), 'five minutes'],
    ['a moment that is none', check({ ...signed, 'webhook-timestamp': 'now' }), 'five minutes'],
  ])('refuses %s', (_what, run, message) => {
    expect(run).toThrow(message);
  });
});

describe('a posted body', () => {
  it.each([['[1]'], ['"text"'], ['null'], ['{'], ['{"a":{"__proto__":1}}'], [`{"a":${'['.repeat(60)}${']'.repeat(60)}}`]])('is refused: %s', (text) => {
    expect(() => readJsonObject(text)).toThrow();
  });
});
