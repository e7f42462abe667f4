import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openStreams } from '../../src/live/stream.ts';
import { createLiveStage, type LiveStage, type Reader } from '../support/live-stage.ts';
import { until } from '../support/until.ts';

/** What one event weighs, and how many there are: more than the buffers of both kernels hold. */
const HEAVY = 'x'.repeat(2_000);
const EVENTS = 12_000;
/** What waits for a reader in this process at most: the limit of a socket, and a batch. */
const MOST_WAITING = 2 * 1024 * 1024;
const PATIENT = 60_000;

let stage: LiveStage;
beforeAll(async () => void (stage = await createLiveStage({ patienceMs: 500, pingMs: 600_000, waiting: 128 * 1024 })));
afterAll(() => stage.close());

const listening = (readers: Reader[]): Promise<unknown> => until('everybody hears', () => {
  stage.publish(1);
  return readers.every(({ cursors }) => cursors.length > 0);
}, PATIENT);

describe('readers that do not read', () => {
  it('harm nobody, are let go with a cursor, and miss nothing when they come back: over both transports and REST', async () => {
    const opens = Object.values(stage.opens);
    const good = opens.map((open) => open(null));
    const bad = opens.map((open) => open(null));
    await listening([...good, ...bad]);
    for (const reader of bad) reader.pause();

    // In pieces, as news comes: whoever reads keeps up.
    const behind = (): number => Math.min(...good.map(({ cursors }) => cursors.length));
    let most = 0;
    for (let n = 0; n < EVENTS; n += 1_000) {
      const before = behind();
      stage.publish(1_000, HEAVY);
      await until('those who read have read', () => behind() >= before + 1_000, PATIENT);
      most = Math.max(most, ...[...stage.wires].map(({ writableLength }) => writableLength));
    }
    const last = good[0]!.cursors.at(-1)!;
    await until('all who read are at the same place', () => good.every(({ cursors }) => cursors.at(-1) === last), PATIENT);
    expect(most).toBeLessThan(MOST_WAITING);
    await until('those who do not are let go', () => openStreams() === good.length, PATIENT);

    for (const [index, reader] of bad.entries()) {
      reader.resume();
      await until(`reader ${index} was told from where to go on`, () => reader.letGo !== null, PATIENT);
      expect(reader.letGo).toBe(reader.cursors.at(-1));
      expect(reader.letGo).not.toBe(last);
      const again = opens[index]!(reader.letGo);
      await until(`reader ${index} has caught up`, () => again.cursors.at(-1) === last, PATIENT);
      const [own, whole] = [[...reader.cursors, ...again.cursors], good[index]!.cursors];
      // Whichever of the two began to listen later missed what came before.
      const [longer, shorter] = own.length > whole.length ? [own, whole] : [whole, own];
      expect(longer.slice(longer.indexOf(shorter[0]!))).toEqual(shorter);
      again.close();
    }
    for (const reader of [...good, ...bad]) reader.close();
    await until('nothing is left open', () => openStreams() === 0, PATIENT);
  }, 120_000);

  it('leave their places when they go away while they are behind', async () => {
    const readers = Object.values(stage.opens).map((open) => open(null));
    await listening(readers);
    for (const reader of readers) reader.pause();
    stage.publish(EVENTS, HEAVY);
    for (const reader of readers) reader.close();
    await until('nothing is left open', () => openStreams() === 0, PATIENT);
  }, 120_000);

  it('and ask on and on are heard no more, and are ended', async () => {
    const others = new Set(stage.wires);
    const socket = new WebSocket(stage.url, 'graphql-transport-ws');
    socket.on('error', () => undefined);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${stage.here.admin}` } })));
    await new Promise((resolve) => socket.once('message', resolve));
    const wire = [...stage.wires].find((each) => !others.has(each))!;
    socket.pause();
    let most = 0;
    await until('the server ends it', () => {
      if (socket.bufferedAmount < 10_000_000) socket.send(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(500_000) } }));
      most = Math.max(most, wire.writableLength);
      return wire.destroyed;
    }, PATIENT);
    socket.terminate();
    expect(most).toBeLessThan(MOST_WAITING);
  }, 120_000);
});
