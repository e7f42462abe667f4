import { expect, it } from 'vitest';
import { within } from '../src/within.ts';

const never = (): Promise<never> => new Promise(() => undefined);

it('gives what the work gives, at once or later', async () => {
  expect(await within(1_000, () => 7)).toBe(7);
  expect(await within(1_000, async () => 8)).toBe(8);
});

it('passes on how the work failed', async () => {
  await expect(within(1_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(within(1_000, () => { throw new Error('at once'); })).rejects.toThrow('at once');
});

it('gives up on what takes too long, and is not troubled by its end', async () => {
  await expect(within(1, never)).rejects.toThrow('no answer within 1 ms');
  await expect(within(1, never, () => new RangeError('too slow'))).rejects.toThrow(RangeError);
  let fail = (_error: Error): void => undefined;
  const slow = new Promise<void>((_, reject) => void (fail = reject));
  await expect(within(1, () => slow)).rejects.toThrow('no answer');
  fail(new Error('late'));
});
