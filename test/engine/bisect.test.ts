import { describe, expect, it } from 'vitest';
import { bisect } from '../../src/engine/bisect.ts';

/** Writes that fail with a code as long as a bad item is among them. */
const writing = (bad: number, code: string) => async (items: number[]): Promise<number[]> => {
  if (items.includes(bad)) throw Object.assign(new Error(code), { code });
  return items;
};

describe('a statement that fails', () => {
  it.each(['22021', '23505', '54000'])('for its data (%s) blames the culprit alone', async (code) => {
    const blamed: number[] = [];
    const answers = await bisect([1, 2, 3, 4, 5], writing(4, code), async (item) => void blamed.push(item));
    expect([answers.flat(), blamed]).toEqual([[1, 2, 3, 5], [4]]);
  });

  it.each([
    ['a full disk', '53100'],
    ['a server that may not write', '25006'],
    ['a server that goes down', '57P01'],
    ['a line that broke', 'ECONNRESET'],
  ])('for %s (%s) blames nobody', async (_name, code) => {
    const blamed: number[] = [];
    await expect(bisect([1, 2, 3], writing(2, code), async (item) => void blamed.push(item))).rejects.toMatchObject({ code });
    expect(blamed).toEqual([]);
  });
});
