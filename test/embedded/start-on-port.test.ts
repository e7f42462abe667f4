import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type PortedServer, startOnPort } from '../../src/embedded/start-on-port.ts';

let folder: string;
let started: PortedServer | null = null;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'millrace-port-'))));
afterEach(async () => {
  await started?.server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the scripts one after the other, the last one again and again. */
const start = async (...scripts: string[]): Promise<number[]> => {
  const ports: number[] = [];
  started = await startOnPort(54_700, (port) => {
    const script = scripts[Math.min(ports.length, scripts.length - 1)]!;
    ports.push(port);
    return { name: 'Tester', file: process.execPath, args: ['-e', script], cwd: folder, env: process.env, log: join(folder, 'log'), stopSignal: 'SIGTERM' };
  }, async () => expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('listening'), 20_000);
  return ports;
};
const TAKEN = 'console.error("bind: Address already in use"); process.exit(1)';
const LIVES = 'console.log("listening"); setInterval(() => {}, 1000)';

it('a server that finds its port taken after all is given the next ones', async () => {
  const ports = await start(TAKEN, TAKEN, LIVES);
  expect(ports).toHaveLength(3);
  expect(ports).toEqual(ports.toSorted((a, b) => a - b));
  expect(new Set(ports).size).toBe(3);
  expect(started).toMatchObject({ up: true, port: ports[2] });
});

it('one that dies of something else is not tried again, whatever stood in the log before', async () => {
  writeFileSync(join(folder, 'log'), 'bind: Address already in use\n');
  expect(await start('process.exit(3)')).toHaveLength(1);
  expect(started).toMatchObject({ up: false });
});

it('one that can have no port ends some time', async () => {
  expect(await start('console.log("Address already in use")')).toHaveLength(10);
  expect(started).toMatchObject({ up: false });
});
