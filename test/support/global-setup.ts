import { Client } from 'pg';
import { testServerUrl } from './database.ts';

/** Removes databases that a killed run left behind, so that a long-lived development server does not fill up. */
export default async function setup(): Promise<void> {
  if (!process.env.TEST_DATABASE_URL) return; // pure tests need no server
  const client = new Client({ connectionString: testServerUrl(), connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ datname: string }>(ABANDONED);
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`).catch(() => undefined);
  } catch {
    // It does not answer: the tests that need it say so themselves.
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Test databases that nobody is connected to and whose files are older than an hour. */
const ABANDONED = `SELECT datname FROM pg_database d
  WHERE datname LIKE 'millrace\\_test\\_%'
    AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)
    AND (pg_stat_file('base/' || d.oid || '/PG_VERSION')).modification < now() - interval '1 hour'`;
