import { describe, expect, it } from 'vitest';
import { pathOf, withEvent, withRead, type JourneyEvent, type Timeline } from '../../src/dashboard/model/timeline.ts';
import type { JourneyStepFragment } from '../../src/generated/operations/graphql.ts';

const step = (seq: number, stepKey: string, outcome: string | null): JourneyStepFragment => ({
  seq, stepKey, outcome, visit: 1, attempt: 1, status: outcome === null ? 'EXECUTING' : 'COMPLETED', startedAt: '2026-03-02T09:00:00Z',
  completedAt: outcome === null ? null : '2026-03-02T09:00:01Z', scheduledFor: null, input: null, output: null, error: null, decision: null, send: null,
});
const began = (log: JourneyStepFragment): JourneyEvent => ({ __typename: 'StepStarted', cursor: `${log.seq}-1`, log });
const ended = (log: JourneyStepFragment): JourneyEvent => ({ __typename: 'StepEnded', cursor: `${log.seq}-2`, log });
const empty: Timeline = { steps: [], status: 'ACTIVE', exitReason: null, facts: new Map() };
const told = (...events: JourneyEvent[]): Timeline => events.reduce(withEvent, empty);

describe('a timeline', () => {
  it('has each step once, in its order, as it stands', () => {
    const { steps } = told(began(step(1, 'hello', null)), ended(step(1, 'hello', 'next')), began(step(2, 'pause', null)));
    expect(steps.map(({ stepKey, outcome }) => [stepKey, outcome])).toEqual([['hello', 'next'], ['pause', null]]);
  });

  it('is the same when a stream that came back replays', () => {
    const events = [began(step(1, 'hello', null)), ended(step(1, 'hello', 'next')), began(step(2, 'pause', null))];
    expect(told(...events, ...events)).toEqual(told(...events));
  });

  it('keeps an end that was read before its beginning was told', () => {
    expect(told(ended(step(1, 'hello', 'next')), began(step(1, 'hello', null))).steps[0]?.outcome).toBe('next');
  });

  it('passes over an event whose row is gone', () => expect(told({ __typename: 'StepEnded', cursor: '1-2', log: null })).toEqual(empty));

  it('says how the run ended', () => {
    expect(told({ __typename: 'StatusChanged', cursor: '3', status: 'EXITED', exitReason: 'moved away' })).toMatchObject({ status: 'EXITED', exitReason: 'moved away' });
  });

  it('notes what was tracked, once', () => {
    const opened: JourneyEvent = { __typename: 'TrackingFact', cursor: '4', name: 'opened', stepKey: 'hello' };
    expect([...told(opened, opened, { ...opened, name: 'clicked' }).facts]).toEqual([['hello', ['opened', 'clicked']]]);
  });
});

describe('what was read anew', () => {
  it('is newer than what was heard, and loses neither older steps nor what was tracked', () => {
    const opened: JourneyEvent = { __typename: 'TrackingFact', cursor: '4', name: 'opened', stepKey: 'hello' };
    const failed = told(ended(step(1, 'hello', 'next')), began(step(2, 'call', null)), opened, { __typename: 'StatusChanged', cursor: '5', status: 'FAILED', exitReason: 'call' });
    const again = withRead(failed, { status: 'ACTIVE', exitReason: null, steps: [step(2, 'call', 'error'), step(3, 'call', null)] });
    expect(again.steps.map(({ seq, outcome }) => [seq, outcome])).toEqual([[1, 'next'], [2, 'error'], [3, null]]);
    expect([again.status, again.exitReason, [...again.facts.keys()]]).toEqual(['ACTIVE', null, ['hello']]);
  });
});

describe('a path', () => {
  it('is the steps and the edges that were taken, and how one came in', () => {
    const { steps, edges } = pathOf([step(1, 'hello', 'next'), step(2, 'vip', 'then'), step(3, 'pause', null)], ['trigger:0:next']);
    expect([[...steps], [...edges]]).toEqual([['hello', 'vip', 'pause'], ['trigger:0:next', 'hello:next', 'vip:then']]);
  });
});
