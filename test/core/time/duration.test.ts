import { describe, expect, it } from 'vitest';
import { durationMs, durationSchema, formatDuration, parseDuration, offsetMs, offsetSchema } from '../../../src/core/time/duration.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

describe('parseDuration', () => {
  it.each([
    ['0', 0], ['0s', 0], ['90s', 90 * S], ['15m', 15 * M], ['2h', 2 * H], ['1d', D], ['2w', 14 * D], ['1d12h', 36 * H], ['1h30m', 90 * M], ['12h1d', 36 * H],
    ['P1DT12H', 36 * H], ['PT90S', 90 * S], ['PT15M', 15 * M], ['P2W', 14 * D], ['P1W2DT3H4M5S', 9 * D + 3 * H + 4 * M + 5 * S], ['1826d', 1826 * D],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    ['90', 'without a unit'],
    ['1.5', 'without a unit'],
    ['-1h', 'negative'],
    ['-5', 'negative'],
    ['1 day', 'not a duration'],
    ['1d12', 'not a duration'],
    ['', 'not a duration'],
    [' 1d', 'not a duration'],
    ['1d1d', 'not a duration'],
    ['1D', 'not a duration'],
    ['1.5h', 'not a duration'],
    ['5ms', 'not a duration'],
    ['P', 'not a duration'],
    ['PT', 'not a duration'],
    ['P1DT', 'not a duration'],
    ['P1Y', 'no fixed length'],
    ['P2M', 'no fixed length'],
    ['1827d', 'longest'],
    ['999999d', 'longest'],
    ['1e3s', 'not a duration'],
    ['x'.repeat(100), '…'],
    ['9'.repeat(400) + 'd', 'longest'],
  ])('refuses %j', (text, words) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
    expect(() => parseDuration(text)).toThrow(words);
  });
});

describe('formatDuration', () => {
  it.each([[0, '0'], [-5, '0'], [90 * S, '1m30s'], [36 * H, '1d12h'], [14 * D, '2w'], [9 * D, '9d'], [1499, '1s'], [D + 1, '1d']])('prints %d as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
  it('is read back', () => {
    for (const ms of [S, 61 * S, 3 * H + 5 * S, 100 * D, 21 * D]) expect(parseDuration(formatDuration(ms))).toBe(ms);
  });
});

describe('durationSchema', () => {
  it('keeps the source as written', () => {
    expect(durationSchema.parse('1d')).toBe('1d');
    expect(durationSchema.parse(0)).toBe(0);
    expect(durationMs(0)).toBe(0);
    expect(durationMs('2h')).toBe(2 * H);
  });
  it.each([[90], [-1], ['soon'], [Infinity]])('refuses %j with words for people', (value) => {
    const { error } = durationSchema.safeParse(value);
    expect(error?.issues[0]?.message).toContain('Write 90s');
  });
  it('refuses what is neither text nor number', () => {
    expect(durationSchema.safeParse(null).success).toBe(false);
  });
});

describe('an offset', () => {
  it.each([
    ['-3d', -3 * 86_400_000],
    ['2h', 7_200_000],
    ['+2h', 7_200_000],
    ['-PT30M', -1_800_000],
    ['0', 0],
    [0, 0],
    ['-0', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(offsetMs(text)).toBe(ms);
  });
  it.each([['--3d'], ['3'], ['-'], ['soon'], ['-2000d']])('%s is none', (text) => {
    expect(() => offsetMs(text)).toThrow(RangeError);
    expect(offsetSchema.safeParse(text).success).toBe(false);
  });
});
