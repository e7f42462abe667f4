import { MillraceError } from '../errors.ts';
import type { ActivityLog, LogPlace } from '../core/ports/activity.ts';
import type { Bus, LiveMessage } from '../core/ports/outside.ts';
import { logCursorOf, logPlaceAt, logPlaceOf, tellFromLog, type Told, untold } from './activity-log.ts';
import type { ActivityBatch, ActivityEvent } from './activity-event.ts';
import { feedOf, type Feed } from './feed.ts';
import { createBell, flattened, pumped } from './stream.ts';

export type { ActivityBatch, ActivityEvent };

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
  /** Answers what the history of the bus has dropped; without it, that is a gap. */
  log?: ActivityLog;
  feed?: Feed;
  /** Events that wait for the reader at most; what is behind them waits in the feed. */
  buffer?: number;
  /** How long they may wait before the reader is let go (machine ms). */
  patienceMs?: number;
}

/** More events than a message has. */
const MOST = 999_999;
/** Messages of the history that are read at once. */
const PAGE = 200;
/** A position that no message has. */
const BEFORE_ALL = '0-0';
const CURSOR = /^([0-9a-z]+)-(\d{1,15})\.(\d{1,6})$/;

/**
 * Every move of a location's contacts, in the order of the bus. Somebody who comes back behind a cursor gets all that came meanwhile: from the feed of
 * this process, the history of the bus, or the step logs (then in the order of their moments, and what was committed in the ten seconds before the cursor
 * may come again); else one `gap` says why not. A reader that falls behind is closed with `LAGGING` and its cursor.
 * Throws INVALID_INPUT for a text that is no cursor.
 */
export function activityBatches(options: ActivityOptions): AsyncIterableIterator<ActivityBatch> {
  const { bus, after, feed = feedOf(bus), patienceMs = 10_000 } = options;
  const from = after === null ? null : placeOf(after);
  return pumped<ActivityBatch>(1, async (outlet, signal) => {
    const bell = createBell();
    feed.bells.add(bell);
    signal.addEventListener('abort', () => feed.bells.delete(bell), { once: true });
    let cursor = after;
    const tell = async (events: ActivityBatch): Promise<boolean> => {
      if (events.length === 0) return !signal.aborted;
      if (!(await outlet.room(patienceMs))) return leave(signal, cursor);
      cursor = events.at(-1)!.cursor;
      return outlet.offer(events);
    };
    let place: Place | null = await begin(options, feed, from, tell);
    while (place && !signal.aborted) {
      if (place.number < feed.oldest()) throw lagging(cursor);
      const page = pageAt(options, feed, place);
      if (!page) await bell.heard(undefined, signal);
      else if (!(await tell(untold(page.events, place.told)))) return;
      else place = { ...page.next, floor: hasPassed(feed, page.next, place.floor) ? null : place.floor, told: isOver(place.told, page.events) ? null : place.told };
    }
  });
}

/** The same, event by event. */
export const activityStream = (options: ActivityOptions): AsyncIterableIterator<ActivityEvent> => flattened(activityBatches(options));

/** Where a reader stands in the feed: before event `skip` of message `number`. What is not behind `floor` was told from the history. */
interface Place {
  number: number;
  skip: number;
  floor: string | null;
  /** What the step logs told already. */
  told: Told | null;
}

/** Whether all that comes is behind the floor: from then on the reader gets the same pages as everybody. */
function hasPassed(feed: Feed, { number, skip }: Page['next'], floor: string | null): boolean {
  const last = feed.at(skip > 0 ? number : number - 1);
  return floor === null || (last !== undefined && isBehind(last.position, floor));
}

const isOver = (told: Told | null, events: ActivityBatch): boolean => told === null || events.some(({ at }) => at > told.until);

/** Finds where to begin, and tells what lies before the feed. Null when the reader left. */
async function begin(options: ActivityOptions, feed: Feed, from: CursorParts | null, tell: (events: ActivityBatch) => Promise<boolean>): Promise<Place | null> {
  if (from === null) return { number: feed.newest() + 1, skip: 0, floor: null, told: null };
  const kept = feed.locate(from.position);
  if (kept !== null) return { number: kept, skip: from.skip, floor: null, told: null };
  if (options.bus.from) return replay(options, options.bus.from, feed, from, tell);
  const ours = from.epoch === feed.epoch;
  if (ours && from.number === 0) return { number: feed.oldest(), skip: 0, floor: null, told: null };
  const old = ours && from.number < feed.oldest();
  const number = old ? feed.oldest() : feed.newest() + 1;
  const gap = gapOf(
    options,
    `${feed.epoch}-${number - 1}.0`,
    old ? TRIMMED : 'The cursor is from another server process, or from before a restart. What happened since is in the step logs.',
  );
  return (await tell([gap])) ? { number, skip: 0, floor: null, told: null } : null;
}

const TRIMMED = 'Too much came since; the oldest of it is gone from the feed. It is in the step logs.';

/** Tells what the history of the bus holds behind a cursor, until the feed of this process goes on from there. */
async function replay(
  options: ActivityOptions,
  read: NonNullable<Bus['from']>,
  feed: Feed,
  from: CursorParts,
  tell: (events: ActivityBatch) => Promise<boolean>,
): Promise<Place | null> {
  let { position, skip, logged } = from;
  let told: Told | null = null;
  const broke = (error: unknown): never => away(error, logged ? logCursorOf(logged) : `${position}.${skip}`);
  for (let first = true; ; first = false) {
    const next = feed.newest() + 1;
    const heard = await read(position, PAGE).catch(broke);
    const oldest = heard[0]?.position ?? null;
    if (oldest !== position) {
      const answer = await fromLog(options, logged, position, oldest, tell).catch(broke);
      if (answer === null) return null;
      if (
        answer === 'too much' &&
        !(await tell([gapOf(options, `${oldest ?? BEFORE_ALL}.0`, first ? TRIMMED : 'This reader was slower than the history. What it missed is in the step logs.')]))
      )
        return null;
      told = answer === 'too much' ? null : answer;
      if (oldest === null) return { number: next, skip: 0, floor: null, told };
      skip = 0;
    }
    for (const { position: at, message } of heard) {
      const events = mayHear(options, message) ? activityOf(message, at).slice(at === oldest ? skip : 0) : [];
      if (!(await tell(untold(events, told)))) return null;
    }
    if (heard.length < PAGE) return { number: feed.oldest(), skip: 0, floor: heard.at(-1)!.position, told };
    position = heard.at(-1)!.position;
    skip = MOST;
    logged = null;
  }
}

/** Tells what the history has dropped from the step logs, when they are at hand. */
const fromLog = async (
  { log }: ActivityOptions,
  logged: LogPlace | null,
  position: string,
  oldest: string | null,
  tell: (events: ActivityBatch) => Promise<boolean>,
): Promise<Told | 'too much' | null> => (log ? tellFromLog(log, logged ?? logPlaceAt(log, position), oldest, tell) : 'too much');

interface Page {
  events: ActivityBatch;
  next: { number: number; skip: number };
}

/** What the feed has at a place, as far as one batch may hold; null when nothing is there yet. */
function pageAt(options: ActivityOptions, feed: Feed, { number, skip, floor }: Place): Page | null {
  if (number > feed.newest()) return null;
  const { locationId, workflowIds, buffer = 256 } = options;
  const asked = workflowIds ? [...workflowIds].sort().join(',') : '*';
  return feed.once(`${number}.${skip} ${floor ?? ''} ${buffer} ${locationId} ${asked}`, () => {
    const events: ActivityEvent[] = [];
    for (let at = number; at <= feed.newest(); at += 1) {
      const { message, position } = feed.at(at)!;
      if (!mayHear(options, message) || (floor !== null && !isBehind(position, floor))) continue;
      const all = activityOf(message, position);
      const first = at === number ? skip : 0;
      const taken = all.slice(first, first + buffer - events.length);
      events.push(...taken);
      if (events.length === buffer) return { events, next: { number: at, skip: first + taken.length } };
    }
    return { events, next: { number: feed.newest() + 1, skip: 0 } };
  });
}

const mayHear = ({ locationId, workflowIds }: ActivityOptions, message: LiveMessage): boolean =>
  message.locationId === locationId && (workflowIds === null || workflowIds.has(message.workflowId));

type Uncursored = ActivityEvent extends infer Event ? (Event extends ActivityEvent ? Omit<Event, 'cursor'> : never) : never;

function activityOf({ workflowId, at, runs }: LiveMessage, position: string): ActivityEvent[] {
  const events = runs.flatMap(({ id: enrollmentId, rev: revision, status, moves, ended }) => [
    ...moves.map(([from, outcome, to]): Uncursored => ({ kind: from === '' ? 'entered' : 'moved', at, workflowId, enrollmentId, revision, from, outcome, to })),
    ...(ended ? [{ kind: 'ended' as const, at, workflowId, enrollmentId, revision, status }] : []),
  ]);
  return events.map((event, index): ActivityEvent => ({ ...event, cursor: `${position}.${index + 1}` }));
}

const gapOf = ({ now }: ActivityOptions, cursor: string, reason: string): ActivityEvent => ({ kind: 'gap', cursor, at: now(), reason });

/** `<position of a message>.<how many of its events were told>`, or a place in the step logs. */
interface CursorParts {
  position: string;
  epoch: string;
  number: number;
  skip: number;
  logged: LogPlace | null;
}

function placeOf(cursor: string): CursorParts {
  const logged = logPlaceOf(cursor);
  if (logged) return { position: BEFORE_ALL, epoch: '', number: 0, skip: 0, logged };
  const parts = CURSOR.exec(cursor);
  if (!parts) throw new MillraceError('INVALID_INPUT', `"${cursor.slice(0, 80)}" is no cursor of this stream. Hand back one that it gave, or none.`);
  return { position: `${parts[1]}-${parts[2]}`, epoch: parts[1]!, number: Number(parts[2]), skip: Number(parts[3]), logged: null };
}

/** Whether a place of a history comes after another one. */
function isBehind(position: string, other: string): boolean {
  const [ms = 0, number = 0] = position.split('-').map(Number);
  const [otherMs = 0, otherNumber = 0] = other.split('-').map(Number);
  return ms === otherMs ? number > otherNumber : ms > otherMs;
}

const lagging = (cursor: string | null): MillraceError =>
  new MillraceError('UNAVAILABLE', `This reader fell behind and was closed: resume from cursor "${cursor ?? ''}".`, { detail: { reason: 'LAGGING', cursor } });

function away(error: unknown, cursor: string): never {
  if (error instanceof MillraceError && error.detail.reason === 'LAGGING') throw error;
  throw new MillraceError('UNAVAILABLE', `The feed's history cannot be read at the moment: resume from cursor "${cursor}" in a while.`, {
    cause: error,
    detail: { reason: 'AWAY', cursor },
  });
}

function leave(signal: AbortSignal, cursor: string | null): false {
  if (!signal.aborted) throw lagging(cursor);
  return false;
}
