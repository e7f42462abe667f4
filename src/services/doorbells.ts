import type { Context } from '../context.ts';
import type { Lane } from '../core/ports/hot-path.ts';
import type { LiveMessage } from '../core/ports/outside.ts';
import { messageOf } from '../errors.ts';

/** What is told to the other processes after a commit. A nudge that is lost costs seconds (the sweeper finds the row), so nobody waits for it and none fails a call. */

/** Wakes runs whose mailbox has due rows; any number, none too. */
export const ringRuns = (ctx: Context, lane: Lane, ids: string[]): void => ring(ctx, 'runs', ctx.queue.nudgeRuns(lane, ids));

/** Wakes delivery for sends that are pending. */
export const ringSends = (ctx: Context, lane: Lane, ids: string[]): void => ring(ctx, 'sends', ctx.queue.nudgeSends(lane, ids));

/** Wakes the trigger worker. */
export const ringEvents = (ctx: Context): void => ring(ctx, 'events', ctx.queue.nudgeEvents());

function ring(ctx: Context, what: string, nudge: Promise<void>): void {
  nudge.catch((error: unknown) => ctx.logger.warn({ what, error: messageOf(error) }, 'a nudge was lost; the sweeper will find the rows'));
}

/** Tells watchers what became of runs; `at` is now, in journey time. */
export function publishLive(ctx: Context, message: Omit<LiveMessage, 'at'>): void {
  ctx.bus.publish({ ...message, at: ctx.clock.journeyNow() });
}
