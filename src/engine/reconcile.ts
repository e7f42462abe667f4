import type { Context } from '../context.ts';
import type { Lane } from '../core/ports/hot-path.ts';

/** A row that nobody took for this long lost its nudge. */
const GRACE_MS = 5_000;
/**
 * The same id is not nudged again sooner: it may be waiting in a long queue. With the pause between two sweeps this stays below the ten
 * seconds within which work goes on after the queue was flushed or away, for such a queue takes nudges and loses them.
 */
const QUIET_MS = 5_000;
/** Nothing says who waits for what was lost. A few stand in nobody's way, so they come at once; more than that is a campaign, and goes behind the interactive work. */
const FEW = 200;
/** A page: a whole campaign that lost its nudges is rung for again within a few sweeps. */
const AT_MOST = 20_000;

/**
 * Repairs what was lost: rings again for runs whose due rows nobody took, and for sends that are due or whose worker died. Rows
 * are only read; whoever answers the ring takes them. Call it every second or two, in any number of processes.
 */
export async function sweep(ctx: Context): Promise<void> {
  const memory = memoryOf(ctx);
  const now = ctx.clock.machineNow();
  forget(memory, now);
  await ring(memory, now, await ctx.runs.stranded(GRACE_MS, AT_MOST), (lane, ids) => ctx.queue.nudgeRuns(lane, ids));
  await ring(memory, now, await ctx.sends.unfinished(GRACE_MS, AT_MOST), (lane, ids) => ctx.queue.nudgeSends(lane, ids));
}

/** Id → when it was last nudged (machine ms). */
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

async function ring(memory: Memory, now: number, found: string[], nudge: (lane: Lane, ids: string[]) => Promise<void>): Promise<void> {
  const ids = found.filter((id) => !memory.has(id));
  if (ids.length === 0) return;
  await nudge(found.length <= FEW ? 'interactive' : 'bulk', ids);
  for (const id of ids) memory.set(id, now);
}
