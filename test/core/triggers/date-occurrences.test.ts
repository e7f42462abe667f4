import { describe, expect, it } from 'vitest';
import type { Data } from '../../../src/core/state.ts';
import { dateField, type DateFieldConfig } from '../../../src/core/triggers/date-field.ts';
import { concernsDate, dateValue, momentOfDay, nextDateOccurrence } from '../../../src/core/triggers/date-occurrences.ts';
import { contactOf } from '../../support/given.ts';

const config = (given: Data = {}): DateFieldConfig => dateField.config.parse({ field: 'custom_fields.date', ...given }) as DateFieldConfig;
const person = (date: unknown, timezone: string | null = null) => contactOf({ timezone, custom_fields: { date } });
const at = (text: string): number => Date.parse(text);
const shown = (found: { day: string; at: number } | null): string | null => found && `${found.day} at ${new Date(found.at).toISOString().replace(':00.000Z', 'Z')}`;

describe('date_field: the next occurrence', () => {
  it.each<[string, Data, unknown, string | null, string, string | null]>([
    ['a plain date is midnight in the contact’s zone', {}, '2026-05-01', 'Europe/Berlin', '2026-03-02T09:00Z', '2026-05-01 at 2026-04-30T22:00Z'],
    ['without a zone of its own the location’s counts', {}, '2026-05-01', null, '2026-03-02T09:00Z', '2026-05-01 at 2026-05-01T04:00Z'],
    ['a zone that is none counts as none', {}, '2026-05-01', 'Mars/Phobos', '2026-03-02T09:00Z', '2026-05-01 at 2026-05-01T04:00Z'],
    ['at a local time', { at: '09:00' }, '2026-05-01', 'Europe/Berlin', '2026-03-02T09:00Z', '2026-05-01 at 2026-05-01T07:00Z'],
    ['days before', { at: '09:00', offset: '-2d' }, '2026-05-01', 'UTC', '2026-03-02T09:00Z', '2026-05-01 at 2026-04-29T09:00Z'],
    ['days after', { at: '09:00', offset: '+1w' }, '2026-05-01', 'UTC', '2026-03-02T09:00Z', '2026-05-01 at 2026-05-08T09:00Z'],
    [
      'a whole day keeps the local time over a change of clocks',
      { at: '09:00', offset: '-1d' },
      '2026-03-08',
      'America/New_York',
      '2026-03-02T09:00Z',
      '2026-03-08 at 2026-03-07T14:00Z',
    ],
    ['hours are elapsed time', { at: '09:00', offset: '-9h' }, '2026-03-08', 'America/New_York', '2026-03-02T09:00Z', '2026-03-08 at 2026-03-08T04:00Z'],
    ['a moment keeps its own time', { offset: '-1d' }, '2026-05-01T15:30:00+02:00', 'UTC', '2026-03-02T09:00Z', '2026-05-01 at 2026-04-30T13:30Z'],
    ['a moment as epoch milliseconds', {}, at('2026-05-01T13:30Z'), 'UTC', '2026-03-02T09:00Z', '2026-05-01 at 2026-05-01T13:30Z'],
    ['the day of a moment in the contact’s zone', { at: '09:00' }, '2026-05-01T23:30:00Z', 'Asia/Tokyo', '2026-03-02T09:00Z', '2026-05-02 at 2026-05-02T00:00Z'],
    ['the second of two equal times stays the second', {}, '2026-11-01T06:30:00Z', 'America/New_York', '2026-03-02T09:00Z', '2026-11-01 at 2026-11-01T06:30Z'],
    ['a time that the clocks skip', { at: '02:30' }, '2026-03-08', 'America/New_York', '2026-03-02T09:00Z', '2026-03-08 at 2026-03-08T07:00Z'],
    ['a date that has passed', {}, '2026-03-02', 'UTC', '2026-03-02T00:00Z', null],
    ['an offset that has passed', { offset: '-2d' }, '2026-03-03', 'UTC', '2026-03-02T09:00Z', null],
    ['no date', {}, undefined, 'UTC', '2026-03-02T09:00Z', null],
    ['a text that is no date', {}, 'soon', 'UTC', '2026-03-02T09:00Z', null],
    ['a day that no calendar has', {}, '2026-02-30', 'UTC', '2026-02-02T09:00Z', null],
    ['a small number is no date', {}, 5, 'UTC', '2026-03-02T09:00Z', null],
  ])('%s', (_what, given, date, zone, after, expected) => {
    expect(shown(nextDateOccurrence(config(given), person(date, zone), 'America/New_York', at(after)))).toBe(expected);
  });

  it.each<[string, Data, unknown, string, string]>([
    ['later this year', {}, '1990-05-01', '2026-03-02T09:00Z', '2026-05-01 at 2026-05-01T09:00Z'],
    ['next year when this year’s has passed', {}, '1990-02-01', '2026-03-02T09:00Z', '2027-02-01 at 2027-02-01T09:00Z'],
    ['the date itself, when it is to come', {}, '2028-05-01', '2026-03-02T09:00Z', '2028-05-01 at 2028-05-01T09:00Z'],
    ['29 February in a leap year', {}, '2000-02-29', '2028-01-02T09:00Z', '2028-02-29 at 2028-02-29T09:00Z'],
    ['29 February is 28 February in other years', {}, '2000-02-29', '2026-01-02T09:00Z', '2026-02-28 at 2026-02-28T09:00Z'],
    ['29 February in 2100', {}, '2096-02-29', '2099-03-02T09:00Z', '2100-02-28 at 2100-02-28T09:00Z'],
    ['days before New Year’s Day fall into the old year', { offset: '-2d' }, '1990-01-01', '2026-12-01T09:00Z', '2027-01-01 at 2026-12-30T09:00Z'],
    ['days after New Year’s Eve fall into the new year', { offset: '5d' }, '1990-12-31', '2027-01-02T09:00Z', '2026-12-31 at 2027-01-05T09:00Z'],
    ['an offset of years', { offset: '800d' }, '1990-05-01', '2026-03-02T09:00Z', '2024-05-01 at 2026-07-10T09:00Z'],
  ])('anniversary: %s', (_what, given, date, after, expected) => {
    expect(shown(nextDateOccurrence(config({ anniversary: true, at: '09:00', ...given }), person(date, 'UTC'), 'UTC', at(after)))).toBe(expected);
  });

  it('passes over a day that is done, though its moment moved into the future with the contact', () => {
    const moved = person('1990-05-01', 'America/New_York');
    const birthday = config({ anniversary: true, at: '09:00' });
    expect(shown(nextDateOccurrence(birthday, moved, 'UTC', at('2026-05-01T10:00Z')))).toBe('2026-05-01 at 2026-05-01T13:00Z');
    expect(shown(nextDateOccurrence(birthday, moved, 'UTC', at('2026-05-01T10:00Z'), '2026-05-01'))).toBe('2027-05-01 at 2027-05-01T13:00Z');
  });
});

describe('date_field: a day that was planned', () => {
  it.each<[string, Data, string, string, string | null]>([
    ['is still there', { at: '09:00' }, '2026-05-01', '2026-05-01', '2026-05-01T09:00Z'],
    ['is another one by now', { at: '09:00' }, '2026-06-01', '2026-05-01', null],
    ['of an anniversary', { at: '09:00', anniversary: true }, '1990-05-01', '2026-05-01', '2026-05-01T09:00Z'],
    ['of an anniversary that is another one by now', { at: '09:00', anniversary: true }, '1990-05-02', '2026-05-01', null],
    ['of an anniversary that begins later by now', { at: '09:00', anniversary: true }, '2027-05-01', '2026-05-01', null],
    ['and gone', { at: '09:00' }, '', '2026-05-01', null],
  ])('%s', (_what, given, date, day, moment) => {
    expect(momentOfDay(config(given), person(date, 'UTC'), 'UTC', day)).toBe(moment === null ? null : at(moment));
  });
});

describe('date_field: which field', () => {
  it.each<[string, string[], boolean]>([
    ['custom_fields.date', ['custom_fields.date'], true],
    ['contact.custom_fields.date', ['custom_fields.date'], true],
    ['custom_fields.car.bought', ['custom_fields.car'], true],
    ['custom_fields.date', ['first_name', 'timezone'], true],
    ['custom_fields.date', ['first_name', 'custom_fields.dated'], false],
  ])('%s is moved by %j: %s', (field, changed, moved) => {
    expect(concernsDate({ field }, changed)).toBe(moved);
  });

  it('is read below custom_fields, and nothing inherited', () => {
    expect(dateValue({ field: 'custom_fields.car.bought' }, contactOf({ custom_fields: { car: { bought: '2026-05-01' } } }))).toBe('2026-05-01');
    expect(dateValue({ field: 'custom_fields.constructor' }, contactOf())).toBeUndefined();
    expect(dateValue({ field: 'created_at' }, contactOf({ created_at: 5 }))).toBe(5);
  });

  it.each(['birthday', 'email', 'custom_fields', 'custom_fields.', 'steps.a.b', 'custom_fields.a b'])('%s is none', (field) => {
    expect(dateField.config.safeParse({ field }).success).toBe(false);
  });
});
