import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFlagsOf } from '../../src/embedded/node-flags.ts';
import { projectRoot } from '../../src/embedded/project.ts';
import { cpuSecondsOf } from '../postgres-meter.ts';

/** A process of the product, or of somebody beside it. */
export interface WorkerProcess {
  /** What it said when it was ready. */
  told: unknown;
  /** The most memory that it ever held, in MB; 0 where the system does not say. */
  peakMemoryMb(): number;
  /** User and system CPU so far; 0 where the system does not say. */
  cpuSeconds(): number;
  /** Holds it where it is until `resume`: doorbells queue up meanwhile. */
  pause(): void;
  resume(): void;
  /** Sends it a message and gives the one that it answers with. */
  ask<Answer>(message: object): Promise<Answer>;
  stop(): Promise<void>;
}

/** Builds what `startWorker` and `startApi` start. */
export const buildWorkers = (): void => void execFileSync(process.execPath, [join(projectRoot(), 'src', 'embedded', 'build.mjs')]);

/** A worker of the product in a process of its own, as `npm start` starts it. Resolves when it says that it is ready. */
export const startWorker = (name: 'execution' | 'delivery', environment: Record<string, string>): Promise<WorkerProcess> =>
  startProcess(name, [join(projectRoot(), 'dist', 'workers', `${name}.js`)], environment);

/** The API, likewise; it listens on the environment's PORT. */
export const startApi = (environment: Record<string, string>): Promise<WorkerProcess> =>
  startProcess('api', [join(projectRoot(), 'dist', 'server-main.js')], environment);

/** A script of the bench in a process of its own. */
export const startScript = (script: string, args: string[]): Promise<WorkerProcess> =>
  startProcess(script, ['--import', 'tsx', join(projectRoot(), 'bench', script), ...args], {});

async function startProcess(name: string, args: string[], environment: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [...nodeFlagsOf(name), ...args], { env: { PATH: '/usr/bin:/bin', ...environment }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const told = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`The process "${name}" ended with code ${code} before it was ready.`)));
  });
  return {
    told,
    peakMemoryMb: () => peakOf(child),
    cpuSeconds: () => (child.pid === undefined ? 0 : (cpuSecondsOf(child.pid) ?? 0)),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    ask: (message) =>
      new Promise((resolve, reject) => {
        const ended = (): void => reject(new Error(`The process "${name}" ended before it answered.`));
        child.once('exit', ended);
        child.once('message', (answer) => {
          child.off('exit', ended);
          resolve(answer as never); // its script and whoever asks share the type
        });
        child.send(message);
      }),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
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
