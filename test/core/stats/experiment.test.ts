import { describe, expect, it } from 'vitest';
import { experimentStats } from '../../../src/core/stats/experiment.ts';

const split = { key: 'ab', stepId: 'ab', variants: [{ name: 'A', weight: 50 }, { name: 'B', weight: 50 }] };
const seen = (variant: string, exposures: number, conversions: number, experiment = 'ab') => ({ experiment, variant, exposures, conversions });

describe('experimentStats', () => {
  it('compares every variant with the first of the file', () => {
    const [experiment] = experimentStats([split], [seen('B', 70, 56), seen('A', 80, 48)]);
    expect(experiment).toMatchObject({
      experiment: 'ab',
      stepKey: 'ab',
      variants: [
        { name: 'A', weight: 50, exposures: 80, conversions: 48, lift: null },
        { name: 'B', exposures: 70, conversions: 56 },
      ],
    });
    expect(experiment?.variants[0]?.rate).toMatchObject({ rate: 0.6 });
    expect(experiment?.variants[1]?.lift?.low).toBeCloseTo(0.0524, 4);
    expect(experiment?.sampleRatio?.mismatch).toBe(false);
  });

  it.each([
    ['as declared', [{ weight: 50, exposures: 5020 }, { weight: 50, exposures: 4980 }], false],
    ['losing contacts', [{ weight: 50, exposures: 5200 }, { weight: 50, exposures: 4800 }], true],
    ['relative weights', [{ weight: 9, exposures: 900 }, { weight: 1, exposures: 100 }], false],
    ['a variant of weight 0 promises nothing', [{ weight: 1, exposures: 50 }, { weight: 1, exposures: 50 }, { weight: 0, exposures: 7 }], false],
  ])('checks the sample ratio: %s', (_name, arms, mismatch) => {
    const variants = arms.map(({ weight }, index) => ({ name: `v${index}`, weight }));
    expect(experimentStats([{ ...split, variants }], arms.map(({ exposures }, index) => seen(`v${index}`, exposures, 0)))[0]?.sampleRatio?.mismatch).toBe(mismatch);
  });

  it('shows a split that nobody has seen, and one that the version does not have', () => {
    expect(experimentStats([split], [seen('X', 3, 1, 'old')])).toMatchObject([
      { experiment: 'ab', variants: [{ name: 'A', exposures: 0, rate: null }, { name: 'B', lift: null }], sampleRatio: null },
      { experiment: 'old', stepKey: null, variants: [{ name: 'X', weight: null, exposures: 3, conversions: 1 }], sampleRatio: null },
    ]);
  });
});
