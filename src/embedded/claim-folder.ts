import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';

const fileIn = (dataDir: string): string => join(resolve(dataDir), 'start.pid');

/** The process that runs on a data folder, or null. A process that got the number of one that was killed is somebody else. */
export function ownerOf(dataDir: string): number | null {
  const file = fileIn(dataDir);
  const [number, birth = ''] = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : [];
  const pid = Number(number ?? 0);
  try {
    return pid > 0 && pid !== process.pid && process.kill(pid, 0) && (birth === '' || birth === birthOf(pid)) ? pid : null;
  } catch {
    return null;
  }
}

/** When a process began, in the kernel's ticks since it came up; empty where /proc is not. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function birthOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Its name stands in brackets and may hold anything; the start is the 22nd field, the 20th after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Takes a data folder for this process. Throws when another one runs on it, or it cannot be written; gives the way to let go. */
export function claimFolder(dataDir: string): () => void {
  const owner = ownerOf(dataDir);
  if (owner !== null) throw new Error(`Millrace already runs on ${resolve(dataDir)} (process ${owner}). Stop it (Ctrl-C), or name another folder with DATA_DIR.`);
  try {
    makeFolder(resolve(dataDir));
    writeFileSync(fileIn(dataDir), `${process.pid} ${birthOf(process.pid)}`);
  } catch (error) {
    throw new Error(`The data folder ${resolve(dataDir)} cannot be written (${messageOf(error)}). Name one that is yours with DATA_DIR.`, { cause: error });
  }
  return () => rmSync(fileIn(dataDir), { force: true });
}
