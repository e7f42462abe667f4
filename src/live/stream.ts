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
export function pumped<T>(limit: number, pump: Pump<T>): AsyncIterableIterator<T> {
  const buffer: T[] = [];
  const readers: Waiter<T>[] = [];
  const leaving = new AbortController();
  const spare = createBell();
  let state: 'idle' | 'open' | 'ended' = 'idle';
  let failure: { error: unknown } | null = null;

  const close = (error?: { error: unknown }): void => {
    if (state === 'ended') return;
    if (state === 'open') open -= 1;
    state = 'ended';
    failure = error ?? null;
    if (readers.length > 0 && failure) readers.shift()!.reject(takeFailure());
    for (const reader of readers.splice(0)) reader.resolve({ done: true, value: undefined });
    leaving.abort();
    spare.ring();
  };
  const takeFailure = (): unknown => {
    const taken = failure?.error;
    failure = null;
    return taken;
  };
  const outlet: Outlet<T> = {
    offer(value) {
      if (state !== 'open' || buffer.length >= limit) return false;
      const reader = readers.shift();
      if (reader) reader.resolve({ done: false, value });
      else buffer.push(value);
      return true;
    },
    async room(patienceMs) {
      while (state === 'open' && buffer.length >= limit) {
        if (!(await spare.heard(patienceMs))) return false;
      }
      return state === 'open';
    },
  };
  const start = (): void => {
    state = 'open';
    open += 1;
    pump(outlet, leaving.signal).then(() => close(), (error: unknown) => close({ error }));
  };

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      if (state === 'idle') start();
      if (buffer.length > 0) {
        const value = buffer.shift()!;
        spare.ring();
        return Promise.resolve({ done: false, value });
      }
      if (failure) return Promise.reject(takeFailure());
      if (state === 'ended') return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve, reject) => readers.push({ resolve, reject }));
    },
    return() {
      buffer.length = 0;
      close();
      failure = null;
      return Promise.resolve({ done: true, value: undefined });
    },
    throw(error) {
      return this.return!().then(() => Promise.reject(error));
    },
  };
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
