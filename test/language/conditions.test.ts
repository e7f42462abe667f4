import { describe, expect, it } from 'vitest';
import { evaluateConditions } from '../../src/core/conditions/evaluate.ts';
import { findOperator, operatorNames } from '../../src/core/conditions/operators/index.ts';
import { readDefinition } from '../../src/core/definition/read.ts';
import type { Contact, Data } from '../../src/core/state.ts';
import { contactOf, DAY, given, HOUR, START } from '../support/given.ts';
import { testNames } from '../support/test-names.ts';

/** The verdict of a condition list, written as YAML, for a contact with these custom fields (other keys are the contact's own). */
function verdict(conditions: string, fields: Data = {}, more: Partial<Contact> = {}): boolean {
  const yaml = `steps:\n  - { id: it, type: condition, config: { if: ${conditions}, then: end, else: exit_no } }\n`;
  return given(yaml, { contact: { custom_fields: fields, ...more } }).start().run.state.status === 'completed';
}
const rulesOf = (conditions: string): string[] =>
  readDefinition({
    format: 'yaml',
    text: `name: N\ntrigger: { type: manual }\nsteps:\n  - { id: it, type: condition, config: { if: ${conditions}, then: end } }\n`,
  }).diagnostics.map(({ rule, severity }) => `${severity} ${rule}`);

interface Row {
  operator: string;
  means: string;
  value?: string;
  holds: unknown[];
  fails: unknown[];
  /** The verdict for a field that is not there. */
  missing?: boolean;
}

/** language.md §6, the operators, in its order. `changed` and `changed_to` look at an event and stand below. */
const ROWS: Row[] = [
  { operator: 'equals', means: 'numbers numerically, text exactly', value: '60', holds: [60, '60', '60.0'], fails: [61, 'sixty'] },
  { operator: 'equals', means: 'dates as instants', value: '"2026-03-02T09:00:00Z"', holds: ['2026-03-02T10:00:00+01:00'], fails: ['2026-03-02T10:00:00Z'] },
  { operator: 'equals', means: 'text minds its case', value: 'pro', holds: ['pro'], fails: ['Pro'] },
  { operator: 'not_equals', means: 'not the same; true for a missing value', value: 'pro', holds: ['basic'], fails: ['pro'], missing: true },
  { operator: 'contains', means: 'membership of a list, exactly', value: 'vip', holds: [['new', 'vip']], fails: [['VIP'], ['vip2'], []] },
  { operator: 'contains', means: 'a part of a text, whatever its case', value: 'ell', holds: ['Hello', 'HELL'], fails: ['hi'] },
  { operator: 'not_contains', means: 'the opposite; true for a missing value', value: 'vip', holds: [['new'], 'nobody'], fails: [['vip'], 'a VIP'], missing: true },
  { operator: 'starts_with', means: 'whatever its case', value: 'he', holds: ['Hello'], fails: ['the'] },
  { operator: 'ends_with', means: 'whatever its case', value: '.DEV', holds: ['ana@tools.dev'], fails: ['ana@tools.dev.com'] },
  { operator: 'in', means: 'one of a list, exactly', value: '[team, 7]', holds: ['team', 7], fails: ['Team', 'tea'] },
  { operator: 'not_in', means: 'none of a list; true for a missing value', value: '[team]', holds: ['solo'], fails: ['team'], missing: true },
  { operator: 'greater_than', means: 'a number, numerically', value: '9', holds: [10, '10'], fails: [9, '8', 'ten'] },
  { operator: 'greater_or_equal', means: 'at least as great', value: '9', holds: [9], fails: [8.9] },
  { operator: 'less_than', means: 'smaller, or an earlier date', value: '"2026-03-02"', holds: ['2026-03-01'], fails: ['2026-03-02', '2026-03-03'] },
  { operator: 'less_or_equal', means: 'at most as great', value: '9', holds: [9, '8'], fails: [9.1] },
  { operator: 'between', means: 'both ends included', value: '[1, 3]', holds: [1, 2, 3], fails: [0, 4] },
  { operator: 'is_set', means: 'there is a value, even an empty one', holds: ['', 0, 'x'], fails: [] },
  { operator: 'is_not_set', means: 'there is none', holds: [], fails: ['', 0], missing: true },
  { operator: 'is_empty', means: 'nothing, empty text or an empty list', holds: ['', []], fails: ['x', 0], missing: true },
  { operator: 'is_not_empty', means: 'something', holds: ['x', ['a']], fails: ['', []] },
  { operator: 'is_true', means: 'true', holds: [true, 'true'], fails: [false, 1, 'yes'] },
  { operator: 'is_false', means: 'false; a missing value is not', holds: [false], fails: [true, 0] },
  { operator: 'matches', means: 'a linear-time pattern is found in the text', value: '"^a+b$"', holds: ['aaab'], fails: ['aaabc'] },
  { operator: 'any_of', means: 'the list has at least one of these', value: '[a, b]', holds: [['b', 'c']], fails: [['c'], []] },
  { operator: 'all_of', means: 'the list has all of these', value: '[a, b]', holds: [['b', 'c', 'a']], fails: [['a', 'c']] },
  { operator: 'none_of', means: 'the list has none of these; true for a missing value', value: '[a, b]', holds: [['c']], fails: [['a', 'c']], missing: true },
  { operator: 'before', means: 'an earlier moment', value: '"2026-03-02T09:00:00Z"', holds: ['2026-03-02T09:59:00+01:00'], fails: ['2026-03-02T09:00:00Z', 'soon'] },
  { operator: 'after', means: 'a later moment', value: '"{{now}}"', holds: ['2026-03-02T09:00:01Z'], fails: ['2026-03-02T09:00:00Z'] },
  { operator: 'within_last', means: 'from so long ago until now', value: '2d', holds: ['2026-03-01T09:00:00Z'], fails: ['2026-02-27', '2026-03-03'] },
  { operator: 'within_next', means: 'from now until so far ahead', value: '2d', holds: ['2026-03-03T09:00:00Z'], fails: ['2026-03-05', '2026-03-01'] },
];

describe('§6 operators', () => {
  it.each(ROWS.map((row) => [row.operator, row.means, row] as const))('§6 %s: %s', (operator, _means, { value, holds, fails, missing = false }) => {
    const clause = `{ field: custom_fields.x, operator: ${operator}${value === undefined ? '' : `, value: ${value}`} }`;
    const saw = (x: unknown): string => `${JSON.stringify(x)}: ${verdict(`[${clause}]`, { x })}`;
    expect(holds.map(saw)).toEqual(holds.map((x) => `${JSON.stringify(x)}: true`));
    expect(fails.map(saw)).toEqual(fails.map((x) => `${JSON.stringify(x)}: false`));
    expect(verdict(`[${clause}]`)).toBe(missing);
    expect(rulesOf(`[${clause}]`)).toEqual([]);
  });

  it.each([
    ['changed', '', [true, true, false]],
    ['changed_to', ', value: b', [true, false, false]],
  ])('§6 %s: what the event says became of the field', (operator, value, expected) => {
    const yaml = `exit_conditions:\n  - { id: it, on: contact_updated, if: [{ field: custom_fields.x, operator: ${operator}${value} }] }\nsteps:\n  - { id: w, type: wait, config: { duration: 1d } }\n`;
    const exits = (changes: Data): boolean => given(yaml).start().event('contact_updated', { changes }).run.state.status === 'exited';
    expect([
      exits({ 'custom_fields.x': { from: 'a', to: 'b' } }),
      exits({ 'custom_fields.x': { from: 'b', to: 'c' } }),
      exits({ 'custom_fields.y': { from: 'a', to: 'b' } }),
    ]).toEqual(expected);
  });

  it.each([
    ['eq', 'equals'],
    ['neq', 'not_equals'],
    ['gt', 'greater_than'],
    ['gte', 'greater_or_equal'],
    ['lt', 'less_than'],
    ['lte', 'less_or_equal'],
  ])('§6 alias %s: means %s', (alias, name) => {
    expect(findOperator(alias)?.name).toBe(name);
    expect(rulesOf(`[{ field: custom_fields.x, operator: ${alias}, value: 1 }]`)).toEqual([]);
  });

  it('every operator of the registry has a row that names it', ({ task }) => {
    const names = testNames(task);
    expect(operatorNames.filter((operator) => !names.some((name) => name.startsWith(`§6 ${operator}:`)))).toEqual([]);
  });
});

describe('§6 leaves', () => {
  it.each([
    ['tags', 'contains', 'new-lead'],
    ['email', 'equals', 'ana@example.com'],
    ['custom_fields.plan', 'equals', 'pro'],
    ['contact.email', 'equals', 'ana@example.com'],
    ['"{{contact.first_name | upcase}}"', 'equals', 'ANA'],
  ])("§6 field leaf: %s is the contact's", (field, operator, value) => {
    expect(verdict(`[{ field: ${field}, operator: ${operator}, value: ${value} }]`, { plan: 'pro' })).toBe(true);
  });

  it('§6 behaviour leaf: counts the contact\'s history, by step and window', () => {
    const past = (type: string, ago: number, stepId: string | null = null) => ({
      type,
      at: START - ago,
      stepId,
      enrollmentId: stepId === null ? null : '0190a000-0000-7000-8000-0000000000e1',
    });
    const history = [past('email_opened', HOUR, 'hello'), past('email_opened', 4 * DAY), past('order_placed', 2 * DAY)];
    const holds = (leaf: string): boolean =>
      given(`steps:\n  - { id: it, type: condition, config: { if: [${leaf}], then: end, else: exit_no } }\n  - { id: hello, type: exit }\n`, { scene: { history } }).start().run
        .state.status === 'completed';
    expect(holds('{ event: email_opened, step: hello, within: 3d, count: { gte: 1 } }')).toBe(true);
    expect(holds('{ event: email_opened, step: hello, count: 2 }')).toBe(false);
    expect(holds('{ event: email_opened, count: 2 }')).toBe(true);
    expect(holds('{ event: order_placed, within: 1d }')).toBe(false);
    expect(holds('{ event: email_clicked, count: 0 }')).toBe(true);
  });

  it('§6 expression leaf: plain data, bare names, a fixed list of functions', () => {
    const holds = (source: string): boolean => verdict(`[{ expression: "${source}" }]`, { score: 60 }, { tags: ['vip'] });
    expect(holds("score >= 50 and contains(tags, 'vip')")).toBe(true);
    expect(holds('score >= 61')).toBe(false);
    expect(holds('nothing_of_this_name > 3')).toBe(false);
    expect(rulesOf('[{ expression: "score = 3" }]')).toEqual([expect.stringContaining('error')]);
    expect(rulesOf('[{ expression: "tags.constructor" }]')).toEqual([expect.stringContaining('error')]);
    expect(rulesOf(`[{ expression: "${'1 + '.repeat(600)}1" }]`)).toEqual([expect.stringContaining('error')]);
  });
});

describe('§6 groups', () => {
  const vip = '{ field: tags, operator: contains, value: vip }';
  const rich = '{ field: custom_fields.score, operator: gt, value: 50 }';
  const cases: [name: string, conditions: string, both: boolean, onlyVip: boolean, neither: boolean][] = [
    ['a list means AND', `[${vip}, ${rich}]`, true, false, false],
    ['all', `[{ all: [${vip}, ${rich}] }]`, true, false, false],
    ['any', `[{ any: [${vip}, ${rich}] }]`, true, true, false],
    ['not', `[{ not: ${vip} }]`, false, false, true],
    ['nested', `[{ any: [{ all: [${vip}, { not: ${rich} }] }, { not: { any: [${vip}, ${rich}] } }] }]`, false, true, true],
  ];
  it.each(cases)('§6 %s', (_name, conditions, both, onlyVip, neither) => {
    expect([verdict(conditions, { score: 60 }, { tags: ['vip'] }), verdict(conditions, {}, { tags: ['vip'] }), verdict(conditions)]).toEqual([both, onlyVip, neither]);
  });
});

describe('§6 checked and explained', () => {
  it.each([
    ['an unknown operator', '[{ field: email, operator: equalz, value: a }]'],
    ['a type that can never match', '[{ field: tags, operator: greater_than, value: 3 }]'],
    ['an empty list', '[]'],
    ['a pattern of more than 200 characters', `[{ field: email, operator: matches, value: "${'a'.repeat(201)}" }]`],
    ['a pattern that looks behind', '[{ field: email, operator: matches, value: "(?<=a)b" }]'],
  ])('§6 %s is an error before anybody enters', (_name, conditions) => {
    expect(rulesOf(conditions)).toContainEqual(expect.stringMatching(/^error /));
  });

  it('§6 every evaluation is kept: each clause, the value it saw, the verdict', () => {
    const { trail } = given(
      'steps:\n  - { id: it, type: condition, config: { if: [{ field: email, operator: contains, value: ANA }, { field: tags, operator: contains, value: vip }], then: end } }\n',
    ).start();
    expect(trail[0]?.decision).toMatchObject({
      verdict: false,
      checks: [
        { path: 'email', operator: 'contains', actual: 'ana@example.com', verdict: true },
        { path: 'tags', actual: ['new-lead'], verdict: false },
      ],
    });
  });

  it('§6 an empty list of filters holds for everybody', () => {
    expect(evaluateConditions([], { contact: contactOf() } as never).verdict).toBe(true);
  });
});
