import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

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

/** A server under our care. */
export interface CaredFor {
  /** False once it died, until it is started again. */
  running(): boolean;
  /** From now on it is started again whenever it dies; `say` hears of it. Before that, a death is final: it could not come up. */
  keepAlive(say: (line: string) => void): void;
  stop(): Promise<void>;
}

const RESTART_MS = 200;
const SLOWEST_RESTART_MS = 900;
/** A life shorter than this makes the next pause longer. */
const QUICK_DEATH_MS = 5_000;

/**
 * Starts a server in a process group of its own, so that Ctrl-C in the terminal reaches it only through us and after the workers.
 * Should we be killed without a word, a shell that holds the other end of a pipe stops it.
 */
export function startServerProcess(command: ServerCommand): CaredFor {
  let life = live(command);
  let stopping = false;
  return {
    running: () => isAlive(life.child),
    keepAlive(say) {
      let quickDeaths = 0;
      const watch = (): void => void life.ended.then((how) => {
        if (stopping) return;
        quickDeaths = performance.now() - life.since < QUICK_DEATH_MS ? quickDeaths + 1 : 0;
        say(`${command.name} ended (${how}) and is started again.`);
        setTimeout(() => {
          if (stopping) return;
          life = live(command);
          watch();
        }, Math.min(RESTART_MS * (quickDeaths + 1), SLOWEST_RESTART_MS));
      });
      watch();
    },
    async stop() {
      stopping = true;
      const { child, ended } = life;
      if (isAlive(child)) child.kill(command.stopSignal);
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
      if (isAlive(child)) child.kill('SIGKILL');
    },
  };
}

interface Life {
  child: ChildProcess;
  /** `performance.now()` of its start. */
  since: number;
  /** Resolves with a word on how it ended. */
  ended: Promise<string>;
}

function live(command: ServerCommand): Life {
  const log = openSync(command.log, 'a');
  const stdio: StdioOptions = ['ignore', log, log];
  const child = spawn(command.file, command.args, { cwd: command.cwd, env: command.env, stdio, detached: true, uid: command.uid, gid: command.uid });
  closeSync(log);
  const guard = child.pid === undefined ? null : guardOf(child.pid, command.stopSignal);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  // Its number may soon be somebody else's: the guard forgets it.
  void ended.then(() => guard?.stdin?.end('done\n'));
  return { child, since: performance.now(), ended };
}

const isAlive = (child: ChildProcess): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;

/** Reads until its input ends. Without the word `done` that means that we died: it gives the workers a moment and stops the server. */
function guardOf(pid: number, signal: NodeJS.Signals): ChildProcess {
  const script = 'read -r word; [ "$word" = done ] || { sleep 3; kill -s "$2" "$1"; } 2>/dev/null';
  const guard = spawn('/bin/sh', ['-c', script, 'millrace-guard', String(pid), signal.slice(3)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  return guard;
}

/** Asks `probe` until it holds; false when the server dies or takes too long. */
export async function untilUp(server: CaredFor, probe: () => Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (server.running() && Date.now() < deadline) {
    const up = await probe().then(() => true, () => false);
    if (up) return true;
    await later(40);
  }
  return false;
}

export const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
