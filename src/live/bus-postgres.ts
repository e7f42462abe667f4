import { Client, escapeIdentifier, type Notification, Pool } from 'pg';
import type { Bus, OnTrouble } from '../core/ports/outside.ts';
import { createBus } from './bus.ts';
import type { Channel } from './messages.ts';

/** PostgreSQL refuses payloads of 8,000 bytes and more (https://www.postgresql.org/docs/current/sql-notify.html). */
const MAX_BYTES = 7_900;

/** The bus over LISTEN and NOTIFY: for machines without a Redis. */
export function createPostgresBus(databaseUrl: string, prefix: string, onTrouble: OnTrouble): Bus {
  const nameOf = (channel: Channel): string => `${prefix}_bus_${channel}`;
  const pool = new Pool({ connectionString: databaseUrl, max: 2, application_name: 'millrace-bus' });
  pool.on('error', (error) => onTrouble('the live bus\'s connection to PostgreSQL', error));
  const ear = createEar(databaseUrl, onTrouble);
  return createBus({
    maxBytes: MAX_BYTES,
    async send(channel, text) {
      await pool.query('SELECT pg_notify($1, $2)', [nameOf(channel), text]);
    },
    open: (channel, onText) => ear.listen(nameOf(channel), onText),
    async close() {
      await Promise.all([ear.close(), pool.end()]);
    },
  }, onTrouble);
}

/** One connection that listens, made again whenever it is lost. */
function createEar(databaseUrl: string, onTrouble: OnTrouble) {
  const heard = new Map<string, (text: string) => void>();
  let client: Client | null = null;
  let closed = false;
  let again: NodeJS.Timeout | undefined;

  const lost = (which: Client, error?: unknown): void => {
    if (client !== which || closed) return;
    client = null;
    which.end().catch(() => undefined);
    if (error) onTrouble('the live bus\'s connection to PostgreSQL', error);
    again = setTimeout(connect, 500);
  };

  const connect = (): void => {
    const next = new Client({ connectionString: databaseUrl, application_name: 'millrace-bus', keepAlive: true });
    client = next;
    next.on('error', (error) => lost(next, error));
    next.on('end', () => lost(next));
    next.on('notification', ({ channel, payload }: Notification) => heard.get(channel)?.(payload ?? ''));
    next.connect().then(() => listenToAll(next)).catch((error: unknown) => lost(next, error));
  };

  const listenToAll = async (on: Client): Promise<void> => {
    for (const name of heard.keys()) await on.query(`LISTEN ${escapeIdentifier(name)}`);
  };

  return {
    listen(name: string, onText: (text: string) => void): void {
      heard.set(name, onText);
      const current = client;
      if (!current) connect();
      else current.query(`LISTEN ${escapeIdentifier(name)}`).catch((error: unknown) => lost(current, error));
    },
    async close(): Promise<void> {
      closed = true;
      clearTimeout(again);
      await client?.end().catch(() => undefined);
    },
  };
}
