import type { Context } from '../context.ts';
import type { Lane, RunCommit } from '../core/ports/hot-path.ts';
import type { LiveMessage } from '../core/ports/outside.ts';
import type { EnrollmentStatus, Transition } from '../core/state.ts';

/** A run that a commit moved, as others are told of it. */
export interface Moved {
  id: string;
  locationId: string;
  workflowId: string;
  revision: number;
  /** Its status before; null when this commit created it. */
  before: EnrollmentStatus | null;
  transition: Transition;
  /** The send that wants a doorbell. */
  sendId: string | null;
}

/** Those of some commits whose guard held. `revisions` is by enrollment id; `inHand` has the runs whose sends want no doorbell. */
export const movedBy = (commits: RunCommit[], revisions: Map<string, number>, inHand?: ReadonlyMap<string, unknown>): Moved[] =>
  commits.flatMap(({ loaded, transition, sendId }) => {
    const revision = revisions.get(loaded.run.id);
    if (revision === undefined) return [];
    const { id, workflowId, state } = loaded.run;
    return [{ id, locationId: loaded.locationId, workflowId, revision, before: state.status, transition, sendId: inHand?.has(id) ? null : sendId }];
  });

/**
 * Tells the world what was committed: one message per workflow to whoever watches, doorbells for delivery and for the trigger
 * worker. All of it may be lost: the rows are there.
 */
export async function announce(ctx: Pick<Context, 'bus' | 'queue'>, moved: Moved[], now: number, lane: Lane): Promise<void> {
  for (const message of messagesOf(moved, now)) ctx.bus.publish(message);
  const sendIds = moved.filter(({ transition }) => transition.effect !== null).flatMap(({ sendId }) => sendId ?? []);
  await Promise.all([
    sendIds.length > 0 ? ctx.queue.nudgeSends(lane, sendIds) : undefined,
    moved.some(({ transition }) => transition.events.length > 0) ? ctx.queue.nudgeEvents() : undefined,
  ]);
}

function messagesOf(moved: Moved[], at: number): LiveMessage[] {
  const messages = new Map<string, LiveMessage>();
  for (const run of moved) {
    if (!run.transition.changed && run.before !== null) continue;
    const message = messages.get(run.workflowId) ?? { locationId: run.locationId, workflowId: run.workflowId, at, runs: [], counts: {} };
    messages.set(run.workflowId, message);
    const { status } = run.transition.state;
    const ended = status !== 'active' && status !== run.before;
    message.runs.push({ id: run.id, rev: run.revision, status, moves: movesOf(run.transition), ...(ended && { ended }) });
    if (run.before === null) count(message, 'enrolled');
    if (ended) count(message, status);
  }
  return [...messages.values()];
}

const count = (message: LiveMessage, kind: string): void => {
  message.counts[kind] = (message.counts[kind] ?? 0) + 1;
};

/** `[from, outcome, to]` of every edge that was taken: into the first step (`from` is empty), and on from each step that ended. */
function movesOf({ logs, state }: Transition): LiveMessage['runs'][number]['moves'] {
  const moves: LiveMessage['runs'][number]['moves'] = [];
  const last = state.status === 'active' ? (state.currentStep ?? '') : '';
  for (const [index, { began, seq, completedAt, stepId, outcome, status }] of logs.entries()) {
    if (began && seq === 1) moves.push(['', 'start', stepId]);
    if (completedAt !== null) moves.push([stepId, outcome ?? status, logs[index + 1]?.stepId ?? last]);
  }
  return moves;
}
