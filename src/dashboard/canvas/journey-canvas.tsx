import { Background, BackgroundVariant, Controls, ReactFlow, useReactFlow, useStore } from '@xyflow/react';
import { useEffect } from 'react';
import { OutcomeLine } from './outcome-line.tsx';
import { StepCard } from './step-card.tsx';
import type { OutcomeEdge, StepNode } from './canvas-form.ts';

const NODES = { step: StepCard };
const EDGES = { outcome: OutcomeLine };
/** Small enough to see a long journey whole, never so large that a short one shouts. */
const FIT = { padding: 0.06, minZoom: 0.45, maxZoom: 1 };

/** Above this many nodes only those that can be seen are drawn. */
const MANY = 120;

/** A workflow as a graph to look at: it can be moved and zoomed, not changed. */
export function JourneyCanvas({ nodes, edges }: { nodes: StepNode[]; edges: OutcomeEdge[] }) {
  return (
    <div className="canvas">
      <ReactFlow
        nodes={nodes} edges={edges} nodeTypes={NODES} edgeTypes={EDGES} fitView fitViewOptions={FIT} minZoom={0.15}
        nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} zoomOnDoubleClick={false} onlyRenderVisibleElements={nodes.length > MANY} colorMode="system"
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.4} />
        <Controls showInteractive={false} />
        <Refit />
      </ReactFlow>
    </div>
  );
}

/** Shows the whole again when the canvas got another width: a panel opened beside it, a telephone was turned. */
function Refit() {
  const { fitView } = useReactFlow();
  const width = useStore((canvas) => canvas.width);
  useEffect(() => void fitView(FIT), [fitView, width]);
  return null;
}
