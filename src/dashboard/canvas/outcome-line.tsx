import { BaseEdge, EdgeLabelRenderer, getSmoothStepPath, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { TRAVEL_MS, type Traveller } from '../model/travellers.ts';
import type { OutcomeEdge } from './canvas-form.ts';

/** Where an outcome leads, how many took it, and who is taking it now. */
export const OutcomeLine = memo(function OutcomeLine({ id, data, ...ends }: EdgeProps<OutcomeEdge>) {
  const [path, labelX, labelY] = getSmoothStepPath({ ...ends, borderRadius: 14 });
  if (!data) return null;
  const { outcome, taken, travellers, dim, lit } = data;
  const label = [outcome, taken > 0 ? taken.toLocaleString('en') : ''].filter(Boolean).join(' · ');
  return (
    <>
      <BaseEdge id={id} path={path} className={`outcome${dim ? ' dim' : ''}${lit ? ' lit' : ''}`} />
      {travellers.map((traveller) => <Dot key={traveller.id} traveller={traveller} path={path} />)}
      {label !== '' && <Label x={labelX} y={labelY} dim={dim}>{label}</Label>}
    </>
  );
});

function Label({ x, y, dim, children }: { x: number; y: number; dim: boolean; children: string }) {
  const transform = `translate(-50%, -50%) translate(${x}px, ${y}px)`;
  return <EdgeLabelRenderer><span className={`edge-label${dim ? ' dim' : ''}`} style={{ transform }}>{children}</span></EdgeLabelRenderer>;
}

function Dot({ traveller: { contacts, delayMs }, path }: { traveller: Traveller; path: string }) {
  return (
    <g className="traveller" style={{ offsetPath: `path("${path}")`, animationDuration: `${TRAVEL_MS}ms`, animationDelay: `${delayMs}ms` }}>
      <circle r={contacts > 1 ? 9 : 5} />
      {contacts > 1 && <text dy="0.35em">{contacts}</text>}
    </g>
  );
}
