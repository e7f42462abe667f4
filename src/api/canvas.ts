import type { Canvas as Drawing } from '../core/definition/canvas.ts';
import { builder } from './builder.ts';

const XY = builder.objectRef<{ x: number; y: number }>('XY').implement({
  description: 'A place on the canvas.',
  fields: (t) => ({
    x: t.exposeFloat('x', { description: 'Pixels to the right.' }),
    y: t.exposeFloat('y', { description: 'Pixels down.' }),
  }),
});

const CanvasNode = builder.objectRef<Drawing['nodes'][number]>('CanvasNode').implement({
  description: 'A box: a trigger, a step, or an end.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'A step\'s key; triggers and ends have ids of their own.' }),
    type: t.exposeString('type', { description: 'The step\'s kind, `trigger` or `end`.' }),
    position: t.field({ type: XY, description: 'Where its upper left corner is.', resolve: ({ position }) => position ?? { x: 0, y: 0 } }),
    data: t.expose('data', { type: 'JSON', description: 'What the definition says of it.' }),
  }),
});

const CanvasEdge = builder.objectRef<Drawing['edges'][number]>('CanvasEdge').implement({
  description: 'An arrow: one outcome of one step.',
  fields: (t) => ({
    id: t.string({ description: 'Its own id.', resolve: ({ id, source, sourceHandle }) => id ?? `${source}:${sourceHandle ?? 'next'}` }),
    source: t.exposeString('source', { description: 'The node it leaves.' }),
    target: t.exposeString('target', { description: 'The node it reaches.' }),
    sourceHandle: t.string({ description: 'The outcome\'s name.', resolve: ({ sourceHandle }) => sourceHandle ?? 'next' }),
  }),
});

export const Canvas = builder.objectRef<Drawing>('Canvas').implement({
  description: 'A version as React Flow draws it; `importWorkflow` takes it back.',
  fields: (t) => ({
    nodes: t.expose('nodes', { type: [CanvasNode], description: 'Triggers, steps and ends.' }),
    edges: t.expose('edges', { type: [CanvasEdge], description: 'What leads from one to the next.' }),
    viewport: t.field({ type: 'JSON', nullable: true, description: 'Where the canvas was left: x, y, zoom.', resolve: ({ viewport }) => viewport ?? null }),
    workflow: t.expose('workflow', { type: 'JSON', description: 'What is no node: name, settings, exit conditions.' }),
  }),
});
