import { existsSync, mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { findRedisBinary } from './redis-binaries.ts';
import { later, type ServerProcess } from './server-process.ts';
import { startOnPort } from './start-on-port.ts';

const FIRST_PORT = 56_379;
const PID_FILE = 'redis.pid';

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
  const log = join(folder, 'redis.log');
  const { server, port, up } = await startOnPort(FIRST_PORT, (wanted) => ({
    name: 'Redis', file: binary.file, args: settings(folder, wanted), cwd: folder, log, stopSignal: 'SIGTERM',
    env: { PATH: process.env.PATH, LC_ALL: 'C', ...(binary.libraries ? { LD_LIBRARY_PATH: binary.libraries } : {}) },
  }), (wanted) => answersPing(wanted, folder), 20_000);
  if (!up) {
    await server.stop();
    say(`Redis did not come up, so the queue runs on PostgreSQL. The end of ${log}: ${tail(log)}`);
    return null;
  }
  server.keepAlive(say);
  return { url: `redis://127.0.0.1:${port}`, story: `${binary.story}, 127.0.0.1:${port}${port === FIRST_PORT ? '' : ` (${FIRST_PORT} was taken)`}`, stop: server.stop };
}

function settings(folder: string, port: number): string[] {
  return [
    '--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--pidfile', join(folder, PID_FILE), '--daemonize', 'no',
    '--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction', '--save', '', '--loglevel', 'warning',
  ];
}

/** An instance that outlived its parent would go on writing the same files. */
async function endPrevious(folder: string): Promise<void> {
  const pid = Number(pidIn(folder) ?? NaN);
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

const pidIn = (folder: string): string | null => (existsSync(join(folder, PID_FILE)) ? readFileSync(join(folder, PID_FILE), 'utf8').trim() : null);

/** Speaks just enough of the protocol to hear that the server has read its data, and that it is the one of this folder. */
function answersPing(port: number, folder: string): Promise<void> {
  return new Promise((done, fail) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\nINFO server\r\n'));
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (data) => {
      heard += data.toString();
      const pid = /^process_id:(\d+)\r$/m.exec(heard)?.[1];
      if (pid === undefined && heard.startsWith('+PONG')) return;
      socket.destroy();
      if (pid !== undefined && pid === pidIn(folder)) done();
      else fail(new Error(`somebody else answers: ${heard.slice(0, 100)}`));
    });
    socket.once('error', fail);
  });
}

const tail = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' ') : '(empty)');
