import { describe, expect, it } from 'vitest';
import { filterDefinitions, filterNames, findFilter } from '../../../src/core/templates/filters/index.ts';
import { checkTemplate } from '../../../src/core/templates/parse.ts';
import { renderText, renderValue } from '../../../src/core/templates/render.ts';
import { scopeWith } from './scope-fixture.ts';

const scope = scopeWith({
  enrollment: {
    seats: 3,
    price: '1.005',
    neg: -2.5,
    note: '  Hello World  ',
    long: 'abcdefghij',
    huge: 1e21,
    emoji: '👍👍👍',
    bad: 'é \uD800',
    zero: 0,
    at: Date.parse('2026-03-28T12:30:00Z'),
    day: '2026-03-28',
  },
});

/** What each filter makes of a value, with its type. */
const rows: [string, unknown][] = [
  ['now | add_minutes: 5', '2026-03-02T10:05:00+01:00'],
  ['now | subtract_minutes: 5', '2026-03-02T09:55:00+01:00'],
  ['now | add_hours: 1.5', '2026-03-02T11:30:00+01:00'],
  ['now | subtract_hours: 1', '2026-03-02T09:00:00+01:00'],
  ['now|add_days:3', '2026-03-05T10:00:00+01:00'],
  ['enrollment.at | add_days: 1', '2026-03-29T13:30:00+02:00'],
  ['enrollment.at | add_hours: 24', '2026-03-29T14:30:00+02:00'],
  ['enrollment.day | add_weeks: 1', '2026-04-04T00:00:00+02:00'],
  ['now | subtract_weeks: 1', '2026-02-23T10:00:00+01:00'],
  ['now | subtract_days: 2', '2026-02-28T10:00:00+01:00'],
  ['contact.first_name | add_days: 1', undefined],
  ['enrollment.seats | add_days: 1', undefined],
  ['now | date: "%Y-%m-%d"', '2026-03-02'],
  ['now | date: "%A, %-d %B %y %I:%M %p %j %% %z it\'s %H"', "Monday, 2 March 26 10:00 AM 061 % +0100 it's 10"],
  ['now | date: "%F %T %s %L %V %u %b %a %e %R"', '2026-03-02 10:00:00 1772442000 000 10 1 Mar Mon 2 10:00'],
  ['contact.first_name | date: "%Y"', undefined],
  ['contact.last_name | default: "there"', 'there'],
  ['contact.custom_fields.empty | default: 5', 5],
  ['contact.custom_fields.list | default: true', true],
  ['enrollment.zero | default: 5', 0],
  ['contact.first_name | default: "there"', 'Ana'],
  ['contact.first_name | upcase', 'ANA'],
  ['contact.first_name | downcase', 'ana'],
  ['contact.email | capitalize', 'Ana@example.com'],
  ['contact.custom_fields.empty | capitalize', ''],
  ['enrollment.note | trim', 'Hello World'],
  ['enrollment.long | truncate: 5', 'ab...'],
  ['enrollment.long | truncate: 5, "!"', 'abcd!'],
  ['enrollment.long | truncate: 10', 'abcdefghij'],
  ['enrollment.long | truncate: 2', '...'],
  ['enrollment.emoji | truncate: 2, ""', '👍👍'],
  ["contact.phone | replace: '+', '00'", '0015550100'],
  ["contact.phone | replace: '+', '$&'", '$&15550100'],
  ['contact.tags | join', 'new-lead, VIP'],
  ["contact.tags | join: ' / '", 'new-lead / VIP'],
  ['contact.first_name | join', 'Ana'],
  ['contact.tags | size', 2],
  ['enrollment.emoji | size', 3],
  ['contact.custom_fields.address | size', 1],
  ['enrollment.seats | size', undefined],
  ['contact.tags | first', 'new-lead'],
  ['contact.tags | last', 'VIP'],
  ['contact.first_name | first', undefined],
  ['contact.first_name | last', undefined],
  ['enrollment.price | round: 2', 1.01],
  ['enrollment.neg | round', -3],
  ['enrollment.huge | round', 1e21],
  ['contact.first_name | round', undefined],
  ['enrollment.seats | plus: 2', 5],
  ['enrollment.seats | times: 1.1', 3.3],
  ['enrollment.seats | plus: 0.1 | plus: 0.2', 3.3],
  ['enrollment.seats | times: 3000000000000001', 9_000_000_000_000_003],
  ['enrollment.seats | divided_by: 30000000 | round: 2', 0],
  ['contact.custom_fields.level | minus: 2', 5],
  ['enrollment.seats | times: -1.5', -4.5],
  ['enrollment.seats | divided_by: 2', 1.5],
  ['contact.first_name | plus: 1', undefined],
  ['contact.tags | json', '["new-lead","VIP"]'],
  ['contact.last_name | json', 'null'],
  ['contact.email | url_encode', 'Ana%40Example.com'],
  ['enrollment.bad | url_encode', '%C3%A9%20%EF%BF%BD'],
  ['contact.tags | first | upcase | size', 8],
];

describe('filters', () => {
  it.each(rows)('{{ %s }}', (source, output) => {
    expect(checkTemplate(`{{ ${source} }}`)).toEqual([]);
    expect(renderValue(`{{ ${source} }}`, scope)).toEqual(output);
  });

  it('are all shown by a row above, with an example that is sound', () => {
    expect(filterNames.filter((name) => !rows.some(([source]) => source.includes(name)))).toEqual([]);
    expect(filterDefinitions.flatMap(({ example }) => checkTemplate(example))).toEqual([]);
    expect(filterDefinitions.every(({ summary }) => summary.endsWith('.'))).toBe(true);
  });

  it('pass a missing value on', () => {
    for (const { name, args } of filterDefinitions.filter(({ takesMissing }) => !takesMissing)) {
      const values = args.map((one) => (one.kind === 'text' ? '"%Y"' : '1')).join(', ');
      expect(renderText(`[{{contact.last_name | ${name}${values === '' ? '' : `: ${values}`}}}]`, scope)).toBe('[]');
    }
  });

  it.each(['valueOf', 'constructor', 'toString', '__proto__'])('know no inherited name: %s', (name) => {
    expect(findFilter(name)).toBeUndefined();
    expect(checkTemplate(`{{now | ${name}}}`)[0]?.rule).toBe('unknown_filter');
  });

  it.each([
    ['now | add_days', 'takes 1 argument, found 0'],
    ['now | add_days: 1, 2', 'takes 1 argument, found 2'],
    ['now | add_days: "x"', 'wants a whole number as its days, found "x"'],
    ['now | add_days: 1.5', 'wants a whole number'],
    ['now | add_days: 1e9', 'too far'],
    ['now | add_hours: -1e9', 'too far'],
    ['now | date: "%Q"', '"%Q" is no date directive'],
    ['now | date: "100%"', 'is no date directive'],
    ['now | date: 5', 'wants text in quotes'],
    ['contact.email | truncate: -1', 'negative'],
    ['contact.email | truncate', 'takes 1 to 2 arguments'],
    ['contact.email | replace: "", "x"', 'empty'],
    ['contact.email | replace: "a"', 'takes 2 arguments'],
    ['contact.email | upcase: 1', 'takes no argument'],
    ['enrollment.seats | divided_by: 0', 'divided by 0'],
    ['enrollment.seats | plus: true', 'wants a number'],
    ['enrollment.seats | round: 13', '0 to 12'],
  ])('refuse at publish: %s', (source, words) => {
    const [fault] = checkTemplate(`{{${source}}}`);
    expect(fault?.rule).toBe('filter_argument');
    expect(fault?.message).toContain(words);
    expect(fault?.hint).toContain('For example');
  });
});
