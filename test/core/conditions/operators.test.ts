import { describe, expect, it } from 'vitest';
import { findOperator, operatorDefinitions, operatorNames, operators } from '../../../src/core/conditions/operators/index.ts';
import type { Scope } from '../../../src/core/templates/scope.ts';
import { NOW, scopeWith } from '../templates/scope-fixture.ts';

const scope = scopeWith();
const MISSING_IS_TRUE = ['is_not_set', 'is_empty', 'not_equals', 'not_contains', 'not_in', 'none_of'];

/** operator, actual, expected, verdict. Where a value is of a type that the operator is not for, the note says so. */
const rows: [string, unknown, unknown, boolean, string?][] = [
  ['equals', 'pro', 'pro', true],
  ['equals', 'pro', 'Pro', false],
  ['equals', 60, 60, true],
  ['equals', '60', 60, true],
  ['equals', '60.0', 60, true],
  ['equals', 'x', 60, false, 'text and number'],
  ['equals', true, true, true],
  ['equals', 'true', true, true],
  ['equals', true, false, false],
  ['equals', 1, true, false, 'number and boolean'],
  ['equals', true, 1, false],
  ['equals', '', 0, false],
  ['equals', ['a', 1], ['a', 1], true],
  ['equals', ['a', 1], [1, 'a'], false],
  ['equals', { a: [null] }, { a: [null] }, true],
  ['equals', { a: 1 }, { b: 1 }, false],
  ['equals', ['a'], 'a', false, 'list and text'],
  ['equals', ['a'], { 0: 'a' }, false],
  ['equals', ['a'], true, false],
  ['equals', '2026-03-02T10:00:00+01:00', '2026-03-02T09:00:00Z', true],
  ['equals', '2026-03-02T10:00:00+01:00', '2026-03-02T09:00:01Z', false],
  ['equals', '2026-xx-yyzz', '2026-03-02', false],
  ['equals', '2026-03-02', '2026-03-01T23:00:00Z', true],
  ['not_equals', 'pro', 'basic', true],
  ['not_equals', 'pro', 'pro', false],
  ['not_equals', ['pro'], 'pro', true, 'list and text'],
  ['contains', ['vip', 'new'], 'vip', true],
  ['contains', ['vip'], 'VIP', false],
  ['contains', [1, 2], 2, true],
  ['contains', 'Hello', 'ELL', true],
  ['contains', 'Hello', 'x', false],
  ['contains', 'a1', 1, true],
  ['contains', 5, '5', false, 'number'],
  ['contains', 'Hello', true, false],
  ['not_contains', ['vip'], 'x', true],
  ['not_contains', ['vip'], 'vip', false],
  ['not_contains', 'Hello', 'ell', false],
  ['not_contains', 5, '5', true, 'number'],
  ['starts_with', 'Hello', 'he', true],
  ['starts_with', 'Hello', 'lo', false],
  ['starts_with', ['he'], 'he', false, 'list'],
  ['starts_with', '49 30', 49, true],
  ['ends_with', 'a@Example.com', '@example.COM', true],
  ['ends_with', 'Hello', 'he', false],
  ['ends_with', 5, '5', false, 'number'],
  ['matches', 'order-123', '^order-\\d+$', true],
  ['matches', 'xorder-1', '^order', false],
  ['matches', 'abc', 'b', true],
  ['matches', 5, '5', false, 'number'],
  ['matches', 'abc', '(', false, 'no pattern'],
  ['matches', 'abc', 5, false],
  ['matches', `${'a'.repeat(30)}!`, '^(a+)+$', false],
  ['matches', `${'a'.repeat(10_000)}b`, 'b', false, 'past the 10,000th character'],
  ['greater_than', 60, 50, true],
  ['greater_than', 50, 50, false],
  ['greater_than', '60', '7', true],
  ['greater_than', 'x', 5, false, 'text'],
  ['greater_than', '2026-03-02', '2026-03-01', true],
  ['greater_than', '2026-03-02', 5, false, 'date and number'],
  ['greater_than', true, 0, false, 'boolean'],
  ['greater_or_equal', 50, 50, true],
  ['greater_or_equal', 49, 50, false],
  ['greater_or_equal', [], 0, false, 'list'],
  ['less_than', 49, 50, true],
  ['less_than', 50, 50, false],
  ['less_than', 'b', 'c', false, 'text'],
  ['less_or_equal', 50, 50, true],
  ['less_or_equal', 51, 50, false],
  ['less_or_equal', '', 5, false, 'empty text'],
  ['between', 5, [5, 10], true],
  ['between', 10, [5, 10], true],
  ['between', 11, [5, 10], false],
  ['between', 4, [5, 10], false],
  ['between', 'x', [5, 10], false, 'text'],
  ['between', 5, 5, false],
  ['between', 5, [1], false],
  ['between', '2026-03-02', ['2026-03-01', '2026-03-03'], true],
  ['in', 'a', ['a', 'b'], true],
  ['in', 'A', ['a', 'b'], false],
  ['in', 2, ['1', '2'], true],
  ['in', 'a', 'a', true],
  ['in', ['a'], ['a'], false, 'list'],
  ['not_in', 'c', ['a', 'b'], true],
  ['not_in', 'a', ['a', 'b'], false],
  ['not_in', ['a'], ['a'], true, 'list'],
  ['any_of', ['a', 'c'], ['a', 'b'], true],
  ['any_of', ['c'], ['a', 'b'], false],
  ['any_of', 'a', ['a', 'b'], true, 'a single value is a list of one'],
  ['any_of', {}, ['a'], false, 'map'],
  ['all_of', ['a', 'b', 'c'], ['a', 'b'], true],
  ['all_of', ['a'], ['a', 'b'], false],
  ['all_of', 5, ['a'], false, 'number'],
  ['none_of', ['c'], ['a', 'b'], true],
  ['none_of', ['a'], ['a', 'b'], false],
  ['none_of', 5, ['a'], true, 'number'],
  ['is_set', '', undefined, true],
  ['is_set', false, undefined, true],
  ['is_set', 0, undefined, true],
  ['is_not_set', 'x', undefined, false],
  ['is_not_set', '', undefined, false],
  ['is_empty', '', undefined, true],
  ['is_empty', [], undefined, true],
  ['is_empty', {}, undefined, true],
  ['is_empty', 'x', undefined, false],
  ['is_empty', 0, undefined, false],
  ['is_not_empty', 'x', undefined, true],
  ['is_not_empty', [], undefined, false],
  ['is_not_empty', 0, undefined, true],
  ['is_true', true, undefined, true],
  ['is_true', 'true', undefined, true],
  ['is_true', 1, undefined, false, 'number'],
  ['is_true', false, undefined, false],
  ['is_false', false, undefined, true],
  ['is_false', 'false', undefined, true],
  ['is_false', true, undefined, false],
  ['is_false', 0, undefined, false, 'number'],
  ['before', '2026-03-01', '2026-03-02', true],
  ['before', '2026-03-03', '2026-03-02', false],
  ['before', 'soon', '2026-03-02', false, 'text'],
  ['before', '2026-03-01', 'later', false],
  ['after', '2026-03-03', '2026-03-02T00:00:00Z', true],
  ['after', NOW, '2026-03-03', false],
  ['after', 5, '2026-03-02', false, 'number'],
  ['within_last', '2026-03-01', '3d', true],
  ['within_last', '2026-02-20', '3d', false],
  ['within_last', '2026-03-03', '3d', false],
  ['within_last', NOW, '0', true],
  ['within_last', 'x', '3d', false, 'text'],
  ['within_last', '2026-03-01', 'x', false],
  ['within_next', '2026-03-04', '3d', true],
  ['within_next', '2026-03-09', '3d', false],
  ['within_next', '2026-03-01', '3d', false],
  ['within_next', true, '3d', false, 'boolean'],
  ['within_next', NOW, '1h', true],
];

describe('operators', () => {
  it.each(rows)('%s(%j, %j) is %s %s', (name, actual, expected, verdict) => {
    expect(findOperator(name)!.holds(actual, expected, scope)).toBe(verdict);
  });

  it.each(operatorNames.filter((name) => !name.startsWith('changed')).map((name) => [name, MISSING_IS_TRUE.includes(name)] as const))(
    '%s of a missing value is %s',
    (name, verdict) => {
      const operator = operators.get(name)!;
      expect(operator.holds(undefined, 'x', scope)).toBe(verdict);
      expect(operator.holds(null, ['x', 'y'], scope)).toBe(verdict);
      const unasked = operator.operand.name === 'none';
      expect(unasked || operator.holds('x', undefined, scope) === verdict).toBe(true);
    },
  );

  it.each([
    ['eq', 'equals'],
    ['neq', 'not_equals'],
    ['gt', 'greater_than'],
    ['gte', 'greater_or_equal'],
    ['lt', 'less_than'],
    ['lte', 'less_or_equal'],
  ])('%s is %s', (alias, name) => {
    expect(findOperator(alias)).toBe(operators.get(name));
  });

  it('are the ones of the language, each with a match, a miss and a line of meaning', () => {
    const language = `equals not_equals contains not_contains starts_with ends_with in not_in greater_than greater_or_equal less_than less_or_equal between is_set is_not_set
      is_empty is_not_empty is_true is_false matches any_of all_of none_of before after within_last within_next changed changed_to`.split(/\s+/);
    expect(operatorNames.toSorted()).toEqual(language.toSorted());
    for (const { name, summary } of operatorDefinitions) {
      expect([name, summary]).toEqual([name, expect.stringMatching(/^[A-Z][^\n]+\.$/)]);
    }
    const oneSided = operatorNames.filter((name) => new Set(rows.filter(([row]) => row === name).map(([, , , verdict]) => verdict)).size < 2);
    expect(oneSided).toEqual(['is_set', 'is_not_set', 'changed', 'changed_to']);
  });

  it.each(['constructor', 'toString', '__proto__'])('know no inherited name: %s', (name) => {
    expect(findOperator(name)).toBeUndefined();
  });
});

describe('changed and changed_to', () => {
  const after = (data: Record<string, unknown>): Scope => scopeWith({ event: { id: 'e', type: 'contact_updated', contactId: 'c1', at: NOW, data, source: 'api', depth: 0 } });
  it.each([
    ['email', { field: 'email', from: 'a', to: 'b' }, true, true],
    ['contact.email', { field: 'email', from: 'a', to: 'b' }, true, true],
    ['{{ contact.email }}', { field: 'email', from: null, to: 'b' }, true, true],
    ['email', { field: 'email', from: 'b', to: 'b' }, false, false],
    ['email', { field: 'email', from: null, to: null }, false, false],
    ['email', { field: 'email', to: 'b' }, true, true],
    ['email', { field: 'email', from: 'b', to: 'c' }, true, false],
    ['email', { field: 'phone', from: 'a', to: 'b' }, false, false],
    ['custom_fields.plan', { changes: { 'custom_fields.plan': { from: 'a', to: 'b' } } }, true, true],
    ['email', { changes: { phone: { from: 'a', to: 'b' } } }, false, false],
    ['toString', { changes: {} }, false, false],
    ['email', { changes: 'email' }, false, false],
    ['email', { changes: { email: 'b' } }, false, false],
    ['email', {}, false, false],
  ] as [string, Record<string, unknown>, boolean, boolean][])('%s after %j', (field, data, changed, toB) => {
    expect(findOperator('changed')!.holds('now', undefined, after(data), field)).toBe(changed);
    expect(findOperator('changed_to')!.holds('now', 'b', after(data), field)).toBe(toB);
  });
  it('is false without an event, or without a field', () => {
    expect(findOperator('changed')!.holds('x', undefined, scope, 'email')).toBe(false);
    expect(findOperator('changed')!.holds('x', undefined, scope)).toBe(false);
    expect(findOperator('changed_to')!.holds('x', 'x', scope)).toBe(false);
  });
});
