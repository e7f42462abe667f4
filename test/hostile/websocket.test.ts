import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createHostileStage, type HostileStage } from '../support/hostile-stage.ts';

let stage: HostileStage;
beforeAll(async () => {
  stage = await createHostileStage();
  await stage.brace();
});
afterAll(() => stage.close());

const PROTOCOL = 'graphql-transport-ws';
const text = (message: object): string => JSON.stringify(message);
const init = (key: string): string => text({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
const subscribe = (id: string, query = 'subscription { workflowEvents { __typename } }'): string => text({ id, type: 'subscribe', payload: { query } });

/** Opens a socket, says things one after the other once it is open (from the second on behind the ack), and gives the code that it was closed with. */
function closeCode(says: (key: string) => (string | Uint8Array)[], protocols: string[] = [PROTOCOL]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${stage.base.replace('http', 'ws')}/graphql`, protocols);
    const [first, ...rest] = says(stage.admin);
    socket.on('open', () => first !== undefined && socket.send(first));
    socket.on('message', (data) => {
      if (JSON.parse(String(data)).type === 'connection_ack') for (const one of rest) socket.send(one);
    });
    socket.on('close', resolve);
    socket.on('error', reject);
  });
}

const rows: [what: string, says: (key: string) => (string | Uint8Array)[], code: number][] = [
  ['silence', () => [], 4408],
  ['no JSON', () => ['hello'], 4400],
  ['cut JSON', () => ['{"type":'], 4400],
  ['a list', () => ['[]'], 4400],
  ['a type that is not there', () => ['{"type":"admin"}'], 4400],
  ['no type', () => ['{}'], 4400],
  ['random bytes', () => [Uint8Array.from({ length: 64 }, (_, i) => (i * 37) % 256)], 4400],
  ['a subscription first', () => [subscribe('1')], 4401],
  ['init without a key', () => [text({ type: 'connection_init' })], 4403],
  ['init with a wrong key', () => [init('nonsense')], 4403],
  ['init with an object for a key', () => [text({ type: 'connection_init', payload: { authorization: { a: 1 } } })], 4403],
  ['init with a text for a payload', () => [text({ type: 'connection_init', payload: 'x' })], 4400],
  ['init twice', (key) => [init(key), init(key)], 4429],
  ['a subscription without an id', (key) => [init(key), text({ type: 'subscribe', payload: { query: '{ __typename }' } })], 4400],
  ['a subscription with an empty id', (key) => [init(key), text({ id: '', type: 'subscribe', payload: { query: '{ __typename }' } })], 4400],
  ['a subscription without a query', (key) => [init(key), text({ id: '1', type: 'subscribe', payload: {} })], 4400],
  ['variables that are a text', (key) => [init(key), text({ id: '1', type: 'subscribe', payload: { query: '{ __typename }', variables: 'x' } })], 4400],
  ['one id twice', (key) => [init(key), subscribe('1'), subscribe('1')], 4409],
  // graphql-ws takes a message of the other side for a fault of its own.
  ['a message of the server', (key) => [init(key), text({ id: '1', type: 'next', payload: { data: {} } })], 4500],
  ['2 MiB', (key) => [init(key), 'x'.repeat(2 * 1024 * 1024)], 1009],
];

/** A frame as it goes over the wire; `mask` is what every frame of a client must have. */
const frame = (first: number, payload: Buffer, mask = true): Buffer =>
  Buffer.concat([Buffer.from([first, (mask ? 0x80 : 0) | payload.length]), ...(mask ? [Buffer.alloc(4)] : []), payload]);

const frames: [what: string, bytes: Buffer, code: number][] = [
  ['a frame without a mask', frame(0x81, Buffer.from('{}'), false), 1002],
  ['reserved bits', frame(0xf1, Buffer.from('{}')), 1002],
  ['an opcode that is not there', frame(0x83, Buffer.from('{}')), 1002],
  ['a ping in pieces', frame(0x09, Buffer.from('x')), 1002],
  ['a continuation of nothing', frame(0x80, Buffer.from('x')), 1002],
  ['text that is not UTF-8', frame(0x81, Buffer.from([0xff, 0xfe])), 1007],
  ['a close of one byte', frame(0x88, Buffer.from([3])), 1002],
  ['a length beyond all', Buffer.concat([Buffer.from([0x81, 0xff]), Buffer.alloc(8, 0x7f), Buffer.alloc(4)]), 1009],
];

const handshake = (more: string, path = '/graphql'): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: ${PROTOCOL}\r\n${more}\r\n`;
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

describe('hostile sockets', () => {
  it.each(rows)('%s', async (_what, says, code) => {
    expect(await closeCode(says)).toBe(code);
  });

  it.each([['an older protocol', ['graphql-ws']], ['no protocol', []]])('%s', async (_what, protocols) => {
    await expect(closeCode(() => [], protocols).catch(() => 4406)).resolves.toBe(4406);
  });

  it.each(frames)('%s', async (_what, bytes, code) => {
    const heard = await stage.wire(Buffer.concat([Buffer.from(handshake(`${KEY}Sec-WebSocket-Version: 13\r\n`)), bytes]), /\r\n\r\n[^]*\x88/);
    const closing = Buffer.from(heard.slice(heard.lastIndexOf('\x88')), 'latin1');
    expect([heard.slice(0, 12), closing.readUInt16BE(2)]).toEqual(['HTTP/1.1 101', code]);
  });

  it.each([
    ['an ancient version', handshake(`${KEY}Sec-WebSocket-Version: 7\r\n`), /^HTTP\/1\.1 4(00|26)/],
    ['no key', handshake('Sec-WebSocket-Version: 13\r\n'), /^HTTP\/1\.1 400/],
    ['a key that is none', handshake('Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n'), /^HTTP\/1\.1 400/],
    ['another path', handshake(`${KEY}Sec-WebSocket-Version: 13\r\n`, '/api/workflows'), /^HTTP\/1\.1 400/],
  ])('a handshake with %s', async (_what, bytes, answer) => {
    expect(await stage.wire(bytes)).toMatch(answer);
  });

  it('have harmed nobody', async () => {
    await expect(stage.checkUnharmed()).resolves.toBeUndefined();
  });
});
