import { MillraceError } from '../errors.ts';
import type { Bus, LiveMessage } from '../core/ports/outside.ts';
import { createBell, pumped, type Bell } from './stream.ts';

/** What happened to one contact in a workflow, or a hole in what can be told. `cursor` names the place behind it. */
export type ActivityEvent =
  | { kind: 'entered' | 'moved'; cursor: string; at: number; workflowId: string; enrollmentId: string; from: string; outcome: string; to: string }
  | { kind: 'ended'; cursor: string; at: number; workflowId: string; enrollmentId: string; status: string }
  | { kind: 'gap'; cursor: string; at: number; reason: string };

/** Messages that a process keeps for readers who come back. */
const KEPT = 20_000;
const PAGE = 500;
const CURSOR = /^([0-9a-z]+)-(\d{1,15})\.(\d{1,6})$/;

interface Kept {
  number: number;
  message: LiveMessage;
}

/** The talk of a bus, kept for a while: numbered from 1 in this process's lifetime, which `epoch` names. */
interface Feed {
  epoch: string;
  /** The number of the newest message; 0 before the first. */
  newest(): number;
  /** The number of the oldest one that is kept. */
  oldest(): number;
  after(number: number, limit: number): Kept[];
  bells: Set<Bell>;
}

const feeds = new WeakMap<Bus, Feed>();

/** The feed of a bus: made when somebody first reads it, and kept as long as the bus lives. */
export function feedOf(bus: Bus): Feed {
  const known = feeds.get(bus);
  if (known) return known;
  const feed = createFeed(bus, KEPT);
  feeds.set(bus, feed);
  return feed;
}

export function createFeed(bus: Bus, kept: number): Feed {
  const ring: Kept[] = [];
  const bells = new Set<Bell>();
  let newest = 0;
  bus.subscribe((message) => {
    newest += 1;
    ring[(newest - 1) % kept] = { number: newest, message };
    for (const bell of bells) bell.ring();
  });
  const oldest = (): number => Math.max(1, newest - kept + 1);
  return {
    epoch: Math.floor(performance.timeOrigin + performance.now()).toString(36),
    newest: () => newest,
    oldest,
    after(number, limit) {
      const first = Math.max(oldest(), number + 1);
      return Array.from({ length: Math.max(0, Math.min(limit, newest - first + 1)) }, (_, offset) => ring[(first + offset - 1) % kept]!);
    },
    bells,
  };
}

export interface ActivityOptions {
  bus: Bus;
  /** Whose messages may be told. */
  locationId: string;
  /** Null for all workflows of the location. */
  workflowIds: ReadonlySet<string> | null;
  /** Resume behind this cursor; null begins with what comes now. */
  after: string | null;
  /** Journey ms, for what the stream says itself. */
  now(): number;
  feed?: Feed;
  buffer?: number;
  patienceMs?: number;
}

/**
 * Every move of a location's contacts, in the order in which this process heard of them. Somebody who comes back behind a cursor gets all that came
 * meanwhile, or one `gap` that says why not: too much has passed, or the cursor is another process's. A reader that falls behind is closed with `LAGGING`.
 */
export function activityStream({ bus, locationId, workflowIds, after, now, feed = feedOf(bus), buffer = 256, patienceMs = 10_000 }: ActivityOptions): AsyncIterableIterator<ActivityEvent> {
  const begun = startOf(feed, after);
  return pumped<ActivityEvent>(buffer, async (outlet, signal) => {
    const bell = createBell();
    feed.bells.add(bell);
    signal.addEventListener('abort', () => feed.bells.delete(bell), { once: true });
    let { number, skip } = begun;
    let cursor = cursorOf(feed, number, skip);
    if (begun.gap) outlet.offer({ kind: 'gap', cursor, at: now(), reason: begun.gap });
    while (!signal.aborted) {
      if (number + 1 < feed.oldest()) throw lagging(cursor);
      const page = feed.after(number, PAGE);
      for (const kept of page) {
        const events = mayHear(kept.message, locationId, workflowIds) ? activityOf(kept.message) : [];
        for (const [index, event] of events.entries()) {
          if (index < skip) continue;
          if (!(await outlet.room(patienceMs))) return leave(signal, cursor);
          cursor = index === events.length - 1 ? cursorOf(feed, kept.number, 0) : cursorOf(feed, kept.number - 1, index + 1);
          outlet.offer({ ...event, cursor });
        }
        [number, skip] = [kept.number, 0];
      }
      if (page.length === 0) await bell.heard(undefined, signal);
    }
  });
}

const mayHear = (message: LiveMessage, locationId: string, workflowIds: ReadonlySet<string> | null): boolean =>
  message.locationId === locationId && (workflowIds === null || workflowIds.has(message.workflowId));

type Uncursored = ActivityEvent extends infer Event ? (Event extends ActivityEvent ? Omit<Event, 'cursor'> : never) : never;

function activityOf({ workflowId, at, runs }: LiveMessage): Uncursored[] {
  return runs.flatMap(({ id: enrollmentId, status, moves, ended }) => [
    ...moves.map(([from, outcome, to]): Uncursored => ({ kind: from === '' ? 'entered' : 'moved', at, workflowId, enrollmentId, from, outcome, to })),
    ...(ended ? [{ kind: 'ended' as const, at, workflowId, enrollmentId, status }] : []),
  ]);
}

/** `<process>-<message>.<events of the next one that were told>` */
const cursorOf = ({ epoch }: Feed, number: number, skip: number): string => `${epoch}-${number}.${skip}`;

/** Where to begin; `gap` says what cannot be told. Throws INVALID_INPUT for a text that is no cursor. */
function startOf(feed: Feed, after: string | null): { number: number; skip: number; gap: string | null } {
  const latest = { number: feed.newest(), skip: 0 };
  if (after === null) return { ...latest, gap: null };
  const parts = CURSOR.exec(after);
  if (!parts) throw new MillraceError('INVALID_INPUT', `"${after.slice(0, 80)}" is no cursor of this stream. Hand back one that it gave, or none.`);
  const number = Number(parts[2]);
  if (parts[1] !== feed.epoch || number > feed.newest()) return { ...latest, gap: 'The cursor is from another server process, or from before a restart. What happened since is in the step logs.' };
  if (number + 1 < feed.oldest()) return { number: feed.oldest() - 1, skip: 0, gap: `More than ${feed.newest() - feed.oldest() + 1} messages came since; the oldest are gone from the feed. They are in the step logs.` };
  return { number, skip: Number(parts[3]), gap: null };
}

const lagging = (cursor: string): MillraceError =>
  new MillraceError('UNAVAILABLE', `This reader fell behind and was closed: resume from cursor "${cursor}".`, { detail: { reason: 'LAGGING', cursor } });

function leave(signal: AbortSignal, cursor: string): void {
  if (!signal.aborted) throw lagging(cursor);
}
