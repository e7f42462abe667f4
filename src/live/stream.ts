/**
 * Streams for one subscriber each. A pump writes into an outlet, the subscriber reads from it at its own pace; the outlet holds
 * `limit` values at most and the pump waits for room. Nothing here throws into the publisher, and `return()` takes effect at once,
 * also while the pump awaits something: an async generator would only notice at its next `yield`.
 */
export interface Outlet<T> {
  /** Hands a value to the reader. False, and the value is not taken, when the buffer is full or the stream is closed. */
  offer(value: T): boolean;
  /** True as soon as there is room; false when the reader took nothing for `patienceMs`, or left. */
  room(patienceMs?: number): Promise<boolean>;
}

/** Streams of this process that somebody reads. */
let open = 0;
export const openStreams = (): number => open;

type Pump<T> = (outlet: Outlet<T>, signal: AbortSignal) => Promise<void>;
type Waiter<T> = { resolve(result: IteratorResult<T>): void; reject(error: unknown): void };

/**
 * An async iterator fed by `pump`, which starts with the first `next()`. When the pump returns the stream ends after its buffer is
 * read; when it throws, the reader gets the error after the buffer. `signal` aborts when the reader leaves.
 */
export const pumped = <T>(limit: number, pump: Pump<T>): AsyncIterableIterator<T> => new PumpedStream(limit, pump);

class PumpedStream<T> implements AsyncIterableIterator<T>, Outlet<T> {
  readonly #limit: number;
  readonly #pump: Pump<T>;
  readonly #buffer: T[] = [];
  readonly #readers: Waiter<T>[] = [];
  readonly #leaving = new AbortController();
  readonly #spare = createBell();
  #state: 'idle' | 'open' | 'ended' = 'idle';
  #failure: { error: unknown } | null = null;

  constructor(limit: number, pump: Pump<T>) {
    this.#limit = limit;
    this.#pump = pump;
  }

  offer(value: T): boolean {
    if (this.#state !== 'open' || this.#buffer.length >= this.#limit) return false;
    const reader = this.#readers.shift();
    if (reader) reader.resolve({ done: false, value });
    else this.#buffer.push(value);
    return true;
  }

  async room(patienceMs?: number): Promise<boolean> {
    while (this.#state === 'open' && this.#buffer.length >= this.#limit) {
      if (!(await this.#spare.heard(patienceMs))) return false;
    }
    return this.#state === 'open';
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#state === 'idle') this.#start();
    if (this.#buffer.length > 0) {
      const value = this.#buffer.shift()!;
      this.#spare.ring();
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure) return Promise.reject(this.#takeFailure());
    if (this.#state === 'ended') return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<T>> {
    this.#buffer.length = 0;
    this.#close(null);
    this.#failure = null;
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(error: unknown): Promise<IteratorResult<T>> {
    return this.return().then(() => Promise.reject(error));
  }

  #start(): void {
    this.#state = 'open';
    open += 1;
    this.#pump(this, this.#leaving.signal).then(() => this.#close(null), (error: unknown) => this.#close({ error }));
  }

  /** The reader that waits first gets the failure; without one it is kept for the next read, behind the buffer. */
  #close(failure: { error: unknown } | null): void {
    if (this.#state === 'ended') return;
    if (this.#state === 'open') open -= 1;
    this.#state = 'ended';
    this.#failure = failure;
    if (failure && this.#readers.length > 0) this.#readers.shift()!.reject(this.#takeFailure());
    for (const reader of this.#readers.splice(0)) reader.resolve({ done: true, value: undefined });
    this.#leaving.abort();
    this.#spare.ring();
  }

  #takeFailure(): unknown {
    const taken = this.#failure?.error;
    this.#failure = null;
    return taken;
  }
}

/** A stream of lists, one by one. `return` reaches the source at once. */
export function flattened<T>(lists: AsyncIterableIterator<readonly T[]>): AsyncIterableIterator<T> {
  let list: readonly T[] = [];
  let read = 0;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (read === list.length) {
        const next = await lists.next();
        if (next.done) return { done: true, value: undefined };
        [list, read] = [next.value, 0];
      }
      read += 1;
      return { done: false, value: list[read - 1]! };
    },
    async return() {
      [list, read] = [[], 0];
      await lists.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** Something that can be rung and waited for. A ring that nobody awaits is kept, ten of them count as one. */
export interface Bell {
  ring(): void;
  /** True when it rang, false when `withinMs` passed or `signal` aborted first. Without `withinMs` it waits for ever. */
  heard(withinMs?: number, signal?: AbortSignal): Promise<boolean>;
}

export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    heard(withinMs, signal) {
      return new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', finish);
          wake = null;
          resolve(rung);
          rung = false;
        };
        const timer = withinMs === undefined ? undefined : setTimeout(finish, withinMs);
        if (rung || signal?.aborted) return finish();
        wake = finish;
        signal?.addEventListener('abort', finish, { once: true });
      });
    },
  };
}
