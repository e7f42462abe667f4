import type { Data, Weekday } from '../../../state.ts';
import { weekdays } from '../../../time/calendar.ts';
import { nextClockTime } from '../../../time/clock-time.ts';
import type { Verdict } from '../../../verdict.ts';
import type { Moment } from '../../define-step.ts';
import type { WaitConfig } from './config.ts';
import { movesZone, waitUntil, type WaitKind } from './define-wait.ts';

type At = WaitConfig & { at: string };

/**
 * Until the next time that a clock on the wall shows `at`, on one of `days` where they are named. Whoever comes at that very minute waits for the next one.
 * A contact who moves to another zone waits for the time there: nobody is woken at three in the morning because it is nine where they were.
 */
export const clockWait: WaitKind<'at'> = {
  key: 'at',
  beside: ['days', 'business_hours_only'],
  example: 'at: "09:00"',
  waits: () => true,
  longest: ({ days }) => longestGap(days ?? weekdays) * DAY,
  listens: () => ['contact_updated'],
  enter: (config, moment) => plan(config, moment, moment.scene.now),
  notice: (config, moment, _stepId, event) => {
    const { open } = moment.run.state.position;
    if (!movesZone(event) || !open || open.until === null || open.until <= moment.scene.now) return null;
    const asBegun = plan(config, moment, open.startedAt);
    const verdict = asBegun.kind === 'park' ? asBegun : plan(config, moment, moment.scene.now);
    return verdict.kind === 'park' && verdict.until === open.until ? null : verdict;
  },
};

function plan(config: At, moment: Moment, after: number): Verdict {
  const { at, days } = config;
  const note: Data = days ? { at, days } : { at };
  return waitUntil(config, moment, nextClockTime(after, at, days ?? null, moment.scope.zone), false, note);
}

const DAY = 86_400_000;

/** The most days from one of `days` to the next. */
function longestGap(days: readonly Weekday[]): number {
  const places = weekdays.flatMap((day, place) => (days.includes(day) ? [place] : []));
  return Math.max(...places.map((place, index) => (places[index + 1] ?? places[0]! + 7) - place));
}
