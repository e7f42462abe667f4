import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { createPostgresBroker, createQueue, createRedisBroker, startConsumer } from '../../src/queue/index.ts';
import { queueContract } from '../contracts/queue-contract.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { proxyOf } from '../support/proxy.ts';
import { hasRedis, testPrefix, testRedisUrl } from '../support/redis.ts';
import { until } from '../support/until.ts';

const complain = (what: string, error: unknown): void => {
  if (!/onnection|ECONN|closed/i.test(String(error))) throw new Error(what, { cause: error });
};

async function forget(prefix: string): Promise<void> {
  const redis = new Redis(testRedisUrl());
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
}

if (hasRedis()) queueContract('Redis', async () => {
  const prefix = testPrefix();
  return { broker: createRedisBroker(testRedisUrl(), prefix, complain), dispose: () => forget(prefix) };
});

queueContract('PostgreSQL', async () => {
  const database = await createEmptyDatabase();
  return { broker: createPostgresBroker(database.url, 'bullmq', complain), dispose: () => database.drop() };
});

describe.skipIf(!hasRedis())('queue on a Redis that fails', () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  it('drops nudges while Redis is away, says so once, and works again when it is back', async () => {
    const prefix = testPrefix();
    const proxy = await proxyOf(testRedisUrl());
    const troubles: string[] = [];
    const broker = createRedisBroker(proxy.url, prefix, () => undefined);
    const queue = createQueue(broker, (what) => troubles.push(what));
    const heard: string[] = [];
    const consumer = startConsumer(broker, 'runs', 'interactive', async (ids) => void heard.push(...ids), { concurrency: 1, gatherMs: 3 });
    cleanups.push(() => proxy.close(), () => forget(prefix), () => queue.close(), () => consumer.stop());
    await until('a connection', () => broker.ready());
    await queue.nudgeRuns('interactive', ['before']);
    await until('the first nudge', () => heard.includes('before'));

    proxy.cut();
    await until('the loss', () => !broker.ready());
    await queue.nudgeRuns('interactive', ['during']);
    await queue.nudgeRuns('interactive', ['during too']);
    await expect(queue.ping(500)).rejects.toThrow();
    expect(troubles).toHaveLength(1);

    proxy.mend();
    await until('the nudge after', async () => {
      await queue.nudgeRuns('interactive', ['after']);
      return heard.includes('after');
    });
    expect(heard).not.toContain('during');
  });

  it('goes on consuming when every key vanishes', async () => {
    const prefix = testPrefix();
    const broker = createRedisBroker(testRedisUrl(), prefix, () => undefined);
    const queue = createQueue(broker, () => undefined);
    const heard: string[] = [];
    const consumer = startConsumer(broker, 'runs', 'bulk', async (ids) => void heard.push(...ids), { concurrency: 2 });
    cleanups.push(() => forget(prefix), () => queue.close(), () => consumer.stop());
    await until('a connection', () => broker.ready());
    for (const round of ['one', 'two', 'three']) {
      await queue.nudgeRuns('bulk', [round]);
      await until(round, () => heard.includes(round));
      await forget(prefix);
    }
    await queue.nudgeRuns('bulk', ['last']);
    await until('the last', () => heard.includes('last'));
  });

  it('starts without a Redis, and finds it later', async () => {
    const prefix = testPrefix();
    const proxy = await proxyOf(testRedisUrl());
    proxy.cut();
    const broker = createRedisBroker(proxy.url, prefix, () => undefined);
    const queue = createQueue(broker, () => undefined);
    const heard: string[] = [];
    const consumer = startConsumer(broker, 'events', 'interactive', async () => void heard.push('rang'), { concurrency: 1, gatherMs: 3 });
    cleanups.push(() => proxy.close(), () => forget(prefix), () => queue.close(), () => consumer.stop());
    await queue.nudgeEvents();
    proxy.mend();
    await until('the bell', async () => {
      await queue.nudgeEvents();
      return heard.length > 0;
    });
  });
});
