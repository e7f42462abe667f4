import { useReactFlow, type NodeProps } from '@xyflow/react';
import { memo, type FocusEvent } from 'react';
import type { StepCounts } from '../model/live-canvas.ts';
import { spoken } from '../model/words.ts';
import { WIDTH, type StepNode } from './canvas-form.ts';
import { Icon } from './icon.tsx';

/** A step, trigger or end on the canvas. A step is a button: what it is set to, and who is there, stands beside the canvas. */
export const StepCard = memo(function StepCard({ id, data, selected, positionAbsoluteX: x, positionAbsoluteY: y }: NodeProps<StepNode>) {
  const { title, kind, type, gist, counts, dim, select } = data;
  const { setCenter, getZoom } = useReactFlow();
  const className = `step ${kind.group.toLowerCase()}${dim ? ' dim' : ''}${selected ? ' chosen' : ''}`;
  const face = (
    <>
      <span className="head"><Icon name={kind.icon} /><span className="title">{title}</span></span>
      <span className="gist">{gist || spoken(type)}</span>
      {counts && <Counts counts={counts} />}
    </>
  );
  /** Whoever walks by the keyboard takes the canvas along. */
  const intoSight = ({ currentTarget }: FocusEvent): void => {
    if (currentTarget.matches(':focus-visible')) void setCenter(x + WIDTH / 2, y, { zoom: getZoom() });
  };
  if (!select) return <div className={className}>{face}</div>;
  return <button type="button" className={className} onClick={() => select(id)} onFocus={intoSight} aria-pressed={selected}>{face}</button>;
});

function Counts({ counts: { waiting, passed, failed } }: { counts: StepCounts }) {
  return (
    <span className="counts">
      <span className={waiting > 0 ? 'waiting some' : 'waiting'}><b>{waiting.toLocaleString('en')}</b> here</span>
      <span><b>{passed.toLocaleString('en')}</b> passed</span>
      {failed > 0 && <span className="failed"><b>{failed.toLocaleString('en')}</b> failed</span>}
    </span>
  );
}
