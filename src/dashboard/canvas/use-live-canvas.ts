import { useCallback, useRef, useState, useSyncExternalStore } from 'react';
import { WatchWorkflowDocument } from '../../generated/operations/graphql.ts';
import { useStream } from '../link/use-stream.ts';
import { untold, withFrame, type LiveCanvas } from '../model/live-canvas.ts';
import { travellersOf, type Traveller } from '../model/travellers.ts';
import { entryOf, type Canvas } from './canvas-form.ts';

export interface Live {
  live: LiveCanvas;
  travellers: readonly Traveller[];
  /** To be called when a dot has come to the end of its edge. */
  arrived: (id: number) => void;
  error: string | null;
}

/** Hears a workflow's frames: its counts, and the dots of who is moving on `canvas`. Who asked for less motion sees the counts alone. */
export function useLiveCanvas(workflowId: string | null, canvas: Canvas | null): Live {
  const [live, setLive] = useState(untold);
  const [travellers, setTravellers] = useState<readonly Traveller[]>([]);
  const nextId = useRef(0);
  const still = useSyncExternalStore(watchMotion, wantsStillness);
  const error = useStream(WatchWorkflowDocument, workflowId === null ? null : { workflowId }, ({ workflowLive: frame }) => {
    setLive((before) => withFrame(before, frame));
    if (still || document.hidden || !canvas) return;
    const firstId = nextId.current;
    nextId.current += frame.moves.length;
    const edges = { drawn: new Set(canvas.edges.map(({ id }) => id)), entry: entryOf(canvas) };
    setTravellers((under) => [...under, ...travellersOf(frame.moves, edges, firstId, under.length)]);
  });
  const arrived = useCallback((id: number) => setTravellers((under) => under.filter((one) => one.id !== id)), []);
  return { live, travellers, arrived, error };
}

const motion = matchMedia('(prefers-reduced-motion: reduce)');
const wantsStillness = (): boolean => motion.matches;
function watchMotion(changed: () => void): () => void {
  motion.addEventListener('change', changed);
  return () => motion.removeEventListener('change', changed);
}
