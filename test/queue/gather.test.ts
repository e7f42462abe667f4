import { describe, expect, it } from 'vitest';
import { createGatherer } from '../../src/queue/gather.ts';
import { nudgesOf } from '../../src/queue/names.ts';

describe('nudgesOf', () => {
  it.each([
    [0, []],
    [1, [1]],
    [200, [200]],
    [201, [200, 1]],
    [450, [200, 200, 50]],
  ])('divides %i ids', (count, sizes) => {
    expect(nudgesOf(Array.from({ length: count }, (_, index) => `${index}`)).map(({ ids }) => ids.length)).toEqual(sizes);
  });
  it('names each id once', () => {
    expect(nudgesOf(['a', 'b', 'a'])).toEqual([{ ids: ['a', 'b'] }]);
  });
});

describe('createGatherer', () => {
  it('hands ids that arrive together on together, each once', async () => {
    const batches: string[][] = [];
    const gatherer = createGatherer(async (ids) => void batches.push(ids), { maxIds: 200, waitMs: 1, inFlight: 1 });
    await Promise.all([gatherer.add(['a']), gatherer.add(['b', 'a']), gatherer.add(['c'])]);
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  it('closes a batch that is full', async () => {
    const batches: string[][] = [];
    const gatherer = createGatherer(async (ids) => void batches.push(ids), { maxIds: 2, waitMs: 1_000, inFlight: 1 });
    await Promise.all([gatherer.add(['a']), gatherer.add(['b']), gatherer.add(['c', 'd'])]);
    expect(batches).toEqual([['a', 'b'], ['c', 'd']]);
  });

  it('never has more batches under way than it may, and each caller hears of its own', async () => {
    let [running, most] = [0, 0];
    const gatherer = createGatherer(async (ids) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (ids.includes('bad')) throw new Error('no');
    }, { maxIds: 1, waitMs: 1, inFlight: 2 });
    const outcomes = await Promise.allSettled(['a', 'b', 'bad', 'c', 'd'].map((id) => gatherer.add([id])));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(most).toBe(2);
  });
});
