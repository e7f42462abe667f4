import type { EventStore, FusedEnrollment, LoadedBatch, RunCommit, RunStore, SendStore } from '../core/ports/hot-path.ts';
import type { Transition } from '../core/state.ts';
import type { Counts } from './counts.ts';
import type { Tracing } from './tracing.ts';

/** Who listens to the stores of the hot path. `speed` is the journey clock's. */
export interface Ears {
  counts: Counts;
  tracing: Tracing;
  speed: number;
}

/**
 * A run that waits remembers the batch that parked it: its `position` carries a `traceparent` of 55 characters, and the batch that takes it on links to it. A week's
 * wait is thus two short traces and a link instead of one endless trace. It costs no row, no column and no read, and nothing at all while nobody traces.
 */
export function watchRuns(runs: RunStore, ears: Ears): RunStore {
  const { counts, tracing } = ears;
  const loaded = async (name: string, ids: string[], load: (ids: string[]) => Promise<LoadedBatch>): Promise<LoadedBatch> => {
    const batch = await tracing.span(name, { 'millrace.runs': ids.length }, () => load(ids));
    noteLoaded(batch, ears);
    return batch;
  };
  return {
    ...runs,
    load: (ids) => loaded('load', ids, (some) => runs.load(some)),
    loadStanding: (ids) => loaded('load standing', ids, (some) => runs.loadStanding(some)),
    async commit(commits, now) {
      markAll(commits, tracing);
      const answer = await tracing.span('commit', { 'millrace.runs': commits.length }, () => runs.commit(commits, now));
      countMoved(commits, answer.moved, counts);
      return answer;
    },
  };
}

export function watchSends(sends: SendStore, { counts, tracing }: Ears): SendStore {
  return {
    ...sends,
    claim: (ids, leaseMs, room) => tracing.span('claim', { 'millrace.sends': ids.length }, () => sends.claim(ids, leaseMs, room)),
    async finish(results, onward) {
      if (onward) markAll(onward.commits, tracing);
      const answer = await tracing.span('commit results', { 'millrace.sends': results.length }, () => sends.finish(results, onward));
      if (onward) countMoved(onward.commits, answer.moved, counts);
      return answer;
    },
  };
}

export function watchEvents(events: EventStore, { counts, tracing }: Ears): EventStore {
  return {
    ...events,
    async dispatch(batch, enrollments, ...rest) {
      markAll(enrollments, tracing);
      const sizes = { 'millrace.events': batch.events.length, 'millrace.enrollments': enrollments.length };
      const answer = await tracing.span('commit events', sizes, () => events.dispatch(batch, enrollments, ...rest));
      const left = new Set(answer.left);
      const now = Date.now();
      for (const { id } of batch.events) if (!left.has(id)) counts.lag((now - madeAt(id)) / 1000);
      const enrolled = new Set(answer.enrolled.map(({ id }) => id));
      for (const { run, transition } of enrollments) if (enrolled.has(run.id)) countTransition(transition, counts);
      return answer;
    },
  };
}

/** Links to whatever parked these runs, and how late their timers are. */
function noteLoaded({ now, runs }: LoadedBatch, { counts, tracing, speed }: Ears): void {
  if (tracing.on) tracing.link(runs.flatMap(({ run }) => run.state.position.trace ?? []));
  for (const { run, inbox } of runs) {
    const due = run.state.position.open?.until;
    if (due && inbox.some(({ input }) => input.kind === 'timer')) counts.late((now - due) / speed / 1000);
  }
}

function markAll(commits: (RunCommit | FusedEnrollment)[], tracing: Tracing): void {
  if (!tracing.on) return;
  const trace = tracing.traceparent();
  for (const { transition: { changed, state } } of commits) if (changed && trace && state.status === 'active') state.position.trace = trace;
}

function countMoved(commits: RunCommit[], moved: Map<string, number>, counts: Counts): void {
  for (const { loaded, transition } of commits) if (moved.has(loaded.run.id)) countTransition(transition, counts, loaded.run.state.status);
}

function countTransition({ logs, state }: Transition, counts: Counts, before = 'active'): void {
  counts.steps(logs);
  if (state.status !== before) counts.ended(state.status);
}

/** When an event was written: the first 48 bits of its id (RFC 9562, version 7). */
const madeAt = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
