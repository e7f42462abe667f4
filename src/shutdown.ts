import type { Logger } from './logger.ts';
import { within } from './within.ts';

/** One thing to close, and what it is called in the log. */
export interface Closing {
  name: string;
  close(): Promise<unknown> | void;
}

export interface Shutdown {
  /** What is added last is closed first. */
  add(name: string, close: Closing['close']): void;
  /** Closes everything once; a step that throws or hangs is said and passed over. */
  run(reason: string): Promise<void>;
}

/** How long one step may take: all of them together stay below the ten seconds after which a process is killed. */
const STEP_MS = 4_000;

/** Closes a process's parts in the reverse order of their opening. */
export function createShutdown(logger: Logger, stepMs = STEP_MS): Shutdown {
  const steps: Closing[] = [];
  let running: Promise<void> | null = null;
  const closeAll = async (reason: string): Promise<void> => {
    logger.info({ reason }, 'stopping');
    for (const { name, close } of steps.reverse()) {
      const late = (): Error => new Error(`${name} took longer than ${stepMs} ms`);
      await within(stepMs, close, late).catch((error: unknown) => logger.warn({ err: error, part: name }, 'did not close cleanly'));
    }
    logger.info('stopped');
  };
  return {
    add: (name, close) => void steps.push({ name, close }),
    run: (reason) => (running ??= closeAll(reason)),
  };
}

/** Ends the process on Ctrl-C, on SIGTERM, and when the parent that started it is gone. */
export function stopOnSignals(shutdown: Shutdown): void {
  const stop = (reason: string): void => {
    void shutdown.run(reason).finally(() => process.exit(0));
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('the parent process is gone'));
}
