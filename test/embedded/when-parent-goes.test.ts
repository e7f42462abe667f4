import { expect, it } from 'vitest';
import { whenParentGoes } from '../../src/embedded/when-parent-goes.ts';
import { until } from '../support/until.ts';

it('acts once when the parent is another one, and not before', async () => {
  let parent = 42;
  let looks = 0;
  let acts = 0;
  whenParentGoes(() => void (acts += 1), () => ((looks += 1), parent), 1);
  await until('some looks', () => looks > 3);
  expect(acts).toBe(0);
  parent = 1;
  await until('the act', () => acts > 0);
  expect(acts).toBe(1);
});
