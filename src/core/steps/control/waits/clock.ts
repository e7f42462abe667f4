import type { Data } from '../../../state.ts';
import { nextClockTime } from '../../../time/clock-time.ts';
import { waitUntil, type WaitKind } from './define-wait.ts';

/** Until the next time that a clock on the wall shows `at`, on one of `days` where they are named. Whoever comes at that very minute waits for the next one. */
export const clockWait: WaitKind<'at'> = {
  key: 'at',
  beside: ['days', 'business_hours_only'],
  example: 'at: "09:00"',
  waits: () => true,
  enter: (config, moment) => {
    const { at, days } = config;
    const due = nextClockTime(moment.scene.now, at, days ?? null, moment.scope.zone);
    const note: Data = days ? { at, days } : { at };
    return waitUntil(config, moment, due, false, note);
  },
};
