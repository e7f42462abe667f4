import { MillraceError } from '../errors.ts';
import type { Bus } from '../core/ports/outside.ts';
import { hintsOf } from './hints.ts';
import { createBell, pumped } from './stream.ts';

/** What the log holds behind a cursor. `ended` is true when the run is over and nothing can follow. */
export interface EventPage<Event> {
  events: Event[];
  ended: boolean;
}

export interface EnrollmentStreamOptions<Event extends { cursor: string }> {
  bus: Bus;
  enrollmentId: string;
  /** Resume behind this cursor; null starts with the run. */
  after: string | null;
  /** Reads the log behind a cursor, oldest first. */
  read(after: string | null): Promise<EventPage<Event>>;
  /** Events that wait for the reader at most. */
  buffer?: number;
  /** How long a full buffer may stay untouched before the reader is let go (machine ms). */
  patienceMs?: number;
  /** Hints may be lost: the log is re-read this often without one (machine ms). */
  pollMs?: number;
}

/**
 * Every event of one run, none twice: first what the log holds behind `after`, then whatever is committed, until the run ends.
 * The bus only says when to look; the log is the truth. A reader that falls behind is closed with `LAGGING` and its cursor, never thinned.
 */
export function enrollmentStream<Event extends { cursor: string }>(options: EnrollmentStreamOptions<Event>): AsyncIterableIterator<Event> {
  const { bus, enrollmentId, read, buffer = 256, patienceMs = 10_000, pollMs = 2_000 } = options;
  return pumped<Event>(buffer, async (outlet, signal) => {
    const bell = createBell();
    signal.addEventListener('abort', hintsOf(bus).onRun(enrollmentId, bell.ring), { once: true });
    let cursor = options.after;
    while (!signal.aborted) {
      const page = await read(cursor);
      for (const event of page.events) {
        if (!(await outlet.room(patienceMs))) return leave(signal, cursor);
        outlet.offer(event);
        cursor = event.cursor;
      }
      if (page.ended) return;
      await bell.heard(pollMs, signal);
    }
  });
}

/** Nobody reads any more: silently when the reader left, loudly when it only was too slow. */
function leave(signal: AbortSignal, cursor: string | null): void {
  if (signal.aborted) return;
  throw new MillraceError('UNAVAILABLE', `This reader fell behind and was closed; nothing is lost: resume from cursor "${cursor ?? ''}".`, {
    detail: { reason: 'LAGGING', cursor },
  });
}
