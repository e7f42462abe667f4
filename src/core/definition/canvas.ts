import { z } from 'zod';
import type { Data } from '../state.ts';
import { findStep } from '../steps/index.ts';
import { armsOf } from './arms.ts';
import { isRecord } from './definition.ts';
import type { Definition } from './definition.ts';
import { ERROR_EDGE } from '../program.ts';
import { graphOf } from './graph.ts';
import { groupBy, layOut } from './layout.ts';
import type { Position } from './layout.ts';
import { isEnd } from './targets.ts';

const position = z.object({ x: z.number(), y: z.number() });

/** The form in which React Flow stores a graph. A step's `sourceHandle` is the outcome's name; `workflow` holds what is no node. */
export const canvasShape = z.object({
  nodes: z.array(z.object({
    id: z.string().min(1),
    type: z.string().min(1),
    position: position.optional(),
    data: z.record(z.string(), z.unknown()).default({}),
  })).min(1).max(1_000),
  edges: z.array(z.object({ id: z.string().optional(), source: z.string(), target: z.string(), sourceHandle: z.string().nullish() })).max(10_000),
  viewport: z.object({ x: z.number(), y: z.number(), zoom: z.number() }).optional(),
  workflow: z.record(z.string(), z.unknown()).default({}),
});
export type Canvas = z.output<typeof canvasShape>;
type CanvasNode = Canvas['nodes'][number];
type CanvasEdge = Canvas['edges'][number];

/** No step id may hold a colon, so that a trigger's node is never taken for a step. */
const TRIGGER = 'trigger:';

/** A definition as nodes and edges, every inferred edge drawn. Nodes stand in the order of the file; those without a stored position are laid out in layers. */
export function toCanvas(definition: Definition): Canvas {
  const graph = graphOf(definition.steps);
  const drawn = [...graph.edges.values()].flat().filter((edge) => edge.possible);
  const triggers = triggersOf(definition.source);
  const edges: CanvasEdge[] = [
    ...triggers.map((_, index) => ({ id: `${TRIGGER}${index}:next`, source: `${TRIGGER}${index}`, target: graph.entry, sourceHandle: 'next' })),
    ...drawn.map(({ from, outcome, name }) => ({ id: `${from}:${outcome}`, source: from, target: name, sourceHandle: outcome })),
  ];
  const steps = (definition.source['steps'] as Data[]).map((step) => stepNode(step));
  const ends = [...new Set(drawn.map(({ name }) => name))].filter(isEnd).map((id) => ({ id, type: 'end', data: { target: id } }));
  const nodes = [...triggers.map((trigger, index) => ({ id: `${TRIGGER}${index}`, type: 'trigger', data: trigger })), ...steps, ...ends];
  const layout = isRecord(definition.layout) ? definition.layout : {};
  const positions = layOut(nodes.map(({ id }) => id), edges, storedPositions(layout['positions']));
  const { trigger: _trigger, triggers: _triggers, steps: _steps, layout: _layout, ...workflow } = definition.source;
  const viewport = canvasShape.shape.viewport.safeParse(layout['viewport']).data ?? { x: 0, y: 0, zoom: 1 };
  return { nodes: nodes.map((node) => ({ ...node, position: positions.get(node.id)! })), edges, viewport, workflow };
}

/** The definition that a canvas draws: every edge becomes an arm or a `next`. The step that a trigger leads to comes first. */
export function fromCanvas(canvas: Canvas): Data {
  const triggers = canvas.nodes.filter(({ id }) => id.startsWith(TRIGGER));
  const steps = canvas.nodes.filter(({ id }) => !id.startsWith(TRIGGER) && !isEnd(id));
  const entry = canvas.edges.find(({ source }) => source.startsWith(TRIGGER))?.target;
  const ordered = [...steps.filter(({ id }) => id === entry), ...steps.filter(({ id }) => id !== entry)];
  const bySource = groupBy(canvas.edges, ({ source }) => source);
  const positions = Object.fromEntries(canvas.nodes.flatMap(({ id, position: place }) => (place ? [[id, place]] : [])));
  return {
    ...canvas.workflow,
    ...(triggers.length === 1 ? { trigger: triggers[0]!.data } : { triggers: triggers.map(({ data }) => data) }),
    steps: ordered.map((node) => stepOf(node, bySource.get(node.id) ?? [])),
    layout: { positions, ...(canvas.viewport ? { viewport: canvas.viewport } : {}) },
  };
}

function triggersOf(source: Data): Data[] {
  return (Array.isArray(source['triggers']) ? source['triggers'] : [source['trigger']]).filter(isRecord);
}

/** A step without what the edges say. */
function stepNode(step: Data): Omit<CanvasNode, 'position'> {
  const { id, type, next: _next, ...rest } = structuredClone(step);
  for (const arm of armsOf(findStep(String(type))?.arms ?? [], rest['config'])) if (arm.target !== undefined) arm.remove();
  if (rest['on_error'] !== 'continue') delete rest['on_error'];
  return { id: String(id), type: String(type), data: rest };
}

function stepOf({ id, type, data }: CanvasNode, edges: CanvasEdge[]): Data {
  const step: Data = { id, type, ...structuredClone(data) };
  const arms = armsOf(findStep(type)?.arms ?? [], step['config']);
  for (const { target, sourceHandle } of edges) {
    const outcome = sourceHandle ?? 'next';
    const arm = arms.find((one) => one.outcome === outcome);
    if (arm) arm.write(target);
    else if (outcome === ERROR_EDGE) step['on_error'] = target;
    else step['next'] = target;
  }
  return step;
}

function storedPositions(value: unknown): Map<string, Position> {
  const rows = isRecord(value) ? Object.entries(value) : [];
  return new Map(rows.flatMap(([id, place]) => {
    const read = position.safeParse(place);
    return read.success ? [[id, read.data] as const] : [];
  }));
}
