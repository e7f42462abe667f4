import { describe, expect, it } from 'vitest';
import { checkConditions } from '../../../src/core/conditions/check.ts';
import { conditionList } from '../../../src/core/conditions/schema.ts';

const field = (operator: string, value?: unknown): object => ({ field: 'custom_fields.x', operator, ...(value === undefined ? {} : { value }) });
const deep = (levels: number): object => (levels === 0 ? field('is_set') : { not: deep(levels - 1) });

describe('conditionList', () => {
  it('makes a list of one, and keeps what it is given', () => {
    const one = { field: 'tags', operator: 'contains', value: '{{trigger.data.tag}}' };
    expect(conditionList.parse(one)).toEqual([one]);
    const group = [{ all: [one, { any: [one, { not: one }, { not: [one, one] }] }] }, { expression: 'score > 5' }];
    expect(conditionList.parse(group)).toEqual(group);
  });
  it('lets errors of reference pass', () => {
    expect(conditionList.safeParse([{ field: 'emial', operator: 'between', value: 5 }]).success).toBe(true);
  });
  it('refuses errors of structure with path, rule and hint', () => {
    const { error } = conditionList.safeParse([{ any: [{ field: 'tags', operator: 'contians', value: 'x' }] }]);
    expect(error?.issues).toMatchObject([
      {
        path: [0, 'any', 0, 'operator'],
        message: 'There is no operator "contians". Did you mean "contains"?',
        params: { rule: 'unknown_operator', hint: 'Did you mean "contains"?' },
      },
    ]);
  });
});

describe('checkConditions, structure', () => {
  it.each([
    [[], 'condition_empty', []],
    [{ all: [] }, 'condition_empty', ['all']],
    [{ not: [] }, 'condition_empty', ['not']],
    [[[]], 'condition_shape', [0]],
    ['x', 'condition_shape', []],
    [undefined, 'condition_shape', []],
    [[null], 'condition_shape', [0]],
    [{ any: { field: 'tags', operator: 'is_set' } }, 'condition_shape', ['any']],
    [{}, 'condition_shape', []],
    [{ operator: 'is_set' }, 'condition_shape', []],
    [{ field: 5, operator: 'is_set' }, 'condition_shape', ['field']],
    [{ field: 'tags' }, 'condition_shape', []],
    [{ field: 'tags', operator: 5 }, 'condition_shape', ['operator']],
    [{ field: 'a b', operator: 'is_set' }, 'condition_field', ['field']],
    [{ field: '', operator: 'is_set' }, 'condition_field', ['field']],
    [{ field: 'tags', operator: 'constructor' }, 'unknown_operator', ['operator']],
    [{ field: 'tags', operator: 'is_set', vaule: 1 }, 'unknown_key', ['vaule']],
    [{ field: 'tags', operator: 'is_set', within: '3d' }, 'unknown_key', ['within']],
    [{ field: 'tags', operator: 'is_set', zzzzzz: 1 }, 'unknown_key', ['zzzzzz']],
    [{ all: [field('is_set')], any: [field('is_set')] }, 'unknown_key', ['any']],
    [{ expression: 5 }, 'expression_invalid', ['expression']],
    [{ expression: 'a = 1' }, 'expression_invalid', ['expression']],
    [{ expression: 'a', field: 'b' }, 'unknown_key', ['field']],
    [deep(25), 'condition_depth', undefined],
    [field('within_last', 'soon'), 'condition_value', ['value']],
    [field('within_next', 5), 'condition_value', ['value']],
    [field('within_last', {}), 'condition_value', ['value']],
    [field('matches', '('), 'condition_value', ['value']],
    [field('matches', '(?=a)'), 'condition_value', ['value']],
    [field('matches', '(a)\\1'), 'condition_value', ['value']],
    [field('matches', '((a{100}){100}){100}'), 'condition_value', ['value']],
    [field('matches', 'a'.repeat(201)), 'condition_value', ['value']],
    [field('matches', 5), 'condition_value', ['value']],
  ])('%j is %s', (value, rule, path) => {
    const [fault] = checkConditions(value);
    expect(fault).toMatchObject({ rule, kind: 'structure' });
    expect(fault?.path).toEqual(path ?? fault?.path);
    expect(conditionList.safeParse(value).success).toBe(false);
  });
});

describe('what a person reads', () => {
  it.each([
    [field('within_last', '-3d'), /[^.]\.$/, null],
    [field('within_last', 3), /found 3\.$/, null],
    [field('matches', '('), /[^.]\.$/, null],
    [field('in', 'a'), /found "a"\.$/, 'Write ["a"].'],
    [field('in', []), /found \[\]\.$/, 'To ask for an empty list use is_empty.'],
  ])('%j', (condition, message, hint) => {
    expect(checkConditions([condition])).toMatchObject([{ message: expect.stringMatching(message), hint }]);
  });
});

describe('checkConditions, reference', () => {
  it.each([
    [field('equals'), 'condition_value', 'found none'],
    [field('equals', null), 'condition_value', 'found null'],
    [field('contains', ['a', 'b']), 'condition_value', 'wants text, a number'],
    [field('greater_than', 'x'), 'condition_value', 'wants a number or a date'],
    [field('gt', true), 'condition_value', '"greater_than" wants'],
    [field('between', 5), 'condition_value', 'list of two'],
    [field('between', [1]), 'condition_value', 'list of two'],
    [field('between', [5, 1]), 'condition_value', 'lower first'],
    [field('between', ['a', 'b']), 'condition_value', 'list of two'],
    [field('in', 'a'), 'condition_value', 'list of one or more'],
    [field('in', []), 'condition_value', 'list of one'],
    [field('before', 'soon'), 'condition_value', 'wants a date'],
    [field('starts_with', true), 'condition_value', 'wants text'],
    [field('is_set', 'x'), 'condition_value', 'wants nothing'],
    [field('equals', '{{nope.x}}'), 'unknown_variable', 'begins with nothing'],
    [field('in', ['a', '{{now | nope}}']), 'unknown_filter', 'nope'],
    [{ field: '{{contact.emial}}', operator: 'is_set' }, 'unknown_variable', 'no "emial"'],
    [{ field: '{{now}} {{now}}', operator: 'is_set' }, 'template_syntax', 'more than one'],
    [{ field: 'emial', operator: 'is_set' }, 'unknown_variable', 'no "emial"'],
    [{ field: 'consent.emial', operator: 'equals', value: 'given' }, 'unknown_variable', 'no "emial" in contact.consent'],
    [{ field: '{{contact.consent.emial}}', operator: 'is_set' }, 'unknown_variable', 'no "emial" in contact.consent'],
    [{ field: 'secrets.key', operator: 'is_set' }, 'misplaced_secret', 'webhook'],
    [{ expression: 'secrets.key == 1' }, 'misplaced_secret', 'webhook'],
  ])('%j is %s', (value, rule, words) => {
    const [fault] = checkConditions(value);
    expect(fault).toMatchObject({ rule, kind: 'reference' });
    expect(fault?.message).toContain(words);
  });

  it.each([
    [field('equals', '{{now}}')],
    [field('between', ['{{enrollment.low}}', 5])],
    [field('within_last', '{{enrollment.window}}')],
    [field('within_last', '3d')],
    [field('within_last', 0)],
    [field('matches', '^a+$')],
    [field('equals', [1])],
    [field('is_true', true)],
    [field('is_set')],
    [{ field: 'steps.welcome.opened', operator: 'eq', value: true }],
    [{ field: '{{steps.welcome.opened}}', operator: 'equals', value: true }],
    [{ field: 'created_at', operator: 'before', value: '2026-01-01' }],
    [{ field: 'custom_fields.größe', operator: 'gte', value: 5 }],
    [{ field: 'now', operator: 'after', value: '2026-01-01' }],
  ])('finds nothing wrong with %j', (value) => {
    expect(checkConditions(value)).toEqual([]);
  });

  it.each([
    ['tags', 'greater_than', 5, 'is a list'],
    ['tags', 'in', ['a', 'b'], 'any_of'],
    ['tags', 'not_in', ['a', 'b'], 'is true of any'],
    ['tags', 'starts_with', 'a', 'is a list'],
    ['tags', 'is_true', undefined, 'is a list'],
    ['contact.tags', 'matches', 'a', 'is a list'],
    ['tags', 'equals', 'vip', 'never equal to a single value'],
    ['tags', 'not_equals', 'vip', 'never equal'],
    ['custom_fields', 'contains', 'a', 'custom_fields.plan'],
    ['consent', 'equals', 'given', undefined],
    ['created_at', 'is_true', undefined, 'is a date'],
    ['now', 'is_false', undefined, 'is a date'],
    ['workflow.enrolled_at', 'all_of', ['a'], 'is a date'],
    ['contact.revision', 'before', '2026-01-01', 'is a number'],
    ['tags', 'contains', 'vip', undefined],
    ['tags', 'any_of', ['vip'], undefined],
    ['tags', 'equals', ['vip'], undefined],
    ['tags', 'equals', '{{trigger.data.tags}}', undefined],
    ['tags', 'is_empty', undefined, undefined],
    ['created_at', 'within_last', '3d', undefined],
    ['created_at', 'gt', '2026-01-01', undefined],
    ['first_name', 'gt', 5, undefined],
    ['custom_fields.score', 'gt', 5, undefined],
    ['{{contact.tags}}', 'gt', 5, undefined],
  ])('a kind of field that can never match: %s %s %j', (field, operator, value, words) => {
    const faults = checkConditions({ field, operator, ...(value !== undefined && { value }) });
    if (words === undefined) expect(faults).toEqual([]);
    else expect(faults).toMatchObject([{ rule: 'condition_value', kind: 'reference', path: ['operator'] }]);
    expect(faults.map(({ message, hint }) => `${message} ${hint}`).join('')).toContain(words ?? '');
  });

  it('finds every fault', () => {
    const faults = checkConditions([{ field: 'emial', operator: 'contians', vaule: 1 }, { any: [field('between', 1), { expression: '1 +' }] }]);
    expect(faults.map(({ rule, path }) => `${path.join('.')} ${rule}`)).toEqual([
      '0.vaule unknown_key',
      '0.field unknown_variable',
      '0.operator unknown_operator',
      '1.any.0.value condition_value',
      '1.any.1.expression expression_invalid',
    ]);
  });
});
