import { Background, BackgroundVariant, Controls, ReactFlow, useReactFlow, useStore, type FitViewOptions } from '@xyflow/react';
import { useEffect, useEffectEvent, useRef, type RefObject } from 'react';
import { OutcomeLine } from './outcome-line.tsx';
import { StepCard } from './step-card.tsx';
import type { OutcomeEdge, StepNode } from './canvas-form.ts';

const NODES = { step: StepCard };
const EDGES = { outcome: OutcomeLine };
/** A longer journey cannot be read whole: it is shown from where one wants to look. */
const LONG = 24;

/** A workflow as a graph to look at: it can be moved and zoomed, not changed. A long one begins at the node `start`, else at its first. */
export function JourneyCanvas({ nodes, edges, start }: { nodes: StepNode[]; edges: OutcomeEdge[]; start: string | null }) {
  const fit = fitOf(nodes, start);
  const moved = useRef(false);
  return (
    <div className="canvas">
      <ReactFlow
        nodes={nodes} edges={edges} nodeTypes={NODES} edgeTypes={EDGES} fitView fitViewOptions={fit} minZoom={0.15}
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

function fitOf(nodes: StepNode[], start: string | null): FitViewOptions {
  if (nodes.length <= LONG) return { padding: 0.06, minZoom: 0.45, maxZoom: 1 };
  const id = nodes.find((node) => node.id === start)?.id ?? nodes[0]?.id ?? '';
  return { minZoom: 0.8, maxZoom: 0.8, nodes: [{ id }] };
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
