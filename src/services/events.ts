import type { Context } from '../context.ts';
import type { Data } from '../core/state.ts';
import type { EventRecord } from '../core/ports/records.ts';
import type { Caller } from './caller.ts';

export interface EmitEvent {
  contactId: string;
  /** The event's name: triggers of type `event` and waits look for it. Names that the engine itself tells are refused. */
  name: string;
  data?: Data;
  /** The caller's own id of the event: the same one twice is one event. */
  eventId?: string | null;
  source?: string;
}
/** Tells a custom event of a contact: `type` is the name. `created: false` when (source, eventId) was there. Throws NOT_FOUND, INVALID_INPUT. */
export async function emitEvent(ctx: Context, who: Caller, input: EmitEvent): Promise<EventRecord> {
  throw new Error('pending');
}
