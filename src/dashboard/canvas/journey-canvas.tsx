import { Background, BackgroundVariant, Controls, ReactFlow, useReactFlow, useStore, type FitViewOptions } from '@xyflow/react';
import { useEffect, useEffectEvent, useMemo, useRef, type RefObject } from 'react';
import { OutcomeLine } from './outcome-line.tsx';
import { StepCard } from './step-card.tsx';
import { reused, type OutcomeEdge, type StepNode } from './canvas-form.ts';

const NODES = { step: StepCard };
const EDGES = { outcome: OutcomeLine };
/** A longer journey cannot be read whole: it is shown from where one wants to look. */
const LONG = 24;
const AT_FIRST = 6;

/** A workflow as a graph to look at: it can be moved and zoomed, not changed. A long one begins at the node `start`, else at its first. */
export function JourneyCanvas({ nodes, edges, start }: { nodes: StepNode[]; edges: OutcomeEdge[]; start: string | null }) {
  const fit = fitOf(nodes, start);
  const moved = useRef(false);
  return (
    <div className="canvas">
      <ReactFlow
        nodes={useReused(nodes)} edges={useReused(edges)} nodeTypes={NODES} edgeTypes={EDGES} fitView fitViewOptions={fit} minZoom={0.15}
        nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} zoomOnDoubleClick={false} colorMode="system"
        onMoveStart={(event) => void (event && (moved.current = true))}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.4} />
        <Controls showInteractive={false} />
        <Refit fit={fit} moved={moved} />
      </ReactFlow>
    </div>
  );
}

function useReused<Item extends StepNode | OutcomeEdge>(items: Item[]): Item[] {
  const drawn = useRef<Item[]>([]);
  const now = useMemo(() => reused(drawn.current, items), [items]);
  useEffect(() => void (drawn.current = now), [now]);
  return now;
}

function fitOf(nodes: StepNode[], start: string | null): FitViewOptions {
  if (nodes.length <= LONG) return { padding: 0.06, minZoom: 0.45, maxZoom: 1 };
  const first = Math.max(0, nodes.findIndex(({ id }) => id === start));
  return { minZoom: 0.6, maxZoom: 0.9, nodes: nodes.slice(first, first + AT_FIRST).map(({ id }) => ({ id })) };
}

/** Shows it anew when the canvas got another width (a panel opened beside it, a telephone was turned), until somebody has moved it to where they want it. */
function Refit({ fit, moved }: { fit: FitViewOptions; moved: RefObject<boolean> }) {
  const { fitView } = useReactFlow();
  const width = useStore((canvas) => canvas.width);
  const show = useEffectEvent(() => {
    if (!moved.current) void fitView(fit);
  });
  useEffect(() => show(), [width]);
  return null;
}
