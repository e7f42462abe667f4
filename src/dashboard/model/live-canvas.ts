import type { WatchWorkflowSubscription } from '../../generated/operations/graphql.ts';

type Frame = WatchWorkflowSubscription['workflowLive'];
export type StepCounts = Frame['nodes'][number];
export type Totals = Frame['totals'];

/** How a workflow stands: what the frames so far add up to. */
export interface LiveCanvas {
  /** Null until it was told. */
  totals: Totals | null;
  /** By step id. */
  steps: ReadonlyMap<string, StepCounts>;
  /** How many took an edge, by the edge's id. */
  taken: ReadonlyMap<string, number>;
}

export const untold: LiveCanvas = { totals: null, steps: new Map(), taken: new Map() };

/** The id that the canvas gives to an edge. */
export const edgeIdOf = ({ from, outcome }: { from: string; outcome: string }): string => `${from}:${outcome}`;

/** A snapshot replaces everything, as it does after a line was lost; a later frame brings only what changed, with its newest value. */
export function withFrame(before: LiveCanvas, { snapshot, totals, nodes, edges }: Frame): LiveCanvas {
  const { steps, taken } = snapshot ? untold : before;
  return {
    totals,
    steps: new Map([...steps, ...nodes.map((node) => [node.stepKey, node] as const)]),
    taken: new Map([...taken, ...edges.map((edge) => [edgeIdOf(edge), edge.count] as const)]),
  };
}
