import { describe, expect, it } from 'vitest';
import { createSharedReads } from '../../src/live/shared-reads.ts';

/** A reading that a test answers by hand. */
function byHand() {
  const asked: { answer(value: number): void; fail(error: Error): void }[] = [];
  const read = (): Promise<number> => new Promise((resolve, reject) => asked.push({ answer: resolve, fail: reject }));
  return { asked, read };
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('shared reads', () => {
  it('let everybody who came while one ran share the next', async () => {
    const { asked, read } = byHand();
    const shared = createSharedReads();
    const first = shared('w', read);
    const others = Array.from({ length: 1_000 }, () => shared('w', read));
    expect(asked).toHaveLength(1);
    asked[0]!.answer(1);
    expect(await first).toBe(1);
    await settle();
    expect(asked).toHaveLength(2);
    asked[1]!.answer(2);
    expect(new Set(await Promise.all(others))).toEqual(new Set([2]));
  });

  it('keep keys apart, and forget what nobody asks for', async () => {
    const shared = createSharedReads();
    expect(await Promise.all([shared('a', async () => 1), shared('b', async () => 2)])).toEqual([1, 2]);
    await settle();
    expect(await shared('a', async () => 3)).toBe(3);
  });

  it('let the next go on when one fails', async () => {
    const { asked, read } = byHand();
    const shared = createSharedReads();
    const first = shared('w', read);
    const second = shared('w', read);
    asked[0]!.fail(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settle();
    asked[1]!.answer(2);
    expect(await second).toBe(2);
  });
});
