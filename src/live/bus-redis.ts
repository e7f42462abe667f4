import { Redis } from 'ioredis';
import type { Bus, OnTrouble } from '../core/ports/outside.ts';
import { createBus, type Positioned } from './bus.ts';

/** Messages that the stream keeps, more or less: Redis drops whole nodes of it (https://redis.io/docs/latest/commands/xadd/). */
const KEPT = 5_000;
/** Of one message; so the stream holds 320 MB at the very most, and a hundredth of it in daily life. */
const MAX_BYTES = 64 * 1024;
const READ = 500;
/** How long a read waits for news, and a reader after a failure (ms). */
const BLOCK_MS = 5_000;
/** A line that says nothing for so long while it is asked is lost. */
const SILENT_MS = { publisher: 4_000, reader: 2 * BLOCK_MS } as const;
const AGAIN_MS = 300;
const PLACE = /^\d{1,15}-\d{1,15}$/;

/**
 * The bus over a capped Redis stream: one entry a message, whose id is its place in a history that is the same for all processes. Each process
 * reads it with one blocking connection from where it was, so a lost connection loses nothing that the stream still has.
 */
export function createRedisBus(url: string, prefix: string, onTrouble: OnTrouble): Bus {
  const key = `${prefix}:bus:stream`;
  const retryStrategy = (times: number): number => Math.min(50 * times, 1_000);
  const publisher = new Redis(url, { retryStrategy, enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 2_000, socketTimeout: SILENT_MS.publisher });
  const reader = new Redis(url, { retryStrategy, maxRetriesPerRequest: null, lazyConnect: true, socketTimeout: SILENT_MS.reader });
  for (const client of [publisher, reader]) client.on('error', (error) => onTrouble('the live bus\'s connection to Redis', error));
  let closed = false;

  return createBus({
    maxBytes: MAX_BYTES,
    async send(text) {
      if (publisher.status !== 'ready') await connected(publisher);
      await publisher.xadd(key, 'MAXLEN', '~', KEPT, '*', 'm', text);
    },
    open: (onText) => void follow(reader, key, onText, { isClosed: () => closed, onTrouble }),
    async from(position, limit) {
      if (publisher.status !== 'ready') await connected(publisher);
      if (!PLACE.test(position)) return entriesOf(await publisher.xrange(key, '-', '+', 'COUNT', 1));
      return entriesOf(await publisher.xrange(key, position, '+', 'COUNT', limit));
    },
    async close() {
      closed = true;
      publisher.disconnect();
      reader.disconnect();
    },
  }, onTrouble);
}

/** Tells every entry of the stream that comes from now on, until the bus is closed. Goes on from where it was after a failure. Never throws. */
async function follow(
  reader: Redis, key: string, onText: (text: string, position: string) => void, { isClosed, onTrouble }: { isClosed: () => boolean; onTrouble: OnTrouble },
): Promise<void> {
  let last: string | null = null;
  while (!isClosed()) {
    try {
      last ??= (await reader.xrevrange(key, '+', '-', 'COUNT', 1))[0]?.[0] ?? '0-0';
      const read: [string, [string, string[]][]][] | null = await reader.xread('COUNT', READ, 'BLOCK', BLOCK_MS, 'STREAMS', key, last);
      if (!read) last = await stillThere(reader, key, last);
      for (const { text, position } of entriesOf(read?.[0]?.[1] ?? [])) onText(text, (last = position));
    } catch (error) {
      if (isClosed()) return;
      onTrouble('listening on the live bus', error);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

const entriesOf = (entries: [string, string[]][]): Positioned[] => entries.flatMap(([position, [, text]]) => (text === undefined ? [] : [{ position, text }]));

/** The place to read on from: the start, when somebody emptied the Redis and its clock is behind. */
async function stillThere(reader: Redis, key: string, last: string): Promise<string> {
  return (await reader.exists(key)) === 0 ? '0-0' : last;
}

/** Resolves when the first connection stands; a bus that was connected before and lost its server fails at once instead. */
function connected(client: Redis): Promise<void> {
  if (client.status !== 'connecting' && client.status !== 'connect') return Promise.reject(new Error(`Redis is away (${client.status})`));
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve());
    client.once('close', () => reject(new Error('Redis is away')));
  });
}
