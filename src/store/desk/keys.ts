import type { KeyDesk } from '../../core/ports/desk.ts';
import type { ApiKeyRecord } from '../../core/ports/records.ts';
import { uuidv7 } from '../../ids.ts';
import type { Bench } from './bench.ts';
import { writeAudit } from './outbox.ts';
import { recordOf } from './rows.ts';

const KEY = 'id, name, prefix, scopes, expires_at, revoked_at, last_used_at, created_at';

export function keyDesk({ locationId, transact }: Bench): KeyDesk {
  return {
    insertKey: (key, audit) =>
      transact(async (sql) => {
        const row = await sql.row(
          `INSERT INTO api_keys (id, location_id, name, prefix, hash, scopes, expires_at)
           VALUES ($1, $2, $3, $4, decode($5, 'hex'), $6, to_timestamp($7::float8 / 1000)) RETURNING ${KEY}`,
          [uuidv7(), locationId, key.name, key.prefix, key.hash, key.scopes, key.expiresAt],
        );
        await writeAudit(sql, locationId, audit);
        return recordOf<ApiKeyRecord>(row as object);
      }),
    revokeKey: (id, audit) =>
      transact(async (sql) => {
        const row = await sql.row(`UPDATE api_keys SET revoked_at = COALESCE(revoked_at, now()) WHERE location_id = $1 AND id = $2 RETURNING ${KEY}`, [locationId, id]);
        if (row) await writeAudit(sql, locationId, audit);
        return row && recordOf<ApiKeyRecord>(row);
      }),
    noteKeyUse: (id) =>
      transact(async (sql) => {
        await sql.rows("UPDATE api_keys SET last_used_at = now() WHERE location_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')", [
          locationId, id,
        ]);
      }),
  };
}
