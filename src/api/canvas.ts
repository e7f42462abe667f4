import type { Program, Target } from '../core/program.ts';
import { builder } from './builder.ts';

interface CanvasNodeShape {
  id: string;
  type: string;
  position: { x: number; y: number };
  data: unknown;
}
interface CanvasEdgeShape {
  id: string;
  source: string;
  target: string;
  sourceHandle: string;
}
interface CanvasShape {
  nodes: CanvasNodeShape[];
  edges: CanvasEdgeShape[];
}

const COLUMN = 260;
const ROW = 140;

const keyOf = (target: Target): string => ('stepId' in target ? target.stepId : 'end');

/** A program as React Flow draws it: one node a step, one edge an outcome, laid out by distance from the entry. */
export function canvasOf(program: Program): CanvasShape {
  const rows = rowsOf(program);
  const filled = new Map<number, number>();
  const place = (row: number): { x: number; y: number } => {
    const column = filled.get(row) ?? 0;
    filled.set(row, column + 1);
    return { x: column * COLUMN, y: row * ROW };
  };
  const steps = program.order.map((key) => program.steps.get(key)!);
  const nodes: CanvasNodeShape[] = [{ id: 'entry', type: 'trigger', position: place(0), data: { triggers: program.triggers.map((trigger) => trigger.type) } }];
  for (const step of steps) {
    nodes.push({ id: step.id, type: step.type, position: place(rows.get(step.id) ?? program.order.length + 1), data: { label: step.label ?? step.id, config: step.config } });
  }
  const edges = steps.flatMap((step) => Object.entries(step.edges).map(([outcome, target]) => ({ id: `${step.id}:${outcome}`, source: step.id, target: keyOf(target), sourceHandle: outcome })));
  edges.unshift({ id: 'entry:next', source: 'entry', target: keyOf(program.entry), sourceHandle: 'next' });
  if (edges.some((edge) => edge.target === 'end')) nodes.push({ id: 'end', type: 'end', position: { x: 0, y: (Math.max(0, ...filled.keys()) + 1) * ROW }, data: {} });
  return { nodes, edges };
}

/** Distance of each reachable step from the entry, breadth first. */
function rowsOf(program: Program): Map<string, number> {
  const rows = new Map<string, number>();
  let frontier = 'stepId' in program.entry ? [program.entry.stepId] : [];
  for (let row = 1; frontier.length > 0; row += 1) {
    for (const key of frontier) rows.set(key, row);
    const next = frontier.flatMap((key) => Object.values(program.steps.get(key)?.edges ?? {})).flatMap((target) => ('stepId' in target ? [target.stepId] : []));
    frontier = [...new Set(next)].filter((key) => !rows.has(key));
  }
  return rows;
}

const XY = builder.objectRef<{ x: number; y: number }>('XY').implement({
  description: 'A place on the canvas.',
  fields: (t) => ({ x: t.exposeFloat('x'), y: t.exposeFloat('y') }),
});

const CanvasNode = builder.objectRef<CanvasNodeShape>('CanvasNode').implement({
  description: 'A box: the entry, a step, or the end.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'The step\'s key, `entry` or `end`.' }),
    type: t.exposeString('type', { description: 'The step\'s kind, `trigger` or `end`.' }),
    position: t.expose('position', { type: XY }),
    data: t.expose('data', { type: 'JSON', description: 'Label and settings.' }),
  }),
});

const CanvasEdge = builder.objectRef<CanvasEdgeShape>('CanvasEdge').implement({
  description: 'An arrow: one outcome of one step.',
  fields: (t) => ({
    id: t.exposeString('id'),
    source: t.exposeString('source', { description: 'The node it leaves.' }),
    target: t.exposeString('target', { description: 'The node it reaches.' }),
    sourceHandle: t.exposeString('sourceHandle', { description: 'The outcome\'s name.' }),
  }),
});

export const Canvas = builder.objectRef<CanvasShape>('Canvas').implement({
  description: 'A version as React Flow draws it.',
  fields: (t) => ({
    nodes: t.expose('nodes', { type: [CanvasNode] }),
    edges: t.expose('edges', { type: [CanvasEdge] }),
  }),
});
