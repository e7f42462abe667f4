import { z } from 'zod';
import type { Context } from '../context.ts';
import type { LocationRecord } from '../core/ports/records.ts';
import type { Calendar, Data } from '../core/state.ts';
import { isZone } from '../core/time/calendar.ts';
import { quietHoursSchema } from '../core/time/quiet-hours.ts';
import { MillraceError } from '../errors.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { createApiKey, findCaller } from './keys.ts';
import { dataOf, parseInput, plainText } from './parse-input.ts';

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected a time such as 09:00');
const hours = z.array(z.tuple([clock, clock]).refine(([from, to]) => from < to, 'the end must come after the beginning')).max(10);
const day = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'expected a day such as 2026-12-25');

const calendarSchema: z.ZodType<Calendar> = z.strictObject({
  weekly: z.partialRecord(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), hours).optional(),
  holidays: z.array(day).max(1_000).optional(),
});

/** What steps fall back to. Only what the engine reads by itself has a fixed shape. */
const defaults = dataOf().pipe(z.looseObject({ quiet_hours: quietHoursSchema.nullish() }));

const schema = z.strictObject({
  name: plainText(255).refine((name) => name.trim() !== '', 'a location needs a name').optional(),
  timezone: z.string().max(64).refine(isZone, 'expected an IANA time zone such as Europe/Madrid').optional(),
  calendar: calendarSchema.optional(),
  defaults: defaults.optional(),
});

/** The caller's location. */
export async function getLocation(ctx: Context, who: Caller): Promise<LocationRecord> {
  return deskFor(ctx, who, 'read').readLocation();
}

/**
 * Changes what is named (`admin`). `timezone` is an IANA zone, `calendar` weekly hours and holidays, `defaults` e.g. `email_from`, `quiet_hours`. Throws
 * INVALID_INPUT with faults.
 */
export async function updateLocation(ctx: Context, who: Caller, input: { name?: string; timezone?: string; calendar?: Calendar; defaults?: Data }): Promise<LocationRecord> {
  const desk = deskFor(ctx, who, 'admin');
  const change = parseInput(schema, input, 'location');
  return desk.updateLocation(change, auditLine(who, 'location.update', who.locationId, { fields: Object.keys(change) }));
}

/**
 * Makes sure that there is a location with a key. `key` is BOOTSTRAP_API_KEY or null: then one is drawn, but only for a location without keys.
 * `secret` is the key to print, or null when nothing new was made. Safe to call from several processes at once.
 */
export async function bootstrapLocation(ctx: Context, input: { name: string; key: string | null }): Promise<{ location: LocationRecord; secret: string | null }> {
  const { location, keys } = await ctx.desk.firstLocation(input.name);
  const needed = input.key === null ? keys === 0 : !(await isKeyOf(ctx, input.key, location.id));
  if (!needed) return { location, secret: null };
  const who: Caller = { locationId: location.id, actor: 'bootstrap', scopes: ['admin'] };
  try {
    const { secret } = await createApiKey(ctx, who, { name: 'bootstrap', scopes: ['admin'], key: input.key });
    return { location, secret };
  } catch (error) {
    // Another process that starts at this moment made the same key.
    if (input.key !== null && (await isKeyOf(ctx, input.key, location.id))) return { location, secret: null };
    throw error;
  }
}

async function isKeyOf(ctx: Context, key: string, locationId: string): Promise<boolean> {
  const found = await findCaller(ctx, key);
  if (!found) return false;
  if (found.locationId === locationId) return true;
  throw new MillraceError('INVALID_STATE', 'BOOTSTRAP_API_KEY belongs to another location of this database. Use a key of its own, or another database.');
}
