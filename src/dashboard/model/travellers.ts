import type { WatchWorkflowSubscription } from '../../generated/operations/graphql.ts';
import { edgeIdOf } from './live-canvas.ts';

type Move = WatchWorkflowSubscription['workflowLive']['moves'][number];

/** A dot on its way along an edge. */
export interface Traveller {
  id: number;
  edgeId: string;
  /** So many contacts it stands for. */
  contacts: number;
  /** It sets off so much later (ms) than its frame was told, so that people walk in a row and not in one spot. */
  delayMs: number;
}

/** On one edge, of one frame: more is a crowd, and its last dot stands for the rest. */
const MOST_ON_EDGE = 5;
/** On the whole canvas: what a laptop draws without a fan. */
const MOST = 60;
const STRIDE_MS = 110;
/** How long a dot is on its way; the style sheet moves it so long. */
export const TRAVEL_MS = 1_100;
/** After so long the last dot of a frame has arrived, seen or not: an edge that is not drawn moves nothing. */
export const ARRIVED_MS = TRAVEL_MS + MOST_ON_EDGE * STRIDE_MS;

/**
 * The dots of a frame's moves. Moves without an edge on the canvas (a jump to a magnet, another version) have none.
 * @param entry the edges from the triggers: whoever comes in takes all of them, for nobody knows which trigger it was.
 * @param firstId the number of the first dot; the others follow.
 * @param under how many dots are on their way already.
 */
export function travellersOf(moves: readonly Move[], { drawn, entry }: { drawn: ReadonlySet<string>; entry: readonly string[] }, firstId: number, under: number): Traveller[] {
  const crowds = new Map<string, number>();
  for (const move of moves) {
    for (const edgeId of move.from === '' ? entry : [edgeIdOf(move)]) if (drawn.has(edgeId)) crowds.set(edgeId, (crowds.get(edgeId) ?? 0) + 1);
  }
  const dots = [...crowds].flatMap(([edgeId, contacts]) => rowOf(edgeId, contacts));
  return dots.slice(0, Math.max(0, MOST - under)).map((dot, index) => ({ ...dot, id: firstId + index }));
}

function rowOf(edgeId: string, contacts: number): Omit<Traveller, 'id'>[] {
  const dots = Math.min(contacts, MOST_ON_EDGE);
  return Array.from({ length: dots }, (_, index) => ({ edgeId, contacts: index === dots - 1 ? contacts - dots + 1 : 1, delayMs: index * STRIDE_MS }));
}
