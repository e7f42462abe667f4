import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workerNames } from '../../src/core/ports/doors.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { projectRoot } from '../../src/embedded/project.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

let database: TestDatabase;
const children: ChildProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await database.drop();
});

/** A real worker process: what it wrote, and how it ended. */
function start(name: string, metricsPort: number) {
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    REDIS_URL: process.env['TEST_REDIS_URL'] ?? '',
    REDIS_PREFIX: `drain-${name}-${process.pid}`,
    METRICS_PORT: String(metricsPort),
    SECRETS_KEY: '0123456789abcdef',
    LOG_LEVEL: 'info',
  };
  const child = spawn(process.execPath, ['--import', 'tsx', join(projectRoot(), 'workers', `${name}.ts`)], {
    cwd: projectRoot(),
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  children.push(child);
  const seen = { ready: false, log: '', code: undefined as number | null | undefined };
  child.on('message', () => (seen.ready = true));
  child.stdout!.on('data', (chunk: Buffer) => (seen.log += chunk.toString()));
  child.once('close', (code) => (seen.code = code));
  return { child, seen };
}

describe('a worker that is told to end', () => {
  it.each(workerNames)('%s shows its metrics, then closes all its loops, consumers and connections cleanly', { timeout: 150_000 }, async (name) => {
    const port = await freePort(21_000 + workerNames.indexOf(name) * 50, '127.0.0.1');
    const { child, seen } = start(name, port);
    await until('the worker is ready', () => seen.ready, 60_000);
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toMatch(/process_cpu_seconds_total[\s\S]*millrace_steps_total/);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    await until('the worker has ended', () => seen.code !== undefined, 60_000);
    expect(seen.code).toBe(0);
    expect(seen.log).toMatch(/"msg":"stopped"/);
    expect(seen.log).not.toMatch(/did not close cleanly|"level":50/);
  });
});
