import { describe, expect, it } from 'vitest';
import { changed, createMoveList, workflowStream } from '../../src/live/workflow-stream.ts';
import { createHandBus, liveMessage } from '../support/hand-bus.ts';

/** Counters of one node and one edge that a test moves. */
function createCounters() {
  let passed = 0;
  let reads = 0;
  return {
    move: (count = 1) => (passed += count),
    reads: () => reads,
    read: async () => {
      reads += 1;
      return {
        totals: { enrolled: passed },
        nodes: new Map([
          ['a', { stepKey: 'a', passed }],
          ['b', { stepKey: 'b', passed: 0 }],
        ]),
        edges: new Map([['a/next', { count: passed }]]),
      };
    },
  };
}

const START = { bus: createHandBus(), workflowId: 'w', maxFps: 1_000, pollMs: 60_000 };

describe('the stream of a workflow', () => {
  it('begins with everything', async () => {
    const counters = createCounters();
    counters.move(3);
    const stream = workflowStream({ ...START, bus: createHandBus(), read: counters.read });
    expect((await stream.next()).value).toEqual({
      snapshot: true, totals: { enrolled: 3 }, nodes: [{ stepKey: 'a', passed: 3 }, { stepKey: 'b', passed: 0 }], edges: [{ count: 3 }], moves: [], omittedMoves: 0,
    });
    await stream.return!();
  });

  it('melts 200,000 moves into few frames, with the newest values and the moves capped', async () => {
    const bus = createHandBus();
    const counters = createCounters();
    const stream = workflowStream({ ...START, bus, read: counters.read });
    await stream.next();
    const waiting = stream.next();
    for (let n = 0; n < 1_000; n += 1) {
      counters.move(200);
      bus.publish(liveMessage('w', { e: Array.from({ length: 200 }, () => ['a', 'next', 'b'] as [string, string, string]) }));
    }
    const frame = (await waiting).value;
    expect(frame.snapshot).toBe(false);
    expect(frame.nodes).toEqual([{ stepKey: 'a', passed: 200_000 }]);
    expect(frame.moves).toHaveLength(100);
    expect(frame.moves[0]).toEqual({ enrollmentId: 'e', from: 'a', outcome: 'next', to: 'b' });
    expect(frame.omittedMoves).toBe(199_900);
    expect(counters.reads()).toBe(2);
    await stream.return!();
  });

  it('does not read for a reader that takes nothing', async () => {
    const bus = createHandBus();
    const counters = createCounters();
    const stream = workflowStream({ ...START, bus, read: counters.read, pollMs: 1 });
    await stream.next();
    counters.move();
    bus.publish(liveMessage('w', { e: [['a', 'next', 'b']] }));
    const second = (await stream.next()).value;
    expect(second.totals).toEqual({ enrolled: 1 });
    await stream.return!();
  });

  it('sends no frame when nothing changed', async () => {
    const bus = createHandBus();
    const counters = createCounters();
    const stream = workflowStream({ ...START, bus, read: counters.read, pollMs: 1 });
    await stream.next();
    const waiting = stream.next();
    while (counters.reads() < 4) await new Promise((resolve) => setImmediate(resolve));
    counters.move();
    expect((await waiting).value.totals).toEqual({ enrolled: 1 });
    await stream.return!();
  });

  it('hears its own workflow only, and leaves the bus', async () => {
    const bus = createHandBus();
    const counters = createCounters();
    const stream = workflowStream({ ...START, bus, read: counters.read });
    await stream.next();
    bus.publish(liveMessage('other', { x: [['a', 'next', 'b']] }));
    counters.move();
    bus.publish(liveMessage('w', { e: [['a', 'next', 'b']] }));
    expect((await stream.next()).value.moves).toEqual([{ enrollmentId: 'e', from: 'a', outcome: 'next', to: 'b' }]);
    await stream.return!();
    expect(bus.listeners()).toBe(0);
  });
});

describe('what changed', () => {
  it('is the values that are new or differ', () => {
    expect(changed(new Map([['a', { n: 1 }], ['b', { n: 1 }]]), new Map([['a', { n: 1 }], ['b', { n: 2 }], ['c', { n: 0 }]]))).toEqual([{ n: 2 }, { n: 0 }]);
  });

  it('starts a new list of moves after each taking', () => {
    const moves = createMoveList(1);
    moves.add(liveMessage('w', { e: [['', 'next', 'a'], ['a', 'next', '']] }));
    expect(moves.take()).toEqual({ moves: [{ enrollmentId: 'e', from: '', outcome: 'next', to: 'a' }], omittedMoves: 1 });
    expect(moves.take()).toEqual({ moves: [], omittedMoves: 0 });
  });
});
