import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CaredFor, startServerProcess, untilUp } from '../../src/embedded/server-process.ts';
import { until } from '../support/until.ts';

let folder: string;
let server: CaredFor | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-server-'));
});
afterEach(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A program that tells its number in the log, once for each life. */
const start = (script: string): CaredFor =>
  startServerProcess({ name: 'Tester', file: process.execPath, args: ['-e', script], cwd: folder, env: process.env, log: join(folder, 'log'), stopSignal: 'SIGTERM' });
const pids = (): number[] => readFileSync(join(folder, 'log'), 'utf8').split('\n').filter(Boolean).map(Number);
const LIVES = 'console.log(process.pid); setInterval(() => {}, 1000)';

it('a server that dies is started again until it is stopped', async () => {
  const said: string[] = [];
  server = start(LIVES);
  expect(await untilUp(server, async () => expect(pids()).toHaveLength(1), 10_000)).toBe(true);
  server.keepAlive((line) => said.push(line));
  for (let lives = 2; lives <= 3; lives += 1) {
    process.kill(pids().at(-1)!, 'SIGKILL');
    await until(`life ${lives}`, () => pids().length === lives);
  }
  expect(said).toEqual(['Tester ended (SIGKILL) and is started again.', 'Tester ended (SIGKILL) and is started again.']);
  expect(server.running()).toBe(true);
  await server.stop();
  expect(server.running()).toBe(false);
  expect(said).toHaveLength(2);
});

it('one that never came up is not started again', async () => {
  server = start('process.exit(3)');
  expect(await untilUp(server, () => Promise.reject(new Error('not yet')), 10_000)).toBe(false);
  expect(server.running()).toBe(false);
});
