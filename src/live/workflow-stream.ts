import type { Bus, LiveMessage } from '../core/ports/outside.ts';
import { hintsOf } from './hints.ts';
import { createBell, pumped } from './stream.ts';

/** One contact going over one edge; empty `from` is the entry, empty `to` the end. */
export interface Move {
  enrollmentId: string;
  from: string;
  outcome: string;
  to: string;
}

/** Counters by key: whatever the reader of a workflow's numbers gives for nodes and edges. */
export interface Counters<Node, Edge> {
  nodes: Map<string, Node>;
  edges: Map<string, Edge>;
}

export interface WorkflowFrame<Node, Edge, Totals> {
  /** True for the first frame: all nodes and edges. Later frames hold what changed. */
  snapshot: boolean;
  totals: Totals;
  nodes: Node[];
  edges: Edge[];
  moves: Move[];
  omittedMoves: number;
}

export interface WorkflowStreamOptions<Node, Edge, Totals> {
  bus: Bus;
  workflowId: string;
  /** Frames a second at most. */
  maxFps: number;
  /** The newest numbers, as committed. Called after a hint, never more often than frames go out. */
  read(): Promise<Counters<Node, Edge> & { totals: Totals }>;
  maxMoves?: number;
  /** Without a hint the numbers are read this often all the same (machine ms): hints may be lost. */
  pollMs?: number;
}

/**
 * A workflow's numbers as they change: a snapshot, then conflated frames. Hints are never added up, they only say that reading is
 * worth while, so a lost or doubled one cannot make a number wrong. A slow reader gets fewer frames, each with the newest values.
 */
export function workflowStream<Node, Edge, Totals>(options: WorkflowStreamOptions<Node, Edge, Totals>): AsyncIterableIterator<WorkflowFrame<Node, Edge, Totals>> {
  const { bus, workflowId, maxFps, read, maxMoves = 100, pollMs = 5_000 } = options;
  return pumped(1, async (outlet, signal) => {
    const bell = createBell();
    const moves = createMoveList(maxMoves);
    const hear = (message: LiveMessage): void => {
      moves.add(message);
      bell.ring();
    };
    signal.addEventListener('abort', hintsOf(bus).onWorkflow(workflowId, hear), { once: true });
    let last = await read();
    outlet.offer({ snapshot: true, totals: last.totals, nodes: [...last.nodes.values()], edges: [...last.edges.values()], moves: [], omittedMoves: 0 });
    while (!signal.aborted) {
      await pause(1000 / maxFps, signal);
      await bell.heard(pollMs, signal);
      if (!(await outlet.room())) return;
      const taken = moves.take();
      const next = await read();
      const frame = { snapshot: false, totals: next.totals, nodes: changed(last.nodes, next.nodes), edges: changed(last.edges, next.edges), ...taken };
      const quiet = frame.nodes.length + frame.edges.length + taken.moves.length === 0 && JSON.stringify(last.totals) === JSON.stringify(next.totals);
      last = next;
      if (!quiet) outlet.offer(frame);
    }
  });
}

/** The values of `next` that differ from `last`; numbers only, so their JSON compares them. */
export function changed<V>(last: Map<string, V>, next: Map<string, V>): V[] {
  return [...next].filter(([key, value]) => JSON.stringify(last.get(key)) !== JSON.stringify(value)).map(([, value]) => value);
}

/** Keeps the first `limit` moves since the last frame and counts the rest. */
export function createMoveList(limit: number): { add(message: LiveMessage): void; take(): { moves: Move[]; omittedMoves: number } } {
  let moves: Move[] = [];
  let omittedMoves = 0;
  return {
    add(message) {
      for (const run of message.runs) {
        for (const [from, outcome, to] of run.moves) {
          if (moves.length < limit) moves.push({ enrollmentId: run.id, from, outcome, to });
          else omittedMoves += 1;
        }
      }
    },
    take() {
      const taken = { moves, omittedMoves };
      moves = [];
      omittedMoves = 0;
      return taken;
    },
  };
}

const pause = (ms: number, signal: AbortSignal): Promise<boolean> => createBell().heard(ms, signal);
