import { Redis } from 'ioredis';
import type { Bus, OnTrouble } from '../core/ports/outside.ts';
import { createBus } from './bus.ts';

/** The bus over Redis publish/subscribe. ioredis subscribes again by itself after a lost connection. */
export function createRedisBus(url: string, prefix: string, onTrouble: OnTrouble): Bus {
  const channel = `${prefix}:bus:live`;
  const retryStrategy = (times: number): number => Math.min(50 * times, 1_000);
  const publisher = new Redis(url, { retryStrategy, enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 2_000 });
  const subscriber = new Redis(url, { retryStrategy, maxRetriesPerRequest: null, lazyConnect: true });
  for (const client of [publisher, subscriber]) client.on('error', (error) => onTrouble('the live bus\'s connection to Redis', error));

  return createBus({
    maxBytes: 1_000_000,
    async send(text) {
      if (publisher.status !== 'ready') await connected(publisher);
      await publisher.publish(channel, text);
    },
    open(onText) {
      subscriber.on('message', (_channel, text) => onText(text));
      subscriber.subscribe(channel).catch((error: unknown) => onTrouble('listening on the live bus', error));
    },
    async close() {
      publisher.disconnect();
      subscriber.disconnect();
    },
  }, onTrouble);
}

/** Resolves when the first connection stands; a bus that was connected before and lost its server fails at once instead. */
function connected(client: Redis): Promise<void> {
  if (client.status !== 'connecting' && client.status !== 'connect') return Promise.reject(new Error(`Redis is away (${client.status})`));
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve());
    client.once('close', () => reject(new Error('Redis is away')));
  });
}
