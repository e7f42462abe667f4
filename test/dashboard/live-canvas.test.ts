import { describe, expect, it } from 'vitest';
import { untold, withFrame } from '../../src/dashboard/model/live-canvas.ts';

const totals = { enrolled: 3, active: 2, completed: 1, exited: 0, failed: 0 };
const frame = (snapshot: boolean, nodes: [string, number][], edges: [string, string, number][] = []) => ({
  snapshot, totals, asOf: '2026-03-02T09:00:00Z', moves: [], omittedMoves: 0,
  nodes: nodes.map(([stepKey, waiting]) => ({ stepKey, waiting, passed: 0, failed: 0 })),
  edges: edges.map(([from, outcome, count]) => ({ from, outcome, count })),
});

describe('frames', () => {
  it('add up: a later one brings only what changed', () => {
    const first = withFrame(untold, frame(true, [['hello', 0], ['pause', 2]], [['hello', 'next', 2]]));
    const then = withFrame(first, frame(false, [['pause', 1]], [['pause', 'next', 1]]));
    expect([...then.steps.values()].map(({ stepKey, waiting }) => [stepKey, waiting])).toEqual([['hello', 0], ['pause', 1]]);
    expect([...then.taken]).toEqual([['hello:next', 2], ['pause:next', 1]]);
    expect(then.totals).toEqual(totals);
  });

  it('begin anew with a snapshot, so that what was missed is not kept', () => {
    const first = withFrame(untold, frame(true, [['gone', 5]], [['gone', 'next', 5]]));
    const then = withFrame(first, frame(true, [['hello', 1]]));
    expect([[...then.steps.keys()], [...then.taken]]).toEqual([['hello'], []]);
  });
});
