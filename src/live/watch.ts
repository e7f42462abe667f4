import type { Bus } from '../core/ports/outside.ts';
import { hintsOf } from './hints.ts';
import { createBell, pumped } from './stream.ts';

export interface WatchOptions<Value> {
  read(): Promise<Value>;
  /** What tells two readings apart. */
  keyOf(value: Value): unknown;
  /** Reads at once when the bus talks of this workflow. */
  hint?: { bus: Bus; workflowId: string };
  /** Reads this often in any case (machine ms). */
  everyMs: number;
}

/** A value now, and again whenever it is another one: conflated, so a slow reader gets the newest. */
export function watch<Value>({ read, keyOf, hint, everyMs }: WatchOptions<Value>): AsyncIterableIterator<Value> {
  return pumped<Value>(1, async (outlet, signal) => {
    const bell = createBell();
    if (hint) signal.addEventListener('abort', hintsOf(hint.bus).onWorkflow(hint.workflowId, () => bell.ring()), { once: true });
    let last: unknown = NOTHING;
    while (!signal.aborted) {
      if (!(await outlet.room())) return;
      const value = await read();
      const key = keyOf(value);
      if (key !== last) outlet.offer(value);
      last = key;
      await bell.heard(everyMs, signal);
    }
  });
}

const NOTHING = Symbol('nothing read yet');
