import type { Pool } from 'pg';
import type { DoorStore, KeptAnswer, KeyClaim, KeyedRequest } from '../core/ports/doors.ts';
import { crossingTransactions, type Sql, tenantTransactions } from './desk/transaction.ts';

/** One statement decides who owns a key: the insert, or the take-over of a claim that was left behind or has expired. */
const CLAIM = `INSERT INTO idempotency_keys AS k (location_id, route, key, body_hash) VALUES ($1, $2, $3, $4)
  ON CONFLICT (location_id, route, key) DO UPDATE SET body_hash = excluded.body_hash, status = NULL, response = NULL, created_at = now()
    WHERE (k.status IS NULL AND k.created_at < now() - interval '60 seconds') OR k.created_at < now() - interval '1 day'
  RETURNING k.key`;

/** What the doors need of PostgreSQL beside the desk. Every method throws UNAVAILABLE while it is away. */
export function createDoorStore(pool: Pool): DoorStore {
  const across = crossingTransactions(pool);
  return {
    claimKey: (request) => tenantTransactions(pool, request.locationId)((sql) => claim(sql, request)),
    settleKey: (request, answer) => tenantTransactions(pool, request.locationId)((sql) => settle(sql, request, answer)),
    beat: ({ name, pid, host }) => across(async (sql) => {
      await sql.rows('INSERT INTO worker_heartbeats (name, pid, host) VALUES ($1, $2, $3) ON CONFLICT (name, host, pid) DO UPDATE SET seen_at = now()', [name, pid, host]);
      await sql.rows("DELETE FROM worker_heartbeats WHERE name = $1 AND seen_at < now() - interval '1 hour'", [name]);
    }),
    livingWorkers: (withinMs) => across(async (sql) => {
      const rows = await sql.rows<{ name: string }>("SELECT DISTINCT name FROM worker_heartbeats WHERE seen_at > now() - $1 * interval '1 millisecond' ORDER BY name", [withinMs]);
      return rows.map((row) => row.name);
    }),
    appliedMigrations: () => across(async (sql) => {
      const book = await sql.row<{ found: boolean }>("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found");
      if (!book?.found) return [];
      const rows = await sql.rows<{ migration_name: string }>('SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL');
      return rows.map((row) => row.migration_name);
    }),
  };
}

async function claim(sql: Sql, { locationId, route, key, bodyHash }: KeyedRequest): Promise<KeyClaim> {
  if (await sql.row(CLAIM, [locationId, route, key, bodyHash])) return { kind: 'fresh' };
  const known = await sql.row<{ body_hash: string; status: number | null; response: Omit<KeptAnswer, 'status'> | null }>(
    'SELECT body_hash, status, response FROM idempotency_keys WHERE location_id = $1 AND route = $2 AND key = $3', [locationId, route, key],
  );
  if (known && known.body_hash !== bodyHash) return { kind: 'other_body' };
  if (!known || known.status === null || !known.response) return { kind: 'running' };
  return { kind: 'answered', answer: { status: known.status, ...known.response } };
}

async function settle(sql: Sql, { locationId, route, key }: KeyedRequest, answer: KeptAnswer | null): Promise<void> {
  const which = [locationId, route, key];
  if (!answer) await sql.rows('DELETE FROM idempotency_keys WHERE location_id = $1 AND route = $2 AND key = $3 AND status IS NULL', which);
  else await sql.rows('UPDATE idempotency_keys SET status = $4, response = $5 WHERE location_id = $1 AND route = $2 AND key = $3', [
    ...which, answer.status, JSON.stringify({ headers: answer.headers, body: answer.body }),
  ]);
}
