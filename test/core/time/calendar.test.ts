import { describe, expect, it } from 'vitest';
import type { Calendar } from '../../../src/core/state.ts';
import { addDays, daysIn, instantOf, isZone, nextOpen, printInstant, zoneName } from '../../../src/core/time/calendar.ts';
import { asInstant } from '../../../src/core/time/instant.ts';

const at = (iso: string): number => Date.parse(iso);
const office: Calendar = { weekly: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['09:00', '17:00']]])), holidays: ['2026-12-25'] };

describe('zones', () => {
  it.each([
    ['Europe/London', true],
    ['UTC', true],
    ['Australia/Lord_Howe', true],
    ['Mars/Phobos', false],
    ['', false],
    ['+02:00', false],
    ['local', false],
  ])('%s is one: %s', (name, is) => {
    expect(isZone(name)).toBe(is);
    expect(isZone(name)).toBe(is);
  });
  it('falls back to UTC', () => {
    expect(zoneName('Mars/Phobos')).toBe('UTC');
  });
});

describe('printInstant', () => {
  it.each([
    ['2026-03-02T09:00:00Z', 'UTC', '2026-03-02T09:00:00Z'],
    ['2026-03-02T09:00:00.5Z', 'UTC', '2026-03-02T09:00:00.500Z'],
    ['2026-03-02T09:00:00Z', 'Europe/Berlin', '2026-03-02T10:00:00+01:00'],
    ['2026-03-02T09:00:00Z', 'nowhere', '2026-03-02T09:00:00Z'],
    ['2026-03-02T09:00:00Z', 'Europe/London', '2026-03-02T09:00:00+00:00'],
    ['2026-03-02T09:00:00.007Z', 'America/St_Johns', '2026-03-02T05:30:00.007-03:30'],
  ])('%s in %s', (iso, zone, text) => {
    expect(printInstant(at(iso), zone)).toBe(text);
  });
  it('prints nothing for no moment', () => {
    expect(printInstant(NaN, 'UTC')).toBe('');
  });
});

/** What a local time is, where the clocks change: gaps move to the first valid instant, overlaps mean the first. */
describe('instantOf, golden rows', () => {
  it.each([
    ['America/New_York', [2026, 3, 8, 1, 59], '2026-03-08T06:59:00Z'],
    ['America/New_York', [2026, 3, 8, 2, 30], '2026-03-08T07:00:00Z'],
    ['America/New_York', [2026, 3, 8, 3, 0], '2026-03-08T07:00:00Z'],
    ['America/New_York', [2026, 11, 1, 1, 30], '2026-11-01T05:30:00Z'],
    ['America/New_York', [2026, 11, 1, 2, 0], '2026-11-01T07:00:00Z'],
    ['Europe/London', [2026, 3, 29, 1, 15], '2026-03-29T01:00:00Z'],
    ['Europe/London', [2026, 10, 25, 1, 30], '2026-10-25T00:30:00Z'],
    ['Australia/Sydney', [2026, 10, 4, 2, 30], '2026-10-03T16:00:00Z'],
    ['Australia/Sydney', [2026, 4, 5, 2, 30], '2026-04-04T15:30:00Z'],
    ['Australia/Lord_Howe', [2026, 10, 4, 2, 15], '2026-10-03T15:30:00Z'],
    ['Australia/Lord_Howe', [2026, 4, 5, 1, 45], '2026-04-04T14:45:00Z'],
    ['Africa/Cairo', [2026, 4, 24, 0, 0], '2026-04-23T22:00:00Z'],
    ['Africa/Cairo', [2026, 4, 24, 0, 30], '2026-04-23T22:00:00Z'],
    ['Africa/Cairo', [2026, 10, 29, 23, 30], '2026-10-29T20:30:00Z'],
    ['UTC', [2026, 3, 29, 1, 15], '2026-03-29T01:15:00Z'],
    ['UTC', [2026, 2, 28, 24, 0], '2026-03-01T00:00:00Z'],
  ] as [string, [number, number, number, number, number], string][])('%s %j is %s', (zone, [year, month, day, hour, minute], iso) => {
    expect(new Date(instantOf({ year, month, day, hour, minute }, zone)).toISOString().replace('.000', '')).toBe(iso);
  });
});

describe('addDays', () => {
  it.each([
    ['2026-03-07T07:30:00Z', 1, 'America/New_York', '2026-03-08T07:00:00Z'],
    ['2026-03-07T15:00:00Z', 1, 'America/New_York', '2026-03-08T14:00:00Z'],
    ['2026-03-07T15:00:00Z', 0, 'America/New_York', '2026-03-07T15:00:00Z'],
    ['2026-03-01T10:00:00Z', -1, 'UTC', '2026-02-28T10:00:00Z'],
    ['2026-11-01T06:30:00Z', 0, 'America/New_York', '2026-11-01T06:30:00Z'],
  ])('%s %d days in %s', (from, days, zone, to) => {
    expect(addDays(at(from), days, zone)).toBe(at(to));
  });
});

describe('nextOpen', () => {
  it.each([
    ['inside the hours', office, 'UTC', '2026-03-02T10:30:15Z', '2026-03-02T10:30:15Z'],
    ['before them', office, 'UTC', '2026-03-02T07:00:00Z', '2026-03-02T09:00:00Z'],
    ['at the very end', office, 'UTC', '2026-03-02T17:00:00Z', '2026-03-03T09:00:00Z'],
    ['over a weekend', office, 'UTC', '2026-03-06T18:00:00Z', '2026-03-09T09:00:00Z'],
    ['over a holiday and a weekend', office, 'UTC', '2026-12-24T18:00:00Z', '2026-12-28T09:00:00Z'],
    ["in the contact's zone", office, 'America/New_York', '2026-03-02T13:00:00Z', '2026-03-02T14:00:00Z'],
    ['after the clocks changed', office, 'Europe/London', '2026-03-27T18:00:00Z', '2026-03-30T08:00:00Z'],
    ['without hours', {}, 'UTC', '2026-03-01T03:00:00Z', '2026-03-01T03:00:00Z'],
    ['with empty hours', { weekly: { mon: [] } }, 'UTC', '2026-03-01T03:00:00Z', '2026-03-01T03:00:00Z'],
    ['without hours on a holiday', { holidays: ['2026-03-01'] }, 'UTC', '2026-03-01T03:00:00Z', '2026-03-02T00:00:00Z'],
    ['over midnight', { weekly: { sat: [['22:00', '02:00']] } }, 'UTC', '2026-03-01T01:00:00Z', '2026-03-01T01:00:00Z'],
    ['after midnight hours', { weekly: { sat: [['22:00', '02:00']] } }, 'UTC', '2026-03-01T02:00:00Z', '2026-03-07T22:00:00Z'],
    ['until midnight', { weekly: { sun: [['10:00', '24:00']] } }, 'UTC', '2026-03-01T23:59:00Z', '2026-03-01T23:59:00Z'],
    ['two spans out of order', { weekly: { mon: [['13:00', '17:00'], ['09:00', '12:00']] } }, 'UTC', '2026-03-02T12:30:00Z', '2026-03-02T13:00:00Z'],
    ['opening in a gap', { weekly: { sun: [['02:30', '05:00']] } }, 'America/New_York', '2026-03-08T06:00:00Z', '2026-03-08T07:00:00Z'],
    ['opening in an overlap', { weekly: { sun: [['01:30', '05:00']] } }, 'America/New_York', '2026-11-01T05:00:00Z', '2026-11-01T05:30:00Z'],
    ['opening in a half-hour gap', { weekly: { sun: [['02:10', '05:00']] } }, 'Australia/Lord_Howe', '2026-10-03T15:00:00Z', '2026-10-03T15:30:00Z'],
    ['a day that begins at one', { weekly: { fri: [['00:00', '05:00']] } }, 'Africa/Cairo', '2026-04-23T21:00:00Z', '2026-04-23T22:00:00Z'],
    ['an unknown zone is UTC', office, 'Mars/Phobos', '2026-03-02T07:00:00Z', '2026-03-02T09:00:00Z'],
  ] as [string, Calendar, string, string, string][])('%s', (_name, calendar, zone, from, to) => {
    expect(new Date(nextOpen(calendar, zone, at(from))).toISOString()).toBe(new Date(to).toISOString());
  });

  it('does not wait for ever where nothing opens', () => {
    const holidays = Array.from({ length: 900 }, (_, i) => new Date(at('2026-01-01T00:00:00Z') + i * 86_400_000).toISOString().slice(0, 10));
    expect(nextOpen({ holidays }, 'UTC', at('2026-01-02T00:00:00Z'))).toBe(at('2026-01-02T00:00:00Z'));
  });
});

describe('daysIn', () => {
  it.each([[2026, 2, 28], [2024, 2, 29], [2026, 12, 31], [0, 2, 29], [26, 2, 28], [96, 2, 29], [100, 2, 28], [1900, 2, 28]])('%i-%i has %i', (year, month, days) => {
    expect(daysIn(year, month)).toBe(days);
  });
});

describe('asInstant', () => {
  it.each([
    ['2026-03-02', 'Europe/Berlin', '2026-03-01T23:00:00Z'],
    ['2026-03-02T09:00', 'Europe/Berlin', '2026-03-02T08:00:00Z'],
    ['2026-03-02 09:00:30', 'UTC', '2026-03-02T09:00:30Z'],
    ['2026-03-02T09:00:00.250Z', 'Europe/Berlin', '2026-03-02T09:00:00.250Z'],
    ['2026-03-02T09:00:00+0530', 'UTC', '2026-03-02T03:30:00Z'],
    ['2026-03-02T09:00:00.123456-08:00', 'UTC', '2026-03-02T17:00:00.123Z'],
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:00:00Z'],
    ['2026-03-02 09:00:00.5+01', 'UTC', '2026-03-02T08:00:00.500Z'],
    ['2026-03-02T09:00+14:00', 'UTC', '2026-03-01T19:00:00Z'],
    ['0026-01-01', 'UTC', '0026-01-01T00:00:00Z'],
    ['0026-01-01T09:00+01:00', 'UTC', '0026-01-01T08:00:00Z'],
    ['0099-12-31T23:59:59Z', 'Europe/Berlin', '0099-12-31T23:59:59Z'],
    ['0000-02-29', 'UTC', '0000-02-29T00:00:00Z'],
    ['0100-01-01', 'UTC', '0100-01-01T00:00:00Z'],
  ])('reads %s in %s', (text, zone, iso) => {
    expect(asInstant(text, zone)).toBe(at(iso));
  });
  it('reads epoch milliseconds', () => {
    expect(asInstant(1_770_000_000_000, 'UTC')).toBe(1_770_000_000_000);
  });
  it.each([
    ['2026-13-40'],
    ['2026-02-30'],
    ['2026-00-10'],
    ['2026-03-00'],
    ['0026-02-29'],
    ['0100-02-29'],
    ['2026-03-02T25:00'],
    ['2026-03-02T10:61'],
    ['2026-03-02T10:00:00+25:00'],
    ['2026-03-02T10:00:00+01:75'],
    ['tomorrow'],
    ['2026'],
    [2026],
    [NaN],
    [Infinity],
    [null],
    [true],
    [['2026-03-02']],
    ['2026-03-02T09:00:00Z'.padEnd(60)],
  ])('%j is none', (value) => {
    expect(asInstant(value, 'UTC')).toBeNull();
  });
});
