import { describe, expect, it } from 'vitest';
import { chiSquareTest } from '../../../src/core/stats/chi-square.ts';
import { newcombe, wilson } from '../../../src/core/stats/intervals.ts';

describe('wilson', () => {
  it.each([
    // Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    // All, and none, of few.
    [29, 29, 0.883, 1],
    [0, 10, 0, 0.2775],
  ])('%i of %i is from %d to %d', (successes, total, low, high) => {
    const interval = wilson(successes, total)!;
    expect(interval.rate).toBe(successes / total);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('says nothing about nobody', () => {
    expect(wilson(0, 0)).toBeNull();
  });
});

describe('newcombe', () => {
  it.each([
    // Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17 (1998), table II, method 10.
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('%i of %i against %i of %i is from %d to %d', (a, m, b, n, low, high) => {
    const interval = newcombe({ successes: a, total: m }, { successes: b, total: n })!;
    expect(interval.difference).toBeCloseTo(a / m - b / n, 12);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('says nothing when either had nobody', () => {
    expect(newcombe({ successes: 1, total: 2 }, { successes: 0, total: 0 })).toBeNull();
  });
});

describe('chiSquareTest', () => {
  it.each([
    // Critical values of the chi-square distribution, Abramowitz and Stegun table 26.8.
    ['one degree, 5 %', 3.841459, 1, 0.05],
    ['one degree, 0.1 %', 10.82757, 1, 0.001],
    ['two degrees, 1 %', 9.21034, 2, 0.01],
    ['four degrees, 5 %', 9.487729, 4, 0.05],
    ['nine degrees, 95 %', 3.325113, 9, 0.95],
    ['nine degrees, 0.1 %', 27.877165, 9, 0.001],
  ])('the table: %s', (_name, statistic, degrees, pValue) => {
    // Two counts apart and the others as expected give just that statistic.
    const expected = 1e6;
    const apart = Math.sqrt((statistic * expected) / 2);
    const counts = [expected + apart, expected - apart, ...Array.from({ length: degrees - 1 }, () => expected)];
    expect(chiSquareTest(counts, counts.map(() => 1))?.pValue).toBeCloseTo(pValue, 6);
  });

  it("is Mendel's peas: 315, 101, 108, 32 against 9:3:3:1", () => {
    const { statistic, pValue } = chiSquareTest([315, 101, 108, 32], [9, 3, 3, 1])!;
    expect(statistic).toBeCloseTo(0.470, 3);
    expect(pValue).toBeCloseTo(0.9254, 4);
  });

  it('is 1 when all is as expected, and nothing for nobody or one count', () => {
    expect(chiSquareTest([50, 50], [1, 1])).toEqual({ statistic: 0, pValue: 1 });
    expect(chiSquareTest([0, 0], [1, 1])).toBeNull();
    expect(chiSquareTest([5], [1])).toBeNull();
  });

  it('does not lose itself far out', () => {
    expect(chiSquareTest([100_000, 0], [1, 1])?.pValue).toBe(0);
  });
});
