import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFlags } from '../../src/embedded/node-flags.ts';
import { projectRoot } from '../../src/embedded/project.ts';
import { cpuSecondsOf } from '../postgres-meter.ts';

/** A worker of the product in a process of its own, built and started as `npm start` does. */
export interface WorkerProcess {
  /** The most memory that it ever held, in MB; 0 where the system does not say. */
  peakMemoryMb(): number;
  /** User and system CPU so far; 0 where the system does not say. */
  cpuSeconds(): number;
  /** Holds it where it is until `resume`: doorbells queue up meanwhile. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** Builds what `startWorker` starts. */
export const buildWorkers = (): void => void execFileSync(process.execPath, [join(projectRoot(), 'src', 'embedded', 'build.mjs')]);

/** Resolves when the worker says that it is ready. */
export async function startWorker(name: 'execution' | 'delivery', environment: Record<string, string>): Promise<WorkerProcess> {
  const file = join(projectRoot(), 'dist', 'workers', `${name}.js`);
  const child = spawn(process.execPath, [...nodeFlags, '--enable-source-maps', file], { env: { PATH: '/usr/bin:/bin', ...environment }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`The ${name} worker ended with code ${code} before it was ready.`)));
  });
  return {
    peakMemoryMb: () => peakOf(child),
    cpuSeconds: () => (child.pid === undefined ? 0 : (cpuSecondsOf(child.pid) ?? 0)),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

/** `VmHWM`, the high water mark of resident memory. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function peakOf({ pid }: ChildProcess): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}
