import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { readEnvironment } from '../environment.ts';
import { ownerOf } from './claim-folder.ts';
import { postgresFolder } from './postgres.ts';

/** `npm run reset`: forgets everything that `npm start` keeps. Servers named by DATABASE_URL and REDIS_URL are not touched. */
const dataDir = resolve(readEnvironment().dataDir);
const owner = ownerOf(dataDir);
const folders = [postgresFolder(dataDir).folder, dataDir].filter(existsSync);

if (owner !== null) {
  console.error(`Millrace runs on ${dataDir} (process ${owner}). Stop it first (Ctrl-C), then reset.`);
  process.exitCode = 1;
} else {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  console.log(folders.length > 0 ? `Forgot ${folders.join(' and ')}.` : `There was nothing to forget in ${dataDir}.`);
}
