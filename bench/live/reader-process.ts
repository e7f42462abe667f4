import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { createFrameReader, textFrame } from './frames.ts';
import { DOCUMENT } from './story.ts';
import { createSample, type Sample } from './sample.ts';
import type { Counts, ReaderPlan, Report, ToReader } from './told.ts';

/**
 * A process with all the subscribers: graphql-transport-ws by hand over plain sockets, so that reading costs little. Every socket counts its
 * frames; the sampled ones parse them.
 */
const plan = JSON.parse(process.argv[2] ?? '') as ReaderPlan;
const counts = new Int32Array(plan.sockets);
const samples: Sample[] = [];
const OPENING = 25;
const buffer = Buffer.allocUnsafe(512 * 1024);
let closed = 0;
let resumed = 0;

process.on('message', (order: ToReader) => {
  if (order.ask === 'begin') {
    counts.fill(0);
    for (const sample of samples) sample.begin(order.expected);
  }
  process.send?.(order.ask === 'report' ? report() : countsNow());
});
process.on('disconnect', () => process.exit(0));
for (let n = 0; n < plan.sockets; n += OPENING) await Promise.all(Array.from({ length: Math.min(OPENING, plan.sockets - n) }, (_, more) => subscribe(n + more)));
process.send?.('ready');

/** Resolves when the subscription is sent behind the acknowledged key. A socket that the server lets go comes back behind the cursor that it was told. */
function subscribe(index: number, after: string | null = null, sample = index < plan.sampled ? createSample(samples) : null): Promise<void> {
  const id = randomUUID(); // as the client of graphql-ws draws them
  return new Promise((resolve, reject) => {
    let upgraded = false;
    let letGo: string | null = null;
    const count = (): void => void (counts[index] = counts[index]! + 1);
    const onText = (payload: Buffer | null): void => {
      const message = JSON.parse(payload!.toString()) as { type: string; payload?: unknown };
      if (message.type === 'connection_ack') {
        socket.write(textFrame(JSON.stringify({ id, type: 'subscribe', payload: { query: DOCUMENT, variables: { after } } })), () => resolve());
        reader = createFrameReader(onFrame, sample !== null);
      } else if (message.type === 'next') {
        count();
        sample?.take(message.payload);
      }
      if (!['connection_ack', 'next', 'ping', 'pong'].includes(message.type)) reject(new Error(payload!.toString()));
    };
    const onFrame = (opcode: number, payload: Buffer | null): void => {
      if (opcode === 9) socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
      if (opcode === 8) {
        letGo = /LAGGING: resume from cursor (\S+)/.exec(payload!.toString())?.[1] ?? null;
        socket.end();
      }
      if (opcode !== 1) return;
      if (payload) onText(payload);
      else count(); // behind the acknowledgement every text is an event
    };
    let reader = createFrameReader(onFrame, true);
    const onBytes = (bytes: Buffer): void => {
      if (upgraded) return reader.take(bytes);
      upgraded = true;
      const end = bytes.indexOf('\r\n\r\n');
      if (!bytes.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) reject(new Error(bytes.subarray(0, end).toString()));
      socket.write(textFrame(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${plan.keys[index % plan.keys.length]}` } })));
      reader.take(bytes.subarray(end + 4));
    };
    const socket = connect({ port: plan.port, host: '127.0.0.1', onread: { buffer, callback: (size: number, bytes: Uint8Array) => (onBytes(Buffer.from(bytes.buffer, bytes.byteOffset, size)), true) } });
    socket.on('error', reject);
    socket.on('close', () => {
      if (letGo === null) closed += 1;
      else resumed += 1;
      if (letGo !== null) void subscribe(index, letGo, sample).catch(() => void (closed += 1));
    });
    socket.write('GET /graphql HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
  });
}

function countsNow(): Counts {
  return { fewest: counts.reduce((least, count) => Math.min(least, count)), most: counts.reduce((most, count) => Math.max(most, count)), closed, resumed };
}

function report(): Report {
  const sorted = samples.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
  const percentile = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { ...countsNow(), read: sorted.length, faults: samples.flatMap(({ faults }) => faults()), p50: percentile(0.5), p99: percentile(0.99) };
}
