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
  /** Whoever gives the same text on the same bus shares readings and frames, so all else must be equal too. Alone without it. */
  group?: string;
  maxMoves?: number;
  /** Without a hint the numbers are read this often all the same (machine ms): hints may be lost. */
  pollMs?: number;
}

/**
 * A workflow's numbers as they change: a snapshot, then conflated frames. Hints are never added up, they only say that reading is
 * worth while, so a lost or doubled one cannot make a number wrong. A reader that skipped a frame gets a snapshot in place of the next one;
 * frames are made once for all of a group, and all get the same object.
 */
export function workflowStream<Node, Edge, Totals>(options: WorkflowStreamOptions<Node, Edge, Totals>): AsyncIterableIterator<WorkflowFrame<Node, Edge, Totals>> {
  type Frame = WorkflowFrame<Node, Edge, Totals>;
  return pumped<Frame>(1, (outlet, signal) => new Promise((leave, fail) => {
    let fresh = true;
    const take = ({ delta, snapshot }: Window<Frame>): void => {
      fresh = !outlet.offer(fresh || delta === null ? snapshot() : delta);
    };
    const gone = groupOf(options).join({ take, fail });
    signal.addEventListener('abort', () => {
      gone();
      leave();
    }, { once: true });
  }));
}

/** What is told of one reading. `delta` is null for the first one; a snapshot is only made for those who need it. */
interface Window<Frame> {
  delta: Frame | null;
  snapshot(): Frame;
}
interface Member<Frame> {
  take(window: Window<Frame>): void;
  /** Reading failed, and nothing follows. */
  fail(error: unknown): void;
}
interface Group<Frame> {
  /** Gives the newest window at once, when there is one, and each that follows. Returns how to leave. */
  join(member: Member<Frame>): () => void;
}

// A group's frames are of the type that its first member asked for; the text that names the group stands for it.
const groups = new WeakMap<Bus, Map<string, Group<never>>>();

function groupOf<Node, Edge, Totals>(options: WorkflowStreamOptions<Node, Edge, Totals>): Group<WorkflowFrame<Node, Edge, Totals>> {
  if (options.group === undefined) return createGroup(options, () => undefined);
  const known = groups.get(options.bus) ?? new Map<string, Group<never>>();
  groups.set(options.bus, known);
  const name = options.group;
  const found = known.get(name) as Group<WorkflowFrame<Node, Edge, Totals>> | undefined;
  if (found) return found;
  const made: Group<WorkflowFrame<Node, Edge, Totals>> = createGroup(options, () => void (known.get(name) === (made as Group<never>) && known.delete(name)));
  known.set(name, made as Group<never>);
  return made;
}

/** Reads for all members, from the first to the last one. */
function createGroup<Node, Edge, Totals>(options: WorkflowStreamOptions<Node, Edge, Totals>, dissolve: () => void): Group<WorkflowFrame<Node, Edge, Totals>> {
  type Frame = WorkflowFrame<Node, Edge, Totals>;
  const members = new Set<Member<Frame>>();
  const leaving = new AbortController();
  let newest: Window<Frame> | null = null;
  const tell = (window: Window<Frame>): void => {
    newest = window;
    for (const member of members) member.take(window);
  };
  follow(options, leaving.signal, tell).catch((error: unknown) => {
    dissolve();
    for (const member of members) member.fail(error);
  });
  return {
    join(member) {
      members.add(member);
      if (newest) member.take({ ...newest, delta: null });
      return () => {
        members.delete(member);
        if (members.size > 0) return;
        leaving.abort();
        dissolve();
      };
    },
  };
}

/** Reads after hints, and tells what came of it, until `signal` aborts. */
async function follow<Node, Edge, Totals>(
  { bus, workflowId, maxFps, read, maxMoves = 100, pollMs = 5_000 }: WorkflowStreamOptions<Node, Edge, Totals>,
  signal: AbortSignal,
  tell: (window: Window<WorkflowFrame<Node, Edge, Totals>>) => void,
): Promise<void> {
  const bell = createBell();
  const moves = createMoveList(maxMoves);
  const hear = (message: LiveMessage): void => {
    moves.add(message);
    bell.ring();
  };
  signal.addEventListener('abort', hintsOf(bus).onWorkflow(workflowId, hear), { once: true });
  let last = await read();
  tell({ delta: null, snapshot: snapshotOf(last) });
  while (!signal.aborted) {
    await pause(1000 / maxFps, signal);
    await bell.heard(pollMs, signal);
    if (signal.aborted) return;
    const taken = moves.take();
    const next = await read();
    const delta = { snapshot: false, totals: next.totals, nodes: changed(last.nodes, next.nodes), edges: changed(last.edges, next.edges), ...taken };
    const quiet = delta.nodes.length + delta.edges.length + taken.moves.length === 0 && JSON.stringify(last.totals) === JSON.stringify(next.totals);
    last = next;
    if (!quiet) tell({ delta, snapshot: snapshotOf(next) });
  }
}

/** All of a reading as a frame, made when it is first asked for. */
function snapshotOf<Node, Edge, Totals>({ totals, nodes, edges }: Counters<Node, Edge> & { totals: Totals }): () => WorkflowFrame<Node, Edge, Totals> {
  let made: WorkflowFrame<Node, Edge, Totals> | null = null;
  return () => (made ??= { snapshot: true, totals, nodes: [...nodes.values()], edges: [...edges.values()], moves: [], omittedMoves: 0 });
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
