import type { Context } from '../context.ts';
import type { FusedEnrollment, Lane } from '../core/ports/hot-path.ts';
import { announce } from './announce.ts';

/** Tells the world of enrollments that were created with their first segment, and rings for those that wait for it. */
export async function announceEnrolled(
  ctx: Pick<Context, 'bus' | 'queue'>, enrollments: FusedEnrollment[], { enrolled, started }: { enrolled: Set<string>; started: string[] }, now: number, lane: Lane,
): Promise<void> {
  const moved = enrollments
    .filter(({ run }) => enrolled.has(run.id))
    .map(({ run, locationId, transition, sendId }) => ({ id: run.id, locationId, workflowId: run.workflowId, revision: 1, before: null, transition, sendId }));
  await announce(ctx, moved, now, lane);
  if (started.length > 0) await ctx.queue.nudgeRuns(lane, started);
}
