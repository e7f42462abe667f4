import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../src/core/ports/outside.ts';
import { isPublicAddress } from '../../src/providers/guarded-connect.ts';
import { createGuardedHttp } from '../../src/providers/http-guarded.ts';
import { httpContract } from '../contracts/http.contract.ts';
import { startHttpDouble, type HttpDouble } from '../support/http-double.ts';

let double: HttpDouble;
let provider: ReturnType<typeof createGuardedHttp>;
const guarded = createGuardedHttp({ allow: [] });
beforeEach(async () => {
  double = await startHttpDouble();
  provider = createGuardedHttp({ allow: [double.host] });
});
afterEach(() => double.close());
const call = (given: Partial<HttpRequest> = {}): HttpRequest => ({ sendId: 's1', url: double.url, method: 'POST', headers: {}, body: '{}', timeoutMs: 5_000, ...given });

httpContract('http-guarded', () => ({ provider, url: double.url }));

describe('addresses that are not public', () => {
  test.each([
    'http://2130706433',
    'http://0x7f.1',
    'http://0177.0.0.1',
    'http://127.1',
    'http://①②⑦.0.0.1',
    'http://0',
    'http://good.com@127.0.0.1',
    'http:\\\\127.0.0.1',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[64:ff9b::7f00:1]',
    'http://[64:ff9b:1::7f00:1]',
    'http://[fd00::1]',
    'http://[fe80::1]',
    'http://169.254.169.254/latest',
    'http://100.64.0.1',
    'http://10.0.0.1',
    'http://localhost',
    'http://localhost.',
    'http://LOCALHOST:22',
    'http://172.16.0.1',
    'http://192.168.0.1',
    'http://0.0.0.0:6379',
    'http://255.255.255.255',
    'http://0x7f000001',
    'http://0x7f.0x0.0x0.0x1',
    'http://017700000001',
    'http://127.0.1',
    'http://127.0.0.1.',
    'http://[::]',
    'http://[0:0:0:0:0:0:0:1]',
    'http://[::127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[::ffff:169.254.169.254]',
    'http://[2002:7f00:1::]',
    'http://[2001:0:7f00:1::]',
    'http://[fd00:ec2::254]/latest/meta-data',
    'http://[ff02::1]',
    'http://[fec0::1]',
    'http://[64:ff9b::a9fe:a9fe]',
    'http://metadata@169.254.169.254',
    'http://100.100.100.200/latest',
    'http://192.0.2.1',
    'http://198.18.0.1',
    'http://203.0.113.1',
    'http://224.0.0.1',
    'http://240.0.0.1',
    'https://127.0.0.1',
    'http://1\t27.0.0.1',
    'http://127。0。0。1',
    'http://%31%32%37.0.0.1',
    'http:127.0.0.1',
    'http:/127.0.0.1',
  ])('%s is refused', async (url) => {
    await expect(guarded.request(call({ url }))).rejects.toMatchObject({ retryable: false, unknown: false, detail: { rule: 'URL_NOT_PUBLIC' } });
  });

  test('a name that leads to this machine is refused by the address it leads to', async () => {
    await expect(guarded.request(call({ url: double.url.replace('127.0.0.1', 'localhost') }))).rejects.toMatchObject({ detail: { rule: 'URL_NOT_PUBLIC' } });
    expect(double.ledger).toEqual([]);
  });

  const resolving = (...answers: string[][]) => {
    const asked: string[] = [];
    const http = createGuardedHttp({
      allow: [],
      resolve: (host, _options, callback) => {
        const found = answers[Math.min(asked.push(host), answers.length) - 1]!;
        callback(null, found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
      },
    });
    return { http, asked };
  };

  test.each([['169.254.169.254'], ['10.1.2.3'], ['::1'], ['fd00:ec2::254'], ['::ffff:127.0.0.1'], ['127.0.0.1', '169.254.169.254']])(
    'a name of the cloud that leads to %s is refused',
    async (...addresses) => {
      const { http } = resolving(addresses);
      await expect(http.request(call({ url: 'http://metadata.google.internal/computeMetadata/v1/' }))).rejects.toMatchObject({
        retryable: false,
        unknown: false,
        detail: { rule: 'URL_NOT_PUBLIC' },
      });
    },
  );

  test('a name that changes its mind is asked once, and what was checked is what is called', async () => {
    const port = new URL(double.url).port;
    const { http, asked } = resolving(['127.0.0.1', '192.0.2.7'], ['127.0.0.1']);
    await expect(http.request(call({ url: `http://rebind.example:${port}/` }))).rejects.toMatchObject({ detail: { rule: 'URL_NOT_PUBLIC' } });
    expect([asked, double.ledger]).toEqual([['rebind.example'], []]);
  });

  test('a permit is for its port alone', async () => {
    const other = createGuardedHttp({ allow: ['127.0.0.1:1'] });
    await expect(other.request(call())).rejects.toMatchObject({ detail: { rule: 'URL_NOT_PUBLIC' } });
    expect(double.ledger).toEqual([]);
  });

  test('public ones are not', () => expect(['8.8.8.8', '2606:4700::1'].map(isPublicAddress)).toEqual([true, true]));
});

test.each(['ftp://example.com', 'file:///etc/passwd', 'gopher://x', 'nonsense'])('%s is no web address', async (url) => {
  await expect(provider.request(call({ url }))).rejects.toMatchObject({ retryable: false, detail: { rule: 'URL_SCHEME' } });
});

test.each([[{ Host: 'internal' }], [{ 'Content-Length': '3' }], [{ 'X-One': 'a\r\nb: c' }], [{ 'webhook-id': 'other' }]])('header %j is not allowed', async (headers) => {
  await expect(provider.request(call({ headers: headers as unknown as Record<string, string> }))).rejects.toMatchObject({
    retryable: false,
    detail: { rule: 'HEADER_NOT_ALLOWED' },
  });
});

test('a redirect is an answer, not a direction', async () => {
  double.script = () => ({ status: 302, headers: { location: 'http://169.254.169.254/' } });
  expect(await provider.request(call())).toMatchObject({ status: 302 });
  expect(double.ledger).toHaveLength(1);
});

test('no more than 64 KB is kept', async () => {
  double.script = () => ({ status: 200, body: 'x'.repeat(300_000) });
  expect((await provider.request(call())).body).toHaveLength(65_536);
});

test.each([['hang' as const], ['reset' as const]])('%s is silence', async (reply) => {
  double.script = () => reply;
  await expect(provider.request(call({ timeoutMs: 1_500 }))).rejects.toMatchObject({ retryable: true, unknown: true });
});

test('requests carry their id, and a signature when there is a secret', async () => {
  await provider.request(call({ secret: `whsec_${Buffer.from('key').toString('base64')}` }));
  const { headers, body } = double.ledger[0]!;
  const expected = createHmac('sha256', 'key').update(`s1.${headers['webhook-timestamp']}.${body}`).digest('base64');
  expect(headers).toMatchObject({ 'webhook-id': 's1', 'webhook-signature': `v1,${expected}`, 'content-type': 'application/json' });
});
