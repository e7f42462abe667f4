import type { ActivityLog, LoggedMove, LogPlace } from '../core/ports/activity.ts';
import type { ActivityEvent } from './activity-event.ts';

/** A commit is told of on the bus this long after its moment at most; what the log and the bus may both tell lies within it (machine ms). */
const SETTLED_MS = 10_000;
/** What the clocks of servers differ by at most (machine ms). */
const SKEW_MS = 2_000;
/** How far back the log is asked (machine ms). */
const REACH_MS = 24 * 3_600_000;
/** Moves that are read at once, since every reading looks through all runs; and events that are told at once. */
const PAGE = 5_000;
const BATCH = 250;
const CURSOR = /^log-(\d{1,15})\.(\d{1,10})\.([0-9a-f-]{36})$/;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** What the log told although the history of the bus may tell it, too. */
export interface Told {
  keys: Set<string>;
  /** Nothing after this moment (journey ms) is among it. */
  until: number;
}

/** The place in the log that a cursor names; null for one that names a place on the bus. */
export function logPlaceOf(cursor: string): LogPlace | null {
  const parts = CURSOR.exec(cursor);
  return parts && { at: Number(parts[1]), place: Number(parts[2]), enrollmentId: parts[3]! };
}

export const logCursorOf = ({ at, place, enrollmentId }: LogPlace): string => `log-${at}.${place}.${enrollmentId}`;

/** The place from which the log has all that the bus told behind one of its positions, and a little more. */
export const logPlaceAt = (log: ActivityLog, position: string): LogPlace => placeAt(log.journeyAt(msOf(position)) - SETTLED_MS * log.speed);

/**
 * Tells what the log has between a place and the oldest that the bus still has (null: nothing, so up to now). Gives what to leave out when the bus tells on; `too much`
 * when the log cannot be asked for it, and null when the reader left.
 */
export async function tellFromLog(
  log: ActivityLog,
  after: LogPlace,
  oldest: string | null,
  tell: (events: ActivityEvent[]) => Promise<boolean>,
): Promise<Told | 'too much' | null> {
  if (!(after.at >= log.journeyAt(Date.now() - REACH_MS))) return 'too much';
  const seam = log.journeyAt(oldest === null ? Date.now() : msOf(oldest));
  const until = Math.ceil(seam + SKEW_MS * log.speed);
  const told: Told = { keys: new Set(), until };
  const remembered = placeAt(seam - SETTLED_MS * log.speed);
  let place = isBehind(after, remembered) ? remembered : after;
  for (;;) {
    const moves = await inTurn(() => log.read(place, until, PAGE));
    if (!moves) return 'too much';
    for (const move of moves) if (move.at >= remembered.at) told.keys.add(keyOf(eventOf(move)));
    const events = moves.filter((move) => isBehind(move, after)).map(eventOf);
    for (let at = 0; at < events.length; at += BATCH) {
      if (!(await tell(events.slice(at, at + BATCH)))) return null;
    }
    if (moves.length < PAGE) return told;
    place = moves.at(-1)!;
  }
}

/** Leaves out what the log told already. */
export function untold<Event extends ActivityEvent>(events: readonly Event[], told: Told | null): readonly Event[] {
  return told === null ? events : events.filter((event) => event.at > told.until || !told.keys.has(keyOf(event)));
}

const msOf = (position: string): number => Number(position.split('-')[0]);
const placeAt = (at: number): LogPlace => ({ at: Math.floor(at), enrollmentId: FIRST, place: -1 });

/** Whether a place of the log comes after another one. */
function isBehind(one: LogPlace, other: LogPlace): boolean {
  if (one.at !== other.at) return one.at > other.at;
  return one.enrollmentId === other.enrollmentId ? one.place > other.place : one.enrollmentId > other.enrollmentId;
}

/** A commit tells of a run once; its end may be told by a later revision of the row. */
const keyOf = (event: ActivityEvent): string => (event.kind === 'gap' ? '' : event.kind === 'ended' ? `${event.enrollmentId} ended` : `${event.enrollmentId} ${event.revision}`);

function eventOf(move: LoggedMove): ActivityEvent {
  const { at, enrollmentId, workflowId, revision, from, outcome, to, status } = move;
  const common = { cursor: logCursorOf(move), at, workflowId, enrollmentId, revision };
  return status === null ? { ...common, kind: from === '' ? 'entered' : 'moved', from, outcome, to } : { ...common, kind: 'ended', status };
}

let turn: Promise<unknown> = Promise.resolve();

/** One at a time: a thousand readers that come back at once must not fill the database with their questions. */
function inTurn<T>(read: () => Promise<T>): Promise<T> {
  const mine = turn.then(read, read);
  turn = mine.then(() => undefined, () => undefined); // what was read is not kept until the next one comes
  return mine;
}
