import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { canvasShape, fromCanvas, toCanvas } from '../../../src/core/definition/canvas.ts';
import type { Definition } from '../../../src/core/definition/definition.ts';
import { graphOf } from '../../../src/core/definition/graph.ts';
import { readDefinition } from '../../../src/core/definition/read.ts';
import fc from '../../support/property.ts';
import { definitionSource } from './arbitrary.ts';
import { mustRead, sketch } from './source.ts';

/** Every edge that a run can take. */
const pathsOf = (definition: Definition) =>
  [...graphOf(definition.steps).edges.values()]
    .flat()
    .filter(({ possible }) => possible)
    .map(({ from, outcome, to }) => ({ from, outcome, to }));
const again = (definition: Definition): Definition => {
  const { definition: back, diagnostics } = readDefinition({ format: 'json', value: fromCanvas(canvasShape.parse(JSON.parse(JSON.stringify(toCanvas(definition))))) });
  if (!back) throw new Error(JSON.stringify(diagnostics));
  return back;
};

describe('canvas', () => {
  test('the example, drawn', () => {
    const canvas = toCanvas(mustRead(readFileSync('test/workflows/example.workflow.yaml', 'utf8')));
    expect(canvas.nodes.map(({ id, type }) => [id, type])).toEqual([
      ['trigger:0', 'trigger'],
      ['welcome_email', 'send_email'],
      ['wait_1_day', 'wait'],
      ['check_opened', 'condition'],
      ['send_followup_sms', 'send_sms'],
      ['send_reminder_email', 'send_email'],
      ['ab_test', 'ab_split'],
      ['call_immediately', 'make_call'],
      ['wait_then_call', 'wait'],
      ['goal_check', 'goal'],
      ['exit_success', 'end'],
      ['exit_timeout', 'end'],
    ]);
    expect(canvas.edges).toContainEqual({ id: 'check_opened:then', source: 'check_opened', target: 'send_followup_sms', sourceHandle: 'then' });
    expect(canvas.edges).toContainEqual({ id: 'ab_test:B', source: 'ab_test', target: 'wait_then_call', sourceHandle: 'B' });
    expect(canvas.edges).toContainEqual({ id: 'send_followup_sms:next', source: 'send_followup_sms', target: 'ab_test', sourceHandle: 'next' });
    expect(canvas.workflow).toMatchObject({ name: 'New Lead Nurture', version: 1 });
    expect(canvas.nodes.find(({ id }) => id === 'check_opened')!.data).toEqual({ config: { if: [{ field: '{{steps.welcome_email.opened}}', operator: 'equals', value: true }] } });
  });

  test('no two nodes share a place, and the flow runs downwards', () => {
    const { nodes } = toCanvas(mustRead(sketch(['c if then=a else=b', 'a', 'b', 'd'])));
    const places = new Map(nodes.map(({ id, position }) => [id, position!]));
    expect(new Set([...places.values()].map(({ x, y }) => `${x},${y}`)).size).toBe(nodes.length);
    expect(places.get('c')!.y).toBeLessThan(places.get('a')!.y);
    expect(places.get('a')!.y).toBe(places.get('b')!.y);
    expect(places.get('b')!.y).toBeLessThan(places.get('d')!.y);
  });

  test('positions and the viewport are kept', () => {
    const definition = mustRead(`layout: { positions: { a: { x: 7, y: 8 }, b: nonsense }, viewport: { x: 1, y: 2, zoom: 3 } }\n${sketch(['a', 'b'])}`);
    const canvas = toCanvas(again(definition));
    expect(canvas.nodes.find(({ id }) => id === 'a')!.position).toEqual({ x: 7, y: 8 });
    expect(canvas.viewport).toEqual({ x: 1, y: 2, zoom: 3 });
  });

  test('error edges, guards and triggers come back', () => {
    const definition = mustRead(
      `triggers: [{ type: manual }, { type: tag_added, tag: x }]\n${sketch(['a on_error=h guarded', 'b on_error=continue', 'h']).replace('trigger: { type: manual }\n', '')}`,
    );
    const back = again(definition);
    expect(back.triggers.map(({ type, config }) => [type, config])).toEqual([['manual', {}], ['tag_added', { tag: 'x' }]]);
    expect(back.steps.map(({ onError, if: guard }) => [onError, guard === null])).toEqual([['h', false], ['continue', true], ['fail', true]]);
    expect(pathsOf(back)).toEqual(pathsOf(definition));
  });

  test('the step that the trigger leads to comes first', () => {
    const canvas = toCanvas(mustRead(sketch(['a', 'b'])));
    canvas.edges = [{ source: 'trigger:0', target: 'b', sourceHandle: null }, { source: 'b', target: 'a' }, { source: 'a', target: 'end' }];
    expect((fromCanvas(canvas)['steps'] as { id: string; next: string }[]).map(({ id, next }) => [id, next])).toEqual([['b', 'a'], ['a', 'end']]);
  });

  test('there and back again means the same', () => {
    fc.assert(
      fc.property(definitionSource, (source) => {
        const definition = readDefinition({ format: 'json', value: source }).definition!;
        const back = again(definition);
        const key = (edge: unknown): string => JSON.stringify(edge);
        expect(pathsOf(back).map(key).sort()).toEqual(pathsOf(definition).map(key).sort());
        expect(back.steps.map(({ id, type, config, label, if: guard, onError }) => ({ id, type, label, guard, onError, kept: Object.keys(config as object).length > 0 }))).toEqual(
          definition.steps.map(({ id, type, config, label, if: guard, onError }) => ({ id, type, label, guard, onError, kept: Object.keys(config as object).length > 0 })),
        );
      }),
      { numRuns: 200 },
    );
  });
});
