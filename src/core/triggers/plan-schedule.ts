import { nextAfter, occurrencesBetween, recurrenceOf, type Recurrence } from '../time/recurrence.ts';
import type { ScheduleConfig } from './schedule.ts';

/** What a look at a schedule comes to; moments in journey ms. */
export interface SchedulePlan {
  /** Occurrences to fire now, ascending. */
  due: number[];
  /** Everything up to here is decided. */
  until: number;
  /** When to look again; null when it never fires again. */
  next: number | null;
}

/** One look fires no more than this: the next look goes on from there. */
const MOST_AT_ONCE = 100;
const HOUR = 3_600_000;

/**
 * Decides what a schedule fires after `since`, up to `now`. An occurrence that is late by no more than `graceMs` is on time and fires. Older
 * ones passed while nothing ran: `catch_up` says whether `all` of them fire, the `last` one unless one is on time, or `none`.
 * @param zone the location's, for a trigger that names none
 */
export function planSchedule(config: ScheduleConfig, zone: string, since: number, now: number, graceMs: number): SchedulePlan {
  const spec = recurrenceOf(config.cron === undefined ? { at: config.at ?? '' } : { cron: config.cron });
  const own = config.timezone ?? zone;
  if (config.catch_up === 'all') return planAll(spec, own, since, now);
  const due = occurrencesBetween(spec, own, Math.max(since, now - graceMs - 1), now, MOST_AT_ONCE);
  const missed = due.length === 0 && config.catch_up === 'last' ? latest(spec, own, since, now) : [];
  return { due: [...missed, ...due], until: now, next: nextAfter(spec, own, now) };
}

function planAll(spec: Recurrence, zone: string, since: number, now: number): SchedulePlan {
  const due: number[] = [];
  let next = nextAfter(spec, zone, since);
  while (next !== null && next <= now && due.length < MOST_AT_ONCE) {
    due.push(next);
    next = nextAfter(spec, zone, next);
  }
  return { due, until: next !== null && next <= now ? due.at(-1)! : now, next };
}

/** The latest occurrence in (`since`, `now`]. It looks back ever further, so that years of minutes are not counted through. */
function latest(spec: Recurrence, zone: string, since: number, now: number): number[] {
  for (let span = HOUR; ; span *= 8) {
    const from = Math.max(since, now - span);
    const found = occurrencesBetween(spec, zone, from, now, 1);
    if (found.length > 0 || from === since) return found;
  }
}
