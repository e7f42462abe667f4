import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { applyMigrations, type Migration, readMigrations } from '../../src/embedded/migrations.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';

const migration = (name: string, sql: string, checksum = name): Migration => ({ name, sql, checksum });

async function query<T extends object>(database: TestDatabase, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('applyMigrations', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createEmptyDatabase();
  });
  afterEach(() => database.drop());

  it('applies every file once, in order, and writes it into Prisma\'s book', async () => {
    const migrations = [migration('1_a', 'CREATE TABLE a (id int); INSERT INTO a VALUES (1);'), migration('2_b', 'ALTER TABLE a ADD b int;')];
    expect(await applyMigrations(database.url, migrations)).toEqual(['1_a', '2_b']);
    expect(await applyMigrations(database.url, migrations)).toEqual([]);
    const rows = await query(database, 'SELECT migration_name, checksum, applied_steps_count, finished_at IS NOT NULL AS finished FROM _prisma_migrations ORDER BY 1');
    expect(rows).toEqual([
      { migration_name: '1_a', checksum: '1_a', applied_steps_count: 1, finished: true },
      { migration_name: '2_b', checksum: '2_b', applied_steps_count: 1, finished: true },
    ]);
  });

  it('lets three processes start at once', async () => {
    const migrations = [migration('1_a', 'CREATE TABLE a (id int); SELECT pg_sleep(0.2); INSERT INTO a VALUES (1);')];
    const applied = await Promise.all([1, 2, 3].map(() => applyMigrations(database.url, migrations)));
    expect(applied.flat()).toEqual(['1_a']);
    expect(await query(database, 'SELECT id FROM a')).toEqual([{ id: 1 }]);
  });

  it('refuses an edited file by name', async () => {
    await applyMigrations(database.url, [migration('1_a', 'SELECT 1')]);
    await expect(applyMigrations(database.url, [migration('1_a', 'SELECT 2', 'other')])).rejects.toThrow(/1_a .*edited afterwards/);
  });

  it('leaves nothing of a file that fails', async () => {
    const broken = [migration('1_a', 'CREATE TABLE a (id int);'), migration('2_b', 'CREATE TABLE b (id int); SELECT nonsense;')];
    await expect(applyMigrations(database.url, broken)).rejects.toThrow(/2_b failed and was undone: column "nonsense"/);
    expect(await query(database, "SELECT relname FROM pg_class WHERE relname IN ('a', 'b')")).toEqual([{ relname: 'a' }]);
    expect(await applyMigrations(database.url, [broken[0]!, migration('2_b', 'CREATE TABLE b (id int);')])).toEqual(['2_b']);
  });
});

describe('createTestDatabase', () => {
  it('gives a database of the newest migration', async () => {
    const [database, migrations] = await Promise.all([createTestDatabase(), readMigrations()]);
    const rows = await query<{ name: string }>(database, 'SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1');
    expect(rows.map((row) => row.name)).toEqual(migrations.map((each) => each.name));
    await database.drop();
  });
});
