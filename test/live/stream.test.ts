import { describe, expect, it } from 'vitest';
import { createBell, pumped } from '../../src/live/stream.ts';

const collect = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const value of stream) all.push(value);
  return all;
};

describe('pumped', () => {
  it('hands on every value in order when the pump waits for room', async () => {
    const stream = pumped<number>(4, async (outlet) => {
      for (let n = 0; n < 20_000; n += 1) {
        await outlet.room();
        outlet.offer(n);
      }
    });
    const all = await collect(stream);
    expect(all).toHaveLength(20_000);
    expect(all.every((value, index) => value === index)).toBe(true);
  });

  it('never holds more than its limit', async () => {
    let refused = 0;
    const stream = pumped<number>(256, async (outlet) => {
      for (let n = 0; n < 1_000; n += 1) if (!outlet.offer(n)) refused += 1;
    });
    const all = await collect(stream);
    expect(all).toEqual(Array.from({ length: 256 }, (_, n) => n));
    expect(refused).toBe(744);
  });

  it('gives the buffered values before the error, and ends after it', async () => {
    const stream = pumped<string>(4, async (outlet) => {
      outlet.offer('one');
      outlet.offer('two');
      throw new Error('the log is gone');
    });
    expect(await stream.next()).toEqual({ done: false, value: 'one' });
    expect(await stream.next()).toEqual({ done: false, value: 'two' });
    await expect(stream.next()).rejects.toThrow('the log is gone');
    expect((await stream.next()).done).toBe(true);
  });

  it('rejects a reader that already waits when the pump fails', async () => {
    const fail = createBell();
    const stream = pumped<string>(4, async () => {
      await fail.heard();
      throw new Error('the log is gone');
    });
    const waiting = stream.next();
    fail.ring();
    await expect(waiting).rejects.toThrow('the log is gone');
  });

  it('starts with the first next, so that an unread stream costs nothing', async () => {
    let started = 0;
    const stream = pumped<number>(1, async () => {
      started += 1;
    });
    expect(started).toBe(0);
    expect((await stream.next()).done).toBe(true);
    expect(started).toBe(1);
  });

  it('is left at once, also while the pump waits, and tells the pump', async () => {
    let told = false;
    const stream = pumped<number>(1, async (_outlet, signal) => {
      signal.addEventListener('abort', () => (told = true));
      await createBell().heard(undefined, signal);
    });
    const waiting = stream.next();
    expect((await stream.return!()).done).toBe(true);
    expect((await waiting).done).toBe(true);
    expect(told).toBe(true);
    expect((await stream.next()).done).toBe(true);
  });

  it('can be left before it was read', async () => {
    const stream = pumped<number>(1, async (outlet) => void outlet.offer(1));
    await stream.return!();
    expect((await stream.next()).done).toBe(true);
  });

  it('lets a pump know that its reader takes nothing', async () => {
    let roomy: boolean | null = null;
    const finished = createBell();
    const stream = pumped<number>(1, async (outlet) => {
      outlet.offer(1);
      await outlet.room();
      outlet.offer(2);
      roomy = await outlet.room(1);
      finished.ring();
    });
    await stream.next();
    await finished.heard();
    expect(roomy).toBe(false);
  });

  it('serves several waiting reads in their order', async () => {
    const stream = pumped<number>(2, async (outlet) => {
      await outlet.room();
      for (const n of [1, 2, 3]) outlet.offer(n);
    });
    const reads = await Promise.all([stream.next(), stream.next(), stream.next(), stream.next()]);
    expect(reads.map((read) => read.value)).toEqual([1, 2, 3, undefined]);
  });

  it('passes a thrown error on and ends', async () => {
    const stream = pumped<number>(2, async (outlet) => void outlet.offer(1));
    await expect(stream.throw!(new Error('enough'))).rejects.toThrow('enough');
    expect((await stream.next()).done).toBe(true);
  });
});

describe('a bell', () => {
  it('keeps a ring that nobody awaits, and counts ten as one', async () => {
    const bell = createBell();
    for (let n = 0; n < 10; n += 1) bell.ring();
    expect(await bell.heard()).toBe(true);
    expect(await bell.heard(1)).toBe(false);
  });

  it('wakes whoever waits', async () => {
    const bell = createBell();
    const heard = bell.heard();
    bell.ring();
    expect(await heard).toBe(true);
  });

  it('stops waiting when it is told to', async () => {
    const leaving = new AbortController();
    const heard = createBell().heard(undefined, leaving.signal);
    leaving.abort();
    expect(await heard).toBe(false);
    expect(await createBell().heard(undefined, leaving.signal)).toBe(false);
  });
});
