import { z } from 'zod';
import type { LiveMessage } from '../core/ports/outside.ts';

/** The two kinds of talk on the bus: what happened to runs, and small notices between processes. */
export type Channel = 'live' | 'notices';
export const channels = ['live', 'notices'] as const;

/** Names of notices. */
export const topics = {
  /** A workflow was published, paused, resumed or archived: `{ workflowId }`. */
  registry: 'registry',
  /** A location's templates or voicemails changed: `{ locationId }`. */
  assets: 'assets',
} as const;

const run = z.object({ id: z.string(), rev: z.number(), status: z.string(), moves: z.array(z.tuple([z.string(), z.string(), z.string()])) });

export const liveMessage: z.ZodType<LiveMessage> = z.object({
  locationId: z.string(), workflowId: z.string(), at: z.number(), runs: z.array(run), counts: z.record(z.string(), z.number()),
});

export const notice = z.object({ topic: z.string(), data: z.record(z.string(), z.unknown()) });
