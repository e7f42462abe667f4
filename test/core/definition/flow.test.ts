import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/core/definition/compile.ts';
import { flowOf } from '../../../src/core/definition/flow.ts';
import { readDefinition } from '../../../src/core/definition/read.ts';
import type { Target } from '../../../src/core/program.ts';
import { mustRead, sketch } from './source.ts';

const nameOf = (target: Target): string => ('stepId' in target ? target.stepId : `${target.end.status}:${target.end.reason}`);

/** `check.then → a` for every edge. */
function edgesOf(text: string): Record<string, string> {
  const program = compile(mustRead(text));
  return Object.fromEntries([...program.steps.values()].flatMap((step) => Object.entries(step.edges).map(([outcome, target]) => [`${step.id}.${outcome}`, nameOf(target)])));
}

describe('flow, rule by rule', () => {
  test.each<[string, string[], Record<string, string>]>([
    ['a list runs from top to bottom, then completes', ['a', 'b'], { 'a.next': 'b', 'b.next': 'completed:null' }],
    ['an explicit next wins', ['a next=c', 'b', 'c'], { 'a.next': 'c', 'b.next': 'c' }],
    ['next: end completes', ['a next=end', 'b'], { 'a.next': 'completed:null' }],
    ['exit_success without a goal', ['a next=exit_success'], { 'a.next': 'completed:success' }],
    ['exit_success from a goal', ['g goal on_success=exit_success on_timeout=exit_timeout'], { 'g.success': 'completed:goal:g', 'g.timeout': 'exited:timeout:g' }],
    ['another exit', ['a next=exit_lost'], { 'a.next': 'exited:lost:a' }],
    ['an arm does not fall into its sibling', ['c if then=a else=b', 'a', 'b', 'd'], { 'c.then': 'a', 'c.else': 'b', 'a.next': 'd', 'b.next': 'd' }],
    ['an arm of several steps', ['c if then=a else=b', 'a', 'a2', 'b', 'd'], { 'a.next': 'a2', 'a2.next': 'd', 'b.next': 'd' }],
    ['three arms', ['c split x=a y=b z=d', 'a', 'b', 'b2', 'd', 'e'], { 'a.next': 'e', 'b.next': 'b2', 'b2.next': 'e', 'd.next': 'e' }],
    ['an arm that is left out goes behind the others', ['c if then=a', 'a', 'd'], { 'c.then': 'a', 'c.else': 'd', 'a.next': 'd' }],
    ['both arms left out', ['c if', 'd'], { 'c.then': 'd', 'c.else': 'd' }],
    ['an arm left out, with next', ['c if then=a next=e', 'a', 'd', 'e'], { 'c.else': 'e', 'a.next': 'd' }],
    ['a left-out arm of the last branch completes', ['c if then=a', 'a'], { 'c.else': 'completed:null', 'a.next': 'completed:null' }],
    [
      'nested branches: the inner join is behind the outer arms',
      ['o if then=i else=z', 'i if then=x else=y', 'x', 'y', 'z', 'j'],
      { 'x.next': 'j', 'y.next': 'j', 'i.then': 'x', 'z.next': 'j' },
    ],
    ['nested branches: a left-out inner arm', ['o if then=i else=z', 'i if then=x', 'x', 'z', 'j'], { 'i.else': 'j', 'x.next': 'j' }],
    ['nested branches inside the last arm', ['o if then=a else=i', 'a', 'i if then=x else=y', 'x', 'y', 'j'], { 'a.next': 'x', 'x.next': 'j', 'y.next': 'j' }],
    ['a shared head is not jumped over', ['c if then=a else=s', 'a', 'd if then=b else=s', 'b', 's', 'e'], { 'a.next': 'd', 'b.next': 's', 's.next': 'e' }],
    ['a target above the branch is no head', ['a', 'w wait', 'c if then=a else=b', 'x', 'b', 'd'], { 'x.next': 'b', 'c.then': 'a' }],
    ['arms that lead to ends are no heads', ['c if then=end else=b', 'b', 'd'], { 'c.then': 'completed:null', 'b.next': 'd' }],
    ['on_error names no head', ['c if then=a else=b', 'a on_error=h', 'b', 'h'], { 'a.next': 'h', 'b.next': 'h' }],
  ])('%s', (_name, lines, expected) => {
    expect(edgesOf(sketch(lines))).toMatchObject(expected);
  });

  test("the specification's example", () => {
    expect(edgesOf(readFileSync('test/workflows/example.workflow.yaml', 'utf8'))).toMatchObject({
      'check_opened.then': 'send_followup_sms',
      'check_opened.else': 'send_reminder_email',
      'send_followup_sms.next': 'ab_test',
      'send_reminder_email.next': 'ab_test',
      'ab_test.A': 'call_immediately',
      'ab_test.B': 'wait_then_call',
      'call_immediately.next': 'goal_check',
      'wait_then_call.next': 'call_immediately',
      'goal_check.success': 'completed:goal:goal_check',
      'goal_check.timeout': 'exited:timeout:goal_check',
    });
  });

  test('an unknown target of a draft fails the run there', () => {
    expect(edgesOf(sketch(['a next=nowhere', 'b']))['a.next']).toBe('failed:unknown_target:nowhere');
  });

  test('what was jumped over is told', () => {
    const flow = flowOf([{ id: 'c', heads: ['a', 'b'] }, { id: 'a', heads: [] }, { id: 'b', heads: [] }, { id: 'd', heads: [] }]);
    expect(flow.after(1)).toEqual({ index: 3, skipped: [2], doubtful: false });
    expect(flow.after(2)).toEqual({ index: 3, skipped: [], doubtful: false });
    expect(flow.omitted(0)).toEqual({ index: 3, skipped: [1, 2], doubtful: false });
  });
});

describe('inline arms', () => {
  const inline = (body: string): Record<string, string> => edgesOf(`name: N\ntrigger: { type: manual }\nsteps:\n${body}`);
  const when = 'if: { field: email, operator: is_set }';
  const tag = (id: string, more = ''): string => `{ id: ${id}, type: add_tag, config: { tag: x }${more} }`;

  test('rejoin behind the branch', () => {
    expect(inline(`  - { id: c, type: condition, config: { ${when}, then: [${tag('a')}, ${tag('b')}], else: [${tag('z')}, ${tag('w')}] } }\n  - ${tag('d')}\n`)).toMatchObject({
      'c.then': 'a', 'c.else': 'z', 'a.next': 'b', 'b.next': 'd', 'z.next': 'w', 'w.next': 'd', 'd.next': 'completed:null',
    });
  });

  test('a left-out arm goes behind the inline one', () => {
    expect(inline(`  - { id: c, type: condition, config: { ${when}, then: [${tag('a')}, ${tag('b')}] } }\n  - ${tag('d')}\n`)).toMatchObject({ 'c.else': 'd', 'b.next': 'd' });
  });

  test('behind the last branch the run completes', () => {
    expect(inline(`  - { id: c, type: condition, config: { ${when}, then: [${tag('a')}], else: [${tag('b')}] } }\n`)).toMatchObject({
      'a.next': 'completed:null',
      'b.next': 'completed:null',
    });
  });

  test('an explicit next of the last step is kept', () => {
    expect(inline(`  - { id: c, type: condition, config: { ${when}, then: [${tag('a', ', next: exit_lost')}] } }\n  - ${tag('d')}\n`)).toMatchObject({ 'a.next': 'exited:lost:a' });
  });

  test('variants, and arms inside arms', () => {
    const nested = `{ id: i, type: condition, config: { ${when}, then: [${tag('x')}], else: y } }`;
    expect(
      inline(
        `  - { id: s, type: ab_split, config: { variants: [{ name: A, weight: 1, next: [${nested}, ${tag('y')}, ${tag('v')}] }, { name: B, weight: 1, next: [${tag('b')}] }] } }\n  - ${tag('d')}\n`,
      ),
    ).toMatchObject({
      's.A': 'i',
      's.B': 'b',
      'i.then': 'x',
      'i.else': 'y',
      'x.next': 'v',
      'y.next': 'v',
      'v.next': 'd',
      'b.next': 'd',
    });
  });

  test('beside flat arms of an outer branch', () => {
    const branch = `{ id: i, type: condition, config: { ${when}, then: [${tag('a')}, ${tag('b')}] } }`;
    expect(inline(`  - { id: o, type: condition, config: { ${when}, then: x, else: i } }\n  - ${tag('x')}\n  - ${branch}\n  - ${tag('d')}\n`)).toMatchObject({
      'x.next': 'd',
      'i.else': 'd',
      'b.next': 'd',
    });
  });

  test('a goal and a step that ends the run', () => {
    expect(
      inline(
        `  - { id: g, type: goal, config: { condition: { field: tags, operator: contains, value: x }, timeout: 1d, on_success: [{ id: e, type: exit }], on_timeout: [${tag('t')}] } }\n  - ${tag('d')}\n`,
      ),
    ).toMatchObject({ 'g.success': 'e', 'g.timeout': 't', 't.next': 'd' });
  });

  test('the stored form is flat, and findings point at the place that was written', () => {
    const text = `name: N\ntrigger: { type: manual }\nsteps:\n  - id: c\n    type: condition\n    config:\n      ${when}\n      then:\n        - { id: a, type: add_tag, config: { tag: "{{nope.x}}" } }\n`;
    const { raw, diagnostics } = readDefinition({ format: 'yaml', text });
    expect((raw as { steps: { id: string; next?: string }[] }).steps.map(({ id, next }) => [id, next])).toEqual([['c', 'end'], ['a', 'end']]);
    expect(diagnostics.map(({ path, line, column }) => ({ path, line, column }))).toContainEqual({ path: ['steps', 0, 'config', 'then', 0, 'config', 'tag'], line: 9, column: 50 });
    expect(readDefinition({ format: 'json', value: raw }).raw).toEqual(raw);
  });

  test('an empty list is no arm', () => {
    const { diagnostics } = readDefinition({ format: 'yaml', text: `name: N\ntrigger: { type: manual }\nsteps:\n  - { id: c, type: condition, config: { ${when}, then: [] } }\n` });
    expect(diagnostics.map(({ rule, path }) => [rule, path.join('.')])).toEqual([['wrong_type', 'steps.0.config.then']]);
  });
});
