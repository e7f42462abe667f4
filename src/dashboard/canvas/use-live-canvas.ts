import { useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { WatchWorkflowDocument } from '../../generated/operations/graphql.ts';
import { useStream } from '../link/use-stream.ts';
import { untold, withFrame, type LiveCanvas } from '../model/live-canvas.ts';
import { ARRIVED_MS, travellersOf, type Traveller } from '../model/travellers.ts';
import { entryOf, type Canvas } from './canvas-form.ts';

export interface Live {
  live: LiveCanvas;
  travellers: readonly Traveller[];
  error: string | null;
}

/** Hears a workflow's frames: its counts, and the dots of who is moving on `canvas`, where it is shown. Who asked for less motion sees the counts alone. */
export function useLiveCanvas(workflowId: string, canvas: Canvas | null): Live {
  const [live, setLive] = useState(untold);
  const [travellers, setTravellers] = useState<readonly Traveller[]>([]);
  const edges = useMemo(() => canvas && { drawn: new Set(canvas.edges.map(({ id }) => id)), entry: entryOf(canvas) }, [canvas]);
  const dots = useRef({ nextId: 0, under: 0 });
  const still = useSyncExternalStore(watchMotion, wantsStillness);
  const error = useStream(WatchWorkflowDocument, { workflowId }, ({ workflowLive: frame }) => {
    setLive((before) => withFrame(before, frame));
    if (still || document.hidden || !edges) return;
    const { nextId, under } = dots.current;
    const setOff = travellersOf(frame.moves, edges, nextId, under);
    if (setOff.length === 0) return;
    dots.current = { nextId: nextId + setOff.length, under: under + setOff.length };
    setTravellers((before) => [...before, ...setOff]);
    setTimeout(() => {
      dots.current.under -= setOff.length;
      setTravellers((before) => before.filter((dot) => !setOff.includes(dot)));
    }, ARRIVED_MS);
  });
  return { live, travellers, error };
}

const motion = matchMedia('(prefers-reduced-motion: reduce)');
const wantsStillness = (): boolean => motion.matches;
function watchMotion(changed: () => void): () => void {
  motion.addEventListener('change', changed);
  return () => motion.removeEventListener('change', changed);
}
