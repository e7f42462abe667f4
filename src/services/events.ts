import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { z } from 'zod';
import { isCustomEvent } from '../core/event-types.ts';
import type { EventRecord } from '../core/ports/records.ts';
import type { TenantDesk } from '../core/ports/desk.ts';
import type { Contact, Data } from '../core/state.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { ringEvents } from './doorbells.ts';
import { dataOf, invalidInput, parseInput, plainText } from './parse-input.ts';

export interface EmitEvent {
  /** Whose event it is: exactly one of the three. */
  contactId?: string | null;
  email?: string | null;
  /** E.164. */
  phone?: string | null;
  /** The event's name: triggers of type `event` and waits look for it. Names that the engine itself tells are refused. */
  name: string;
  data?: Data;
  /** The caller's own id of the event: the same one twice is one event. */
  eventId?: string | null;
  source?: string;
  /** When it happened (journey ms), for events that are told late; now unless said. */
  occurredAt?: number | null;
}

const schema = z.strictObject({
  contactId: z.string().nullish(),
  email: plainText(320).nullish(),
  phone: plainText(64).nullish(),
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_.:-]{0,49}$/, 'expected a letter first, then letters, digits and "_.:-", at most 50 in all')
    .refine(isCustomEvent, 'this name is told by the engine itself: choose another'),
  data: dataOf().default({}),
  eventId: plainText(255).nullish(),
  source: z.string().regex(/^[a-z][a-z0-9_.-]{0,49}$/, 'expected lower-case letters, digits and "_.-"').default('api'),
  occurredAt: z.number().nullish(),
}).refine(
  ({ contactId, email, phone }) => [contactId, email, phone].filter((one) => one !== null && one !== undefined).length === 1,
  'expected exactly one of contact id, e-mail and phone',
);

/** Clocks differ by minutes; what is further off has not happened. */
const SKEW_MS = 300_000;

/** Tells a custom event of a contact: `type` is the name. `created: false` when (source, eventId) was there. Throws NOT_FOUND, INVALID_INPUT. */
export async function emitEvent(ctx: Context, who: Caller, input: EmitEvent): Promise<EventRecord> {
  const desk = deskFor(ctx, who, 'write');
  const { name, data, eventId, source, occurredAt = null, ...whose } = parseInput(schema, input, 'event');
  if (occurredAt !== null && !(occurredAt > 0 && occurredAt <= ctx.clock.journeyNow() + SKEW_MS)) {
    throw invalidInput('event', [{ path: ['occurredAt'], message: 'expected a moment that has passed' }]);
  }
  const contact = await findContact(desk, whose);
  if (!contact) throw new NotFoundError('contact', (whose.contactId ?? whose.email ?? whose.phone ?? '').slice(0, 320));
  const told = { type: name, source, data, depth: 0, key: eventId ?? null, at: occurredAt };
  const event = await desk.recordEvent(contact.id, told, auditLine(who, 'event.emit', contact.id, { name }));
  if (event.created) ringEvents(ctx);
  return event;
}

async function findContact(desk: TenantDesk, { contactId, email, phone }: Pick<EmitEvent, 'contactId' | 'email' | 'phone'>): Promise<Contact | null> {
  if (typeof email === 'string') return desk.findContactByEmail(email.trim());
  if (typeof phone === 'string') return desk.findContactByPhone((parsePhoneNumberFromString(phone)?.number as string | undefined) ?? phone);
  return typeof contactId === 'string' && isUuid(contactId) ? desk.findContact(contactId) : null;
}
