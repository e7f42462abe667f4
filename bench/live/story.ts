import type { LiveMessage } from '../../src/core/ports/outside.ts';

/** Runs of the live workload take five moves each, as WORK does: in by the trigger, over four edges. */
const PATH = ['vip', 'plan', 'split', 'hello', 'done'];
const RUN_MOVES = PATH.length;

/** What the bench subscribes to, of ours and of the stock server alike. */
export const DOCUMENT = `subscription($after: Cursor) { workflowEvents(after: $after) { __typename
  ... on ContactEntered { cursor at enrollmentId to } ... on ContactMoved { cursor at enrollmentId from outcome to } ... on RunEnded { cursor at enrollmentId status } ... on ActivityGap { cursor at reason } } }`;

/** What event `n` of a run of the bench says, counted from 0: five events are one contact's run. */
export function eventAt(n: number): { enrollmentId: string; from: string; outcome: string; to: string } {
  const step = n % RUN_MOVES;
  const enrollmentId = `00000000-0000-7000-8000-${Math.floor(n / RUN_MOVES).toString(16).padStart(12, '0')}`;
  return { enrollmentId, from: step === 0 ? '' : PATH[step - 1]!, outcome: step === 0 ? 'start' : 'next', to: PATH[step]! };
}

/** Events `first` up to `end` as the message of one commit. */
export function messageOf(place: { locationId: string; workflowId: string }, first: number, end: number, at: number): LiveMessage {
  const runs = new Map<string, LiveMessage['runs'][number]>();
  for (let n = first; n < end; n += 1) {
    const { enrollmentId, from, outcome, to } = eventAt(n);
    const run = runs.get(enrollmentId) ?? { id: enrollmentId, rev: 1, status: 'active', moves: [] };
    run.moves.push([from, outcome, to]);
    runs.set(enrollmentId, run);
  }
  return { ...place, at, runs: [...runs.values()], counts: {} };
}
