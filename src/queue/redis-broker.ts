import { Queue, Worker } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import type { OnTrouble } from '../core/ports/outside.ts';
import { type Broker, eventStream, jobOptions, workerOptions } from './broker.ts';
import type { Nudge } from './names.ts';

/** A lost connection is sought again at least once a second, for ever. One that says nothing while it is asked is lost, too; a worker's longest question takes ten seconds. */
const reconnect: RedisOptions = { retryStrategy: (times) => Math.min(50 * times, 1_000), connectTimeout: 5_000, socketTimeout: 15_000 };

/** Producers must not hold up a commit's caller: a command fails rather than waits for a broker that is away. */
const impatient: RedisOptions = { ...reconnect, enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 2_000, socketTimeout: 4_000 };

/** Workers wait for as long as it takes. */
const patient: RedisOptions = { ...reconnect, maxRetriesPerRequest: null };

/**
 * Jobs in Redis 6.2 or newer, or Valkey.
 * @param prefix what every key starts with.
 */
export function createRedisBroker(url: string, prefix: string, onTrouble: OnTrouble): Broker {
  const producer = new Redis(url, impatient);
  producer.on('error', (error) => onTrouble('the queue\'s connection to Redis', error));
  const clients: Redis[] = [];
  return {
    kind: 'redis',
    ready: () => producer.status === 'ready',
    openQueue(name) {
      const queue = new Queue<Nudge, void, string>(name, { connection: producer, prefix, defaultJobOptions: jobOptions, streams: eventStream });
      queue.on('error', (error) => onTrouble(`queue ${name}`, error));
      return queue;
    },
    openWorker(name, processor, concurrency) {
      const connection = new Redis(url, patient);
      clients.push(connection);
      connection.on('error', (error) => onTrouble(`worker ${name}'s connection to Redis`, error));
      const worker = new Worker<Nudge, void, string>(name, processor, { ...workerOptions, connection, prefix, concurrency });
      worker.on('error', (error) => onTrouble(`worker ${name}`, error));
      return worker;
    },
    async ping() {
      await producer.ping();
    },
    async close() {
      for (const client of [producer, ...clients]) client.disconnect();
    },
  };
}
