import { describe, expect, test } from 'vitest';
import { diffDefinitions, printDiff } from '../../../src/core/definition/diff.ts';
import { explicitSource } from '../../../src/core/definition/explicit.ts';
import { canonical } from '../../../src/core/canonical.ts';
import { meaningOf } from '../../../src/core/definition/meaning.ts';
import { readDefinition } from '../../../src/core/definition/read.ts';
import fc from '../../support/property.ts';
import { definitionSource } from './arbitrary.ts';
import { mustRead, sketch } from './source.ts';

const between = (before: string, after: string) => diffDefinitions(mustRead(before), mustRead(after));
const base = sketch(['a', 'w wait', 'c if then=x else=y', 'x', 'y', 'z']);
const nothing = { identical: true, steps: { added: [], removed: [], changed: [] }, edges: [], changes: [] };

describe('what is noise', () => {
  test.each([
    ['a comment', `# hello\n${base}`],
    ['the layout', `${base}\nlayout: { positions: { a: { x: 1, y: 2 } } }`],
    ['the version', `version: 9\n${base}`],
    ['triggers for trigger', base.replace('trigger: { type: manual }', 'triggers: [{ type: manual }]')],
    ['a next that says what the list says', sketch(['a next=w', 'w wait next=c', 'c if then=x else=y', 'x next=z', 'y next=z', 'z next=end'])],
    ['another order of steps that lead to the same', sketch(['a next=w', 'z next=end', 'w wait next=c', 'c if then=x else=y', 'y next=z', 'x next=z'])],
    ['a default that is written out', base.replace('"duration":"1d"', '"duration":"1d","business_hours_only":false')],
  ])('%s', (_name, text) => expect(between(base, text)).toEqual(nothing));
});

describe('what is told', () => {
  test('steps that came, went and changed, by id', () => {
    const { steps } = between(base, sketch(['a', 'w wait', 'c if then=x else=y', 'x', 'y', 'n']).replace('"duration":"1d"', '"duration":"2d"'));
    expect(steps).toEqual({
      added: [{ id: 'n', type: 'add_tag' }],
      removed: [{ id: 'z', type: 'add_tag' }],
      changed: [{ id: 'w', type: 'wait', changes: [{ path: 'config.duration', kind: 'changed', from: '1d', to: '2d' }] }],
    });
  });

  test('edges of steps that both have', () => {
    expect(between(base, sketch(['a', 'w wait', 'c if then=y else=x', 'x', 'y', 'z'])).edges).toEqual([
      { from: 'c', outcome: 'then', before: 'x', after: 'y' },
      { from: 'c', outcome: 'else', before: 'y', after: 'x' },
    ]);
    expect(between(sketch(['a', 'b']), sketch(['b', 'a'])).edges[0]).toEqual({ from: null, outcome: 'start', before: 'a', after: 'b' });
    expect(between(sketch(['a', 'b']), sketch(['a on_error=b', 'b'])).edges).toEqual([{ from: 'a', outcome: '$error', before: null, after: 'b' }]);
  });

  test('rows of a list by their name', () => {
    const split = (weight: number, more = '') =>
      `name: N\ntrigger: { type: manual }\nsteps:\n  - { id: s, type: ab_split, config: { variants: [{ name: A, weight: ${weight} }, { name: B, weight: 50 }${more}] } }\n`;
    expect(between(split(50), split(10, ', { name: C, weight: 5 }')).steps.changed[0]!.changes).toEqual([
      { path: 'config.variants[A].weight', kind: 'changed', from: 50, to: 10 },
      { path: 'config.variants[C]', kind: 'added', from: null, to: { name: 'C', weight: 5 } },
    ]);
  });

  test('triggers, settings, exit conditions and scenarios', () => {
    const more = 'settings: { reentry: after_exit }\nexit_conditions: [{ id: booked, on: tag_added }]\ntests: [{ name: t, expect: { status: completed } }]\n';
    const { changes } = between(base, `${more}${base.replace('type: manual', 'type: tag_added, tag: vip')}`);
    expect(changes.map(({ path, kind }) => [path, kind])).toEqual([
      ['triggers[manual]', 'removed'], ['triggers[tag_added]', 'added'], ['settings.reentry', 'changed'], ['exit_conditions[booked]', 'added'], ['tests[t]', 'added'],
    ]);
  });

  test('in words', () => {
    const text = printDiff(between(base, sketch(['a', 'w wait', 'c if then=x else=x', 'x', 'n']).replace('"duration":"1d"', '"duration":"2d"').replace('name: N', 'name: M')));
    expect(text).toBe(`- step y (add_tag)
- step z (add_tag)
+ step n (add_tag)
~ step w (wait)
    config.duration: "1d" → "2d"
~ edge c.else: y → x
~ edge x.next: z → n
~ name: "N" → "M"
`);
    expect(printDiff(between(base, base))).toBe('No difference in meaning.\n');
  });
});

describe('laws', () => {
  const read = (value: unknown) => readDefinition({ format: 'json', value }).definition!;
  test('nothing differs exactly when the meaning is the same', () => {
    fc.assert(fc.property(definitionSource, definitionSource, (one, other) => {
      const [a, b] = [read(one), read(other)];
      expect(diffDefinitions(a, read(explicitSource(a)))).toEqual(nothing);
      expect(diffDefinitions(a, b).identical).toBe(canonical(meaningOf(a)) === canonical(meaningOf(b)));
    }), { numRuns: 200 });
  });

  test('the way back is the same, the other way round', () => {
    fc.assert(fc.property(definitionSource, definitionSource, (one, other) => {
      const [there, back] = [diffDefinitions(read(one), read(other)), diffDefinitions(read(other), read(one))];
      expect(back.steps.added).toEqual(there.steps.removed);
      expect(back.edges.map(({ before, after }) => [after, before]).sort()).toEqual(there.edges.map(({ before, after }) => [before, after]).sort());
    }), { numRuns: 100 });
  });
});
