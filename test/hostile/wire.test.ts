import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostileStage, type HostileStage } from '../support/hostile-stage.ts';

let stage: HostileStage;
beforeAll(async () => {
  stage = await createHostileStage();
  await stage.brace();
});
afterAll(() => stage.close());

const HOST = 'Host: millrace\r\n';
const post = (headers: string, body = ''): string => `POST /api/contacts HTTP/1.1\r\n${HOST}Authorization: Bearer {key}\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
const get = (target: string, headers = HOST): string => `GET ${target} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`;
const SMUGGLED = 'DELETE /api/workflows/x HTTP/1.1\r\nHost: x\r\n\r\n';

/** Bytes that no client library would send, and what HTTP says to them (RFC 9110, RFC 9112). */
const rows: [what: string, bytes: string, answer: RegExp][] = [
  ['a length and chunks', post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${SMUGGLED}`), /^HTTP\/1\.1 400/],
  ['chunks and a length', post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `0\r\n\r\n${SMUGGLED}`), /^HTTP\/1\.1 400/],
  ['two lengths', post('Content-Length: 0\r\nContent-Length: 44\r\n', SMUGGLED), /^HTTP\/1\.1 400/],
  ['two lengths in one', post('Content-Length: 0, 44\r\n', SMUGGLED), /^HTTP\/1\.1 400/],
  ['a length below nothing', post('Content-Length: -1\r\n'), /^HTTP\/1\.1 400/],
  ['a length with a plus', post('Content-Length: +2\r\n', '{}'), /^HTTP\/1\.1 400/],
  ['a length beyond all', post('Content-Length: 99999999999999999999\r\n'), /^HTTP\/1\.1 400/],
  ['an encoding that is not there', post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${SMUGGLED}`), /^HTTP\/1\.1 (400|501)/],
  ['chunked, and not last', post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${SMUGGLED}`), /^HTTP\/1\.1 (400|501)/],
  ['a chunk whose size is none', post('Transfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n0\r\n\r\n'), /^HTTP\/1\.1 400/],
  ['a chunk beyond all', post('Transfer-Encoding: chunked\r\n', 'ffffffffffffffffff\r\n{}\r\n0\r\n\r\n'), /^HTTP\/1\.1 400/],
  ['a chunk with 64 KiB of extensions', post('Transfer-Encoding: chunked\r\n', `2;${'a'.repeat(65_536)}\r\n{}\r\n0\r\n\r\n`), /^HTTP\/1\.1 413/],
  ['a blank before the colon', get('/api/workflows', `${HOST}Authorization : Bearer x\r\n`), /^HTTP\/1\.1 400/],
  ['a folded header', get('/api/workflows', `${HOST}X-A: b\r\n c: d\r\n`), /^HTTP\/1\.1 (400|401)/],
  ['U+0000 in a header', get('/api/workflows', `${HOST}X-A: a\0b\r\n`), /^HTTP\/1\.1 400/],
  ['a bare CR in a header', get('/api/workflows', `${HOST}X-A: a\rX-B: b\r\n`), /^HTTP\/1\.1 400/],
  ['a header without a name', get('/api/workflows', `${HOST}: a\r\n`), /^HTTP\/1\.1 400/],
  ['a header of 32 KiB', get('/api/workflows', `${HOST}X-A: ${'a'.repeat(32_768)}\r\n`), /^HTTP\/1\.1 431/],
  ['10,000 headers', get('/api/workflows', HOST + Array.from({ length: 10_000 }, (_, i) => `X-${i}: 1\r\n`).join('')), /^HTTP\/1\.1 431/],
  ['an address of 40 KiB', get(`/api/workflows/${'a'.repeat(40_960)}`), /^HTTP\/1\.1 (414|431)/],
  ['no host', get('/api/workflows', ''), /^HTTP\/1\.1 400/],
  ['a blank in the address', get('/api/work flows'), /^HTTP\/1\.1 400/],
  ['no address', get(''), /^HTTP\/1\.1 400/],
  ['an address without a slash', get('@evil.example/'), /^HTTP\/1\.1 400/],
  ['an address of another house', get('http://evil.example/api/workflows'), /^HTTP\/1\.1 401/],
  ['two slashes', get('//evil.example/api/workflows'), /^HTTP\/1\.1 404/],
  ['TRACE', `TRACE / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, /^HTTP\/1\.1 (400|405|501)/],
  ['CONNECT', `CONNECT evil.example:443 HTTP/1.1\r\n${HOST}\r\n`, /^$|^HTTP\/1\.1 (400|405|501)/],
  ['a method that is not there', `HACK / HTTP/1.1\r\n${HOST}\r\n`, /^HTTP\/1\.1 (400|501)/],
  ['a version of the future', `GET / HTTP/9.9\r\n${HOST}\r\n`, /^HTTP\/1\.1 (400|505)/],
  ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^HTTP\/1\.1 (400|505)/],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', /^HTTP\/1\.1 400/],
  ['nothing but noise', '\x00\x01\x02\x03\r\n\r\n', /^HTTP\/1\.1 400/],
];

describe('hostile bytes', () => {
  it.each(rows)('%s', async (_what, bytes, answer) => {
    const heard = await stage.wire(bytes.replace('{key}', stage.admin));
    expect(heard.slice(0, 200)).toMatch(answer);
    expect(heard.match(/^HTTP\/1\.1 /gm)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  it('have harmed nobody', async () => {
    await expect(stage.checkUnharmed()).resolves.toBeUndefined();
  });
});
