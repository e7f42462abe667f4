import { z } from 'zod';
import { isCustomEvent } from '../core/event-types.ts';
import type { EventRecord } from '../core/ports/records.ts';
import type { Data } from '../core/state.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { deskFor, type Caller } from './caller.ts';
import { ringEvents } from './doorbells.ts';
import { dataOf, parseInput, plainText } from './parse-input.ts';

export interface EmitEvent {
  contactId: string;
  /** The event's name: triggers of type `event` and waits look for it. Names that the engine itself tells are refused. */
  name: string;
  data?: Data;
  /** The caller's own id of the event: the same one twice is one event. */
  eventId?: string | null;
  source?: string;
}

const schema = z.strictObject({
  contactId: z.string(),
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_.:-]{0,49}$/, 'expected a letter first, then letters, digits and "_.:-", at most 50 in all')
    .refine(isCustomEvent, 'this name is told by the engine itself: choose another'),
  data: dataOf().default({}),
  eventId: plainText(255).nullish(),
  source: z.string().regex(/^[a-z][a-z0-9_.-]{0,49}$/, 'expected lower-case letters, digits and "_.-"').default('api'),
});

/** Tells a custom event of a contact: `type` is the name. `created: false` when (source, eventId) was there. Throws NOT_FOUND, INVALID_INPUT. */
export async function emitEvent(ctx: Context, who: Caller, input: EmitEvent): Promise<EventRecord> {
  const desk = deskFor(ctx, who, 'write');
  const { contactId, name, data, eventId, source } = parseInput(schema, input, 'event');
  const contact = isUuid(contactId) ? await desk.findContact(contactId) : null;
  if (!contact) throw new NotFoundError('contact', contactId);
  const event = await desk.recordEvent(contact.id, { type: name, source, data, depth: 0, key: eventId ?? null, at: null });
  if (event.created) ringEvents(ctx);
  return event;
}
