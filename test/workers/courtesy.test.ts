import { describe, expect, it } from 'vitest';
import { createCourtesy } from '../../workers/courtesy.ts';
import { until } from '../support/until.ts';

/** Work that ends when it is told to, and says how much of it runs. */
function gates() {
  const open: (() => void)[] = [];
  const work = (): Promise<void> => new Promise((resolve) => void open.push(resolve));
  const finishOne = async (): Promise<void> => {
    open.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { running: () => open.length, work, finishOne };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('courtesy', () => {
  it('gives bulk work all places in quiet times', async () => {
    const { running, work, finishOne } = gates();
    const courtesy = createCourtesy(3, () => 0);
    const all = [1, 2, 3, 4, 5].map(() => courtesy.bulk(work));
    await settled();
    expect(running()).toBe(3);
    while (running() > 0) await finishOne();
    await Promise.all(all);
  });

  it('leaves it one place beside interactive work, and all of them again a moment later', async () => {
    const { running, work, finishOne } = gates();
    let now = 0;
    const courtesy = createCourtesy(3, () => now);
    await courtesy.interactive(async () => undefined);
    const all = [1, 2, 3, 4].map(() => courtesy.bulk(work));
    await settled();
    expect(running()).toBe(1);
    now = 1_000;
    await finishOne();
    expect(running()).toBe(3);
    while (running() > 0) await finishOne();
    await Promise.all(all);
  });

  it('lets bulk work rest between two pieces beside interactive work', async () => {
    const { running, work, finishOne } = gates();
    let now = 0;
    const courtesy = createCourtesy(3, () => now);
    await courtesy.interactive(async () => undefined);
    const all = [1, 2].map(() => courtesy.bulk(work));
    await settled();
    now = 10;
    await finishOne();
    expect(running()).toBe(0);
    await until('the next piece to begin', () => running() === 1);
    await finishOne();
    await Promise.all(all);
  });

  it('lets bulk work that took long rest for a second at most', async () => {
    const { running, work, finishOne } = gates();
    let now = 0;
    const courtesy = createCourtesy(1, () => now);
    const all = [1, 2].map(() => courtesy.bulk(work));
    await settled();
    now = 600_000;
    await courtesy.interactive(async () => undefined);
    await finishOne();
    expect(running()).toBe(0);
    await until('the next piece to begin', () => running() === 1); // and not in twenty minutes
    await finishOne();
    await Promise.all(all);
  });

  it('never holds interactive work back', async () => {
    const { running, work, finishOne } = gates();
    const courtesy = createCourtesy(1, () => 0);
    const all = [courtesy.bulk(work), courtesy.interactive(work), courtesy.interactive(work)];
    await settled();
    expect(running()).toBe(3);
    while (running() > 0) await finishOne();
    await Promise.all(all);
  });

  it('frees the place of bulk work that fails', async () => {
    const courtesy = createCourtesy(1, () => 0);
    await expect(courtesy.bulk(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(courtesy.bulk(async () => 'yes')).resolves.toBe('yes');
  });
});
