import { existsSync, mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { freePort } from './ports.ts';
import { findRedisBinary } from './redis-binaries.ts';
import { later, type ServerProcess, startServerProcess, untilUp } from './server-process.ts';

const FIRST_PORT = 56_379;

/**
 * Brings up a private Redis (or Valkey) on 127.0.0.1 that keeps its data in the data folder. One that dies is started again on the same port.
 * @returns null when this machine has none and none can be unpacked: the queue and the bus then run on PostgreSQL.
 */
export async function startEmbeddedRedis(dataDir: string, say: (line: string) => void): Promise<ServerProcess | null> {
  const binary = await findRedisBinary(say);
  if (!binary) return null;
  const folder = join(resolve(dataDir), 'redis');
  mkdirSync(folder, { recursive: true });
  await endPrevious(folder);
  const port = await freePort(FIRST_PORT);
  const log = join(folder, 'redis.log');
  const server = startServerProcess({
    name: 'Redis', file: binary.file, args: settings(folder, port), cwd: folder, log, stopSignal: 'SIGTERM',
    env: { PATH: process.env.PATH, LC_ALL: 'C', ...(binary.libraries ? { LD_LIBRARY_PATH: binary.libraries } : {}) },
  });
  if (!await untilUp(server, () => answersPing(port), 20_000)) {
    await server.stop();
    say(`Redis did not come up, so the queue runs on PostgreSQL. The end of ${log}: ${tail(log)}`);
    return null;
  }
  server.keepAlive(say);
  return { url: `redis://127.0.0.1:${port}`, story: `${binary.story}, 127.0.0.1:${port}${port === FIRST_PORT ? '' : ` (${FIRST_PORT} was taken)`}`, stop: server.stop };
}

function settings(folder: string, port: number): string[] {
  return [
    '--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--pidfile', join(folder, 'redis.pid'), '--daemonize', 'no',
    '--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction', '--save', '', '--loglevel', 'warning',
  ];
}

/** An instance that outlived its parent would go on writing the same files. */
async function endPrevious(folder: string): Promise<void> {
  const file = join(folder, 'redis.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : NaN;
  if (!Number.isInteger(pid) || pid <= 0 || !isServer(pid, folder)) return;
  process.kill(pid, 'SIGTERM');
  for (let tries = 0; tries < 50 && isServer(pid, folder); tries += 1) await later(100);
}

/** Redis rewrites its command line and overwrites its environment: the working folder is what identifies it. */
function isServer(pid: number, folder: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return /redis|valkey/.test(command) && readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}

/** Speaks just enough of the protocol to hear that the server has read its data. */
function answersPing(port: number): Promise<void> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer')));
    socket.once('data', (data) => {
      socket.destroy();
      if (data.toString().startsWith('+PONG')) done();
      else fail(new Error(data.toString()));
    });
    socket.once('error', fail);
  });
}

const tail = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' ') : '(empty)');
