import { problemOf } from './problem.ts';

/** How often a quiet stream says that it lives (machine ms). */
const PULSE_MS = 15_000;

export type Report = (error: unknown, errorId: string) => void;

interface Told {
  kind: string;
  cursor: string;
}

/**
 * A stream of events as text: each event's `id` is its cursor, `show` makes its data; an error is the last one.
 * @param stay is told how to end the stream early, with an error, and gives what to call when it is over.
 */
export function serverSentEvents<Event extends Told>(
  events: AsyncIterableIterator<Event>, show: (event: Event) => unknown, stay: (refused: (error: unknown) => void) => () => void, report: Report,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let over = false;
  let refuse: (error: unknown) => void = () => undefined;
  const gone = stay((error) => refuse(error));
  let pulse: NodeJS.Timeout | undefined;
  const leave = (): void => {
    if (over) return;
    over = true;
    clearInterval(pulse);
    gone();
    void events.return?.();
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode('retry: 1000\n\n'));
      // A reader that takes nothing has no use for more.
      pulse = setInterval(() => (controller.desiredSize ?? 0) > 0 && controller.enqueue(encoder.encode(': still here\n\n')), PULSE_MS);
      refuse = (error) => {
        if (over) return;
        controller.enqueue(encoder.encode(frame('error', null, problemOf(error, report).body)));
        controller.close();
        leave();
      };
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
async function nextFrame<Event extends Told>(
  events: AsyncIterableIterator<Event>, show: (event: Event) => unknown, report: Report,
): Promise<{ text: string | null; last: boolean }> {
  try {
    const { done, value } = await events.next();
    return done ? { text: null, last: true } : { text: frame(value.kind, value.cursor, show(value)), last: false };
  } catch (error) {
    return { text: frame('error', null, problemOf(error, report).body), last: true };
  }
}

const frame = (event: string, id: string | null, data: unknown): string => `${id === null ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
