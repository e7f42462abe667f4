import { describe, expect, it, test } from 'vitest';
import { applyFixes, edited } from '../../../src/core/definition/apply-fixes.ts';
import { lintDefinition, lintRules } from '../../../src/core/definition/lint/index.ts';
import { readDefinition, type Source } from '../../../src/core/definition/read.ts';
import { exampleOf } from '../../../src/core/reference/lint-page.ts';
import { someAssets } from '../../support/given.ts';

const fix = (text: string): string => (applyFixes({ format: 'yaml', text }).source as { text: string }).text;
const around = (steps: string): string => `name: N # a name\ntrigger: { type: manual }\nsteps:\n${steps}`;

describe('every rule', () => {
  test.each(lintRules.map((rule) => [rule.id, rule] as const))('%s finds something in its example', (_id, rule) => {
    const { definition, diagnostics } = readDefinition({ format: 'yaml', text: exampleOf(rule) });
    if (!definition) throw new Error(JSON.stringify(diagnostics));
    const found = lintDefinition(definition, { assets: someAssets, workflows: [{ id: 'w1', slug: 'welcome', name: 'Welcome' }] }).filter(
      (one) => rule.docs.includes(`\`${one.rule}\``) || one.rule === rule.id,
    );
    expect(found).not.toEqual([]);
    expect(found.some((one) => one.fix !== undefined)).toBe(rule.fixes !== undefined);
  });
});

describe('a fix', () => {
  test.each([
    ['a target', '  - { id: a, type: exit, if: { field: email, operator: is_set }, next: "enb" } # why\n  - { id: end_b, type: exit }\n', '"enb"', '"end_b"'],
    ['a key', '  - id: a\n    typ: exit # what it does\n', 'typ:', 'type:'],
    ['a step type', "  - { id: a, type: 'exitt' }\n", "'exitt'", "'exit'"],
    [
      'a read of a step',
      '  - { id: mail, type: send_email, config: { subject: A, text: B } }\n  - { id: a, type: send_sms, config: { message: "Seen: {{steps.mial.opened}}" } }\n',
      'mial',
      'mail',
    ],
    [
      'a result',
      '  - { id: mail, type: send_email, config: { subject: A, text: B } }\n  - { id: a, type: send_sms, config: { message: "Seen: {{steps.mail.opend}}" } }\n',
      'opend',
      'opened',
    ],
  ])('of %s changes that place alone', (_name, steps, wrong, right) => {
    expect(fix(around(steps))).toBe(around(steps.replace(wrong, right)));
  });

  it('adds next to a block and to a flow map', () => {
    const text = around(
      '  - { id: c, type: condition, config: { if: { field: email, operator: is_set }, then: a, else: b } }\n  - id: a\n    # stays\n    type: add_tag\n    config: { tag: x }\n  - { id: b, type: exit }\n  - { id: d, type: exit }\n',
    );
    expect(fix(text)).toBe(text.replace('    config: { tag: x }\n', '    next: d\n    config: { tag: x }\n'));
    const flow = text.replace('  - id: a\n    # stays\n    type: add_tag\n    config: { tag: x }\n', '  - { id: a, type: add_tag, config: { tag: x } }\n');
    expect(fix(flow)).toContain('  - { id: a, type: add_tag, next: d, config: { tag: x } }\n');
  });

  it('is made where the step was written, inside an arm too', () => {
    const text = around(
      '  - id: c\n    type: condition\n    config:\n      if: { field: email, operator: is_set }\n      then:\n        - { id: a, type: add_tag, next: bb, config: { tag: x } }\n  - { id: bbb, type: exit }\n',
    );
    expect(fix(text)).toBe(text.replace('next: bb,', 'next: bbb,'));
  });

  it('of weights keeps the shares and adds up to 100', () => {
    const text = around('  - id: ab\n    type: ab_split\n    config: { variants: [{ name: A, weight: 1 }, { name: B, weight: 1 }, { name: C, weight: 1 }] }\n');
    expect(fix(text)).toContain('[{ name: A, weight: 34 }, { name: B, weight: 33 }, { name: C, weight: 33 }]');
  });

  it('uncovers the next, which is mended too', () => {
    const text = around('  - { id: a, typ: add_tag, next: bb, config: { tag: x } }\n  - { id: bbb, type: exit }\n');
    expect(applyFixes({ format: 'yaml', text }).fixed.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['unknown_key', 'unknown_target']));
    expect(readDefinition({ format: 'yaml', text: fix(text) }).diagnostics).toEqual([]);
  });

  it('of JSON gives a new value and leaves the old one', () => {
    const value = { name: 'N', trigger: { type: 'manual' }, steps: [{ id: 'a', type: 'add_tag', nxt: 'end', config: { tag: 'x' } }] };
    const source: Source = { format: 'json', value };
    expect(applyFixes(source).source).toEqual({ format: 'json', value: { ...value, steps: [{ id: 'a', type: 'add_tag', next: 'end', config: { tag: 'x' } }] } });
    expect(value.steps[0]).toHaveProperty('nxt');
  });

  it('whose place is gone is passed over', () => {
    expect(edited({ format: 'yaml', text: 'a: 1\n' }, [{ path: ['b', 'c', 'd'], value: 2 }, { path: ['x'], rename: 'y' }])).toEqual({ format: 'yaml', text: 'a: 1\n' });
  });
});
