import { type ChildProcess, spawn } from 'node:child_process';
import { outageNews, relayLines } from './child-log.ts';
import { nodeFlagsOf } from './node-flags.ts';

/** A process of ours: named in its command line, started again within a second whenever it dies. */
export interface ChildSpec {
  name: string;
  file: string;
  args: string[];
  /** Variables of its own. */
  env?: NodeJS.ProcessEnv;
}

/** What a child sends to its parent once it works. `lines` are for the person who started it. */
export interface ReadyMessage {
  ready: true;
  lines?: string[];
}

export interface Children {
  /** Resolves with what they said when every child has said that it is ready. */
  ready(): Promise<ReadyMessage[]>;
  /** The process that has this name now; undefined while it is being started again. */
  pid(name: string): number | undefined;
  /** Asks all to end, waits, and kills what is left after the grace. */
  stop(graceMs: number): Promise<void>;
}

const RESTART_MS = 300;
const SLOWEST_RESTART_MS = 900;

/**
 * Starts the children and keeps them alive. Each has a line to us (IPC): it says `ready` on it, and it ends when the line breaks,
 * so that none outlives a parent that was killed.
 */
export function startChildren(specs: ChildSpec[], env: NodeJS.ProcessEnv, write: (line: string) => void): Children {
  let stopping = false;
  const running = new Map<string, ChildProcess>();
  const isNews = outageNews();
  const waits = specs.map((spec) => keepAlive(spec));
  return {
    ready: () => Promise.all(waits),
    pid: (name) => running.get(name)?.pid,
    async stop(graceMs) {
      stopping = true;
      const children = [...running.values()];
      for (const child of children) child.kill('SIGTERM');
      const deadline = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), graceMs);
      await Promise.all(children.map(gone));
      clearTimeout(deadline);
    },
  };

  function keepAlive(spec: ChildSpec): Promise<ReadyMessage> {
    return new Promise((ready) => {
      let quickDeaths = 0;
      const start = (): void => {
        if (stopping) return;
        const startedAt = performance.now();
        const child = spawnChild(spec, env, write, isNews);
        running.set(spec.name, child);
        child.on('message', (message) => isReady(message) && ready(message));
        child.once('close', (code, signal) => {
          running.delete(spec.name);
          if (stopping) return;
          quickDeaths = performance.now() - startedAt < 5_000 ? quickDeaths + 1 : 0;
          write(`${spec.name} ended (${signal ?? `exit code ${code}`}) and is started again.`);
          setTimeout(start, Math.min(RESTART_MS * Math.max(1, quickDeaths), SLOWEST_RESTART_MS));
        });
      };
      start();
    });
  }
}

/** A child whose lines are written under its name. */
function spawnChild({ name, file, args, env: own }: ChildSpec, env: NodeJS.ProcessEnv, write: (line: string) => void, isNews: (line: string) => boolean): ChildProcess {
  const child = spawn(process.execPath, [...nodeFlagsOf(name), file, ...args], { env: { ...env, ...own }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  relayLines(name, child.stdout!, write, isNews);
  relayLines(name, child.stderr!, write);
  child.on('error', (error) => write(`${name} could not be started: ${error.message}`));
  return child;
}

function gone(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
  });
}

const isReady = (message: unknown): message is ReadyMessage => typeof message === 'object' && message !== null && 'ready' in message;
