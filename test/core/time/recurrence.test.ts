import { describe, expect, it } from 'vitest';
import { CronFault, parseCron } from '../../../src/core/time/cron.ts';
import { nextAfter, occurrencesBetween, recurrenceOf } from '../../../src/core/time/recurrence.ts';

const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString().replace(':00.000Z', 'Z'));
const cron = (text: string) => recurrenceOf({ cron: text });

describe('nextAfter reads', () => {
  it.each([
    ['every minute', '* * * * *', '2026-03-02T09:00:30Z', '2026-03-02T09:01Z'],
    ['a step', '*/15 * * * *', '2026-03-02T09:15:00Z', '2026-03-02T09:30Z'],
    ['an open step', '5/20 * * * *', '2026-03-02T09:25:00Z', '2026-03-02T09:45Z'],
    ['a range with a step', '0 8-18/4 * * *', '2026-03-02T12:00:00Z', '2026-03-02T16:00Z'],
    ['a list', '0,30 9,17 * * *', '2026-03-02T09:30:00Z', '2026-03-02T17:00Z'],
    ['names of weekdays', '0 9 * * MON-fri', '2026-03-06T09:00:00Z', '2026-03-09T09:00Z'],
    ['names of months', '0 0 1 jan,JUL *', '2026-03-02T00:00:00Z', '2026-07-01T00:00Z'],
    ['7 as Sunday', '0 9 * * 7', '2026-03-02T00:00:00Z', '2026-03-08T09:00Z'],
    ['0 as Sunday', '0 9 * * 0', '2026-03-02T00:00:00Z', '2026-03-08T09:00Z'],
    ['a range into Sunday', '0 9 * * 5-7', '2026-03-07T10:00:00Z', '2026-03-08T09:00Z'],
    ['every other weekday', '0 9 * * */2', '2026-03-02T00:00:00Z', '2026-03-03T09:00Z'],
    ['the last day of the month', '0 9 L * *', '2026-02-02T00:00:00Z', '2026-02-28T09:00Z'],
    ['a day beside the last one', '0 9 15,l * *', '2026-02-15T09:00:00Z', '2026-02-28T09:00Z'],
    ['a day that some months lack', '0 9 31 * *', '2026-03-31T09:00:00Z', '2026-05-31T09:00Z'],
    ['29 February', '0 9 29 2 *', '2026-03-02T00:00:00Z', '2028-02-29T09:00Z'],
    ['29 February over 2100', '0 9 29 2 *', '2096-03-01T00:00:00Z', '2104-02-29T09:00Z'],
    ['either of two kinds of days: the weekday', '0 9 13 * fri', '2026-03-02T00:00:00Z', '2026-03-06T09:00Z'],
    ['either of two kinds of days: the date', '0 9 11 * fri', '2026-03-07T00:00:00Z', '2026-03-11T09:00Z'],
    ['both when one is a star with a step', '0 9 */31 * mon', '2026-03-02T00:00:00Z', '2026-06-01T09:00Z'],
    ['the first Monday of the month', '0 9 * * mon#1', '2026-03-02T09:00:00Z', '2026-04-06T09:00Z'],
    ['the third Friday by its number', '0 9 * * 5#3', '2026-03-02T09:00:00Z', '2026-03-20T09:00Z'],
    ['a fifth Sunday, in months that have one', '0 9 * * 7#5', '2026-03-30T00:00:00Z', '2026-05-31T09:00Z'],
    ['the last Friday', '0 9 * * friL', '2026-03-02T09:00:00Z', '2026-03-27T09:00Z'],
    ['the last Sunday by its number', '0 9 * * 0L', '2026-04-01T09:00:00Z', '2026-04-26T09:00Z'],
    ['a counted weekday beside a plain one', '0 9 * * tue,mon#1', '2026-04-01T09:00:00Z', '2026-04-06T09:00Z'],
    ['a counted weekday in a month', '0 9 * nov thu#4', '2026-03-02T09:00:00Z', '2026-11-26T09:00Z'],
    ['blanks around and between', '  0   9 * * * ', '2026-03-02T10:00:00Z', '2026-03-03T09:00Z'],
  ])('%s', (_what, text, after, next) => {
    expect(iso(nextAfter(cron(text), 'UTC', at(after)))).toBe(next);
  });

  it.each([
    ['2026-03-02T09:00:00Z', 'Asia/Tokyo', '2026-03-02T08:59:59Z', '2026-03-02T09:00Z'],
    ['2026-03-02T09:00:00Z', 'Asia/Tokyo', '2026-03-02T09:00:00Z', null],
    ['2026-03-02T09:00', 'Asia/Tokyo', '2026-03-01T00:00:00Z', '2026-03-02T00:00Z'],
    ['2026-03-02', 'America/New_York', '2026-03-01T00:00:00Z', '2026-03-02T05:00Z'],
    ['2026-03-08T02:30', 'America/New_York', '2026-03-01T00:00:00Z', '2026-03-08T07:00Z'],
  ])('the one-off %s in %s after %s', (text, zone, after, next) => {
    expect(iso(nextAfter({ at: text }, zone, at(after)))).toBe(next);
  });
});

/** Every local slot fires once: one that does not exist at the first valid instant after it, one that occurs twice the first time. */
describe('occurrencesBetween, golden tables where the clocks change', () => {
  it.each<[string, string, string, string, string[]]>([
    ['New York, a skipped time', 'America/New_York', '30 2 * * *', '2026-03-07T12:00Z', ['2026-03-08T07:00Z', '2026-03-09T06:30Z']],
    ['New York, a time that comes twice', 'America/New_York', '30 1 * * *', '2026-10-31T12:00Z', ['2026-11-01T05:30Z', '2026-11-02T06:30Z']],
    [
      'New York, every half hour into spring',
      'America/New_York',
      '*/30 1-3 * * *',
      '2026-03-08T05:00Z',
      ['2026-03-08T06:00Z', '2026-03-08T06:30Z', '2026-03-08T07:00Z', '2026-03-08T07:30Z', '2026-03-09T05:00Z'],
    ],
    [
      'New York, every half hour into winter',
      'America/New_York',
      '*/30 1-2 * * *',
      '2026-11-01T04:30Z',
      ['2026-11-01T05:00Z', '2026-11-01T05:30Z', '2026-11-01T07:00Z', '2026-11-01T07:30Z', '2026-11-02T06:00Z'],
    ],
    ['London, a skipped time', 'Europe/London', '15 1 * * *', '2026-03-28T12:00Z', ['2026-03-29T01:00Z', '2026-03-30T00:15Z']],
    ['London, a time that comes twice', 'Europe/London', '30 1 * * *', '2026-10-24T12:00Z', ['2026-10-25T00:30Z', '2026-10-26T01:30Z']],
    ['Sydney, a skipped time', 'Australia/Sydney', '30 2 * * *', '2026-10-03T00:00Z', ['2026-10-03T16:00Z', '2026-10-04T15:30Z']],
    ['Sydney, a time that comes twice', 'Australia/Sydney', '30 2 * * *', '2026-04-04T00:00Z', ['2026-04-04T15:30Z', '2026-04-05T16:30Z']],
    ['Lord Howe, half an hour skipped', 'Australia/Lord_Howe', '15 2 * * *', '2026-10-03T00:00Z', ['2026-10-03T15:30Z', '2026-10-04T15:15Z']],
    ['Lord Howe, half an hour twice', 'Australia/Lord_Howe', '45 1 * * *', '2026-04-04T00:00Z', ['2026-04-04T14:45Z', '2026-04-05T15:15Z']],
    ['Cairo, midnight skipped', 'Africa/Cairo', '0 0 * * *', '2026-04-23T12:00Z', ['2026-04-23T22:00Z', '2026-04-24T21:00Z']],
    ['Cairo, an hour before midnight twice', 'Africa/Cairo', '30 23 * * *', '2026-10-29T00:00Z', ['2026-10-29T20:30Z', '2026-10-30T21:30Z']],
    ['UTC knows no such thing', 'UTC', '30 2 * * *', '2026-03-28T12:00Z', ['2026-03-29T02:30Z', '2026-03-30T02:30Z']],
  ])('%s', (_what, zone, text, after, expected) => {
    const from = at(after.replace('Z', ':00Z'));
    const last = at(expected.at(-1)!.replace('Z', ':00Z'));
    expect(occurrencesBetween(cron(text), zone, from, last).map(iso)).toEqual(expected);
  });

  it.each(['America/New_York', 'Europe/London', 'Australia/Sydney', 'Australia/Lord_Howe', 'Africa/Cairo', 'UTC'])(
    'a daily time in %s fires 365 times in 2026, in order',
    (zone) => {
      for (const text of ['30 1 * * *', '0 0 * * *', '15 2 * * *', '59 23 * * *']) {
        const found = occurrencesBetween(cron(text), zone, at('2025-12-31T23:59:30Z') - 15 * 3_600_000, at('2026-12-31T23:59:30Z') - 15 * 3_600_000);
        expect(found).toHaveLength(365);
        expect(found).toEqual([...new Set(found)].toSorted((a, b) => a - b));
      }
    },
  );

  it('gives the latest when there are more than asked for', () => {
    expect(occurrencesBetween(cron('* * * * *'), 'UTC', at('2026-03-02T09:00:00Z'), at('2026-03-02T10:00:00Z'), 2).map(iso)).toEqual(['2026-03-02T09:59Z', '2026-03-02T10:00Z']);
  });
});

describe('parseCron refuses', () => {
  it.each([
    ['', /no field/, /five fields/],
    ['* * * *', /4 fields/, /five fields/],
    ['* * * * * *', /6 fields/, /Seconds/],
    ['@daily', /1 field\./, /five fields/],
    ['60 * * * *', /"60" is no minute/, /0 to 59/],
    ['61 * * * *', /"61" is no minute/, /0 to 59/],
    ['* 24 * * *', /"24" is no hour/, /0 to 23/],
    ['* * 0 * *', /"0" is no day-of-month/, /1 to 31/],
    ['* * 32 * *', /"32" is no day-of-month/, /L for the last day/],
    ['* * * 13 *', /"13" is no month/, /jan to dec/],
    ['* * * foo *', /"foo" is no month/, /jan to dec/],
    ['* * * * 8', /"8" is no day-of-week/, /sun to sat/],
    ['* * * * mon#6', /"mon#6" is no day-of-week/, /mon#1 for the first Monday/],
    ['* * * * foo#1', /"foo#1" is no day-of-week/, /friL for the last Friday/],
    ['* * * * 8L', /"8l" is no day-of-week/, /sun to sat/],
    ['* * LW * *', /"lw" is no day-of-month/, /L for/],
    ['* * L-3 * *', /"l-3" is no day-of-month/, /L for/],
    ['*/0 * * * *', /"\*\/0"/, /1 or more/],
    ['30-10 * * * *', /"30-10"/, /"10,30"/],
    ['*-5 * * * *', /"\*-5"/, /range/],
    ['1,,2 * * * *', /"" is no minute/, /list/],
    ['-1 * * * *', /"-1" is no minute/, /0 to 59/],
    ['1.5 * * * *', /"1.5" is no minute/, /0 to 59/],
    ['0 0 30 2 *', /never fires.*"2".*"30"/, /L for its last day/],
    ['0 0 31 2,4,jun *', /never fires/, /day that the month has/],
    ['0 0 31 4 */2', /never fires/, /day that the month has/],
    [`0 0 ${'1,'.repeat(200)}1 * *`, /at most 200 characters/, /ranges/],
  ])('%j', (text, message, hint) => {
    const refusal = (() => {
      try {
        return parseCron(text);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(CronFault);
    expect((refusal as CronFault).message).toMatch(message);
    expect((refusal as CronFault).hint).toMatch(hint);
  });
});
