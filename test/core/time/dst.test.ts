import { describe, expect, it } from 'vitest';
import type { Weekday } from '../../../src/core/state.ts';
import { nextOpen } from '../../../src/core/time/calendar.ts';
import { nextClockTime } from '../../../src/core/time/clock-time.ts';
import { quietUntil } from '../../../src/core/time/quiet-hours.ts';

/**
 * Golden rows where the clocks change: a local time that does not exist moves to the first valid instant after it, one that occurs
 * twice means the first. 2026: New York 8 March and 1 November, London 29 March and 25 October, Sydney and Lord Howe (half an hour)
 * 5 April and 4 October, Cairo 24 April and the last hour of 29 October; UTC never.
 */
const at = (iso: string): number => Date.parse(iso);
const shown = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString().replace(':00.000', ''));
type Row<Rest extends unknown[]> = [zone: string, what: string, ...Rest];

describe('at', () => {
  it.each([
    ['America/New_York', 'skipped', '2026-03-08T05:00Z', '02:30', '2026-03-08T07:00Z'],
    ['America/New_York', 'the day after a gap', '2026-03-08T07:00Z', '02:30', '2026-03-09T06:30Z'],
    ['America/New_York', 'across a gap', '2026-03-07T14:00Z', '09:00', '2026-03-08T13:00Z'],
    ['America/New_York', 'twice', '2026-11-01T04:00Z', '01:30', '2026-11-01T05:30Z'],
    ['America/New_York', 'twice, after the first', '2026-11-01T05:30Z', '01:30', '2026-11-02T06:30Z'],
    ['America/New_York', 'twice, before the second', '2026-11-01T06:15Z', '01:30', '2026-11-02T06:30Z'],
    ['Europe/London', 'skipped', '2026-03-29T00:00Z', '01:30', '2026-03-29T01:00Z'],
    ['Europe/London', 'twice', '2026-10-24T23:00Z', '01:30', '2026-10-25T00:30Z'],
    ['Europe/London', 'twice, after the first', '2026-10-25T00:30Z', '01:30', '2026-10-26T01:30Z'],
    ['Australia/Sydney', 'skipped', '2026-10-03T14:00Z', '02:30', '2026-10-03T16:00Z'],
    ['Australia/Sydney', 'twice', '2026-04-04T13:00Z', '02:30', '2026-04-04T15:30Z'],
    ['Australia/Sydney', 'twice, after the first', '2026-04-04T15:30Z', '02:30', '2026-04-05T16:30Z'],
    ['Australia/Lord_Howe', 'skipped', '2026-10-03T13:30Z', '02:15', '2026-10-03T15:30Z'],
    ['Australia/Lord_Howe', 'twice', '2026-04-04T13:00Z', '01:45', '2026-04-04T14:45Z'],
    ['Australia/Lord_Howe', 'twice, after the first', '2026-04-04T14:45Z', '01:45', '2026-04-05T15:15Z'],
    ['Africa/Cairo', 'skipped at midnight', '2026-04-23T21:00Z', '00:30', '2026-04-23T22:00Z'],
    ['Africa/Cairo', 'twice before midnight', '2026-10-29T19:00Z', '23:30', '2026-10-29T20:30Z'],
    ['Africa/Cairo', 'twice, before the second', '2026-10-29T21:15Z', '23:30', '2026-10-30T21:30Z'],
    ['UTC', 'plain', '2026-03-29T00:00Z', '01:30', '2026-03-29T01:30Z'],
  ] as Row<[string, string, string]>[])('%s, %s: after %s at %s is %s', (zone, _what, after, time, expected) => {
    expect(shown(nextClockTime(at(after), time, null, zone))).toBe(expected);
  });

  it.each([
    ['UTC', 'the same weekday, passed', '2026-03-02T10:00Z', ['mon'], '2026-03-09T09:00Z'],
    ['UTC', 'exactly then is the next one', '2026-03-02T09:00Z', ['mon'], '2026-03-09T09:00Z'],
    ['UTC', 'today', '2026-03-02T08:59Z', ['mon'], '2026-03-02T09:00Z'],
    ['UTC', 'the nearest of several', '2026-03-02T10:00Z', ['thu', 'tue'], '2026-03-03T09:00Z'],
    ['Australia/Sydney', "the zone's own Monday", '2026-03-01T20:00Z', ['mon'], '2026-03-01T22:00Z'],
    ['America/New_York', 'a Sunday without that hour', '2026-03-02T12:00Z', ['sun'], '2026-03-08T13:00Z'],
  ] as Row<[string, Weekday[], string]>[])('%s, %s: after %s on %j', (zone, _what, after, days, expected) => {
    expect(shown(nextClockTime(at(after), '09:00', days, zone))).toBe(expected);
  });
});

describe('business hours', () => {
  it.each([
    ['America/New_York', 'opening in a gap', 'sun', '02:30', '03:30', '2026-03-08T06:00Z', '2026-03-08T07:00Z'],
    ['America/New_York', 'closed again', 'sun', '02:30', '03:30', '2026-03-08T07:30Z', '2026-03-15T06:30Z'],
    ['America/New_York', 'the second time is closed', 'sun', '01:00', '01:30', '2026-11-01T06:10Z', '2026-11-08T06:00Z'],
    ['Europe/London', 'opening in a gap', 'sun', '01:15', '03:00', '2026-03-29T00:00Z', '2026-03-29T01:00Z'],
    ['Europe/London', 'open through an overlap', 'sun', '01:30', '02:00', '2026-10-25T01:15Z', '2026-10-25T01:15Z'],
    ['Australia/Sydney', 'all of it skipped', 'sun', '02:00', '02:30', '2026-10-03T15:00Z', '2026-10-10T15:00Z'],
    ['Australia/Sydney', 'opening in an overlap', 'sun', '02:30', '05:00', '2026-04-04T15:00Z', '2026-04-04T15:30Z'],
    ['Australia/Lord_Howe', 'opening in an overlap', 'sun', '01:30', '02:00', '2026-04-04T14:00Z', '2026-04-04T14:30Z'],
    ['Australia/Lord_Howe', 'open through an overlap', 'sun', '01:30', '02:00', '2026-04-04T15:10Z', '2026-04-04T15:10Z'],
    ['Australia/Lord_Howe', 'opening in a gap', 'sun', '02:10', '05:00', '2026-10-03T15:00Z', '2026-10-03T15:30Z'],
    ['Africa/Cairo', 'all of it skipped', 'fri', '00:00', '00:30', '2026-04-23T20:00Z', '2026-04-30T21:00Z'],
    ['Africa/Cairo', 'open through an overlap', 'thu', '22:00', '24:00', '2026-10-29T21:30Z', '2026-10-29T21:30Z'],
    ['UTC', 'plain', 'sun', '02:30', '03:30', '2026-03-08T02:00Z', '2026-03-08T02:30Z'],
  ] as Row<[Weekday, string, string, string, string]>[])('%s, %s: %s %s–%s, at %s opens %s', (zone, _what, day, from, to, now, expected) => {
    expect(shown(nextOpen({ weekly: { [day]: [[from, to]] } }, zone, at(now)))).toBe(expected);
  });
});

describe('quiet hours', () => {
  it.each([
    ['America/New_York', 'a shorter night', '21:00', '08:00', '2026-03-08T05:00Z', '2026-03-08T12:00Z'],
    ['America/New_York', 'ending in a gap', '23:00', '02:30', '2026-03-08T06:59Z', '2026-03-08T07:00Z'],
    ['America/New_York', 'ended in a gap', '23:00', '02:30', '2026-03-08T07:00Z', null],
    ['America/New_York', 'a longer night', '21:00', '08:00', '2026-11-01T05:45Z', '2026-11-01T13:00Z'],
    ['America/New_York', 'ending the first time', '22:00', '01:30', '2026-11-01T05:29Z', '2026-11-01T05:30Z'],
    ['America/New_York', 'not quiet again the second time', '22:00', '01:30', '2026-11-01T06:10Z', null],
    ['Europe/London', 'a shorter night', '21:00', '08:00', '2026-03-29T00:30Z', '2026-03-29T07:00Z'],
    ['Europe/London', 'a longer night', '21:00', '08:00', '2026-10-25T00:30Z', '2026-10-25T08:00Z'],
    ['Europe/London', 'through an overlap', '01:30', '02:00', '2026-10-25T01:15Z', '2026-10-25T02:00Z'],
    ['Australia/Sydney', 'a shorter night', '21:00', '08:00', '2026-10-03T15:00Z', '2026-10-03T21:00Z'],
    ['Australia/Sydney', 'a longer night', '21:00', '08:00', '2026-04-04T15:00Z', '2026-04-04T22:00Z'],
    ['Australia/Lord_Howe', 'half an hour less', '21:00', '08:00', '2026-10-03T15:00Z', '2026-10-03T21:00Z'],
    ['Australia/Lord_Howe', 'half an hour more', '21:00', '08:00', '2026-04-04T14:00Z', '2026-04-04T21:30Z'],
    ['Africa/Cairo', 'ending in a gap', '22:00', '00:30', '2026-04-23T21:30Z', '2026-04-23T22:00Z'],
    ['Africa/Cairo', 'beginning the first time', '23:30', '08:00', '2026-10-29T20:45Z', '2026-10-30T06:00Z'],
    ['Africa/Cairo', 'going on through the second', '23:30', '08:00', '2026-10-29T21:15Z', '2026-10-30T06:00Z'],
    ['UTC', 'from the first minute', '21:00', '08:00', '2026-03-02T21:00Z', '2026-03-03T08:00Z'],
    ['UTC', 'until the last', '21:00', '08:00', '2026-03-03T07:59Z', '2026-03-03T08:00Z'],
    ['UTC', 'over', '21:00', '08:00', '2026-03-03T08:00Z', null],
    ['UTC', 'not yet', '21:00', '08:00', '2026-03-02T20:59Z', null],
    ['UTC', 'at noon', '12:00', '13:00', '2026-03-02T12:30Z', '2026-03-02T13:00Z'],
    ['nowhere', 'as in UTC', '12:00', '13:00', '2026-03-02T12:30Z', '2026-03-02T13:00Z'],
  ] as Row<[string, string, string, string | null]>[])('%s, %s: %s–%s, at %s until %s', (zone, _what, from, to, now, expected) => {
    expect(shown(quietUntil({ from, to }, zone, at(now)))).toBe(expected);
  });
});
