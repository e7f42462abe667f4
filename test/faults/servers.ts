import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { postgresFolder, startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { startEmbeddedRedis } from '../../src/embedded/redis.ts';
import { type Proxy, proxyOf } from '../support/proxy.ts';

/** A PostgreSQL and a Redis of one's own, brought up as `npm start` does and started again as it does, each also behind a proxy. */
export interface Servers {
  folder: string;
  /** Straight to the server: for the harness. */
  databaseUrl: string;
  redisUrl: string;
  /** What the processes under test are told. */
  postgres: Proxy;
  redis: Proxy;
  signalPostgres(signal: NodeJS.Signals): void;
  signalRedis(signal: NodeJS.Signals): void;
  flushRedis(): Promise<void>;
  /** False: PostgreSQL refuses every write, but those of connections that say otherwise. */
  setWritable(writable: boolean): Promise<void>;
  stop(): Promise<void>;
}

export async function startServers(): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-faults-'));
  const database = await startEmbeddedPostgres(folder, () => undefined);
  const cache = await startEmbeddedRedis(folder, () => undefined);
  if (!cache) throw new Error('These tests need a Redis of their own, and none could be found or unpacked on this machine.');
  const [postgres, redis] = await Promise.all([proxyOf(database.url), proxyOf(cache.url)]);
  const signal = (file: string, name: NodeJS.Signals): void => void process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), name);
  return {
    folder, databaseUrl: database.url, redisUrl: cache.url, postgres, redis,
    signalPostgres: (name) => signal(join(database.dataFolder, 'data', 'postmaster.pid'), name),
    signalRedis: (name) => signal(join(folder, 'redis', 'redis.pid'), name),
    async flushRedis() {
      const client = new Redis(cache.url);
      await client.flushall();
      client.disconnect();
    },
    async setWritable(writable) {
      const client = new Client({ connectionString: database.adminUrl });
      await client.connect();
      await client.query('SET default_transaction_read_only = off');
      await client.query(`ALTER SYSTEM SET default_transaction_read_only = ${writable ? 'off' : 'on'}`);
      await client.query('SELECT pg_reload_conf()');
      await client.end();
    },
    async stop() {
      await Promise.all([postgres.close(), redis.close()]);
      await cache.stop();
      await database.stop();
      for (const path of [postgresFolder(folder).folder, folder]) rmSync(path, { recursive: true, force: true });
    },
  };
}
