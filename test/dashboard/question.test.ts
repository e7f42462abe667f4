import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openQuestion, Unanswered } from '../../src/dashboard/link/question.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A question whose answers a test gives. */
function stage() {
  const asked: { answer(value: string): Promise<void>; refuse(error: Error): Promise<void> }[] = [];
  const heard: string[] = [];
  const ask = () =>
    new Promise<string>((resolve, reject) => {
      const settled = () => vi.advanceTimersByTimeAsync(0).then(() => undefined);
      asked.push({ answer: (value) => (resolve(value), settled()), refuse: (error) => (reject(error), settled()) });
    });
  const question = openQuestion(ask, (value) => heard.push(value), (message) => heard.push(`failed: ${message}`));
  return { asked, heard, question };
}

describe('a question', () => {
  it('is put at once, and again when somebody wishes it', async () => {
    const { asked, heard, question } = stage();
    await asked[0]!.answer('one');
    question.again();
    await asked[1]!.answer('two');
    expect(heard).toEqual(['one', 'two']);
  });

  it('is under way once: wishes meanwhile become one, and no answer is dropped for them', async () => {
    const { asked, heard, question } = stage();
    for (let n = 0; n < 5; n += 1) question.again();
    expect(asked).toHaveLength(1);
    await asked[0]!.answer('slow');
    expect([heard, asked.length]).toEqual([['slow'], 2]);
    await asked[1]!.answer('newest');
    expect([heard, asked.length]).toEqual([['slow', 'newest'], 2]);
  });

  it('is put again by itself when the server was away', async () => {
    const { asked, heard } = stage();
    await asked[0]!.refuse(new Unanswered('The database is away.', true));
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    await asked[1]!.answer('back');
    expect(heard).toEqual(['failed: The database is away.', 'back']);
  });

  it('is not, when the answer was no', async () => {
    const { asked, heard } = stage();
    await asked[0]!.refuse(new Unanswered('This key may not.', false));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([heard, asked.length]).toEqual([['failed: This key may not.'], 1]);
  });

  it('is silent once it is closed', async () => {
    const { asked, heard, question } = stage();
    question.close();
    await asked[0]!.answer('late');
    question.again();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([heard, asked.length]).toEqual([[], 1]);
  });
});
