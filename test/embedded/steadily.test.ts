import { expect, it } from 'vitest';
import { steadily } from '../../src/embedded/steadily.ts';
import { until } from '../support/until.ts';

it('takes one turn at a time, and ends when the last is done', async () => {
  const seen = { begun: 0, done: 0, atOnce: 0 };
  const gate: { open: () => void } = { open: () => undefined };
  const end = steadily(1, async () => {
    seen.begun += 1;
    seen.atOnce = Math.max(seen.atOnce, seen.begun - seen.done);
    await new Promise<void>((open) => (gate.open = open));
    seen.done += 1;
  });
  await until('a first turn', () => seen.begun === 1);
  gate.open();
  await until('a second turn', () => seen.begun === 2);
  const ended = end();
  expect(seen).toEqual({ begun: 2, done: 1, atOnce: 1 });
  gate.open();
  await ended;
  expect(seen).toEqual({ begun: 2, done: 2, atOnce: 1 });
});
