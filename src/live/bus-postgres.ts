import { Client, escapeIdentifier, type Notification, Pool } from 'pg';
import type { Bus, OnTrouble } from '../core/ports/outside.ts';
import { createBus } from './bus.ts';

/** PostgreSQL refuses payloads of 8,000 bytes and more (https://www.postgresql.org/docs/current/sql-notify.html). */
const MAX_BYTES = 7_900;

/**
 * The bus over LISTEN and NOTIFY: for machines without a Redis. It keeps no history: a cursor of the activity feed is good for the process that gave
 * it, which holds the newest messages in memory, and a gap elsewhere.
 */
export function createPostgresBus(databaseUrl: string, prefix: string, onTrouble: OnTrouble): Bus {
  const channel = `${prefix}_bus_live`;
  const pool = new Pool({ connectionString: databaseUrl, max: 2, application_name: 'millrace-bus' });
  pool.on('error', (error) => onTrouble('the live bus\'s connection to PostgreSQL', error));
  const ear = createEar(databaseUrl, channel, onTrouble);
  return createBus({
    maxBytes: MAX_BYTES,
    async send(text) {
      await pool.query('SELECT pg_notify($1, $2)', [channel, text]);
    },
    open: (onText) => ear.listen(onText),
    async close() {
      await Promise.all([ear.close(), pool.end()]);
    },
  }, onTrouble);
}

/** One connection that listens, made again whenever it is lost. */
function createEar(databaseUrl: string, channel: string, onTrouble: OnTrouble) {
  let client: Client | null = null;
  let closed = false;
  let again: NodeJS.Timeout | undefined;

  const lost = (which: Client, onText: (text: string) => void, error?: unknown): void => {
    if (client !== which || closed) return;
    client = null;
    which.end().catch(() => undefined);
    if (error) onTrouble('the live bus\'s connection to PostgreSQL', error);
    again = setTimeout(() => listen(onText), 500);
  };

  const listen = (onText: (text: string) => void): void => {
    const next = new Client({ connectionString: databaseUrl, application_name: 'millrace-bus', keepAlive: true });
    client = next;
    next.on('error', (error) => lost(next, onText, error));
    next.on('end', () => lost(next, onText));
    next.on('notification', ({ payload }: Notification) => onText(payload ?? ''));
    next.connect().then(() => next.query(`LISTEN ${escapeIdentifier(channel)}`)).catch((error: unknown) => lost(next, onText, error));
  };

  return {
    listen,
    async close(): Promise<void> {
      closed = true;
      clearTimeout(again);
      await client?.end().catch(() => undefined);
    },
  };
}
