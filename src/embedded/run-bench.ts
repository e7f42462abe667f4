import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../environment.ts';
import { nodeFlagsOf } from './node-flags.ts';
import { projectRoot } from './project.ts';
import { bringUpThrowawayServers } from './throwaway-servers.ts';

/** `npm run bench`: bench/main.ts with private servers of its own, named to it in DATABASE_URL, ADMIN_DATABASE_URL and REDIS_URL. */
const main = join(projectRoot(), 'bench', 'main.ts');
if (existsSync(main)) await bench();
else console.error(`There is no ${main}.`);

async function bench(): Promise<void> {
  const servers = await bringUpThrowawayServers(readEnvironment());
  const addresses = { DATABASE_URL: servers.databaseUrl, ADMIN_DATABASE_URL: servers.adminUrl, ...(servers.redisUrl ? { REDIS_URL: servers.redisUrl } : {}) };
  const child = spawn(process.execPath, [...nodeFlagsOf('bench'), '--import', 'tsx', main, ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, ...addresses } });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  await servers.stop();
}
