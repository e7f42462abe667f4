import { describe, expect, it } from 'vitest';
import { compileExpression, ExpressionError } from '../../../src/core/conditions/expression.ts';
import { scopeWith } from '../templates/scope-fixture.ts';

const scope = scopeWith();
const result = (source: string): unknown => compileExpression(source).evaluate(scope).result;

describe('expressions', () => {
  it.each([
    ["score >= 50 and contains(tags, 'VIP')", true],
    ["score < 50 or first_name == 'Ana'", true],
    ['not (score > 50)', false],
    ['score == 60', true],
    ['score != 60', false],
    ["level == 7 and level > '6'", true],
    ["first_name == 'ana'", false],
    ['lower(first_name) == \'ana\' and upper(first_name) == "ANA"', true],
    ["starts_with(email, 'ana@') and ends_with(email, '.COM')", true],
    ["contains(first_name, 'N')", true],
    ["contains(score, '6')", false],
    ['length(tags) == 2 and length(first_name) == 3 and length(missing) == 0', true],
    ["'VIP' in tags", true],
    ["'VIP' in missing", false],
    ["tags[1] == 'VIP'", true],
    ['tags[9] == null', true],
    ["tags['x'] == null", true],
    ['min(score, 5, missing)', 5],
    ['max(3, 9)', 9],
    ['max(missing)', null],
    ['abs(-3)', 3],
    ['round(2.567, 2)', 2.57],
    ['round(1.005, 2)', 1.01],
    ['round(-2.5)', -3],
    ['0.1 + 0.2 == 0.3', true],
    ['score * 1.1 == 66', true],
    ['round(2.5)', 3],
    ['score + 1', 61],
    ['score - 1', 59],
    ['score * 2', 120],
    ['score / 8', 7.5],
    ['score % 7', 4],
    ['2 ^ 3', 8],
    ['-score', -60],
    ['+level', 7],
    ['1 / 0', null],
    ["'a' + 1", null],
    ["'a' > 5", false],
    ['missing > 5', false],
    ['missing < 5', false],
    ['missing + 10 > 5', false],
    ['missing >= 0', false],
    ['missing <= 0', false],
    ['not missing', true],
    ['missing == null', true],
    ['missing != 5', true],
    ['last_name == null', true],
    ['lower(missing) == null', true],
    ['upper(missing)', null],
    ['steps.none.opened == true', false],
    ['contact.custom_fields.address.city == "Oslo"', true],
    ['address.city == "Oslo"', true],
    ['contact.custom_fields.none.deep.er', null],
    ['tags[9].x == 1', null],
    ['enrollment.seats == 3 and trigger.data.order_id == "A-7"', true],
    ["created_at > '2026-01-01' and now > created_at and workflow.name == 'Nurture'", true],
    ["score > 50 ? 'high' : 'low'", 'high'],
    ['subscribed', true],
    ['true and not false', true],
    ['"a;b && c(d) = e" == "a;b && c(d) = e"', true],
    ['contact.email == email', true],
    ['length(contact.custom_fields.list)', 0],
    ['contact == contact.email', false],
  ])('%s', (source, value) => {
    expect(result(source)).toEqual(value);
  });

  it.each([
    'toString',
    'valueOf',
    'hasOwnProperty',
    'globalThis',
    'process',
    'require',
    'E',
    'PI',
    'first_name.length',
    'tags.map',
    'contact.toString',
    'steps.x["__proto__"]',
  ])('sees nothing but data: %s', (source) => {
    expect(result(source)).toBeNull();
  });

  it('hands no function and no shared object to the library', () => {
    const trigger = { data: { call: () => 'called', items: [{ a: 1 }] } };
    const seen = compileExpression('trigger.data.call == 1 or trigger.data.items[0].a == 1').evaluate(scopeWith({ trigger }));
    expect(seen.result).toBe(true);
    expect(seen.seen).toEqual({ 'trigger.data.call': null, 'trigger.data.items': [{ a: 1 }] });
    expect(seen.seen['trigger.data.items']).not.toBe(trigger.data.items);
  });

  it.each([
    ['UTC', "renewal == '2026-03-10T00:00:00Z'", true],
    ['America/New_York', "renewal == '2026-03-10T04:00:00Z'", true],
    ['America/New_York', "renewal == '2026-03-10T00:00:00Z'", false],
    ['America/New_York', "renewal > '2026-03-10T03:59:00Z'", true],
    ['Asia/Tokyo', "renewal < '2026-03-09T15:01:00Z' and '2026-03-09T15:00:00Z' in [renewal]", true],
  ])('reads a date without an offset in the zone of the run, as other conditions do: %s: %s', (zone, source, verdict) => {
    expect(compileExpression(source).evaluate(scopeWith({ zone })).result).toBe(verdict);
  });

  it('says what it saw', () => {
    expect(compileExpression('score > 5 and gone').evaluate(scope).seen).toEqual({ score: 60, gone: null });
  });

  it.each([
    ["constructor.constructor('return 1')()", 'member of the program'],
    ['x.__proto__', 'member of the program'],
    ['a.prototype', 'member of the program'],
    ['this.x()', 'no function'],
    ['process.exit(1)', 'no function'],
    ["require('fs')", 'no function'],
    ['eval("1")', 'no function'],
    ['random()', 'no function'],
    ["(contains)('a', 'b')", 'Only the named functions'],
    ["tags[0]('x')", 'Only the named functions'],
    ['map(f, tags)', 'Did you mean "max"'],
    ['f(x) = x; f(1)', 'no ";"'],
    ['x => 1', 'no functions of your own'],
    ['score = 5', '"=="'],
    ['a === b', 'two characters'],
    ['a && b', '"and"'],
    ['a || b', '"or"'],
    ['!a', '"not"'],
    ['3!', '"not"'],
    ['a; b', 'no ";"'],
    ["/* ' */ evil(1) /* ' */", 'Comments'],
    ['', 'empty'],
    ['   ', 'empty'],
    ['1 +', 'ends too early'],
    ['a b', 'expected the end'],
    ['1 + * 2', 'unexpected *'],
    ['(a', 'cannot be read'],
    ["'open", 'cannot be read'],
    ['contains', 'is a function'],
    ['length tags', 'is a function'],
    ['contain(tags, 1)', 'Did you mean "contains"'],
    ['('.repeat(10_000), 'longer than 2048 bytes'],
    [`${'('.repeat(40)}1${')'.repeat(40)}`, '32 deep'],
    ['1+'.repeat(400) + '1', 'parts'],
    ['é'.repeat(1100), 'longer than 2048'],
  ])('refuses %s', (source, words) => {
    expect(() => compileExpression(source)).toThrow(ExpressionError);
    expect(() => compileExpression(source)).toThrow(words);
  });

  it('is read once per text, and the oldest are forgotten', () => {
    const first = compileExpression('score > 1');
    expect(compileExpression('score > 1')).toBe(first);
    for (let i = 0; i < 1001; i += 1) compileExpression(`score > ${i} + 0.5`);
    expect(compileExpression('score > 1')).not.toBe(first);
  });
});
