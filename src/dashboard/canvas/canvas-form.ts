import { Position, type Edge, type Node } from '@xyflow/react';
import type { CanvasVersionFragment } from '../../generated/operations/graphql.ts';
import type { Catalogue, Kind } from '../model/catalogue.ts';
import type { LiveCanvas, StepCounts } from '../model/live-canvas.ts';
import type { Traveller } from '../model/travellers.ts';
import { gistOf, spoken } from '../model/words.ts';

export type Canvas = CanvasVersionFragment['canvas'];
type CanvasNode = Canvas['nodes'][number];

/** What a contact has taken, lit while the rest is dimmed. */
export interface Lit {
  steps: ReadonlySet<string>;
  edges: ReadonlySet<string>;
}

interface Faces {
  title: string;
  kind: Kind;
  gist: string;
}
export type StepNodeData = Record<string, unknown> & Faces & { type: string; counts: StepCounts | null; dim: boolean; select: ((step: string) => void) | null };
export type OutcomeEdgeData = Record<string, unknown> & { outcome: string; taken: number; travellers: readonly Traveller[]; dim: boolean; lit: boolean };
export type StepNode = Node<StepNodeData, 'step'>;
export type OutcomeEdge = Edge<OutcomeEdgeData, 'outcome'>;

export const WIDTH = 236;
/** A card's size, and where its edges meet it: fixed, so that nothing has to be measured while numbers run through it. */
function cardOf(height: number) {
  const size = { width: WIDTH, height };
  const end = { x: WIDTH / 2, width: 1, height: 1 };
  const into = { ...end, type: 'target' as const, position: Position.Top, y: 0 };
  const outOf = { ...end, type: 'source' as const, position: Position.Bottom, y: height };
  return { ...size, measured: size, handles: [into, outOf] };
}
const STEP = cardOf(92);
/** Triggers and ends have no numbers. */
const OTHER = cardOf(66);
const NOBODY: readonly Traveller[] = [];
const END: Kind = { icon: 'flag', summary: 'Here a run ends.', group: 'end' };
const STRANGE: Kind = { icon: '', summary: '', group: 'action' };

/** What is to be seen on the nodes: each is left out where there is nothing of the kind to show. */
export interface NodeLook {
  live?: LiveCanvas;
  lit?: Lit;
  selected?: string | null;
  onSelect?: (step: string) => void;
}

/** The nodes as React Flow draws them. */
export function nodesOf(canvas: Canvas, catalogue: Catalogue, { live, lit, selected, onSelect }: NodeLook): StepNode[] {
  const touched = new Set(canvas.edges.filter(({ id }) => lit?.edges.has(id)).flatMap(({ source, target }) => [source, target]));
  return canvas.nodes.map((node) => {
    const isStep = !['trigger', 'end'].includes(node.type);
    return {
      id: node.id, type: 'step', position: node.position, ...(isStep ? STEP : OTHER), selected: selected === node.id,
      data: {
        ...facesOf(node, catalogue), type: node.type, counts: (isStep && live?.steps.get(node.id)) || null,
        dim: lit !== undefined && !lit.steps.has(node.id) && !touched.has(node.id), select: (isStep && onSelect) || null,
      },
    };
  });
}

export function edgesOf(canvas: Canvas, { live, lit, travellers = NOBODY }: { live?: LiveCanvas; lit?: Lit; travellers?: readonly Traveller[] }): OutcomeEdge[] {
  const on = new Map<string, Traveller[]>();
  for (const dot of travellers) on.set(dot.edgeId, [...(on.get(dot.edgeId) ?? []), dot]);
  return canvas.edges.map(({ id, source, target, sourceHandle }) => ({
    id, type: 'outcome', source, target,
    data: {
      outcome: sourceHandle === 'next' ? '' : spoken(sourceHandle), taken: live?.taken.get(id) ?? 0, travellers: on.get(id) ?? NOBODY,
      lit: lit?.edges.has(id) ?? false, dim: lit !== undefined && !lit.edges.has(id),
    },
  }));
}

/** The edges that lead from the triggers into a run: whoever is inside came over one of them, and nobody says which. */
export const entryOf = (canvas: Canvas): string[] => canvas.edges.filter(({ source }) => source.startsWith('trigger:')).map(({ id }) => id);

function facesOf({ id, type, data }: CanvasNode, catalogue: Catalogue): Faces {
  const told = data as { label?: string; type?: string; target?: string; config?: unknown };
  if (type === 'end') return { title: spoken(told.target ?? id), kind: END, gist: '' };
  if (type === 'trigger') return { title: spoken(told.type ?? 'trigger'), kind: catalogue.get(`trigger:${told.type}`) ?? STRANGE, gist: gistOf(data) };
  return { title: told.label ?? spoken(id), kind: catalogue.get(type) ?? STRANGE, gist: gistOf(told.config) };
}

/** Those of `after` as they were in `before` where nothing about them is new: with every frame all are made anew, few are different, and only those are to be drawn. */
export function reused<Item extends StepNode | OutcomeEdge>(before: readonly Item[], after: readonly Item[]): Item[] {
  const known = new Map(before.map((item) => [item.id, item]));
  return after.map((item) => {
    const was = known.get(item.id);
    return was && same(was, item) ? was : item;
  });
}

/** In every cell, and in those of its `data`. */
function same(a: object, b: object): boolean {
  const cells = a as Record<string, unknown>;
  return Object.entries(b).every(([key, value]) => Object.is(cells[key], value) || (key === 'data' && same(cells[key] as object, value as object)));
}
