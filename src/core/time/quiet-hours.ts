import { z } from 'zod';
import { channelNames, type Channel, type QuietHours } from '../state.ts';
import { localDay } from './calendar.ts';
import { clockTimeOn, clockTimeSchema } from './clock-time.ts';

/** Quiet hours as a workflow's settings and a location's defaults write them: `{ from: "21:00", to: "08:00", channels: [sms, voice] }`. */
export const quietHoursSchema: z.ZodType<QuietHours> = z
  .strictObject({ from: clockTimeSchema, to: clockTimeSchema, channels: z.array(z.enum(channelNames)).min(1).default(['sms', 'voice']) })
  .refine(({ from, to }) => from !== to, {
    path: ['to'],
    error: 'Quiet hours that end when they begin would never let a message through.',
    params: { rule: 'invalid_time', hint: 'Write another end, or remove quiet_hours.' },
  });

/**
 * The quiet hours that hold for a channel: the workflow's own, else its location's (`defaults.quiet_hours`), else none. A location's
 * that cannot be read are none, so that nobody's journey fails for them.
 */
export function quietHoursFor(own: QuietHours | null, defaults: unknown, channel: Channel): QuietHours | null {
  const hours = own ?? (defaults === undefined || defaults === null ? null : readDefault(defaults));
  return hours?.channels.includes(channel) ? hours : null;
}

/** Parsed once for each location's object: the same one comes with every run. */
const known = new WeakMap<object, QuietHours | null>();

function readDefault(defaults: unknown): QuietHours | null {
  if (typeof defaults !== 'object' || defaults === null) return null;
  const before = known.get(defaults);
  if (before !== undefined) return before;
  const read = quietHoursSchema.safeParse(defaults).data ?? null;
  known.set(defaults, read);
  return read;
}

/**
 * When the quiet hours around `at` end, or null when `at` lies in none; epoch ms in and out. They may run over midnight and belong to
 * the day on which they begin; where the clocks change, each end is read as `instantOf` reads it.
 */
export function quietUntil({ from, to }: Pick<QuietHours, 'from' | 'to'>, zone: string, at: number): number | null {
  const today = localDay(at, zone);
  for (const ahead of [-1, 0]) {
    const begins = clockTimeOn(today, ahead, from, zone);
    const ends = clockTimeOn(today, ahead + (to <= from ? 1 : 0), to, zone);
    if (begins <= at && at < ends) return ends;
  }
  return null;
}
