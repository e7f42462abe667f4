import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresFolder } from './postgres.ts';
import { bringUpServers, type Servers } from './servers.ts';

/** Servers for one run, where the environment names none; `stop` removes their data. Any number of runs may go on at once. */
export async function bringUpThrowawayServers(named: { databaseUrl: string | null; redisUrl: string | null }): Promise<Servers> {
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-'));
  const servers = await bringUpServers({ ...named, dataDir }, (line) => console.log(line));
  return {
    ...servers,
    async stop() {
      await servers.stop();
      for (const folder of [postgresFolder(dataDir).folder, dataDir]) rmSync(folder, { recursive: true, force: true });
    },
  };
}
