import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../environment.ts';
import { projectRoot } from './project.ts';
import { bringUpThrowawayServers } from './throwaway-servers.ts';

/** `npm test`: private servers, vitest, and as the last line `N passed, N failed`. Arguments go to vitest. */
const root = projectRoot();
const folder = mkdtempSync(join(tmpdir(), 'millrace-test-'));
const environment = readEnvironment();
const servers = await bringUpThrowawayServers({
  databaseUrl: process.env.TEST_DATABASE_URL ?? environment.databaseUrl,
  redisUrl: process.env.TEST_REDIS_URL ?? environment.redisUrl,
});
const report = join(folder, 'report.json');
let status = 1;
try {
  status = await vitest(process.argv.slice(2));
} finally {
  await servers.stop();
  console.log(tally(report));
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = status;

function vitest(args: string[]): Promise<number> {
  const child = spawn(process.execPath, [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args,
  ], {
    cwd: root, stdio: 'inherit', env: { ...process.env, TEST_DATABASE_URL: servers.adminUrl, TEST_REDIS_URL: servers.redisUrl ?? 'none' },
  });
  // Ctrl-C reaches vitest too: it ends, and then we do.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

/** A file that could not even be loaded counts as one failure. */
function tally(file: string): string {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
      numPassedTests: number; numFailedTests: number; testResults: { status: string; assertionResults: { status: string }[] }[];
    };
    const broken = testResults.filter(({ status: outcome, assertionResults }) => outcome === 'failed' && !assertionResults.some((one) => one.status === 'failed'));
    return `${numPassedTests} passed, ${numFailedTests + broken.length} failed`;
  } catch {
    return '0 passed, 1 failed';
  }
}
