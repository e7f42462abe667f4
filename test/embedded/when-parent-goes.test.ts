import { expect, it, vi } from 'vitest';
import { whenParentGoes } from '../../src/embedded/when-parent-goes.ts';

it('acts once when the parent is another one, and not before', async () => {
  let parent = 42;
  let looks = 0;
  let acts = 0;
  whenParentGoes(() => void (acts += 1), () => ((looks += 1), parent), 1);
  await vi.waitFor(() => expect(looks).toBeGreaterThan(3));
  expect(acts).toBe(0);
  parent = 1;
  await vi.waitFor(() => expect(acts).toBe(1));
});
