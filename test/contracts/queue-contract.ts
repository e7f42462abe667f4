import { afterEach, describe, expect, it } from 'vitest';
import type { Consumer, Queue } from '../../src/core/ports/outside.ts';
import { type Broker, createQueue, startConsumer } from '../../src/queue/index.ts';
import { until } from '../support/until.ts';

export interface BrokerUnderTest {
  broker: Broker;
  dispose(): Promise<void>;
}

const ids = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => `run-${from + index}`);

/** What a queue promises, wherever its jobs live. */
export function queueContract(name: string, make: () => Promise<BrokerUnderTest>): void {
  describe(`queue on ${name}`, () => {
    const cleanups: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    });

    const setUp = async (): Promise<{ broker: Broker; queue: Queue; troubles: string[] }> => {
      const { broker, dispose } = await make();
      const troubles: string[] = [];
      const queue = createQueue(broker, (what) => troubles.push(what));
      cleanups.push(dispose, () => queue.close());
      await until('the broker', () => broker.ready());
      return { broker, queue, troubles };
    };
    const consume = (consumer: Consumer): Consumer => {
      cleanups.push(() => consumer.stop());
      return consumer;
    };

    it('brings every id, at most 200 at a time', async () => {
      const { broker, queue, troubles } = await setUp();
      const batches: string[][] = [];
      await queue.nudgeRuns('bulk', ids(0, 450));
      consume(startConsumer(broker, 'runs', 'bulk', async (batch) => void batches.push(batch), { concurrency: 2 }));
      await until('all ids', () => batches.flat().length === 450);
      expect(batches.map((batch) => batch.length).sort((a, b) => b - a)).toEqual([200, 200, 50]);
      expect(new Set(batches.flat())).toEqual(new Set(ids(0, 450)));
      expect(troubles).toEqual([]);
    });

    it('keeps the lanes and the kinds apart', async () => {
      const { broker, queue } = await setUp();
      const heard: string[] = [];
      const listen = (kind: 'runs' | 'sends' | 'events', lane: 'interactive' | 'bulk'): void => void consume(
        startConsumer(broker, kind, lane, async (batch) => void heard.push(`${kind} ${lane} ${batch.join()}`), { concurrency: 1 }),
      );
      listen('runs', 'interactive');
      listen('runs', 'bulk');
      listen('sends', 'interactive');
      listen('events', 'interactive');
      await Promise.all([queue.nudgeRuns('interactive', ['a']), queue.nudgeRuns('bulk', ['b']), queue.nudgeSends('interactive', ['c']), queue.nudgeEvents()]);
      await until('four calls', () => heard.length === 4);
      expect(heard.sort()).toEqual(['events interactive ', 'runs bulk b', 'runs interactive a', 'sends interactive c']);
    });

    it('gathers single ids into batches', async () => {
      const { broker, queue } = await setUp();
      const batches: string[][] = [];
      for (const id of ids(0, 60)) await queue.nudgeRuns('interactive', [id]);
      consume(startConsumer(broker, 'runs', 'interactive', async (batch) => void batches.push(batch), { concurrency: 2, gatherMs: 3 }));
      await until('all ids', () => batches.flat().length >= 60);
      expect(batches.length).toBeLessThan(60);
    });

    it('tries a nudge again whose handler threw', async () => {
      const { broker, queue } = await setUp();
      let calls = 0;
      consume(startConsumer(broker, 'runs', 'interactive', async () => {
        calls += 1;
        if (calls < 3) throw new Error('the database is away');
      }, { concurrency: 1 }));
      await queue.nudgeRuns('interactive', ['a']);
      await until('the third try', () => calls === 3);
    });

    it('finishes what is in hand before it stops', async () => {
      const { broker, queue } = await setUp();
      const trail: string[] = [];
      let release = (): void => undefined;
      const consumer = consume(startConsumer(broker, 'runs', 'interactive', async () => {
        trail.push('begun');
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        trail.push('done');
      }, { concurrency: 1 }));
      await queue.nudgeRuns('interactive', ['a']);
      await until('the handler', () => trail.length === 1);
      const stopped = consumer.stop().then(() => trail.push('stopped'));
      release();
      await stopped;
      expect(trail).toEqual(['begun', 'done', 'stopped']);
    });

    it('counts what waits, answers a ping, and forgets what is done', async () => {
      const { broker, queue } = await setUp();
      await queue.ping(2_000);
      await queue.nudgeRuns('bulk', ids(0, 250));
      expect(await queue.depths()).toMatchObject({ 'runs-bulk': 2, 'runs-interactive': 0 });
      consume(startConsumer(broker, 'runs', 'bulk', async () => undefined, { concurrency: 2 }));
      await until('an empty queue', async () => (await queue.depths())['runs-bulk'] === 0);
    });
  });
}
