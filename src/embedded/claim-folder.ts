import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

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

/** Takes a data folder for this process. Throws when another one runs on it; gives the way to let go. */
export function claimFolder(dataDir: string): () => void {
  const owner = ownerOf(dataDir);
  if (owner !== null) throw new Error(`Millrace already runs on ${resolve(dataDir)} (process ${owner}). Stop it (Ctrl-C), or name another folder with DATA_DIR.`);
  mkdirSync(resolve(dataDir), { recursive: true });
  writeFileSync(fileIn(dataDir), String(process.pid));
  return () => rmSync(fileIn(dataDir), { force: true });
}
