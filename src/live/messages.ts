import { z } from 'zod';
import type { LiveMessage } from '../core/ports/outside.ts';

const run = z.object({ id: z.string(), rev: z.number(), status: z.string(), moves: z.array(z.tuple([z.string(), z.string(), z.string()])), ended: z.boolean().optional() });

export const liveMessage: z.ZodType<LiveMessage> = z.object({
  locationId: z.string(), workflowId: z.string(), at: z.number(), runs: z.array(run), counts: z.record(z.string(), z.number()), revokedKey: z.string().optional(),
});
