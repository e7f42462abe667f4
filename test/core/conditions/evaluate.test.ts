import { describe, expect, it } from 'vitest';
import { ConditionError, evaluateConditions } from '../../../src/core/conditions/evaluate.ts';
import { compilePattern } from '../../../src/core/conditions/pattern.ts';
import { scopeWith } from '../templates/scope-fixture.ts';

const scope = scopeWith();
const vip = { field: 'tags', operator: 'contains', value: 'VIP' };
const churned = { field: 'tags', operator: 'contains', value: 'churned' };

describe('evaluateConditions', () => {
  it.each([
    [[vip], true],
    [[churned], false],
    [[vip, churned], false],
    [[{ any: [churned, vip] }], true],
    [[{ any: [churned, churned] }], false],
    [[{ all: [vip, vip] }], true],
    [[{ all: [vip, churned] }], false],
    [[{ not: churned }], true],
    [[{ not: [vip, churned] }], true],
    [[{ not: { any: [vip] } }], false],
    [[{ expression: 'score >= 50' }], true],
    [[{ expression: 'missing' }], false],
    [[{ field: '{{steps.welcome-email.opened}}', operator: 'eq', value: true }], true],
    [[{ field: '{{steps.none.opened}}', operator: 'equals', value: true }], false],
    [[{ field: 'first_name', operator: 'equals', value: '{{contact.first_name}}' }], true],
    [[{ field: 'last_name', operator: 'equals', value: '{{contact.last_name}}' }], false],
    [[{ field: 'first_name', operator: 'not_equals', value: '{{contact.last_name}}' }], true],
    [[{ field: 'tags', operator: 'any_of', value: ['x', '{{contact.tags.0}}'] }], true],
    [[{ field: 'created_at', operator: 'within_last', value: '5d' }], true],
    [[{ field: 'custom_fields.renewal', operator: 'within_next', value: '1w' }], false],
    [[{ field: 'custom_fields.renewal', operator: 'after', value: '{{now | add_days: 3}}' }], true],
    [[{ field: 'custom_fields.level', operator: 'lt', value: 10 }], true],
    [[], true],
  ])('%j is %s', (conditions, verdict) => {
    expect(evaluateConditions(conditions, scope).verdict).toBe(verdict);
  });

  it('explains every clause, also after the verdict is known', () => {
    const explained = evaluateConditions([churned, { any: [vip, { not: { field: 'last_name', operator: 'is_set' } }] }, { expression: 'score > 99' }], scope);
    expect(explained).toEqual({
      verdict: false,
      text: 'no: ✗ tags contains "churned" (saw ["new-lead","VIP"]) and (✓ tags contains "VIP" (saw ["new-lead","VIP"]) or not (✗ last_name is_set (saw nothing))) and ✗ score > 99 (saw {"score":60})',
      checks: [
        { clause: 'tags contains "churned"', depth: 0, path: 'tags', operator: 'contains', expected: 'churned', actual: ['new-lead', 'VIP'], verdict: false },
        { clause: '(tags contains "VIP" or not (last_name is_set))', depth: 0, path: null, operator: 'any', expected: null, actual: null, verdict: true },
        { clause: 'tags contains "VIP"', depth: 1, path: 'tags', operator: 'contains', expected: 'VIP', actual: ['new-lead', 'VIP'], verdict: true },
        { clause: 'not (last_name is_set)', depth: 1, path: null, operator: 'not', expected: null, actual: null, verdict: true },
        { clause: 'last_name is_set', depth: 2, path: 'last_name', operator: 'is_set', expected: null, actual: null, verdict: false },
        { clause: 'score > 99', depth: 0, path: null, operator: 'expression', expected: true, actual: { score: 60 }, verdict: false },
      ],
    });
  });

  it('shows the canonical operator and the rendered value, cut to a readable length', () => {
    const [check] = evaluateConditions([{ field: 'custom_fields.score', operator: 'gte', value: '{{enrollment.seats}}' }], scope).checks;
    expect(check).toMatchObject({ clause: 'custom_fields.score greater_or_equal 3', operator: 'greater_or_equal', expected: 3, actual: 60 });
    const long = evaluateConditions([{ field: 'first_name', operator: 'equals', value: 'x'.repeat(500) }], scope);
    expect(long.text.length).toBeLessThan(200);
  });

  it('says so when there is nothing to check', () => {
    expect(evaluateConditions([], scope)).toEqual({ verdict: true, text: 'no conditions', checks: [] });
  });

  it('gives the same answer for the same objects again, and for another scope its own', () => {
    const conditions = [vip];
    expect(evaluateConditions(conditions, scope)).toEqual(evaluateConditions(conditions, scope));
    expect(evaluateConditions(conditions, scopeWith({ contact: { ...scope.contact, tags: [] } })).verdict).toBe(false);
  });

  it.each([[['x']], [[null]], [[{}]], [[{ field: 'tags' }]], [[{ field: 'tags', operator: 'nope' }]], [[{ all: vip }]]])('refuses what is no condition: %j', (conditions) => {
    expect(() => evaluateConditions(conditions, scope)).toThrow(ConditionError);
  });
});

describe('patterns', () => {
  it('are compiled once, and the oldest are forgotten', () => {
    const first = compilePattern('^a$');
    expect(compilePattern('^a$')).toBe(first);
    for (let i = 0; i < 501; i += 1) compilePattern(`b${i}`);
    expect(compilePattern('^a$')).not.toBe(first);
  });
});
