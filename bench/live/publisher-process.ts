import { Redis } from 'ioredis';
import { createRedisBus } from '../../src/live/bus-redis.ts';
import { eventAt, messageOf } from './story.ts';
import type { PublisherPlan, ToPublisher } from './told.ts';

/** A process that publishes step events as an execution worker does after its commits, a hundred times a second. */
const TICK_MS = 10;
const plan = JSON.parse(process.argv[2] ?? '') as PublisherPlan;
const send = plan.way === 'bus' ? byBus(plan) : byPublish(plan);

process.on('message', (order: ToPublisher) => void publish(order).then(() => process.send?.('published')));
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

async function publish({ rate, first, count }: ToPublisher): Promise<void> {
  const began = performance.now();
  for (let told = 0; told < count; ) {
    const due = Math.min(count, Math.ceil(((performance.now() - began) / 1_000) * rate));
    if (due > told) send(first + told, first + due);
    told = Math.max(told, due);
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
}

function byBus({ redisUrl, prefix, locationId, workflowId }: PublisherPlan): (first: number, end: number) => void {
  const bus = createRedisBus(redisUrl, prefix, (what, error) => process.stderr.write(`${what}: ${String(error)}\n`));
  return (first, end) => bus.publish(messageOf({ locationId, workflowId }, first, end, Date.now()));
}

function byPublish({ redisUrl, prefix }: PublisherPlan): (first: number, end: number) => void {
  const redis = new Redis(redisUrl);
  return (first, end) => {
    for (let n = first; n < end; n += 1) void redis.publish(`${prefix}:events`, JSON.stringify({ ...eventAt(n), cursor: `${n}`, at: Date.now() }));
  };
}
