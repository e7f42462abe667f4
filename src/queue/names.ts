import { z } from 'zod';
import type { Lane } from '../core/ports/hot-path.ts';

/** What a doorbell wakes. */
export type Kind = 'runs' | 'sends' | 'events';

/** A job carries at most this many ids; a longer list becomes several jobs. */
export const MAX_IDS = 200;

/** A nudge's whole content: names of rows, never truth. Events need no names, the worker takes the oldest. */
export const nudge = z.object({ ids: z.array(z.string().max(64)).max(MAX_IDS) });
export type Nudge = z.output<typeof nudge>;

/** Every queue there is: lanes are queues of their own, so that one contact never waits behind a campaign. */
export const queueNames = ['runs-interactive', 'runs-bulk', 'sends-interactive', 'sends-bulk', 'events'] as const;
export type QueueName = (typeof queueNames)[number];

export const queueName = (kind: Kind, lane: Lane): QueueName => (kind === 'events' ? 'events' : `${kind}-${lane}`);

/** Divides ids into nudges of at most {@link MAX_IDS}, each id once. */
export function nudgesOf(ids: string[]): Nudge[] {
  const distinct = [...new Set(ids)];
  const nudges: Nudge[] = [];
  for (let start = 0; start < distinct.length; start += MAX_IDS) nudges.push({ ids: distinct.slice(start, start + MAX_IDS) });
  return nudges;
}
