import { Pool } from 'pg';
import { rebaseJourneyClock } from '../store/journey-clock.ts';
import { applyMigrations } from './migrations.ts';

/** What must be true of a database before anything starts on it: the newest migration, and journey time at the wanted speed. Gives the migrations applied. */
export async function prepareDatabase(url: string, clockSpeed: number): Promise<string[]> {
  const applied = await applyMigrations(url);
  const pool = new Pool({ connectionString: url, max: 1 });
  try {
    await rebaseJourneyClock(pool, clockSpeed);
  } finally {
    await pool.end();
  }
  return applied;
}
