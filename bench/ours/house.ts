import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeHouse, type House, type Role } from '../../src/compose.ts';
import { applyMigrations } from '../../src/embedded/migrations.ts';
import { readEnvironment } from '../../src/environment.ts';
import type { Ground } from '../work.ts';

/** The environment of a house on a contender's ground: nothing configured, so that sends go to the outbox. */
export const environmentOf = ({ databaseUrl, redisUrl }: Ground, dataDir: string): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  REDIS_PREFIX: new URL(databaseUrl).pathname.slice(1),
  DATA_DIR: dataDir,
  DEMO: 'off',
  LOG_LEVEL: 'warn',
});

/** Migrates the ground's database and lets `use` work in a house on it. */
export async function inHouse<T>(ground: Ground, role: Role, use: (house: House, environment: Record<string, string>) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const environment = environmentOf(ground, dataDir);
  await applyMigrations(ground.databaseUrl);
  const house = await composeHouse(readEnvironment(environment), role, 'bench');
  try {
    return await use(house, environment);
  } finally {
    await house.shutdown.run('the bench is done');
    rmSync(dataDir, { recursive: true, force: true });
  }
}
