import type { Context } from '../context.ts';
import type { ClaimedSend, Lane } from '../core/ports/hot-path.ts';
import { createRateBucket, type RateBucket } from '../core/rate-bucket.ts';
import type { Channel } from '../core/state.ts';
import { channelNames, channels } from './channels/index.ts';
import { Later } from './deliver-later.ts';
import { Places } from './deliver-places.ts';
import { Results } from './deliver-results.ts';
import { stoppedAtGate } from './gate.ts';
import { asBatch } from './seen.ts';
import { nudgeRuns } from './go-on.ts';
import { inTime, LEASE_MS } from './lease.ts';
import { performSend, type Outlets } from './perform-send.ts';

/** How long a doorbell waits for a place at a busy provider before it lets the next one in. */
const PATIENCE_MS = 2_000;
const RING_AGAIN_MS = 1_000;

/**
 * Delivers sends: claims those that are due and may leave, calls their providers with bounded concurrency, writes the results
 * and wakes the runs. Ids that are not due, gone or owned by another worker are passed over, so any id may come any number of
 * times. Throws only when the ledger cannot be read.
 */
export async function deliver(ctx: Context, sendIds: string[], lane: Lane): Promise<void> {
  if (sendIds.length > 0) await asBatch(ctx, 'sends', lane, sendIds.length, () => deliverAll(ctx, [...new Set(sendIds)], lane));
}

async function deliverAll(ctx: Context, sendIds: string[], lane: Lane): Promise<void> {
  const floor = floorOf(ctx);
  const running: Promise<void>[] = [];
  let waiting = sendIds;
  let names = channelNames;
  while (waiting.length > 0) {
    const room = await floor.places.take(names, waiting.length, PATIENCE_MS);
    if (floor.closing) {
      await ctx.queue.nudgeSends(lane, waiting);
      break;
    }
    if (room === null) {
      floor.later.ring(lane, waiting, RING_AGAIN_MS);
      break;
    }
    const { claimed, left } = await claimInto(ctx, floor, waiting, lane, room);
    running.push(...claimed);
    waiting = left.map(({ id }) => id);
    names = [...new Set(left.map(({ channel }) => channel))];
  }
  await Promise.all(running);
}

/** Claims no more in this process, which is about to end: what is under way is finished, and the rest of each doorbell is rung for again, for others. */
export function stopDelivering(ctx: Context): void {
  floorOf(ctx).closing = true;
}

/** What one process holds together while it delivers. */
interface Floor extends Outlets {
  closing: boolean;
  places: Places;
  buckets: Map<string, RateBucket>;
}

const floors = new WeakMap<Context, Floor>();

function floorOf(ctx: Context): Floor {
  const known = floors.get(ctx);
  if (known) return known;
  const limits = Object.fromEntries(channelNames.map((name) => [name, channels[name].provider(ctx).capacity?.atOnce ?? Infinity])) as Record<Channel, number>;
  const floor: Floor = { closing: false, places: new Places(limits), results: new Results(ctx), later: new Later(ctx), buckets: new Map() };
  floors.set(ctx, floor);
  return floor;
}

/** Claims as many as there are places and starts each at once. Places that were not needed are given back. */
async function claimInto(ctx: Context, floor: Floor, ids: string[], lane: Lane, room: Partial<Record<Channel, number>>) {
  const unused = new Map(Object.entries(room) as [Channel, number][]);
  try {
    const claimedAt = performance.now();
    const { claimed, nudge, left, postponed } = await ctx.sends.claim(ids, LEASE_MS, room);
    for (const { id, inMs } of postponed) floor.later.ring(lane, [id], inMs);
    const stopped = await stoppedAtGate(ctx, claimed);
    const running = claimed.map((send) => {
      const result = stopped.get(send.id);
      if (result) return floor.results.record({ send, result, lane });
      unused.set(send.channel, (unused.get(send.channel) ?? 0) - 1);
      return performSend(ctx, floor, send, lane, { bucket: bucketOf(ctx, floor, send), inTime: () => inTime(claimedAt) }).finally(() => floor.places.release(send.channel));
    });
    if (nudge.length > 0) running.push(nudgeRuns(ctx, nudge, () => lane));
    return { claimed: running, left };
  } finally {
    for (const [name, count] of unused) floor.places.release(name, count);
  }
}

/** One bucket a location and channel. The location's own ceiling goes before the provider's; a provider without capacity needs none. */
function bucketOf(ctx: Context, floor: Floor, send: ClaimedSend): RateBucket | null {
  const own = Number(send.rateLimits[send.channel]);
  const perSecond = own > 0 ? own : channels[send.channel].provider(ctx).capacity?.perSecond;
  if (!perSecond || !Number.isFinite(perSecond)) return null;
  const key = `${send.locationId}/${send.channel}/${perSecond}`;
  const bucket = floor.buckets.get(key) ?? createRateBucket(perSecond);
  floor.buckets.set(key, bucket);
  return bucket;
}
