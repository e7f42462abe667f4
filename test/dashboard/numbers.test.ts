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
    ['better where the whole interval is above nothing', experiment([['A', null], ['B', [0.05, 0.01, 0.09]]]), 'B converts better than A: by 1.0 to 9.0 percentage points.'],
    ['worse where it is below', experiment([['A', null], ['B', [-0.05, -0.09, -0.01]]]), 'B converts worse than A: by 1.0 to 9.0 percentage points.'],
    ['small things too', experiment([['A', null], ['B', [0.0003, 0.0001, 0.0005]]]), 'B converts better than A: by 0.01 to 0.05 percentage points.'],
    ['each of several', experiment([['A', null], ['B', [0.03, 0.01, 0.05]], ['C', [-0.06, -0.1, -0.02]]]), 'B converts better than A: by 1.0 to 5.0 percentage points. C converts worse than A: by 2.0 to 10.0 percentage points.'],
    ['nothing sure where it may be either', experiment([['A', null], ['B', [0.03, -0.03, 0.09]]]), 'Between A and B there is no sure difference: B may be up to 3.0 percentage points worse, or up to 9.0 better.'],
    ['nothing where nobody was', experiment([['A', null], ['B', null]]), 'Nothing to compare yet.'],
    ['nothing where there is one', experiment([['A', null]]), 'Nothing to compare yet.'],
  ])('%s', (_name, given, sentence) => expect(verdictOf(given)).toBe(sentence));

  it('that it cannot be believed when the draw was not even', () => {
    expect(verdictOf(experiment([['A', null], ['B', [0.05, 0.01, 0.09]]], true))).toContain('find it before you believe the rates');
  });
});

describe('a rate', () => {
  it.each([[0, '0 %'], [0.125, '12.5 %'], [1, '100 %'], [0.3333, '33.3 %'], [0.0003, '0.03 %'], [0.9999, '99.99 %'], [0.99, '99 %']])('%d is %s', (share, text) => expect(percent(share)).toBe(text));
  it('says what it may as well be', () => expect(likely({ value: 0.345, low: 0.315, high: 0.377 })).toBe('34.5 % (31.5 % to 37.7 %)'));
  it('of nobody is a dash', () => expect(likely(null)).toBe('–'));
});
