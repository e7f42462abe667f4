import type { Context } from '../context.ts';
import type { LoadedRun, MigratedRun, RunCommit } from '../core/ports/hot-path.ts';
import type { LiveMessage } from '../core/ports/outside.ts';

type Ports = Pick<Context, 'runs' | 'bus' | 'queue' | 'clock'>;

/**
 * Takes people along to the version that was published, page by page, until nobody is left or `pages` are done; what remains is found by the next call.
 * Any number of processes may do so at once. Gives how many runs it moved or ended.
 */
export async function migrateRuns(ctx: Ports, workflowId: string | null = null, pages = Infinity): Promise<{ moved: number; ended: number }> {
  const total = { moved: 0, ended: 0 };
  for (let page = 0; page < pages; page += 1) {
    const runs = await ctx.runs.migratePage(workflowId);
    if (runs === null) return total;
    const ended = runs.filter(({ status }) => status !== 'active').length;
    total.ended += ended;
    total.moved += runs.length - ended;
    tellMigrated(ctx, runs, ctx.clock.journeyNow());
    const begins = runs.filter((run) => run.begins).map(({ id }) => id);
    if (begins.length > 0) await ctx.queue.nudgeRuns('bulk', begins);
  }
  return total;
}

/** Tells watchers of runs that changed their version: one message for each workflow. `at` is journey ms. */
export function tellMigrated(ctx: Pick<Context, 'bus'>, runs: MigratedRun[], at: number): void {
  const messages = new Map<string, LiveMessage>();
  for (const { id, locationId, workflowId, revision, status, fromStep, toStep } of runs) {
    const message = messages.get(workflowId) ?? { locationId, workflowId, at, runs: [], counts: {} };
    messages.set(workflowId, message);
    const ended = status !== 'active';
    message.runs.push({ id, rev: revision, status, moves: fromStep === toStep ? [] : [[fromStep ?? '', 'migrated', toStep ?? '']] });
    if (ended) message.counts[status] = (message.counts[status] ?? 0) + 1;
  }
  for (const message of messages.values()) ctx.bus.publish(message);
}

/** Whether a run stands between two steps because a publish takes it along: it is moved before it goes on. */
export const leavesVersion = ({ run: { state } }: LoadedRun): boolean => state.position.leaving === true && state.position.phase === 'ready' && state.status === 'active';

/** Whether this commit stopped its run for that reason. */
export const stopsToLeave = ({ transition: { held, state } }: RunCommit): boolean => held && state.position.leaving === true;
