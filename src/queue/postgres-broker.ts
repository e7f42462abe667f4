import { createPostgresBackend, Queue, Worker } from 'bullmq';
import { Pool } from 'pg';
import type { OnTrouble } from '../core/ports/outside.ts';
import { type Broker, eventStream, jobOptions, workerOptions } from './broker.ts';

/** Jobs in PostgreSQL, in a schema of their own that BullMQ makes and migrates: for machines without a Redis. */
export function createPostgresBroker(databaseUrl: string, schema: string, onTrouble: OnTrouble): Broker {
  const connection = { connectionString: databaseUrl, schema, migrate: true, max: 2, application_name: 'millrace-queue', keepAlive: true };
  const pinger = new Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 2_000, application_name: 'millrace-queue' });
  pinger.on('error', (error) => onTrouble('the queue\'s connection to PostgreSQL', error));
  return {
    kind: 'postgres',
    ready: () => true,
    openQueue(name) {
      const queue = new Queue(name, { connection, defaultJobOptions: jobOptions, streams: eventStream }, createPostgresBackend);
      queue.on('error', (error) => onTrouble(`queue ${name}`, error));
      return queue;
    },
    openWorker(name, processor, concurrency) {
      const worker = new Worker(name, processor, { ...workerOptions, connection, concurrency }, createPostgresBackend);
      worker.on('error', (error) => onTrouble(`worker ${name}`, error));
      return worker;
    },
    async ping() {
      await pinger.query('SELECT 1');
    },
    close: () => pinger.end(),
  };
}
