import { describe, expect, it } from 'vitest';
import { callReport } from '../../src/core/call-report.ts';
import { optWordOf } from '../../src/core/opt-words.ts';
import { postedContact, postedKey } from '../../src/core/webhook-contact.ts';

describe('a wish to get no more messages', () => {
  it.each([
    ['stop'],
    [' STOP. '],
    ['Stop!'],
    ['STOPALL'],
    ['stop all'],
    ['Opt-Out'],
    ['OPTOUT'],
    ['unsubscribe'],
    ['Cancel'],
    ['end'],
    ['QUIT'],
    ['revoke'],
    ['ARRÊT'],
    ['arrêt'],
    ['🛑 stop 🛑'],
  ])('%s is a word for it', (text) => {
    expect(optWordOf(text)).toEqual({ wish: 'stop', by: 'word' });
  });

  it.each([
    ['Stop texting me'],
    ['Please stop.'],
    ["Don't text me again"],
    ['do not contact me'],
    ['no more messages please'],
    ['Could you take me off this list?'],
    ['unsubscribe me'],
  ])('%s is a way to say it', (text) => {
    expect(optWordOf(text)).toEqual({ wish: 'stop', by: 'phrase' });
  });

  it.each([['start'], ['UNSTOP']])('%s takes it back', (text) => {
    expect(optWordOf(text)).toEqual({ wish: 'start', by: 'word' });
  });

  it.each([['I will stop by at the end of the day'], ['yes'], ['Can I cancel my Tuesday slot?'], ['When do we start?'], ['the bus stop'], ['']])('%s is none', (text) => {
    expect(optWordOf(text)).toBeNull();
  });
});

describe('the end of a call', () => {
  it.each([
    ['completed', 'human', '5', { outcome: 'answered', answered: true, duration: 5 }],
    ['completed', 'unknown', '5', { outcome: 'answered', answered: true, duration: 5 }],
    ['completed', 'machine_start', 'x', { outcome: 'voicemail', answered: false, duration: 0 }],
    ['completed', 'fax', null, { outcome: 'voicemail', answered: false, duration: 0 }],
    ['no-answer', null, null, { outcome: 'no_answer', answered: false, duration: 0 }],
    ['in-progress', null, null, null],
    ['constructor', null, null, null],
  ])('%s, %s, %s', (status, by, duration, expected) => {
    expect(callReport(status, by, duration)).toEqual(expected);
  });
});

describe('what a post says of a contact', () => {
  it('stands at its top, or in `contact`; what is no text says nothing', () => {
    expect(postedContact({ email: 'a@b.co', first_name: 5, phone: ' ', total: 1, custom_fields: { a: 1 } })).toEqual({ email: 'a@b.co', custom_fields: { a: 1 } });
    expect(postedContact({ email: 'outer@b.co', contact: { email: 'inner@b.co', last_name: 'Ruiz' } })).toEqual({ email: 'inner@b.co', last_name: 'Ruiz' });
  });

  it.each([
    [{ contact_id: ' abc ' }, 'contact_id', 'abc'],
    [{ contact: { id: 'abc' } }, 'contact_id', 'abc'],
    [{ contact: { phone: '+1' } }, 'phone', '+1'],
    [{ email: ['a'] }, 'email', null],
    [{}, 'contact_id', null],
  ] as const)('%j by %s', (body, by, expected) => {
    expect(postedKey(body, by)).toBe(expected);
  });
});
