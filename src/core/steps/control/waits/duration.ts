import { durationMs } from '../../../time/duration.ts';
import { waitUntil, type WaitKind } from './define-wait.ts';

/** Runs its full length; a pause that is resumed with `shift` moves its end. */
export const durationWait: WaitKind<'duration'> = {
  key: 'duration',
  beside: ['business_hours_only'],
  example: 'duration: 1d',
  waits: ({ duration }) => durationMs(duration) > 0,
  longest: ({ duration }) => durationMs(duration),
  enter: (config, moment) => {
    const { duration } = config;
    return waitUntil(config, moment, moment.scene.now + durationMs(duration), true, config.business_hours_only ? { duration } : undefined);
  },
};
