import { afterEach, describe, expect, it } from 'vitest';
import type { Bus, LiveMessage } from '../../src/core/ports/outside.ts';
import { activityStream, type ActivityEvent } from '../../src/live/activity.ts';
import { until } from '../support/until.ts';

export interface BusesUnderTest {
  /** One bus of each of two processes. */
  here: Bus;
  there: Bus;
  troubles: string[];
  dispose(): Promise<void>;
}

const message = (id: string, runs = 1): LiveMessage => ({
  locationId: 'l', workflowId: id, at: 1_000,
  runs: Array.from({ length: runs }, (_, index) => ({ id: `${id}-${index}`, rev: 2, status: 'active', moves: [['', 'next', 'welcome']] as [string, string, string][] })),
  counts: { enrolled: runs },
});

/** What a bus promises, whatever carries it. */
export function busContract(name: string, make: () => Promise<BusesUnderTest>): void {
  describe(`bus on ${name}`, () => {
    let disposers: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const dispose of disposers) await dispose();
      disposers = [];
    });
    const setUp = async (): Promise<BusesUnderTest> => {
      const buses = await make();
      disposers.push(buses.dispose);
      return buses;
    };

    /** A subscription takes a moment to stand: publish until it hears. */
    const listening = async (from: Bus, on: Bus): Promise<LiveMessage[]> => {
      const heard: LiveMessage[] = [];
      on.subscribe((each) => heard.push(each));
      await until('a subscription', () => {
        from.publish(message('ready?'));
        return heard.length > 0;
      });
      return heard;
    };
    const about = (heard: LiveMessage[], id: string): LiveMessage[] => heard.filter((each) => each.workflowId === id);

    it('is heard in every process, the own one included', async () => {
      const { here, there, troubles } = await setUp();
      const [near, far] = [await listening(here, here), await listening(here, there)];
      here.publish(message('w1'));
      await until('both', () => about(near, 'w1').length === 1 && about(far, 'w1').length === 1);
      expect(about(far, 'w1')).toEqual([message('w1')]);
      expect(troubles).toEqual([]);
    });

    it('brings a large batch whole, in as many parts as the wire needs', async () => {
      const { here, there } = await setUp();
      const heard = await listening(here, there);
      here.publish(message('big', 200));
      const runs = await until('200 runs', () => {
        const all = about(heard, 'big').flatMap((each) => each.runs);
        return all.length >= 200 ? all : null;
      });
      expect(runs.map((run) => run.id).sort()).toEqual(message('big', 200).runs.map((run) => run.id).sort());
      expect(about(heard, 'big').reduce((sum, each) => sum + (each.counts.enrolled ?? 0), 0)).toBe(200);
    });

    it('carries an activity stream that is cut off and resumed behind any of its events', async () => {
      const { here, there } = await setUp();
      const follow = (after: string | null) => activityStream({ bus: there, locationId: 'l', workflowIds: new Set(['w3']), after, now: () => 0 });
      const take = async (stream: AsyncIterator<ActivityEvent>, count: number): Promise<ActivityEvent[]> => {
        const events: ActivityEvent[] = [];
        while (events.length < count) events.push((await stream.next()).value);
        return events;
      };
      const whole = follow(null);
      const all = take(whole, 6);
      await listening(here, there);
      for (let n = 0; n < 3; n += 1) here.publish(message('w3', 2));
      const events = await all;
      await whole.return!();
      expect(events.map((event) => event.kind)).toEqual(Array.from({ length: 6 }, () => 'entered'));
      for (const [index, { cursor }] of events.slice(0, -1).entries()) {
        const again = follow(cursor);
        expect(await take(again, 5 - index)).toEqual(events.slice(index + 1));
        await again.return!();
      }
    });

    it('names a gap behind a cursor that it never gave, and goes on', async () => {
      const { here, there } = await setUp();
      await listening(here, there);
      const stream = activityStream({ bus: there, locationId: 'l', workflowIds: new Set(['w4']), after: '12-3.1', now: () => 0 });
      expect((await stream.next()).value.kind).toBe('gap');
      here.publish(message('w4'));
      expect((await stream.next()).value).toMatchObject({ kind: 'entered', workflowId: 'w4' });
      await stream.return!();
    });

    it('stops at a listener that has gone', async () => {
      const { here, there } = await setUp();
      const heard = await listening(here, there);
      const gone: LiveMessage[] = [];
      there.subscribe((each) => gone.push(each))();
      here.publish(message('w2'));
      await until('the other listener', () => about(heard, 'w2').length === 1);
      expect(gone).toEqual([]);
    });
  });
}
