import { describe, expect, it } from 'vitest';
import { activityStream, type ActivityEvent } from '../../src/live/activity.ts';
import { createFeed } from '../../src/live/feed.ts';
import { watch } from '../../src/live/watch.ts';
import { createHandBus, liveMessage } from '../support/hand-bus.ts';
import { until } from '../support/until.ts';

function given(kept = 100) {
  const bus = createHandBus();
  const feed = createFeed(bus, kept);
  const open = (after: string | null = null, more: Partial<Parameters<typeof activityStream>[0]> = {}) =>
    activityStream({ bus, feed, locationId: 'loc', workflowIds: null, after, now: () => 7, ...more });
  /** One message with so many moves of one run. */
  const tell = (run: string, moves = 1, workflowId = 'w1') =>
    bus.publish(liveMessage(workflowId, { [run]: Array.from({ length: moves }, (_, n): [string, string, string] => [n === 0 ? '' : `s${n}`, 'next', `s${n + 1}`]) }));
  return { bus, feed, open, tell };
}
async function take(stream: AsyncIterator<ActivityEvent>, count: number): Promise<ActivityEvent[]> {
  const events: ActivityEvent[] = [];
  while (events.length < count) events.push((await stream.next()).value);
  return events;
}
const told = (events: ActivityEvent[]) => events.map((event) => (event.kind === 'gap' ? 'gap' : `${event.enrollmentId}:${event.kind}`));

describe('the activity feed', () => {
  it('tells what comes, move by move, and that a run ended', async () => {
    const { bus, open, tell } = given();
    const stream = open();
    const first = take(stream, 3);
    tell('a', 2);
    bus.publish({ ...liveMessage('w1', {}), runs: [{ id: 'a', rev: 3, status: 'exited', moves: [], ended: true }] });
    expect(told(await first)).toEqual(['a:entered', 'a:moved', 'a:ended']);
    await stream.return!();
  });

  it('goes on behind any cursor, in the middle of a message too, without loss or doubles', async () => {
    const { open, tell } = given();
    const live = open();
    const all = take(live, 6);
    for (const run of ['a', 'b', 'c']) tell(run, 2);
    const events = await all;
    await live.return!();
    for (const [index, { cursor }] of events.entries()) {
      const again = open(cursor);
      tell(`later${index}`);
      const rest = await take(again, 6 - index);
      expect(told(rest).slice(0, 5 - index)).toEqual(told(events.slice(index + 1)));
      await again.return!();
    }
  });

  it('hears one location, and the workflows asked for', async () => {
    const { bus, open, tell } = given();
    const stream = open(null, { workflowIds: new Set(['w2']) });
    const first = take(stream, 1);
    tell('a');
    bus.publish({ ...liveMessage('w2', { x: [['', 'start', 's']] }), locationId: 'elsewhere' });
    tell('b', 1, 'w2');
    expect(told(await first)).toEqual(['b:entered']);
    await stream.return!();
  });

  it('says once what it cannot tell: the feed has gone on, or the cursor is of another process', async () => {
    const { open, tell, feed } = given(3);
    const first = open();
    const begun = take(first, 1);
    tell('a');
    const [{ cursor }] = (await begun) as [ActivityEvent];
    await first.return!();
    for (const run of ['b', 'c', 'd', 'e']) tell(run);
    const again = open(cursor);
    expect(told(await take(again, 4))).toEqual(['gap', 'c:entered', 'd:entered', 'e:entered']);
    await again.return!();
    const foreign = open(`zz${feed.epoch}-2.0`);
    const events = take(foreign, 2);
    await until('it listens', () => feed.bells.size === 1);
    tell('f');
    expect(told(await events)).toEqual(['gap', 'f:entered']);
    await foreign.return!();
  });

  it('refuses what is no cursor', () => {
    expect(() => given().open('12')).toThrow(/no cursor/);
  });

  it('lets a reader go that does not read, with a cursor that loses nothing', async () => {
    const { open, tell, feed } = given();
    const slow = open(null, { buffer: 2, patienceMs: 1 });
    const first = take(slow, 1);
    for (let n = 0; n < 5; n += 1) tell(`r${n}`);
    await first;
    await until('the reader is let go', () => feed.bells.size === 0);
    const rest: ActivityEvent[] = [];
    const ends = async (): Promise<{ reason: string; cursor: string }> => {
      for (;;) {
        try {
          rest.push((await slow.next()).value);
        } catch (error) {
          return (error as { detail: { reason: string; cursor: string } }).detail;
        }
      }
    };
    const { reason, cursor } = await ends();
    expect(rest.length).toBeLessThan(4);
    expect(reason).toBe('LAGGING');
    const again = open(cursor);
    expect(told([...rest, ...(await take(again, 4 - rest.length))])).toEqual(['r1', 'r2', 'r3', 'r4'].map((run) => `${run}:entered`));
    await again.return!();
  });

  it('stops listening for a reader who left', async () => {
    const { feed, open } = given();
    const stream = open();
    const waiting = stream.next();
    await until('it listens', () => feed.bells.size === 1);
    await stream.return!();
    expect((await waiting).done).toBe(true);
    expect(feed.bells.size).toBe(0);
  });
});

describe('a watched value', () => {
  it('is told now, and again when a hint finds another one', async () => {
    const bus = createHandBus();
    let value = 1;
    const stream = watch({ read: async () => value, keyOf: (read) => read, hint: { bus, workflowId: 'w1' }, everyMs: 60_000 });
    expect((await stream.next()).value).toBe(1);
    value = 2;
    const next = stream.next();
    await until('it listens', () => bus.listeners() === 1);
    bus.publish(liveMessage('w1', {}));
    expect((await next).value).toBe(2);
    await stream.return!();
    expect(bus.listeners()).toBe(0);
  });
});
