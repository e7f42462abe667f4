import type { Journal } from './journal.ts';
import type { Channel, SendWindow } from './state.ts';
import { firstZone } from './time/calendar.ts';
import { quietHoursFor, quietHoursSchema, quietUntil } from './time/quiet-hours.ts';
import { park, type Verdict } from './verdict.ts';

/** The wait until the quiet hours end, when a message over this channel would leave in them; null when it may leave now. */
export function heldQuiet({ moment }: Pick<Journal, 'moment'>, channel: Channel): Extract<Verdict, { kind: 'park' }> | null {
  const { program, scene, scope } = moment;
  const hours = quietHoursFor(program.settings.quietHours, scene.location.defaults['quiet_hours'], channel);
  const until = hours && quietUntil(hours, scope.zone, scene.now);
  if (hours === null || until === null) return null;
  const quiet = { quiet_hours: `${hours.from}–${hours.to}`, zone: scope.zone };
  return park(until, { relative: false, memo: { delay: true, quiet }, note: quiet });
}

/** What the gate must know beside the location's defaults: the workflow's own hours, or the zone that it counts in. */
export function sendWindow({ moment }: Journal, channel: Channel): SendWindow | null {
  const { settings } = moment.program;
  if (settings.quietHours === null && settings.timezone === 'contact') return null;
  const hours = quietHoursFor(settings.quietHours, moment.scene.location.defaults['quiet_hours'], channel);
  return hours && { ...hours, zone: settings.timezone };
}

/** How a send stands to its window, as the ledger reads it again just before it leaves. */
export interface WindowReading {
  /** A `SendWindow`, or a location's default; what cannot be read sets no hours. */
  hours: unknown;
  contactZone: string | null;
  locationZone: string | null;
  /** Journey ms. */
  now: number;
}

/** Until when (journey ms) a send must wait, and in which zone that was read; null when it may leave now. */
export function windowOpens({ hours, contactZone, locationZone, now }: WindowReading, channel: Channel): { at: number; zone: string } | null {
  const { zone: own, ...window } = (typeof hours === 'object' && hours !== null ? hours : {}) as Partial<SendWindow>;
  const read = quietHoursSchema.safeParse(window).data;
  if (!read?.channels.includes(channel)) return null;
  const zone = own === undefined || own === 'contact' ? firstZone(contactZone, locationZone) : own;
  const at = quietUntil(read, zone, now);
  return at === null ? null : { at, zone };
}
