import { describe, expect, it } from 'vitest';
import { catalogueOf } from '../../src/dashboard/model/catalogue.ts';
import { clockIn, lasting } from '../../src/dashboard/model/when.ts';
import { gistOf, nameOf, spoken } from '../../src/dashboard/model/words.ts';

describe('a length of time', () => {
  it.each([
    [0, 'at once'], [999, 'at once'], [1_000, '1 s'], [90_000, '1 min 30 s'], [3_600_000, '1 h'], [86_400_000 + 7_200_000, '1 d 2 h'], [31 * 86_400_000 + 59_000, '31 d'],
  ])('%d ms is %s', (ms, text) => expect(lasting(ms)).toBe(text));
});

describe('an instant', () => {
  it('is read in its zone', () => {
    expect(clockIn('Europe/Vienna').read('2026-03-02T09:00:00Z')).toBe('Mon, 2 Mar 2026, 10:00');
    expect(clockIn('UTC').read('2026-03-02T00:05:00Z')).toBe('Mon, 2 Mar 2026, 00:05');
  });
  it('is read in UTC where the zone is none', () => {
    const { read, zone } = clockIn('Mars/Olympus');
    expect([read('2026-03-02T09:00:00Z'), zone]).toEqual(['Mon, 2 Mar 2026, 09:00', 'UTC']);
  });
});

describe('a contact', () => {
  const nobody = { firstName: null, lastName: null, email: null, phone: null, deletedAt: null };
  it.each([
    [{ ...nobody, firstName: 'Ana', lastName: 'Berg', email: 'a@b.c' }, 'Ana Berg'], [{ ...nobody, lastName: 'Berg' }, 'Berg'], [{ ...nobody, email: 'a@b.c', phone: '+1' }, 'a@b.c'],
    [{ ...nobody, phone: '+1' }, '+1'], [nobody, 'A contact without a name'], [null, 'A contact that was deleted'],
    [{ ...nobody, firstName: 'Ana', deletedAt: '2026-03-02T09:00:00Z' }, 'A contact that was deleted'],
  ])('%j is called %s', (contact, name) => expect(nameOf(contact)).toBe(name));
});

describe('what a step is set to', () => {
  it.each<[unknown, string]>([
    [{ duration: '1d', business_hours_only: true }, '1d'], [{ template_id: '{{templates.welcome}}' }, 'welcome'], [{ tags: ['a', 'b'] }, 'a,b'], [{ message: 'Hi {{contact.first_name}}' }, 'Hi {{contact.first_name}}'],
    [{ if: [{ field: 'tags' }] }, ''], [{}, ''], [undefined, ''], ['text', ''],
  ])('%j is told as “%s”', (config, gist) => expect(gistOf(config)).toBe(gist));

  it.each([['send_email', 'send email'], ['trigger:0', 'start']])('%s is spoken “%s”', (identifier, text) => expect(spoken(identifier)).toBe(text));
});

it('steps and triggers of one name are two kinds', () => {
  const kinds = catalogueOf({
    stepTypes: [{ type: 'webhook', icon: 'webhook', group: 'ACTION', summary: 'Calls.' }], triggerTypes: [{ type: 'webhook', icon: 'zap', summary: 'Is called.' }],
  });
  expect([kinds.get('webhook')?.group, kinds.get('trigger:webhook')]).toEqual(['ACTION', { icon: 'zap', summary: 'Is called.', group: 'trigger' }]);
});
