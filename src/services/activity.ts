import type { Context } from '../context.ts';
import type { ActivityLog } from '../core/ports/activity.ts';
import { deskFor, type Caller } from './caller.ts';

/** The step logs of some workflows, or of all of the caller's location, as the activity feed reads them when it has gone on. */
export function activityLog(ctx: Context, who: Caller, workflowIds: string[] | null): ActivityLog {
  const { clock } = ctx;
  return {
    speed: clock.speed,
    journeyAt: (machineMs) => clock.journeyNow() - (clock.machineNow() - machineMs) * clock.speed,
    read: (after, until, limit) => deskFor(ctx, who, 'read').readMoves(workflowIds, after, until, limit),
  };
}
