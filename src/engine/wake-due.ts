import type { Context } from '../context.ts';
import { runBatch } from './run-batch.ts';

const CHUNK = 200;

/** Wakes every run whose timer is due, chunk by chunk, until a chunk is not full. Gives how many it woke. Any number of schedulers may do so at once. */
export async function wakeDue(ctx: Pick<Context, 'runs' | 'events' | 'versions' | 'assets' | 'queue' | 'bus' | 'logger' | 'telemetry'>): Promise<number> {
  const woken = new Set<string>();
  for (;;) {
    const ids = await ctx.runs.dueTimers(CHUNK);
    const before = woken.size;
    for (const id of ids) woken.add(id);
    await runBatch(ctx, ids, ids.length < CHUNK ? 'interactive' : 'bulk');
    // A chunk of nothing but familiar runs: others hold them now, and the next round looks again.
    if (ids.length < CHUNK || woken.size === before) return woken.size;
  }
}
