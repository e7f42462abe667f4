import { describe, expect, it } from 'vitest';
import { likely, percent, verdictOf, type Experiment } from '../../src/dashboard/model/numbers.ts';

const variant = (name: string, lift: [number, number, number] | null) => ({
  name, weight: 50, exposures: 100, conversions: 10, rate: null, lift: lift && { value: lift[0], low: lift[1], high: lift[2] },
});
const experiment = (lifts: [string, [number, number, number] | null][], mismatch = false): Experiment => ({
  key: 'split', sampleRatio: { mismatch }, variants: lifts.map(([name, lift]) => variant(name, lift)),
});

describe('what an experiment says', () => {
  it.each<[string, Experiment, string]>([
    ['better where the whole interval is above nothing', experiment([['A', null], ['B', [0.05, 0.01, 0.09]]]), 'B converts better than A: by +1.0 to +9.0 percentage points.'],
    ['worse where it is below', experiment([['A', null], ['B', [-0.05, -0.09, -0.01]]]), 'B converts worse than A: by −9.0 to −1.0 percentage points.'],
    ['the best of several', experiment([['A', null], ['B', [0.03, 0.01, 0.05]], ['C', [0.06, 0.02, 0.1]]]), 'C converts better than A: by +2.0 to +10.0 percentage points.'],
    ['nothing yet where it may be either', experiment([['A', null], ['B', [0.03, -0.03, 0.09]]]), 'Too early to tell: the difference may be anything from −3.0 to +9.0 percentage points.'],
    ['nothing where nobody was', experiment([['A', null], ['B', null]]), 'Too early to tell: too few people have been here.'],
  ])('%s', (_name, given, sentence) => expect(verdictOf(given)).toBe(sentence));

  it('that it cannot be believed when the draw was not even', () => {
    expect(verdictOf(experiment([['A', null], ['B', [0.05, 0.01, 0.09]]], true))).toContain('find it before you believe the rates');
  });
});

describe('a rate', () => {
  it.each([[0, '0 %'], [0.125, '12.5 %'], [1, '100 %'], [0.3333, '33.3 %']])('%d is %s', (share, text) => expect(percent(share)).toBe(text));
  it('says what it may as well be', () => expect(likely({ value: 0.345, low: 0.315, high: 0.377 })).toBe('34.5 % (31.5 % to 37.7 %)'));
  it('of nobody is a dash', () => expect(likely(null)).toBe('–'));
});
