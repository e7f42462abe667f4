import { describe, expect, it } from 'vitest';
import { edgesOf, funnelOf, goalsOf, nodesOf } from '../../../src/core/stats/count-steps.ts';

const count = (kind: string, n: number, stepId = 'mail', outcome = '') => ({ kind, stepId, outcome, n });
/** Of 20 who came: 10 done, 2 skipped, 1 failed and went on, 3 failed for good, 2 were taken out, 2 wait. */
const counts = [
  count('enrolled', 20, ''),
  count('started', 20),
  count('ended', 13, 'mail', 'next'),
  count('ended', 3, 'mail', 'failed'),
  count('ended', 2, 'mail', 'completed'),
  count('skipped', 2),
  count('erred', 1),
];

describe('the funnel', () => {
  it('adds up: everybody who entered is somewhere', () => {
    const [step] = funnelOf(counts);
    expect(step).toEqual({ stepKey: 'mail', entered: 20, completed: 10, skipped: 2, failed: 4, waiting: 2, droppedOff: 5, dropOffRate: 5 / 18 });
    expect(nodesOf([step!], counts)).toEqual([{ stepKey: 'mail', waiting: 2, passed: 14, failed: 4 }]);
    expect(edgesOf(counts)).toEqual([{ from: 'mail', outcome: 'next', count: 13 }]);
  });

  it('does not wait below nothing in a window that begins in the middle of a wait', () => {
    expect(funnelOf([count('ended', 3, 'mail', 'next')])).toMatchObject([{ entered: 0, completed: 3, waiting: 0, dropOffRate: 0 }]);
  });
});

describe('goals', () => {
  it('are a share of all that enrolled', () => {
    expect(goalsOf([...counts, count('goal', 5, 'won')])).toMatchObject([{ stepKey: 'won', reached: 5, rate: { rate: 0.25 } }]);
  });
  it('have no share in a window that saw fewer enrolled than reached', () => {
    expect(goalsOf([count('enrolled', 1, ''), count('goal', 2, 'won')])).toEqual([{ stepKey: 'won', reached: 2, rate: null }]);
  });
});
