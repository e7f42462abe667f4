import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A server binary and the folder of the libraries that came with it, if any. */
export interface RedisBinary {
  file: string;
  libraries: string | null;
  story: string;
}

/** `redis-server` is a link to `redis-check-rdb` in Debian's packages, so both are needed; the rest are libraries that slim systems lack. */
const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];

/** On the PATH, else unpacked earlier, else unpacked now; null when this machine has none and no way to get one. */
export async function findRedisBinary(say: (line: string) => void): Promise<RedisBinary | null> {
  const installed = onPath('redis-server') ?? onPath('valkey-server');
  if (installed) return { file: installed, libraries: null, story: `private instance of ${installed}` };
  const cache = cacheFolder();
  const found = await unpacked(cache);
  if (found) return found;
  if (!onPath('apt-get') || !onPath('dpkg')) return null;
  say('No Redis on this machine: unpacking one from the distribution\'s packages (7 MB, nothing is installed) ...');
  try {
    await unpack(cache);
    return await unpacked(cache);
  } catch (error) {
    say(`That did not work (${firstLine(error)}).`);
    return null;
  }
}

function onPath(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here: the next folder.
    }
  }
  return null;
}

/** Shared by every data folder of this user, so that a second one downloads nothing. */
function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'millrace', 'redis');
}

async function unpacked(cache: string): Promise<RedisBinary | null> {
  const file = join(cache, 'usr', 'bin', 'redis-server');
  if (!existsSync(file)) return null;
  const library = join(cache, 'usr', 'lib');
  const triplet = existsSync(library) ? readdirSync(library).find((name) => name.endsWith('-linux-gnu') || name.includes('-linux-gnu')) : undefined;
  const libraries = triplet ? join(library, triplet) : null;
  const env = { ...process.env, ...(libraries ? { LD_LIBRARY_PATH: libraries } : {}) };
  const works = await run(file, ['--version'], { env }).then(() => true, () => false);
  return works ? { file, libraries, story: `private instance, unpacked from the distribution's packages into ${cache}` } : null;
}

/** apt with lists and caches of its own: no root, and nothing of the system is touched. */
async function unpack(cache: string): Promise<void> {
  const building = `${cache}.${process.pid}`;
  const [lists, archives, root] = [join(building, 'lists'), join(building, 'cache'), join(building, 'root')];
  try {
    for (const folder of [join(lists, 'partial'), join(archives, 'archives', 'partial'), root]) mkdirSync(folder, { recursive: true });
    const options = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${archives}`, '-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User='];
    await run('apt-get', [...options, '-qq', 'update'], { timeout: 90_000 });
    await run('apt-get', [...options, '-qq', 'download', ...PACKAGES], { cwd: building, timeout: 90_000 });
    for (const deb of readdirSync(building).filter((name) => name.endsWith('.deb'))) await run('dpkg', ['-x', join(building, deb), root]);
    rmSync(cache, { recursive: true, force: true });
    renameSync(root, cache);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

const firstLine = (error: unknown): string => String(error instanceof Error ? error.message : error).split('\n').slice(0, 2).join(' ');
