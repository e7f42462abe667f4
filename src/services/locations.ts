import type { Context } from '../context.ts';
import type { Calendar, Data } from '../core/state.ts';
import type { LocationRecord } from '../core/ports/records.ts';
import type { Caller } from './caller.ts';

/** The caller's location. */
export async function getLocation(ctx: Context, who: Caller): Promise<LocationRecord> {
  throw new Error('pending');
}
/** Changes what is named (`admin`). `timezone` is an IANA zone, `calendar` weekly hours and holidays, `defaults` e.g. `email_from`. Throws INVALID_INPUT with faults. */
export async function updateLocation(ctx: Context, who: Caller, input: { name?: string; timezone?: string; calendar?: Calendar; defaults?: Data }): Promise<LocationRecord> {
  throw new Error('pending');
}
/**
 * Makes sure that there is a location with a key. `key` is BOOTSTRAP_API_KEY or null: then one is drawn, but only for a location without keys.
 * `secret` is the key to print, or null when nothing new was made. Safe to call from several processes at once.
 */
export async function bootstrapLocation(ctx: Context, input: { name: string; key: string | null }): Promise<{ location: LocationRecord; secret: string | null }> {
  throw new Error('pending');
}
