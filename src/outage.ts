import type { OnTrouble } from './core/ports/outside.ts';
import { messageOf } from './errors.ts';
import type { Logger } from './logger.ts';

/** The troubles that a process has with one server. */
export interface Outage {
  /** Hears of every trouble with it, on whichever line. */
  onTrouble: OnTrouble;
  close(): void;
}

export interface Watched {
  /** What it is called, for people and for whoever reads the logs of many processes: the line has it as `outage`. */
  name: string;
  place: string;
  advice: string;
  /** Rejects while it cannot be used. */
  ping(): Promise<void>;
  /** Hears of the troubles of single lines while it can be used. */
  otherwise: OnTrouble;
}

const AGAIN_MS = 1_000;
/** A process has no more lines to one server: what more is heard at once is the same again. */
const MOST_LINES = 30;

/**
 * A server that is away is a trouble on all lines that lead to it at once: it is told in one sentence, and in one more when it is back, of the same level: who hears the one hears the other.
 * A line that broke while the server answers speaks for itself.
 * @param againMs how long it may take to come back before that is an outage, and how often it is asked during one.
 */
export function createOutage(logger: Logger, { name, place, advice, ping, otherwise }: Watched, againMs = AGAIN_MS): Outage {
  let heard: Parameters<OnTrouble>[] | null = null;
  let closed = false;
  const answers = (): Promise<boolean> => Promise.resolve().then(ping).then(() => true, () => false);

  const look = async (troubles: Parameters<OnTrouble>[]): Promise<void> => {
    if (await answers() || (await later(againMs), await answers())) return troubles.forEach((trouble) => otherwise(...trouble));
    if (closed) return;
    logger.warn({ outage: name }, `${place} cannot be used: ${messageOf(troubles[0]![1])}. ${advice}`);
    while (!closed && !await answers()) await later(againMs);
    if (!closed) logger.warn({ outage: name, over: true }, `${place} is back.`);
  };

  return {
    onTrouble(...trouble) {
      if (closed) return;
      if (heard) return void (heard.length < MOST_LINES && heard.push(trouble));
      heard = [trouble];
      void look(heard).finally(() => (heard = null));
    },
    close: () => void (closed = true),
  };
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
