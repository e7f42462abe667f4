import { describe, expect, it } from 'vitest';
import { MillraceError } from '../../src/errors.ts';
import { enrollmentStream } from '../../src/live/enrollment-stream.ts';
import { createBell } from '../../src/live/stream.ts';
import { createHandBus, liveMessage } from '../support/hand-bus.ts';

/** A log of numbered events that a test appends to. */
function createLog() {
  const events: { cursor: string }[] = [];
  let ended = false;
  let reads = 0;
  return {
    append: (count: number) => {
      for (let n = 0; n < count; n += 1) events.push({ cursor: String(events.length + 1) });
    },
    end: () => (ended = true),
    read: async (after: string | null) => {
      reads += 1;
      return { events: events.slice(Number(after ?? 0)), ended };
    },
    reads: () => reads,
  };
}

const cursors = async (stream: AsyncIterable<{ cursor: string }>): Promise<number[]> => {
  const all: number[] = [];
  for await (const event of stream) all.push(Number(event.cursor));
  return all;
};
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('the stream of an enrollment', () => {
  it('replays the log behind the cursor and ends with the run', async () => {
    const log = createLog();
    log.append(1_000);
    log.end();
    expect(await cursors(enrollmentStream({ bus: createHandBus(), enrollmentId: 'e', after: '400', read: log.read }))).toEqual(numbers(401, 1_000));
  });

  it('tails after the replay: what is committed between two hints comes once and in order', async () => {
    const log = createLog();
    const bus = createHandBus();
    log.append(3);
    const stream = enrollmentStream({ bus, enrollmentId: 'e', after: null, read: log.read, pollMs: 60_000 });
    for (const expected of [1, 2, 3]) expect(Number((await stream.next()).value.cursor)).toBe(expected);
    const waiting = stream.next();
    log.append(500);
    bus.publish(liveMessage('w', { e: [] }));
    bus.publish(liveMessage('w', { e: [] }));
    expect(Number((await waiting).value.cursor)).toBe(4);
    log.end();
    bus.publish(liveMessage('w', { e: [] }));
    expect(await cursors(stream)).toEqual(numbers(5, 503));
  });

  it('does not need hints: a slow poll finds what they lost', async () => {
    const log = createLog();
    const stream = enrollmentStream({ bus: createHandBus(), enrollmentId: 'e', after: null, read: log.read, pollMs: 1 });
    const waiting = stream.next();
    log.append(1);
    expect((await waiting).value.cursor).toBe('1');
    await stream.return!();
  });

  it('does not look because of other runs', async () => {
    const log = createLog();
    const bus = createHandBus();
    const stream = enrollmentStream({ bus, enrollmentId: 'e', after: null, read: log.read, pollMs: 60_000 });
    const waiting = stream.next();
    bus.publish(liveMessage('w', { other: [], another: [] }));
    log.append(1);
    bus.publish(liveMessage('w', { e: [] }));
    await waiting;
    expect(log.reads()).toBe(2);
    await stream.return!();
  });

  it('closes a reader that falls behind, with the cursor to resume from, and loses nothing', async () => {
    const log = createLog();
    log.append(1_000);
    const bus = createHandBus();
    const stream = enrollmentStream({ bus, enrollmentId: 'e', after: null, read: log.read, buffer: 8, patienceMs: 1, pollMs: 60_000 });
    const first = Number((await stream.next()).value.cursor);
    await untilLeft(bus);
    const seen: number[] = [first];
    const error = await readUntilError(stream, seen);
    expect(error).toBeInstanceOf(MillraceError);
    expect(error.message).toContain(`resume from cursor "${seen.at(-1)}"`);
    expect(error.detail).toEqual({ reason: 'LAGGING', cursor: String(seen.at(-1)) });
    log.end();
    const rest = await cursors(enrollmentStream({ bus, enrollmentId: 'e', after: error.detail.cursor as string, read: log.read }));
    expect([...seen, ...rest]).toEqual(numbers(1, 1_000));
  });

  it('leaves the bus when its reader leaves', async () => {
    const bus = createHandBus();
    const streams = [1, 2, 3].map(() => enrollmentStream({ bus, enrollmentId: 'e', after: null, read: createLog().read }));
    const waiting = streams.map((stream) => stream.next());
    expect(bus.listeners()).toBe(1);
    for (const stream of streams) await stream.return!();
    expect((await Promise.all(waiting)).every((read) => read.done)).toBe(true);
    expect(bus.listeners()).toBe(0);
  });

  it('tells its reader when the log cannot be read', async () => {
    const stream = enrollmentStream({ bus: createHandBus(), enrollmentId: 'e', after: null, read: () => Promise.reject(new Error('no database')) });
    await expect(stream.next()).rejects.toThrow('no database');
  });
});

async function readUntilError(stream: AsyncIterator<{ cursor: string }>, seen: number[]): Promise<MillraceError> {
  for (;;) {
    try {
      const { value, done } = await stream.next();
      if (done) throw new Error('The stream ended without an error.');
      seen.push(Number(value.cursor));
    } catch (error) {
      return error as MillraceError;
    }
  }
}

/** The stream let go of its reader as soon as nobody listens to the bus for it. */
async function untilLeft(bus: { listeners(): number }): Promise<void> {
  const pause = createBell();
  while (bus.listeners() > 0) await pause.heard(1);
}
