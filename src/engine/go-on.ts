import type { Context } from '../context.ts';
import type { ClaimedSend, Lane, LoadedBatch, LoadedRun, Onward, RunCommit, SendResult } from '../core/ports/hot-path.ts';
import type { Clock } from '../core/ports/outside.ts';
import type { Input, Location } from '../core/state.ts';
import { messageOf } from '../errors.ts';
import { announce, movedBy } from './announce.ts';
import { decideBatch } from './decide-batch.ts';
import { stopsToLeave } from './migrate-runs.ts';

/** An attempt at a send that came to an end. */
export interface Settled {
  send: ClaimedSend;
  result: SendResult;
  lane: Lane;
  /** The run as its own commit left it a moment ago, where this process made that commit; left out, it is read again. */
  carried?: Carried;
}

export interface Carried {
  loaded: LoadedRun;
  location: Location & { assetsRevision: number };
  /** Journey ms when it was read, and the same moment by `performance.now()`. */
  now: number;
  readAt: number;
}

/**
 * Records how sends ended and takes their runs on from there, in one statement: what the provider said and what follows from it are one
 * commit. A run that cannot go on at once (it lost its guard, or changes its contact) gets a row in its mailbox and a nudge. Throws when the database does not answer.
 */
export async function goOn(ctx: Context, settled: Settled[]): Promise<void> {
  const news = newsOf(settled);
  if (news.size === 0) return record(ctx, settled);
  const carried = carriedBatch(settled.filter(({ send }) => news.has(send.enrollmentId)), ctx.clock);
  const batch = carried ?? (await ctx.runs.loadStanding([...news.keys()]));
  const { commits } = await decideBatch(ctx, batch, { news });
  await write(ctx, settled, { commits: commits.filter(mayGoOn), now: batch.now, carried: carried !== null });
}

/** The runs without another look at the database: the statement that takes them on asks whether they still stand so. Null when one of them was not carried here. */
function carriedBatch(settled: Settled[], clock: Clock): LoadedBatch | null {
  const batch: LoadedBatch = { now: 0, runs: [], locations: new Map(), poisoned: [] };
  for (const { carried } of settled) {
    if (!carried) return null;
    const { loaded, location, now, readAt } = carried;
    batch.runs.push(loaded);
    batch.locations.set(location.id, location);
    batch.now = Math.max(batch.now, Math.floor(now + (performance.now() - readAt) * clock.speed));
  }
  return batch;
}

/**
 * The ledger itself closes the row of a run that has ended, a change of the contact has two guards, whatever waits in the mailbox may speak of the very
 * send that this statement ends, and a run on its way to another version is moved first: the plain commit minds all of them.
 */
const mayGoOn = (commit: RunCommit): boolean => {
  const { loaded, transition } = commit;
  return loaded.run.state.status === 'active' && loaded.inbox.length === 0 && transition.changed && transition.contact === null && !stopsToLeave(commit);
};

/** Records how sends ended; their runs go on by their mailboxes. Throws when the database does not answer. */
export const record = (ctx: Context, settled: Settled[]): Promise<void> => write(ctx, settled, { commits: [], now: 0, carried: false });

/** What each run has to hear. One that two sends speak of hears both by its mailbox. */
function newsOf(settled: Settled[]): Map<string, Input> {
  const news = new Map<string, Input>();
  const several = new Set<string>();
  for (const { send, result } of settled) {
    if ('again' in result) continue;
    if (news.has(send.enrollmentId)) several.add(send.enrollmentId);
    news.set(send.enrollmentId, { kind: 'outcome', stepId: send.stepId, visit: send.visit, attempt: Math.max(send.attempt, 1), outcome: result.end });
  }
  for (const id of several) news.delete(id);
  return news;
}

async function write(ctx: Context, settled: Settled[], onward: Onward): Promise<void> {
  const { commits, now } = onward;
  const { moved, nudge } = await ctx.sends.finish(settled.map(({ result }) => result), onward);
  for (const { send, result } of settled) ctx.telemetry?.sent(send.channel, 'end' in result ? result.end.status : 'again');
  const laneOf = new Map(settled.map(({ send, lane }) => [send.enrollmentId, lane]));
  for (const lane of ['interactive', 'bulk'] as const) {
    const own = movedBy(commits.filter(({ loaded }) => laneOf.get(loaded.run.id) === lane), moved);
    if (own.length > 0) await announce(ctx, own, now, lane).catch((error: unknown) => ctx.logger.warn({ error: messageOf(error), runs: own.length }, 'what runs went on to could not be told'));
  }
  await nudgeRuns(ctx, nudge, (id) => laneOf.get(id) ?? 'bulk');
}

/** Rings for runs, each on its own lane. A lost ring is found by the sweeper, so a broken queue fails nothing here. */
export async function nudgeRuns(ctx: Context, ids: string[], laneOf: (id: string) => Lane): Promise<void> {
  for (const lane of ['interactive', 'bulk'] as const) {
    const own = ids.filter((id) => laneOf(id) === lane);
    if (own.length > 0) await ctx.queue.nudgeRuns(lane, own).catch((error: unknown) => ctx.logger.warn({ error: messageOf(error), runs: own.length }, 'runs could not be nudged'));
  }
}
