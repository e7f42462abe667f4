import type { Context } from '../context.ts';
import { guardsGate } from '../core/gate.ts';
import type { ClaimedSend, Lane, LoadedBatch, RunCommit } from '../core/ports/hot-path.ts';
import type { Effect } from '../core/state.ts';
import { channels } from './channels/index.ts';
import type { Decided } from './decide-batch.ts';
import { Later } from './deliver-later.ts';
import { Results } from './deliver-results.ts';
import type { Carried } from './go-on.ts';
import { inTime, LEASE_MS } from './lease.ts';
import { performSend } from './perform-send.ts';

/**
 * Effects that are performed by whoever commits their intent. Delivery minds what a provider can bear, quiet hours, and rules that may end a run before its message
 * leaves; where there is nothing of this to mind, the commit claims its own send, which spares the claim, a second load and a way through the queue. All else stays
 * as it is: the intent is durable before the provider is called, a worker that dies leaves a lease behind, and another attempt is a delivery worker's.
 */
export interface AtOnce {
  /** How long (machine ms) a commit claims its send for, if it may. What changed meanwhile is for the statement to see. */
  claimMs(decided: Decided): number | undefined;
  /** Performs the sends that were claimed, and takes their runs on. Resolves when the results are written, or given up: then the sweeper repairs it. Never throws. */
  perform(committed: Committed, lane: Lane): Promise<void>;
  /** Resolves when nothing is under way any more: to be awaited before the process ends. */
  settled(): Promise<void>;
}

/** What a statement wrote, and what it was decided by. */
export interface Committed {
  commits: RunCommit[];
  /** Enrollment id → its new revision. */
  moved: Map<string, number>;
  /** Enrollment id → the lease of the send that its commit claimed. */
  leases: Map<string, string>;
  batch: LoadedBatch;
  /** When the batch had been read, by `performance.now()`: before the claim. */
  readAt: number;
}

export function createAtOnce(ctx: Context): AtOnce {
  const outlets = { results: new Results(ctx), later: new Later(ctx) };
  const underWay = new Set<Promise<unknown>>();
  return {
    claimMs: (decided) => (mayLeave(ctx, decided) ? LEASE_MS : undefined),
    async perform(committed, lane) {
      const { commits, leases, readAt } = committed;
      const tools = { bucket: null, inTime: () => inTime(readAt) };
      const all = Promise.all(commits.flatMap((commit) => {
        const lease = leases.get(commit.loaded.run.id);
        return lease === undefined ? [] : [performSend(ctx, outlets, claimedSend(ctx, commit, lease), lane, tools, carriedOf(commit, committed))];
      }));
      underWay.add(all);
      await all.finally(() => underWay.delete(all));
    },
    settled: async () => void (await Promise.all(underWay)),
  };
}

/** Is there nothing that only delivery minds? */
function mayLeave(ctx: Context, { program, loaded, transition: { effect, contact }, location }: Decided): boolean {
  if (effect === null || contact !== null || loaded.paused || guardsGate(program)) return false;
  const { channel, window } = effect;
  if (window !== null || loaded.contact.consent[channel] === 'withdrawn' || channels[channel].provider(ctx).capacity !== undefined) return false;
  return location.defaults['quiet_hours'] === undefined && location.defaults['rate_limits'] === undefined;
}

function claimedSend(ctx: Context, { loaded: { run, locationId, versionId }, transition, sendId }: RunCommit, lease: string): ClaimedSend {
  const { stepId, visit, seq, channel, request, retry } = transition.effect as Effect;
  return {
    id: sendId!, locationId, enrollmentId: run.id, workflowId: run.workflowId, versionId, contactId: run.contactId, stepId, visit, seq, channel, request, lease,
    attempt: 1, maxAttempts: retry.attempts, backoffMs: retry.backoffMs, firstAttemptAt: ctx.clock.machineNow(), unknownBefore: false, unknowns: 0, rateLimits: {}, unaddressed: false,
  };
}

/** The run as its commit left it. */
function carriedOf({ loaded, transition: { state } }: RunCommit, { moved, batch, readAt }: Committed): Carried {
  const revision = moved.get(loaded.run.id)!;
  return { loaded: { ...loaded, run: { ...loaded.run, state }, revision, inbox: [] }, location: batch.locations.get(loaded.locationId)!, now: batch.now, readAt };
}
