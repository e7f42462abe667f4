import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { applyMigrations, checksumOf, readMigrations } from '../../src/embedded/migrations.ts';

/** A migrated database of a test's own. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** The server that tests make their databases on. `npm test` starts one and names it here. */
export function testServerUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) throw new Error('TEST_DATABASE_URL is not set. Run the tests with npm test -- <files>: it brings a PostgreSQL of its own and names it here.');
  return url;
}

/**
 * A fresh, migrated database: a copy of a template that is built once per set of migrations, so it takes
 * some 50 ms. `drop` also ends whatever is still connected.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = await ensureTemplate();
  const name = `millrace_test_${randomBytes(8).toString('hex')}`;
  await onServer((client) => client.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`));
  return { url: urlOf(name), drop: () => dropDatabase(name) };
}

/** A fresh database without a single table. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const name = `millrace_test_${randomBytes(8).toString('hex')}`;
  await onServer((client) => client.query(`CREATE DATABASE ${escapeIdentifier(name)}`));
  return { url: urlOf(name), drop: () => dropDatabase(name) };
}

const TEMPLATE_LOCK = 72707370;
let template: Promise<string> | null = null;

function ensureTemplate(): Promise<string> {
  template ??= buildTemplate();
  return template;
}

async function buildTemplate(): Promise<string> {
  const migrations = await readMigrations();
  const name = `millrace_template_${checksumOf(migrations).slice(0, 16)}`;
  await onServer(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount !== 0) return;
    const building = `${name}_building`;
    await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(building)} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${escapeIdentifier(building)}`);
    await applyMigrations(urlOf(building), migrations);
    await client.query(`ALTER DATABASE ${escapeIdentifier(building)} RENAME TO ${escapeIdentifier(name)}`);
  });
  return name;
}

function dropDatabase(name: string): Promise<void> {
  return onServer(async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
  });
}

async function onServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: testServerUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(testServerUrl());
  url.pathname = `/${database}`;
  return url.href;
}
