import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findPostgresBinaries, NOBODY, reachableByNobody, runsAsRoot } from './postgres-binaries.ts';
import { later, type ServerProcess } from './server-process.ts';
import { startOnPort } from './start-on-port.ts';

const run = promisify(execFile);

/** The role that owns the database and logs in. It is no superuser, so that row-level security binds it too. */
const OWNER = 'millrace_owner';
const SUPERUSER = 'millrace_root';
const FIRST_PORT = 54_320;

/**
 * A backend gives memory back after each statement and faults it in again for the next, which is a tenth of its work. It may
 * keep 64 MB. https://man7.org/linux/man-pages/man3/mallopt.3.html
 */
const KEEP_MEMORY = { MALLOC_TRIM_THRESHOLD_: '67108864', MALLOC_MMAP_THRESHOLD_: '33554432', MALLOC_TOP_PAD_: '1048576' };

export interface EmbeddedPostgres extends ServerProcess {
  /** A superuser's address on the maintenance database: for tests, which make databases of their own. */
  adminUrl: string;
  dataFolder: string;
}

/**
 * Brings up a private PostgreSQL on 127.0.0.1 whose data stays in the data folder. Durable: fsync is on.
 * @param dataDir the project's data folder. As root, PostgreSQL runs as nobody, and where nobody cannot reach that folder
 * the data goes to a folder under /var/tmp that is named after it; `story` says so.
 * @param say hears when it died; it is started again on the same port within a second.
 */
export async function startEmbeddedPostgres(dataDir: string, say: (line: string) => void): Promise<EmbeddedPostgres> {
  const native = findPostgresBinaries();
  const { folder, moved } = placeFor(resolve(dataDir));
  const password = passwordIn(folder);
  const data = join(folder, 'data');
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(native, folder, data);
  await endPrevious(data);
  const log = join(folder, 'postgres.log');
  const adminUrlAt = (port: number): string => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
  const { server, port, up } = await startOnPort(FIRST_PORT, (wanted) => ({
    name: 'PostgreSQL', file: join(native, 'bin', 'postgres'), args: ['-D', data, '-p', String(wanted), ...settings(folder)],
    cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', ...KEEP_MEMORY }, log, stopSignal: 'SIGINT', uid: runsAsRoot() ? NOBODY : undefined,
  }), (wanted) => canConnect(adminUrlAt(wanted)), 60_000);
  const adminUrl = adminUrlAt(port);
  if (!up) {
    await server.stop();
    throw new Error(`The embedded PostgreSQL did not come up. The end of ${log}:\n${tail(log)}\nSet DATABASE_URL to use another server.`);
  }
  await ensureOwner(adminUrl, password);
  server.keepAlive(say);
  const where = moved ? `${folder} (root may not run PostgreSQL, and nobody cannot reach ${resolve(dataDir)})` : folder;
  return {
    url: `postgres://${OWNER}:${password}@127.0.0.1:${port}/millrace`, adminUrl, dataFolder: folder,
    story: `embedded, 127.0.0.1:${port}${port === FIRST_PORT ? '' : ` (${FIRST_PORT} was taken)`}, data in ${where}`, stop: server.stop,
  };
}

/** Where the data of a data folder goes, at the first start and at every other. Reset uses it too. */
export function postgresFolder(dataDir: string): { folder: string; moved: boolean } {
  // Asked of the folder above: once it is made, PostgreSQL's own lets nobody in but its owner.
  if (!runsAsRoot() || reachableByNobody(dataDir)) return { folder: join(dataDir, 'postgres'), moved: false };
  return { folder: join('/var/tmp', `millrace-data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`), moved: true };
}

function placeFor(dataDir: string): { folder: string; moved: boolean } {
  mkdirSync(dataDir, { recursive: true });
  const place = postgresFolder(dataDir);
  const made = mkdirSync(place.folder, { recursive: true, mode: 0o700 });
  if (runsAsRoot() && (made || place.moved)) chownSync(place.folder, NOBODY, NOBODY);
  chmodSync(place.folder, 0o700);
  return place;
}

function passwordIn(folder: string): string {
  const file = join(folder, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('hex'), { mode: 0o600 });
  if (runsAsRoot()) chownSync(file, NOBODY, NOBODY);
  return readFileSync(file, 'utf8').trim();
}

/** A cluster that was half made by a killed first start is made anew. */
async function initialise(native: string, folder: string, data: string): Promise<void> {
  const building = join(folder, 'data-building');
  rmSync(building, { recursive: true, force: true });
  const uid = runsAsRoot() ? NOBODY : undefined;
  const args = ['-D', building, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${join(folder, 'password')}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(join(native, 'bin', 'initdb'), args, { cwd: folder, uid, gid: uid, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } })
    .catch((error: { stderr?: string; message: string }) => {
      throw new Error(`initdb failed in ${folder}: ${error.stderr || error.message}`);
    });
  renameSync(building, data);
}

/** A server whose parent was killed may still run on this data: it is asked to end. A stale pid file is PostgreSQL's own business. */
async function endPrevious(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : NaN;
  if (!Number.isInteger(pid) || pid <= 0 || !isPostgres(pid, data)) return;
  process.kill(pid, 'SIGINT');
  for (let tries = 0; tries < 150 && existsSync(file); tries += 1) await later(100);
}

function isPostgres(pid: number, data: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data);
  } catch {
    return false;
  }
}

function settings(folder: string): string[] {
  const workers = Math.max(2, Math.min(8, availableParallelism()));
  const values = {
    listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200', shared_buffers: `${sharedMegabytes()}MB`, work_mem: '8MB',
    maintenance_work_mem: '128MB', max_wal_size: '2GB', checkpoint_timeout: '10min', random_page_cost: '1.1',
    max_worker_processes: String(workers), log_min_messages: 'warning', timezone: 'UTC', fsync: 'on', synchronous_commit: 'on', jit: 'off',
    external_pid_file: join(folder, 'postgres.pid'),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A quarter of the machine's memory, as PostgreSQL's manual advises, and no more than 1 GB: only what is used is taken. */
const sharedMegabytes = (): number => Math.max(128, Math.min(1_024, Math.floor(totalmem() / 4 / 1_048_576)));

async function canConnect(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  await client.end();
}

async function ensureOwner(adminUrl: string, password: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows: [found] } = await client.query<{ role: boolean; database: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1) AS role, EXISTS (SELECT 1 FROM pg_database WHERE datname = $2) AS database', [OWNER, 'millrace'],
    );
    if (!found?.role) await client.query(`CREATE ROLE ${OWNER} LOGIN CREATEROLE PASSWORD '${password}'`);
    if (!found?.database) await client.query(`CREATE DATABASE millrace OWNER ${OWNER}`);
  } finally {
    await client.end();
  }
}

const tail = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-15).join('\n') : '(empty)');
