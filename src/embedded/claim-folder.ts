import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../errors.ts';

const fileIn = (dataDir: string): string => join(resolve(dataDir), 'start.pid');

/** The process that runs on a data folder, or null. */
export function ownerOf(dataDir: string): number | null {
  const file = fileIn(dataDir);
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  try {
    return pid > 0 && pid !== process.pid && process.kill(pid, 0) ? pid : null;
  } catch {
    return null;
  }
}

/** Takes a data folder for this process. Throws when another one runs on it, or it cannot be written; gives the way to let go. */
export function claimFolder(dataDir: string): () => void {
  const owner = ownerOf(dataDir);
  if (owner !== null) throw new Error(`Millrace already runs on ${resolve(dataDir)} (process ${owner}). Stop it (Ctrl-C), or name another folder with DATA_DIR.`);
  try {
    mkdirSync(resolve(dataDir), { recursive: true });
    writeFileSync(fileIn(dataDir), String(process.pid));
  } catch (error) {
    throw new Error(`The data folder ${resolve(dataDir)} cannot be written (${messageOf(error)}). Name one that is yours with DATA_DIR.`, { cause: error });
  }
  return () => rmSync(fileIn(dataDir), { force: true });
}
