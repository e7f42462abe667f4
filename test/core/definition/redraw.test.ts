import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { canvasShape, fromCanvas, toCanvas, type Canvas } from '../../../src/core/definition/canvas.ts';
import { canonical } from '../../../src/core/canonical.ts';
import { meaningOf } from '../../../src/core/definition/meaning.ts';
import { readStructure } from '../../../src/core/definition/read.ts';
import { redrawYaml } from '../../../src/core/definition/redraw.ts';
import { writeYaml } from '../../../src/core/definition/yaml.ts';
import fc from '../../support/property.ts';
import { anyDefinition } from './arbitrary.ts';
import { mustRead } from './source.ts';

const EXAMPLE = readFileSync('test/workflows/example.workflow.yaml', 'utf8')
  .replace('  - id: wait_1_day', '  # give them a day\n  - id: wait_1_day')
  .replace('duration: 1d', 'duration: 1d # long enough');
const drawn = (text: string, change: (canvas: Canvas) => void = () => undefined): string | null => {
  const canvas = canvasShape.parse(JSON.parse(JSON.stringify(toCanvas(mustRead(text)))));
  change(canvas);
  return redrawYaml(text, fromCanvas(canvas));
};
const node = (canvas: Canvas, id: string) => canvas.nodes.find((one) => one.id === id)!;

describe('a drawing put back into its YAML', () => {
  test('is the same text when nothing was touched', () => expect(drawn(EXAMPLE)).toBe(EXAMPLE));

  test('changes the line that was changed, and keeps every comment', () => {
    const text = drawn(EXAMPLE, (canvas) => void ((node(canvas, 'wait_then_call').data['config'] as { duration: string }).duration = '5d'));
    const tidy = (lines: string): string => lines.replaceAll(/[ \t]+$/gm, ''); // blank lines lose their spaces
    expect(tidy(text!)).toBe(tidy(EXAMPLE.replace('duration: 2d', 'duration: 5d')));
  });

  test('says where a step goes whose arrow was moved', () => {
    const text = drawn(EXAMPLE, (canvas) => void (canvas.edges.find(({ source }) => source === 'welcome_email')!.target = 'check_opened'))!;
    expect(text).toContain('# give them a day');
    expect(text).toContain('next: check_opened');
    expect(mustRead(text).steps.map(({ next }) => next).filter((next) => next !== null)).toEqual(['check_opened', 'call_immediately']);
  });

  test('keeps what a dragged node says of its place', () => {
    const text = drawn(EXAMPLE, (canvas) => void (node(canvas, 'ab_test').position = { x: 5, y: 6 }))!;
    expect(mustRead(text).layout).toMatchObject({ positions: { ab_test: { x: 5, y: 6 } } });
    expect(text.startsWith(EXAMPLE.slice(0, 200))).toBe(true);
  });

  describe('with inline arms', () => {
    const INLINE = `name: Inline # a name
trigger: { type: manual }
steps:
  - id: check
    type: condition
    config:
      if: [{ field: tags, operator: contains, value: vip }]
      then:
        # greet them
        - { id: hello, type: send_sms, config: { message: Hello } } # by phone
        - id: nap
          type: wait
          config: { duration: 1d }
        - { id: again, type: send_sms, config: { message: Again } }
      else:
        - id: lots
          type: ab_split
          config:
            variants:
              - { name: a, weight: 50, next: [{ id: left, type: add_tag, config: { tag: a } }] }
              - { name: b, weight: 50, next: end }
  # everybody
  - { id: bye, type: add_tag, config: { tag: bye } }
`;
    const meant = (text: string): string => canonical(meaningOf(mustRead(text)));
    /** Blanks at the ends of lines and inside brackets are the printer's. */
    const tidy = (text: string): string => text.replaceAll(/[ \t]+$/gm, '').replaceAll('[ ', '[').replaceAll(' ]', ']');

    test('is the same text when nothing was touched', () => expect(drawn(INLINE)).toBe(INLINE));

    test('changes the line that was changed, inside an arm too', () => {
      const text = drawn(INLINE, (canvas) => void ((node(canvas, 'nap').data['config'] as { duration: string }).duration = '5d'))!;
      expect(tidy(text)).toBe(tidy(INLINE.replace('duration: 1d', 'duration: 5d')));
    });

    test('drops a step from its arm, and the one before it says where it goes', () => {
      const text = drawn(INLINE, (canvas) => {
        canvas.nodes = canvas.nodes.filter(({ id }) => id !== 'nap');
        canvas.edges = canvas.edges.filter(({ source }) => source !== 'nap').map((edge) => (edge.target === 'nap' ? { ...edge, target: 'again' } : edge));
      })!;
      expect(text).not.toContain('nap');
      expect(text).toContain('# greet them');
      expect(mustRead(text).steps.find(({ id }) => id === 'hello')!.next ?? 'again').toBe('again');
    });

    test('takes an arm out whose arrow was moved, with its comments', () => {
      const text = drawn(INLINE, (canvas) => void (canvas.edges.find(({ source, sourceHandle }) => source === 'check' && sourceHandle === 'then')!.target = 'nap'))!;
      expect(text).toContain('then: nap');
      for (const comment of ['# greet them', '# by phone', '# everybody']) expect(text).toContain(comment);
      expect(tidy(text)).toContain('next: [{ id: left');
    });

    test('puts a new step at the end of the list', () => {
      const text = drawn(INLINE, (canvas) => {
        canvas.nodes.push({ id: 'late', type: 'add_tag', data: { config: { tag: 'late' } } });
        canvas.edges.push({ source: 'bye', target: 'late', sourceHandle: 'next' });
        canvas.edges = canvas.edges.filter(({ source, target }) => !(source === 'bye' && target === 'end'));
      })!;
      expect(tidy(text).startsWith(tidy(INLINE).split('  - { id: bye')[0]!)).toBe(true);
      expect(mustRead(text).steps.at(-1)!.id).toBe('late');
    });

    test('means what was drawn, wherever an arrow is moved', () => {
      const canvas = toCanvas(mustRead(INLINE));
      const targets = [...mustRead(INLINE).steps.map(({ id }) => id), 'end', 'exit_success'];
      for (const [at, { source }] of canvas.edges.entries()) {
        for (const target of targets.filter((_, index) => (index + at) % 3 === 0)) {
          const change = (one: Canvas) => void (one.edges[at]!.target = target);
          const changed = canvasShape.parse(JSON.parse(JSON.stringify(canvas)));
          change(changed);
          const means = canonical(meaningOf(readStructure({ format: 'json', value: fromCanvas(changed) }).definition!));
          expect(meant(drawn(INLINE, change)!), `${source} to ${target}`).toBe(means);
        }
      }
    });
  });

  test('means what was drawn', () => {
    fc.assert(fc.property(anyDefinition, fc.nat(20), (source, at) => {
      const before = readStructure({ format: 'json', value: source }).definition!;
      const canvas = toCanvas(before);
      const edge = canvas.edges[at % canvas.edges.length]!;
      if (!edge.source.startsWith('trigger')) edge.target = 'end';
      const value = fromCanvas(canvas);
      const text = redrawYaml(writeYaml(before.source), value);
      expect(canonical(meaningOf(mustRead(text!)))).toBe(canonical(meaningOf(readStructure({ format: 'json', value }).definition!)));
    }), { numRuns: 100 });
  });
});
