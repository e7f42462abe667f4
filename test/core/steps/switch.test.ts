import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/core/definition/read.ts';
import { toCanvas } from '../../../src/core/definition/canvas.ts';
import { given } from '../../support/given.ts';

const head = 'name: N\ntrigger: { type: manual }\n';
const plan = (value: string): string => `if: [{ field: custom_fields.plan, operator: equals, value: ${value} }]`;
const yaml = `steps:
  - id: route
    type: switch
    config:
      cases:
        - { name: pro, ${plan('pro')}, next: for_pro }
        - { name: team, ${plan('team')}, next: for_team }
        - { name: tagged, if: [{ field: tags, operator: contains, value: new-lead }] }
      default: for_rest
  - { id: for_pro, type: add_tag, config: { tag: p } }
  - { id: for_team, type: add_tag, config: { tag: t } }
  - { id: for_rest, type: add_tag, config: { tag: r } }
  - { id: join, type: add_tag, config: { tag: j } }
`;

describe('§4 switch', () => {
  it.each([
    ['the first case that holds', { custom_fields: { plan: 'pro' } }, 'pro', ['for_pro', 'join']],
    ['a later one', { custom_fields: { plan: 'team' } }, 'team', ['for_team', 'join']],
    ['a case without next goes behind the arms', {}, 'tagged', ['join']],
    ['default when none holds', { tags: [] }, 'default', ['for_rest', 'join']],
  ])('%s', (_name, contact, outcome, path) => {
    const run = given(yaml, { contact }).start();
    expect(run.path()).toEqual([`route:completed:${outcome}`, ...path.map((id) => `${id}:completed:next`)]);
    expect(run.run.state.data.steps['route']).toEqual({ case: outcome, result: outcome });
  });

  it('without default goes on behind the arms', () => {
    expect(
      given(yaml.replace('      default: for_rest\n', ''), { contact: { tags: [] } })
        .start()
        .path(),
    ).toEqual(['route:completed:default', 'for_rest:completed:next', 'join:completed:next']);
  });

  it('says what each case saw, up to the one that held', () => {
    const { decision } = given(yaml, { contact: { custom_fields: { plan: 'team' } } }).start().trail[0]!;
    expect(decision).toMatchObject({ verdict: true, checks: [{ expected: 'pro', actual: 'team', verdict: false }, { expected: 'team', actual: 'team', verdict: true }] });
    expect(decision?.text).toMatch(/^pro: no: .*; team: yes: /);
    expect(given(yaml, { contact: { tags: [] } }).start().trail[0]?.decision).toMatchObject({ verdict: false, text: expect.stringMatching(/; default$/) });
  });

  it('draws an edge for each case on the canvas', () => {
    const { definition } = readDefinition({ format: 'yaml', text: head + yaml });
    const edges = toCanvas(definition!).edges.filter(({ source }) => source === 'route').map(({ sourceHandle, target }) => [sourceHandle, target]);
    expect(edges).toEqual([['pro', 'for_pro'], ['team', 'for_team'], ['tagged', 'join'], ['default', 'for_rest']]);
  });

  it('takes inline arms', () => {
    const inline = `steps:\n  - id: route\n    type: switch\n    config:\n      cases:\n        - name: pro\n          ${plan('pro')}\n          next:\n            - { id: for_pro, type: add_tag, config: { tag: p } }\n  - { id: join, type: add_tag, config: { tag: j } }\n`;
    expect(given(inline, { contact: { custom_fields: { plan: 'pro' } } }).start().path()).toEqual(['route:completed:pro', 'for_pro:completed:next', 'join:completed:next']);
    expect(given(inline).start().path()).toEqual(['route:completed:default', 'join:completed:next']);
  });

  it.each([
    ['{}', 'required', 'cases'],
    ['{ cases: [] }', 'empty_list', 'cases'],
    ['{ cases: [{ name: a, if: [] }] }', 'empty_if', 'cases.0.if'],
    ['{ cases: [{ name: a }] }', 'required', 'cases.0.if'],
    [`{ cases: [{ name: a, ${plan('x')} }, { name: a, ${plan('y')} }] }`, 'duplicate_case', 'cases'],
    [`{ cases: [{ name: default, ${plan('x')} }] }`, 'reserved_case', 'cases.0.name'],
    [`{ cases: [{ name: a, ${plan('x')}, then: end }] }`, 'unknown_key', 'cases.0.then'],
  ])('%s is refused: %s', (config, rule, path) => {
    const { diagnostics } = readDefinition({ format: 'yaml', text: `${head}steps:\n  - { id: route, type: switch, config: ${config} }\n` });
    expect(diagnostics.map((one) => [one.rule, one.path.slice(3).join('.')])).toContainEqual([rule, path]);
  });
});
