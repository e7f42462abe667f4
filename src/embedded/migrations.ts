import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { MillraceError, messageOf } from '../errors.ts';
import { projectRoot } from './project.ts';

/** The advisory lock that Prisma's own engine takes while it migrates, so that the two exclude each other. */
const MIGRATION_LOCK = 72707369;

/** Prisma's book of applied migrations, column for column: where its engine can run, it finds everything in order. */
const CREATE_BOOK = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
  logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

export interface Migration {
  /** The folder's name, `<timestamp>_<verb_noun>`: migrations are applied in its order. */
  name: string;
  sql: string;
  /** sha256 of the file in hex, as Prisma computes it. */
  checksum: string;
}

export const migrationsFolder = (): string => join(projectRoot(), 'prisma', 'migrations');

/** Reads every migration of a folder, in order. */
export async function readMigrations(folder: string = migrationsFolder()): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  return Promise.all(names.map(async (name) => {
    const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  }));
}

/** One checksum over all migrations: a database that was built by them can be recognised by it. */
export function checksumOf(migrations: Migration[]): string {
  return createHash('sha256').update(migrations.map((migration) => `${migration.name} ${migration.checksum}`).join('\n')).digest('hex');
}

/**
 * Brings a database to the newest migration: each file in one transaction, under an advisory lock, so that any number of
 * processes may call it at once. Gives the names that this call applied.
 * @throws MillraceError `INVALID_STATE` when an applied file was edited or a migration fails; that file leaves nothing behind.
 * `UNAVAILABLE` when nobody answers there or lets us in.
 */
export async function applyMigrations(url: string, migrations?: Migration[]): Promise<string[]> {
  const wanted = migrations ?? await readMigrations();
  const client = new Client({ connectionString: url, application_name: 'millrace-migrations' });
  await client.connect().catch((error: unknown) => {
    const { host, pathname } = new URL(url);
    throw new MillraceError('UNAVAILABLE', `PostgreSQL at ${host}${pathname} cannot be used: ${messageOf(error)}. Is it running, and does DATABASE_URL name it, its user and its password?`, { cause: error });
  });
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await applyMissing(client, wanted);
  } finally {
    await client.end();
  }
}

async function applyMissing(client: Client, migrations: Migration[]): Promise<string[]> {
  await client.query(CREATE_BOOK);
  const applied = await readBook(client);
  refuseEdited(migrations, applied);
  const missing = migrations.filter((migration) => !applied.has(migration.name));
  for (const migration of missing) await applyOne(client, migration);
  return missing.map((migration) => migration.name);
}

async function readBook(client: Pick<Client, 'query'>): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function refuseEdited(migrations: Migration[], applied: Map<string, string>): void {
  const edited = migrations.filter((migration) => applied.has(migration.name) && applied.get(migration.name) !== migration.checksum);
  if (edited.length === 0) return;
  const names = edited.map((migration) => migration.name).join(', ');
  throw new MillraceError('INVALID_STATE', `Migration ${names} was applied to this database and its file was edited afterwards. `
    + 'Undo the edit and write a new migration (npm run migrate:new <name>); for a throw-away database, npm run reset.');
}

async function applyOne(client: Client, migration: Migration): Promise<void> {
  const startedAt = new Date(Date.now());
  try {
    await client.query('BEGIN');
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name, startedAt],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new MillraceError('INVALID_STATE', `Migration ${migration.name} failed and was undone: ${messageOf(error)}`, { cause: error });
  }
}
