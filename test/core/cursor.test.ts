import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, lastCursor, trailEvents } from '../../src/core/cursor.ts';
import type { EnrollmentRecord, FactRecord, StepLogRecord } from '../../src/core/ports/records.ts';

const log = (seq: number, startedRev: number, endedRev: number | null): StepLogRecord => ({
  enrollmentId: 'e', seq, stepId: `s${seq}`, stepType: 'wait', visit: 1, attempt: 1, status: endedRev === null ? 'executing' : 'completed', input: null, output: { a: 1 },
  decision: null, error: null, outcome: 'next', startedAt: 10, completedAt: endedRev === null ? null : 20, startedRev, endedRev,
});
const run = (status: EnrollmentRecord['status'], revision: number) =>
  ({ status, revision, exitReason: null, enrolledAt: 1, completedAt: status === 'active' ? null : 30 }) as EnrollmentRecord;
const fact = (seq: number, revision: number): FactRecord => ({ sendId: 'x', stepId: `s${seq}`, visit: 1, seq, name: 'opened', at: 15, revision });
const tell = (...[trail, after]: Parameters<typeof trailEvents>) => trailEvents(trail, after).map(({ kind, cursor }) => `${kind} ${cursor}`);

describe('a cursor', () => {
  it('comes back as the place that it names', () => {
    const place = { revision: 12, seq: 5, phase: 1 };
    expect(decodeCursor(encodeCursor(place))).toEqual(place);
  });

  it.each(['', 'x', '1-2', '1-2-3-4', '-1-2-3', '1-2-33', '99999999999-1-1'])('is never "%s"', (text) => {
    expect(decodeCursor(text)).toBeNull();
  });
});

describe('the events of a trail', () => {
  const trail = { enrollment: run('completed', 4), logs: [log(1, 2, 2), log(2, 2, 3), log(3, 3, 4)], facts: [fact(1, 3)] };
  const all = [
    'step_started 2-1-0',
    'step_ended 2-1-1',
    'step_started 2-2-0',
    'fact 3-1-2',
    'step_ended 3-2-1',
    'step_started 3-3-0',
    'step_ended 4-3-1',
    'status_changed 4-2147483647-3',
  ];

  it('come in the order of the commits, then of the rows, then of their sides, and the end comes last', () => {
    expect(tell(trail, null)).toEqual(all);
  });

  it('go on after any of them without a gap or a repeat', () => {
    for (const [at, told] of all.entries()) expect(tell(trail, decodeCursor(told.split(' ')[1]!))).toEqual(all.slice(at + 1));
  });

  it('say nothing after the end, even when a fact moved the revision later', () => {
    expect(tell({ ...trail, enrollment: run('completed', 9), facts: [fact(1, 9)] }, decodeCursor('4-2147483647-3'))).toEqual([]);
  });

  it('go on behind the end of a run that failed and was taken up again', () => {
    const retried = { enrollment: run('active', 6), logs: [...trail.logs, log(4, 6, null)], facts: [fact(1, 5)] };
    expect(tell(retried, decodeCursor('4-2147483647-3'))).toEqual(['fact 5-1-2', 'step_started 6-4-0']);
  });

  it('show a begun row as it was when it began', () => {
    expect(trailEvents(trail, null)[0]).toMatchObject({ kind: 'step_started', log: { status: 'executing', output: null, outcome: null, completedAt: null } });
  });

  it('hold an unfinished row’s end back', () => {
    expect(tell({ enrollment: run('active', 2), logs: [log(1, 2, null)], facts: [] }, null)).toEqual(['step_started 2-1-0']);
  });

  it('go on from a snapshot with nothing that the snapshot held', () => {
    expect(tell(trail, decodeCursor(lastCursor(trail.enrollment)))).toEqual([]);
    const active = { ...trail, enrollment: run('active', 4) };
    expect(tell(active, decodeCursor(lastCursor(active.enrollment)))).toEqual([]);
  });
});
