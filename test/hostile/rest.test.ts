import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFINITION } from '../support/desk-stage.ts';
import { createHostileStage, type HostileStage, type Shot } from '../support/hostile-stage.ts';

let stage: HostileStage;
let made: { workflow: string; contact: string; foreign: string };
beforeAll(async () => {
  stage = await createHostileStage();
  const workflow = (await stage.ask('POST', '/api/workflows', { body: DEFINITION })).json.id;
  await stage.ask('POST', `/api/workflows/${workflow}/publish`);
  const contact = (await stage.ask('POST', '/api/contacts', { body: { email: 'ana@example.com' } })).json.id;
  const foreign = (await stage.ask('POST', '/api/contacts', { body: { email: 'eve@example.com' }, key: stage.foreign })).json.id;
  made = { workflow, contact, foreign };
  await stage.brace();
});
afterAll(() => stage.close());

const MIB = 1024 * 1024;
const NOBODY = '00000000-0000-4000-8000-000000000000';
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);
const place = (path: string): string => path.replace('{w}', made.workflow).replace('{c}', made.contact).replace('{foreign}', made.foreign);

/** A stream that never says how long it is. */
const flood = (size: number): ReadableStream<Uint8Array> => {
  let left = size;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      left -= 65_536;
      return controller.enqueue(new Uint8Array(65_536).fill(32));
    },
  });
};

type Row = [what: string, body: NonNullable<Shot['body']> | (() => NonNullable<Shot['body']>), status: number, code: string];
const json = (value: unknown): string => JSON.stringify(value);
const contactWith = (value: unknown): string => json({ email: 'mallory@example.com', ...(value as object) });

const contacts: Row[] = [
  ['JSON that is cut off', '{"email":', 422, 'INVALID_INPUT'],
  ['junk behind the JSON', '{} x', 422, 'INVALID_INPUT'],
  ['two JSON documents', '{}{}', 422, 'INVALID_INPUT'],
  ['single quotes', "{'email': 'a@example.com'}", 422, 'INVALID_INPUT'],
  ['a comment', '{"email": "m@example.com" /* x */}', 422, 'INVALID_INPUT'],
  ['a trailing comma', '{"email": "m@example.com",}', 422, 'INVALID_INPUT'],
  ['NaN', '{"custom_fields": {"a": NaN}}', 422, 'INVALID_INPUT'],
  ['blanks only', '   ', 422, 'INVALID_INPUT'],
  ['nothing', '', 422, 'INVALID_INPUT'],
  ['a list', '[]', 422, 'INVALID_INPUT'],
  ['null', 'null', 422, 'INVALID_INPUT'],
  ['a text', '"ana"', 422, 'INVALID_INPUT'],
  ['a number', '17', 422, 'INVALID_INPUT'],
  ['5,000 levels', `{"custom_fields": {"a": ${deep(5_000)}}}`, 422, 'INVALID_INPUT'],
  ['101 levels', `{"custom_fields": {"a": ${deep(99)}}}`, 422, 'INVALID_INPUT'],
  ['100,000 opening brackets', '['.repeat(100_000), 422, 'INVALID_INPUT'],
  ['a key twice', '{"email": "a@example.com", "email": "m@example.com"}', 422, 'INVALID_INPUT'],
  ['a key twice, written differently', '{"email": "a@example.com", "\\u0065mail": "m@example.com"}', 422, 'INVALID_INPUT'],
  ['a key twice, deep inside', '{"custom_fields": {"a": [{"b": 1, "c": {}, "b": 2}]}}', 422, 'INVALID_INPUT'],
  ['__proto__', '{"__proto__": {"admin": true}}', 422, 'INVALID_INPUT'],
  ['__proto__ deep inside', '{"custom_fields": {"a": {"__proto__": {"admin": true}}}}', 422, 'INVALID_INPUT'],
  ['constructor', '{"constructor": {"prototype": {"admin": true}}}', 422, 'INVALID_INPUT'],
  ["another location's id", contactWith({ location_id: NOBODY }), 422, 'INVALID_INPUT'],
  ['an id of its own', contactWith({ id: NOBODY }), 422, 'INVALID_INPUT'],
  ['a revision', contactWith({ revision: 9 }), 422, 'INVALID_INPUT'],
  ['U+0000 in a name', contactWith({ first_name: 'a\0b' }), 422, 'INVALID_INPUT'],
  ['U+0000 in a tag', contactWith({ tags: ['a\0b'] }), 422, 'INVALID_INPUT'],
  ['U+0000 in a custom field', contactWith({ custom_fields: { a: 'x\0' } }), 422, 'INVALID_INPUT'],
  ["U+0000 in a custom field's name", contactWith({ custom_fields: { 'a\0': 1 } }), 422, 'INVALID_INPUT'],
  ['half a character in a name', '{"first_name": "\\ud800"}', 422, 'INVALID_INPUT'],
  ['half a character in a custom field', '{"custom_fields": {"a": "\\udfff"}}', 422, 'INVALID_INPUT'],
  ['bytes that are not UTF-8', bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), 422, 'INVALID_INPUT'],
  ['an overlong slash', bytes(0x22, 0xc0, 0xaf, 0x22), 422, 'INVALID_INPUT'],
  ['UTF-16', bytes(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00), 422, 'INVALID_INPUT'],
  ['2 MiB', () => `{"first_name": "${'x'.repeat(2 * MIB)}"}`, 413, 'PAYLOAD_TOO_LARGE'],
  ['16 MiB in chunks', () => flood(16 * MIB), 413, 'PAYLOAD_TOO_LARGE'],
  ['a name of half a MiB', () => contactWith({ first_name: 'x'.repeat(MIB / 2) }), 422, 'INVALID_INPUT'],
  ['custom fields of 100 KiB', () => contactWith({ custom_fields: { a: 'x'.repeat(102_400) } }), 422, 'INVALID_INPUT'],
  ['a list for custom fields', contactWith({ custom_fields: [1] }), 422, 'INVALID_INPUT'],
  ['1,000 tags', contactWith({ tags: Array.from({ length: 1_000 }, (_, i) => `t${i}`) }), 422, 'INVALID_INPUT'],
  ['numbers for tags', contactWith({ tags: [1, {}] }), 422, 'INVALID_INPUT'],
  ['a header in an e-mail', json({ email: 'a@example.com\r\nBcc: b@example.com' }), 422, 'INVALID_INPUT'],
  ['two @ in an e-mail', json({ email: 'a@b@example.com' }), 422, 'INVALID_INPUT'],
  ['1,000 comments in an e-mail', json({ email: `${'('.repeat(1_000)}${')'.repeat(1_000)}a@example.com` }), 422, 'INVALID_INPUT'],
  ['an object for an e-mail', json({ email: { $ne: null } }), 422, 'INVALID_INPUT'],
  ['a local number', json({ phone: '555-1234' }), 422, 'INVALID_INPUT'],
  ['a number too short', json({ phone: '+1555' }), 422, 'INVALID_INPUT'],
  ['a zone on Mars', contactWith({ timezone: 'Mars/Phobos' }), 422, 'INVALID_INPUT'],
  ['consent for an unknown channel', contactWith({ consent: { pigeon: 'given' } }), 422, 'INVALID_INPUT'],
  ['consent that is neither', contactWith({ consent: { sms: 'maybe' } }), 422, 'INVALID_INPUT'],
];

const types: [what: string, headers: Record<string, string>][] = [
  ['text/plain', { 'content-type': 'text/plain' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['multipart', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['XML', { 'content-type': 'application/xml' }],
  ['YAML where JSON is taken', { 'content-type': 'application/yaml' }],
  ['nonsense', { 'content-type': ';;=' }],
  ['a type that only begins so', { 'content-type': 'application/jsonp' }],
  ['gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ['two encodings', { 'content-type': 'application/json', 'content-encoding': 'identity, br' }],
];

const definitions: Row[] = [
  [
    'an alias bomb',
    `a: &a [x, x, x, x]\n${Array.from({ length: 12 }, (_, i) => `${'bcdefghijklm'[i]}: &${'bcdefghijklm'[i]} [*${'abcdefghijklm'[i]}, *${'abcdefghijklm'[i]}]`).join('\n')}\n`,
    422,
    'VALIDATION_FAILED',
  ],
  ['1,000 brackets', `name: x\nsteps: ${deep(1_000)}\n`, 422, 'VALIDATION_FAILED'],
  ['a tag that makes functions', 'name: !!js/function "function () {}"\ntrigger: { type: manual }\nsteps: []\n', 422, 'VALIDATION_FAILED'],
  ['binary', `${DEFINITION}settings: !!binary aGVsbG8=\n`, 422, 'VALIDATION_FAILED'],
  ['two documents', `${DEFINITION}---\n${DEFINITION}`, 422, 'VALIDATION_FAILED'],
  ['a merge key', `${DEFINITION}settings:\n  <<: { a: 1 }\n`, 422, 'VALIDATION_FAILED'],
  ['a key twice', `${DEFINITION}name: Again\n`, 422, 'VALIDATION_FAILED'],
  ['U+0000', DEFINITION.replace('Hello', '"a\\0b"'), 422, 'VALIDATION_FAILED'],
  ['U+0000 as a byte', DEFINITION.replace('Hello', 'a\0b'), 422, 'VALIDATION_FAILED'],
  ['nothing but a comment', '# nothing\n', 422, 'VALIDATION_FAILED'],
  ['a text', 'just some words', 422, 'VALIDATION_FAILED'],
  ['steps as a map', 'name: x\ntrigger: { type: manual }\nsteps: { a: { type: wait } }\n', 422, 'VALIDATION_FAILED'],
  ['20,000 keys', () => Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'), 422, 'VALIDATION_FAILED'],
  [
    '10,000 steps',
    () => `name: x\ntrigger: { type: manual }\nsteps:\n${Array.from({ length: 10_000 }, (_, i) => `  - { id: s${i}, type: end }`).join('\n')}\n`,
    422,
    'VALIDATION_FAILED',
  ],
  ['3 MiB', () => `${DEFINITION}# ${'x'.repeat(3 * MIB)}`, 413, 'PAYLOAD_TOO_LARGE'],
  ['bytes that are not UTF-8', bytes(0x6e, 0x3a, 0x20, 0xff), 422, 'INVALID_INPUT'],
];

const targets: [what: string, method: string, path: string, shot: Shot, status: number, code: string][] = [
  ['a number for an id', 'GET', '/api/workflows/1', {}, 404, 'NOT_FOUND'],
  ['SQL for an id', 'GET', "/api/workflows/'%20OR%201=1--", {}, 404, 'NOT_FOUND'],
  ['dots for an id', 'GET', '/api/workflows/%2e%2e%2f%2e%2e%2fetc%2fpasswd', {}, 404, 'NOT_FOUND'],
  ['U+0000 in an id', 'GET', '/api/workflows/%00', {}, 404, 'NOT_FOUND'],
  ['a broken escape in an id', 'GET', '/api/workflows/%zz', {}, 404, 'NOT_FOUND'],
  ['4 KiB for an id', 'GET', `/api/workflows/${'a'.repeat(4_096)}`, {}, 404, 'NOT_FOUND'],
  ['no id', 'POST', '/api/workflows//publish', {}, 404, 'NOT_FOUND'],
  ["another location's contact", 'GET', '/api/contacts/{foreign}', {}, 404, 'NOT_FOUND'],
  ['U+0000 as a version', 'GET', '/api/workflows/{w}/versions/%00', {}, 404, 'NOT_FOUND'],
  ['a version below all', 'GET', '/api/workflows/{w}/versions/-1', {}, 404, 'NOT_FOUND'],
  ['a version beyond all', 'GET', '/api/workflows/{w}/versions/99999999999999999999', {}, 404, 'NOT_FOUND'],
  ['dots in the path', 'GET', '/api/workflows/../../../../etc/passwd', {}, 404, 'NOT_FOUND'],
  ['a doubled slash', 'GET', '/api//workflows', {}, 404, 'NOT_FOUND'],
  ['capitals', 'GET', '/API/workflows', {}, 404, 'NOT_FOUND'],
  ['path parameters', 'GET', '/api/workflows;admin=1', {}, 404, 'NOT_FOUND'],
  ['an overridden method', 'POST', '/api/contacts/{c}', { headers: { 'x-http-method-override': 'DELETE' } }, 405, 'METHOD_NOT_ALLOWED'],
  ['a method in the query', 'GET', '/api/contacts/{c}?_method=DELETE', {}, 422, 'INVALID_INPUT'],
  ['a method that is not there', 'PATCH', '/api/workflows', {}, 405, 'METHOD_NOT_ALLOWED'],
  ['PROPFIND', 'PROPFIND', '/api/workflows', {}, 405, 'METHOD_NOT_ALLOWED'],
  ['a page of none', 'GET', '/api/contacts?limit=0', {}, 422, 'INVALID_INPUT'],
  ['a page of fewer', 'GET', '/api/contacts?limit=-1', {}, 422, 'INVALID_INPUT'],
  ['a page of too many', 'GET', '/api/contacts?limit=101', {}, 422, 'INVALID_INPUT'],
  ['a page of a milliard', 'GET', '/api/contacts?limit=1e9', {}, 422, 'INVALID_INPUT'],
  ['half an entry', 'GET', '/api/contacts?limit=1.5', {}, 422, 'INVALID_INPUT'],
  ['no number', 'GET', '/api/contacts?limit=', {}, 422, 'INVALID_INPUT'],
  ['two limits', 'GET', '/api/contacts?limit=1&limit=100', {}, 422, 'INVALID_INPUT'],
  ['a list of limits', 'GET', '/api/contacts?limit[]=1', {}, 422, 'INVALID_INPUT'],
  ['__proto__ in the query', 'GET', '/api/contacts?__proto__=1', {}, 422, 'INVALID_INPUT'],
  ['a made-up cursor', 'GET', '/api/contacts?cursor=abc', {}, 422, 'INVALID_INPUT'],
  ['a cursor with U+0000', 'GET', '/api/contacts?cursor=%00', {}, 422, 'INVALID_INPUT'],
  ['SQL in a cursor', 'GET', "/api/workflows?cursor=';DROP%20TABLE%20contacts;--", {}, 422, 'INVALID_INPUT'],
  ['a cursor of 1 KiB', 'GET', `/api/workflows?cursor=${'a'.repeat(1_024)}`, {}, 422, 'INVALID_INPUT'],
  ['a made-up cursor of a log', 'GET', '/api/workflows/{w}/enrollments?cursor=MTcwMA', {}, 422, 'INVALID_INPUT'],
  ['a status of its own', 'GET', '/api/workflows?status=deleted', {}, 422, 'INVALID_INPUT'],
  ['a moment that is none', 'GET', '/api/workflows/{w}/stats?from=yesterday', {}, 422, 'INVALID_INPUT'],
  ['a version that is none', 'GET', '/api/workflows/{w}/stats?version=99999999999', {}, 422, 'INVALID_INPUT'],
  ['a picture wanted', 'GET', '/api/workflows', { headers: { accept: 'image/png' } }, 406, 'NOT_ACCEPTABLE'],
  ['nothing wanted', 'GET', '/api/workflows', { headers: { accept: '*/*;q=0' } }, 406, 'NOT_ACCEPTABLE'],
  ['nonsense wanted', 'GET', '/api/workflows', { headers: { accept: ';;,,/' } }, 406, 'NOT_ACCEPTABLE'],
  ['a tag that is none', 'PUT', '/api/workflows/{w}', { body: DEFINITION, headers: { 'content-type': 'application/yaml', 'if-match': 'r1' } }, 412, 'VERSION_CONFLICT'],
  ['no tag', 'PUT', '/api/workflows/{w}', { body: DEFINITION, headers: { 'content-type': 'application/yaml' } }, 428, 'PRECONDITION_REQUIRED'],
  [
    'an Idempotency-Key of 5 KiB',
    'POST',
    '/api/contacts',
    { body: '{}', headers: { 'content-type': 'application/json', 'idempotency-key': 'k'.repeat(5_000) } },
    422,
    'INVALID_INPUT',
  ],
  ['an empty Idempotency-Key', 'POST', '/api/contacts', { body: '{}', headers: { 'content-type': 'application/json', 'idempotency-key': '' } }, 422, 'INVALID_INPUT'],
];

const keys: [what: string, authorization: string | undefined][] = [
  ['no key', undefined],
  ['another scheme', 'Basic YWRtaW46YWRtaW4='],
  ['an empty key', 'Bearer '],
  ['a token signed by nobody', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.'],
  ['SQL', "Bearer ' OR '1'='1"],
  ['a key of 8 KiB', `Bearer ${'k'.repeat(8_192)}`],
  ['two keys', 'Bearer a, Bearer b'],
  ['a star', 'Bearer *'],
];

interface Entry {
  pointer: string;
  detail: string;
  line: number | null;
}
const areTold = (rows: Entry[]): boolean => rows.every(({ pointer, detail }) => typeof pointer === 'string' && detail.length > 0);

describe('hostile requests to REST', () => {
  it.each(contacts)('a contact of %s', async (_what, body, status, code) => {
    const answer = await stage.shoot('POST', '/api/contacts', { body: typeof body === 'function' ? body() : body, headers: { 'content-type': 'application/json' } });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(areTold(answer.json.errors)).toBe(true);
    expect(answer.text.length).toBeLessThan(300_000);
  });

  it.each(types)('a contact as %s', async (_what, headers) => {
    const answer = await stage.shoot('POST', '/api/contacts', { body: '{"email":"mallory@example.com"}', headers });
    expect([answer.status, answer.json.code, answer.headers.get('accept')]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE', 'application/json']);
  });

  it.each(definitions)('a definition of %s', async (_what, body, status, code) => {
    const answer = await stage.shoot('POST', '/api/workflows', { body: typeof body === 'function' ? body() : body, headers: { 'content-type': 'application/yaml' } });
    expect([answer.status, answer.json.code, answer.json.errors.length > 0]).toEqual([status, code, true]);
  });

  it.each(targets)('%s: %s %s', async (_what, method, path, shot, status, code) => {
    const answer = await stage.shoot(method, place(path), shot);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });

  it.each(keys)('%s opens nothing', async (_what, authorization) => {
    const answer = await stage.shoot('GET', '/api/workflows', { key: null, headers: authorization === undefined ? {} : { authorization } });
    expect([answer.status, answer.json.code, answer.headers.get('www-authenticate')]).toEqual([401, 'UNAUTHENTICATED', 'Bearer realm="millrace"']);
  });

  it('a key in the address opens nothing', async () => {
    expect((await stage.shoot('GET', `/api/workflows?api_key=${stage.admin}`, { key: null })).status).toBe(401);
  });

  it('have harmed nobody', async () => {
    await expect(stage.checkUnharmed()).resolves.toBeUndefined();
  });
});
