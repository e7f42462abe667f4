import type { Bus, LiveMessage } from '../core/ports/outside.ts';
import type { Bell } from './stream.ts';

/** Messages that a process keeps for its readers, and moves in them: whichever is reached first. */
const KEPT = 20_000;
const KEPT_MOVES = 200_000;
/** Readers are told at once after a pause, and then once in so long (machine ms): what comes meanwhile they read, execute and write as one. */
const WINDOW_MS = 50;

/** A message in the feed, numbered from 1 in this process's lifetime. */
export interface Kept {
  number: number;
  /** Its place in the bus's history, or in this process where the bus keeps none. */
  position: string;
  message: LiveMessage;
}

/** The newest talk of a bus, in the order in which this process heard it. */
export interface Feed {
  /** Names this process's lifetime. */
  epoch: string;
  /** The number of the newest message; 0 before the first. */
  newest(): number;
  /** The number of the oldest one that is kept. */
  oldest(): number;
  at(number: number): Kept | undefined;
  /** The number of the message at a position; null when it is not kept. */
  locate(position: string): number | null;
  /** What `make` gives, made once for all who ask for the key before the next message comes. */
  once<T>(key: string, make: () => T): T;
  /** Rung once a window while messages come. */
  bells: Set<Bell>;
}

const feeds = new WeakMap<Bus, Feed>();

/** The feed of a bus: made when somebody first reads it, and kept as long as the bus lives. */
export function feedOf(bus: Bus): Feed {
  const known = feeds.get(bus);
  if (known) return known;
  const feed = createFeed(bus, KEPT);
  feeds.set(bus, feed);
  return feed;
}

export function createFeed(bus: Bus, kept: number, windowMs = WINDOW_MS): Feed {
  const epoch = Math.floor(performance.timeOrigin + performance.now()).toString(36);
  const messages = new Map<number, Kept>();
  const numbers = new Map<string, number>();
  const bells = new Set<Bell>();
  const made = new Map<string, unknown>();
  const ring = createWindow(windowMs, () => bells.forEach((bell) => bell.ring()));
  let newest = 0;
  let oldest = 1;
  let moves = 0;

  const drop = (): void => {
    const gone = messages.get(oldest)!;
    messages.delete(oldest);
    numbers.delete(gone.position);
    moves -= movesIn(gone.message);
    oldest += 1;
  };
  bus.subscribe((message, position) => {
    newest += 1;
    const heard = { number: newest, position: position ?? `${epoch}-${newest}`, message };
    messages.set(newest, heard);
    numbers.set(heard.position, newest);
    moves += movesIn(message);
    while (messages.size > 1 && (messages.size > kept || moves > KEPT_MOVES)) drop();
    made.clear();
    ring();
  });
  return {
    epoch,
    newest: () => newest,
    oldest: () => oldest,
    at: (number) => messages.get(number),
    locate: (position) => numbers.get(position) ?? null,
    once<T>(key: string, make: () => T): T {
      if (!made.has(key)) made.set(key, make());
      return made.get(key) as T;
    },
    bells,
  };
}

const movesIn = ({ runs }: LiveMessage): number => runs.reduce((sum, { moves }) => sum + moves.length, 0);

/** Calls back at once, then at the end of each window in which it was asked. */
function createWindow(windowMs: number, call: () => void): () => void {
  let last = -Infinity;
  let waiting = false;
  const run = (): void => {
    waiting = false;
    last = performance.now();
    call();
  };
  return () => {
    if (waiting) return;
    const rest = last + windowMs - performance.now();
    if (rest <= 0) return run();
    waiting = true;
    setTimeout(run, rest);
  };
}
