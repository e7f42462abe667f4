import type { Context } from '../context.ts';
import type { Lane, LoadedBatch, LoadedRun, RunCommit } from '../core/ports/hot-path.ts';
import { announce, movedBy } from './announce.ts';
import type { AtOnce } from './at-once.ts';
import { bisect } from './bisect.ts';
import { decideBatch, type TakenEmails } from './decide-batch.ts';
import { asBatch } from './seen.ts';
import { leavesVersion, stopsToLeave, tellMigrated } from './migrate-runs.ts';

type Ports = Pick<Context, 'runs' | 'events' | 'versions' | 'assets' | 'queue' | 'bus' | 'logger' | 'telemetry'> & {
  /** Performs effects that need no delivery worker. Left out: delivery workers perform all. */
  atOnce?: AtOnce;
};

/** A run that lost its guard is tried again this often before it goes back to the queue. */
const MAX_TRIES = 3;

/**
 * Takes runs as far as they go: loads them, advances each in memory until it blocks, commits all in one statement, and tells
 * who waits for it. Safe to repeat and to run twice at once: guards let each input be taken exactly once. One run's fault fails that run
 * alone. Throws when the database does not answer: nothing is lost then, the rows are still due.
 */
export async function runBatch(ctx: Ports, ids: string[], lane: Lane): Promise<void> {
  if (ids.length > 0) await asBatch(ctx, 'runs', lane, ids.length, () => runAll(ctx, [...new Set(ids)], lane));
}

async function runAll(ctx: Ports, ids: string[], lane: Lane): Promise<void> {
  let waiting = ids;
  let tries = 0;
  const takenEmails: TakenEmails = new Map();
  while (waiting.length > 0) {
    const { lost, deferred, taken } = await runOnce(ctx, waiting, lane, takenEmails);
    for (const [id, email] of taken) takenEmails.set(id, new Set([...(takenEmails.get(id) ?? []), email.toLowerCase()]));
    if (lost.length > 0 && ++tries > MAX_TRIES) {
      await ctx.queue.nudgeRuns(lane, lost);
      waiting = [...deferred, ...taken.keys()];
      continue;
    }
    if (lost.length > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 5 * tries));
    waiting = [...lost, ...deferred, ...taken.keys()];
  }
}

/** One pass. `lost` met another writer; `deferred` wait for what this pass committed: a change to their contact, or a stop on their way to another version; `taken` must do without an address. */
async function runOnce(ctx: Ports, ids: string[], lane: Lane, takenEmails: TakenEmails): Promise<{ lost: string[]; deferred: string[]; taken: Map<string, string> }> {
  const batch = await ctx.runs.load(ids);
  const readAt = performance.now();
  for (const { enrollmentId, error } of batch.poisoned) await fail(ctx, enrollmentId, error);
  if (batch.runs.length === 0) return { lost: [], deferred: [], taken: new Map() };
  const leaving = batch.runs.filter(leavesVersion);
  if (leaving.length > 0) {
    tellMigrated(ctx, await ctx.runs.migrate(leaving.map(({ run }) => run.id)), batch.now);
    return { lost: [], deferred: ids, taken: new Map() };
  }
  const { commits, failed, deferred } = await decideBatch(ctx, batch, { takenEmails, ...(ctx.atOnce && { claimMs: ctx.atOnce.claimMs }) });
  for (const { loaded, reason } of failed) await failLoaded(ctx, loaded, reason, batch.now);
  return { ...(await commitAll(ctx, commits, batch, readAt, lane)), deferred: [...deferred, ...commits.filter(stopsToLeave).map(({ loaded }) => loaded.run.id)] };
}

/** Commits, announces what moved, and gives the runs that lost their guard or may not have their contact's new address. */
async function commitAll(ctx: Ports, commits: RunCommit[], batch: LoadedBatch, readAt: number, lane: Lane): Promise<{ lost: string[]; taken: Map<string, string> }> {
  if (commits.length === 0) return { lost: [], taken: new Map() };
  const { now } = batch;
  const commit = async (part: RunCommit[]) => ({ part, answer: await ctx.runs.commit(part, now) });
  const answers = await bisect(commits, commit, ({ loaded }, reason) => failLoaded(ctx, loaded, reason, now));
  for (const { part, answer } of answers) {
    // Begun first: what is claimed must leave though nobody could be told.
    const performed = answer.leases && ctx.atOnce?.perform({ commits: part, moved: answer.moved, leases: answer.leases, batch, readAt }, lane);
    await announce(ctx, movedBy(part, answer.moved, answer.leases), now, lane);
    if (answer.due.length > 0) await ctx.queue.nudgeRuns(lane, answer.due);
    // A campaign waits for its messages, so that no more of them are under way than there are batches; a single contact's must not keep the next one from its place.
    if (lane === 'bulk') await performed;
  }
  return { lost: answers.flatMap(({ answer }) => answer.lost), taken: new Map(answers.flatMap(({ answer }) => [...(answer.taken ?? [])])) };
}

/** Fails one run for good; the others go on. */
async function fail(ctx: Ports, enrollmentId: string, reason: string): Promise<void> {
  ctx.logger.error({ enrollmentId, reason }, 'A run could not go on and was failed');
  await ctx.runs.poison(enrollmentId, reason);
}

/** The same for a run that could be read: whoever watches its workflow is told. */
async function failLoaded(ctx: Ports, { run, revision, locationId }: LoadedRun, reason: string, now: number): Promise<void> {
  await fail(ctx, run.id, reason);
  if (run.state.status !== 'active') return;
  ctx.bus.publish({ locationId, workflowId: run.workflowId, at: now, runs: [{ id: run.id, rev: revision + 1, status: 'failed', moves: [], ended: true }], counts: { failed: 1 } });
}
