import { Pool } from 'pg';
import { readEnvironment } from '../environment.ts';
import { MillraceError } from '../errors.ts';
import { rebaseJourneyClock } from '../store/journey-clock.ts';
import { applyMigrations } from './migrations.ts';

/**
 * What must be true of a database before anything starts on it: the newest migration, and journey time at the wanted speed
 * (null: at the speed that it has). Gives the migrations applied. Throws as `applyMigrations` does.
 */
export async function prepareDatabase(url: string, clockSpeed: number | null): Promise<string[]> {
  const applied = await applyMigrations(url);
  if (clockSpeed === null) return applied;
  const pool = new Pool({ connectionString: url, max: 1 });
  try {
    await rebaseJourneyClock(pool, clockSpeed);
  } finally {
    await pool.end();
  }
  return applied;
}

/**
 * The same for the database that DATABASE_URL names; only a CLOCK_SPEED that is set changes its clock. Gives a sentence for whoever asked. Throws
 * `INVALID_INPUT` when none is named.
 */
export async function prepareNamedDatabase(env?: Record<string, string | undefined>): Promise<string> {
  const { databaseUrl, clockSpeed } = readEnvironment(env);
  if (!databaseUrl) throw new MillraceError('INVALID_INPUT', 'DATABASE_URL is not set: name the database to migrate, e.g. postgres://user:password@host:5432/millrace');
  const applied = await prepareDatabase(databaseUrl, clockSpeed);
  return applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`;
}
