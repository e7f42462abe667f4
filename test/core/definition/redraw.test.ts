import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { canvasShape, fromCanvas, toCanvas, type Canvas } from '../../../src/core/definition/canvas.ts';
import { canonical, meaningOf } from '../../../src/core/definition/meaning.ts';
import { readStructure } from '../../../src/core/definition/read.ts';
import { redrawYaml } from '../../../src/core/definition/redraw.ts';
import { writeYaml } from '../../../src/core/definition/yaml.ts';
import fc from '../../support/property.ts';
import { anyDefinition } from './arbitrary.ts';
import { mustRead } from './source.ts';

const EXAMPLE = readFileSync('test/workflows/example.workflow.yaml', 'utf8').replace('  - id: wait_1_day', '  # give them a day\n  - id: wait_1_day').replace('duration: 1d', 'duration: 1d # long enough');
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
