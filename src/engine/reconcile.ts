import type { Context } from '../context.ts';
import type { Lane } from '../core/ports/hot-path.ts';

/** A row that nobody took for this long lost its nudge. */
const GRACE_MS = 3_000;
/**
 * The same id is not nudged again sooner: it may be waiting in a long queue. With the pause between two sweeps this stays below the ten
 * seconds within which work goes on after the queue was flushed or away, for such a queue takes nudges and loses them.
 */
const QUIET_MS = 5_000;
/** Nothing says who waits for what was lost. A few stand in nobody's way, so they come at once; more than that is a campaign, and goes behind the interactive work. */
const FEW = 200;
/** A page: a whole campaign that lost its nudges is rung for again within a few sweeps. */
const AT_MOST = 20_000;
/** A nudge names at most so many rows. */
const PER_NUDGE = 200;

/**
 * Repairs lost nudges: rings again for runs whose due rows nobody took, and for sends that are due. Rows are only read; whoever answers the
 * ring takes them. Call it every few seconds, in any number of processes.
 */
export async function sweep(ctx: Context): Promise<void> {
  const memory = memoryOf(ctx);
  forget(memory, performance.now());
  const queued: Record<string, number> = await ctx.queue.depths().catch(() => ({}));
  await ring(ctx, await ctx.runs.stranded(GRACE_MS, AT_MOST), queued['runs-bulk'] ?? 0, (lane, ids) => ctx.queue.nudgeRuns(lane, ids));
  await ring(ctx, await ctx.sends.unfinished(GRACE_MS, AT_MOST), queued['sends-bulk'] ?? 0, (lane, ids) => ctx.queue.nudgeSends(lane, ids));
}

/**
 * Hands on what dead workers held: sends whose lease has ended. They are as few as there were calls under way, and somebody waits for each, so they
 * go before every campaign. Call it every second, in any number of processes.
 */
export async function takeOver(ctx: Context): Promise<void> {
  const ids = await ctx.sends.abandoned(AT_MOST);
  if (ids.length > 0) await ctx.queue.nudgeSends('interactive', ids);
}

/** Id → when it was last nudged, by a clock that nobody sets. */
type Memory = Map<string, number>;
const memories = new WeakMap<Context, Memory>();

function memoryOf(ctx: Context): Memory {
  const memory = memories.get(ctx) ?? new Map<string, number>();
  memories.set(ctx, memory);
  return memory;
}

function forget(memory: Memory, now: number): void {
  for (const [id, at] of memory) if (now - at >= QUIET_MS) memory.delete(id);
}

async function ring(ctx: Context, found: string[], queued: number, nudge: (lane: Lane, ids: string[]) => Promise<void>): Promise<void> {
  const memory = memoryOf(ctx);
  const ids = found.filter((id) => !memory.has(id));
  const few = found.length <= FEW;
  if (ids.length === 0 || (!few && isQueued(found.length, queued))) return;
  await nudge(few ? 'interactive' : 'bulk', ids);
  const now = performance.now();
  for (const id of ids) memory.set(id, now);
}

/**
 * A campaign that waits in a long queue has lost nothing: as long as there are nudges enough for all of it, more of them would only make the queue longer, and
 * everybody in it later.
 */
const isQueued = (rows: number, queued: number): boolean => queued >= rows / PER_NUDGE;
