import type { EnrollmentEvent } from '../core/ports/records.ts';
import { enrollmentStream } from '../live/enrollment-stream.ts';
import { logEventsAfter } from '../services/enrollments.ts';
import { problemOf } from './problem.ts';
import { showEnrollmentEvent } from './representations.ts';
import type { Call, Reply } from './route.ts';

/** How often a quiet stream says that it lives, and asks whether its key still does (machine ms). */
const PULSE_MS = 15_000;

/**
 * A run as server-sent events, lossless: each event's `id` is its cursor, and `Last-Event-ID` (or `?cursor`) goes on behind it. A run that
 * has ended and was told to its end answers 204, which tells a browser's EventSource not to come back
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */
export async function followLogs({ ctx, who, params, query, request, admit }: Call<undefined, { cursor?: string | undefined }>): Promise<Reply> {
  const after = request.headers.get('last-event-id') ?? query.cursor ?? null;
  const read = (cursor: string | null) => logEventsAfter(ctx, who, { enrollmentId: params.id, after: cursor });
  const first = await read(after);
  if (after !== null && first.ended && first.events.length === 0) return { status: 204 };
  const events = enrollmentStream<EnrollmentEvent>({ bus: ctx.bus, enrollmentId: params.id, after, read });
  const mask = (error: unknown, errorId: string) => ctx.logger.error({ err: error, errorId }, 'a log stream broke');
  return { status: 200, stream: serverSentEvents(events, admit, mask), headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' } };
}

type Report = (error: unknown, errorId: string) => void;

function serverSentEvents(events: AsyncIterableIterator<EnrollmentEvent>, admit: () => Promise<void>, report: Report): ReadableStream<Uint8Array> {
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
      const next = await nextFrame(events, report);
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
async function nextFrame(events: AsyncIterableIterator<EnrollmentEvent>, report: Report): Promise<{ text: string | null; last: boolean }> {
  try {
    const { done, value } = await events.next();
    return done ? { text: null, last: true } : { text: frame(value.kind, value.cursor, showEnrollmentEvent(value)), last: false };
  } catch (error) {
    return { text: frame('error', null, problemOf(error, report).body), last: true };
  }
}

const frame = (event: string, id: string | null, data: unknown): string => `${id === null ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
