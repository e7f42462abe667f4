import type { SecretDesk } from '../../core/ports/desk.ts';
import type { SecretRecord } from '../../core/ports/records.ts';
import { uuidv7 } from '../../ids.ts';
import type { Bench } from './bench.ts';
import { writeAudit } from './outbox.ts';
import { recordOf } from './rows.ts';

const SECRET = 'name, created_at, updated_at';

export function secretDesk({ locationId, transact }: Bench): SecretDesk {
  return {
    putSecret: (name, cipher, audit) =>
      transact(async (sql) => {
        const row = await sql.row(PUT, [uuidv7(), locationId, name, Buffer.from(cipher)]);
        await writeAudit(sql, locationId, audit);
        return recordOf<SecretRecord>(row as object);
      }),
    deleteSecret: (name, audit) =>
      transact(async (sql) => {
        const row = await sql.row('DELETE FROM secrets WHERE location_id = $1 AND name = $2 RETURNING name', [locationId, name]);
        if (row) await writeAudit(sql, locationId, audit);
        return row !== null;
      }),
    listSecrets: () =>
      transact(async (sql) => (await sql.rows(`SELECT ${SECRET} FROM secrets WHERE location_id = $1 ORDER BY name`, [locationId])).map((row) => recordOf<SecretRecord>(row))),
    readSecrets: (names) =>
      transact(async (sql) => {
        const rows = await sql.rows<{ name: string; cipher: Buffer }>(
          'SELECT name, cipher FROM secrets WHERE location_id = $1 AND name = ANY($2::text[])', [locationId, names], 'read_secrets',
        );
        return new Map(rows.map(({ name, cipher }) => [name, cipher]));
      }),
  };
}

const PUT = `
  INSERT INTO secrets (id, location_id, name, cipher) VALUES ($1, $2, $3, $4)
  ON CONFLICT (location_id, name) DO UPDATE SET cipher = excluded.cipher, updated_at = now()
  RETURNING ${SECRET}`;
