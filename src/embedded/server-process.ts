import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { openSync } from 'node:fs';

/** A database server that `npm start` brought up. */
export interface ServerProcess {
  url: string;
  /** One line for the banner. */
  story: string;
  stop(): Promise<void>;
}

export interface ServerCommand {
  name: string;
  file: string;
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Everything that it prints goes there. */
  log: string;
  /** How it is told to end at once, yet cleanly. */
  stopSignal: NodeJS.Signals;
  /** Runs as this user and group; undefined for our own. */
  uid?: number;
}

/**
 * Starts a server in a process group of its own, so that Ctrl-C in the terminal reaches it only through us and after the workers.
 * Should we be killed without a word, a shell that holds the other end of a pipe stops it.
 */
export function startServerProcess(command: ServerCommand): { child: ChildProcess; stop(): Promise<void> } {
  const log = openSync(command.log, 'a');
  const stdio: StdioOptions = ['ignore', log, log];
  const child = spawn(command.file, command.args, { cwd: command.cwd, env: command.env, stdio, detached: true, uid: command.uid, gid: command.uid });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const guard = child.pid === undefined ? null : guardOf(child.pid, command.stopSignal);
  return {
    child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill(command.stopSignal);
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      guard?.stdin?.end('done\n');
    },
  };
}

/** Reads until its input ends. Without the word `done` that means that we died: it gives the workers a moment and stops the server. */
function guardOf(pid: number, signal: NodeJS.Signals): ChildProcess {
  const script = 'read -r word; [ "$word" = done ] || { sleep 3; kill -s "$2" "$1"; } 2>/dev/null';
  const guard = spawn('/bin/sh', ['-c', script, 'millrace-guard', String(pid), signal.slice(3)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  return guard;
}

/** Asks `probe` until it holds; throws with the end of the server's log when the server dies or takes too long. */
export async function untilUp(child: ChildProcess, probe: () => Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const up = await probe().then(() => true, () => false);
    if (up) return true;
    await later(40);
  }
  return false;
}

export const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
