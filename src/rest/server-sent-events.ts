import { problemOf } from './problem.ts';

/** How often a quiet stream says that it lives, and asks whether its key still does (machine ms). */
const PULSE_MS = 15_000;

export type Report = (error: unknown, errorId: string) => void;

interface Told {
  kind: string;
  cursor: string;
}

/** A stream of events as text: each event's `id` is its cursor, `show` makes its data; an error is the last one. `admit` is asked now and then whether the key still opens the door. */
export function serverSentEvents<Event extends Told>(
  events: AsyncIterableIterator<Event>, show: (event: Event) => unknown, admit: () => Promise<void>, report: Report,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let pulse: NodeJS.Timeout | undefined;
  let over = false;
  const leave = (): void => {
    over = true;
    clearInterval(pulse);
    void events.return?.();
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode('retry: 1000\n\n'));
      const say = (text: string): void => {
        if (!over) controller.enqueue(encoder.encode(text));
      };
      const end = (error: unknown): void => {
        say(frame('error', null, problemOf(error, report).body));
        if (!over) controller.close();
        leave();
      };
      pulse = setInterval(() => void admit().then(() => say(': still here\n\n'), end), PULSE_MS);
    },
    async pull(controller) {
      const next = await nextFrame(events, show, report);
      if (over) return;
      if (next.text !== null) controller.enqueue(encoder.encode(next.text));
      if (!next.last) return;
      controller.close();
      leave();
    },
    cancel: leave,
  });
}

/** The next event as text; an error is told to the reader as the last one. */
async function nextFrame<Event extends Told>(events: AsyncIterableIterator<Event>, show: (event: Event) => unknown, report: Report): Promise<{ text: string | null; last: boolean }> {
  try {
    const { done, value } = await events.next();
    return done ? { text: null, last: true } : { text: frame(value.kind, value.cursor, show(value)), last: false };
  } catch (error) {
    return { text: frame('error', null, problemOf(error, report).body), last: true };
  }
}

const frame = (event: string, id: string | null, data: unknown): string => `${id === null ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
