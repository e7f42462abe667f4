import { z } from 'zod';
import type { Context } from '../context.ts';
import type { EventRecord, SendRecord } from '../core/ports/records.ts';
import type { Contact, Data } from '../core/state.ts';
import { openSecrets } from '../engine/open-secrets.ts';
import { agree } from './consent.ts';
import { ringEvents } from './doorbells.ts';
import { parseInput, plainText } from './parse-input.ts';
import { aboutSend } from './send-reports.ts';

/** The location's secret that its mail reports are signed with. */
export const EMAIL_HOOK_SECRET = 'email_hook';

const text = plainText(998).optional();
const schema = z.strictObject({
  type: z.enum(['delivered', 'bounced', 'complained', 'replied', 'inbound'], 'expected delivered, bounced, complained, replied or inbound'),
  /** Our Message-ID: of the mail that is reported on, or that is answered. */
  message_id: text,
  in_reply_to: text,
  /** Whose mail it is: needed where no Message-ID of ours says it. */
  email: text,
  from: text,
  to: text,
  subject: text,
  text: plainText(20_000).optional(),
  bounce: z.enum(['hard', 'soft'], 'expected hard or soft').optional(),
  reason: text,
});
export type EmailReport = z.output<typeof schema>;

const EVENTS = { delivered: 'email_delivered', bounced: 'email_bounced', complained: 'email_complained', replied: 'email_received', inbound: 'email_received' } as const;

/** Reads a posted report. Throws INVALID_INPUT that names what is wrong. */
export const readEmailReport = (body: Data): EmailReport => parseInput(schema, body, 'e-mail report');

/** Whose report this is: the location of the send that it names, else the one that the address names, else the only one there is. */
export async function emailReportLocation(ctx: Context, report: EmailReport, named: string | null): Promise<string | null> {
  const sendId = sendIdIn(report);
  return (sendId && (await ctx.desk.findSendLocation(sendId))) ?? named ?? (await ctx.desk.onlyLocation());
}

/** The secret that reports of a location must be signed with; null when it has put none. */
export async function emailHookSecret(ctx: Context, locationId: string): Promise<string | null> {
  return (await openSecrets(ctx, locationId, [EMAIL_HOOK_SECRET])).get(EMAIL_HOOK_SECRET) ?? null;
}

/** Tells a report as an event of its contact; a complaint withdraws consent at once. Null when nobody here is meant. `key` makes it one event however often it comes. */
export async function receiveEmailReport(ctx: Context, locationId: string, report: EmailReport, key: string): Promise<EventRecord | null> {
  const desk = ctx.desk(locationId);
  const sendId = sendIdIn(report);
  const named = sendId === null ? null : await desk.findSend(sendId);
  const contact = named ? await desk.findContact(named.contactId) : await byAddress(ctx, locationId, report);
  if (!contact) return null;
  const inbound = EVENTS[report.type] === 'email_received';
  const send = named ?? (inbound ? null : await desk.lastSend(contact.id, 'email'));
  if (report.type === 'complained') await agree(ctx, { locationId, contactId: contact.id }, 'email', 'withdrawn', 'email');
  const event = await desk.recordEvent(contact.id, { type: EVENTS[report.type], source: 'email', data: dataOf(report, send, inbound), depth: 0, key, at: null });
  if (event.created) ringEvents(ctx);
  return event;
}

function dataOf({ message_id, from, to, subject, text: body, bounce, reason }: EmailReport, send: SendRecord | null, inbound: boolean): Data {
  const said = inbound ? { from, to, subject: subject ?? '', text: body ?? '', message_id } : { bounce, reason };
  return {
    ...(send && aboutSend(send)),
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
    ...(inbound && send && { reply_text: body ?? '' }),
  };
}

async function byAddress(ctx: Context, locationId: string, { email, from }: EmailReport): Promise<Contact | null> {
  const address = /[^\s<>"]+@[^\s<>"]+/.exec(email ?? from ?? '')?.[0];
  return address === undefined ? null : ctx.desk(locationId).findContactByEmail(address);
}

/** Our Message-IDs begin with the send's id. An answer names it in `in_reply_to`. */
function sendIdIn({ type, message_id, in_reply_to }: EmailReport): string | null {
  const ours = type === 'replied' || type === 'inbound' ? in_reply_to : message_id;
  return /^\s*<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@/i.exec(ours ?? '')?.[1]?.toLowerCase() ?? null;
}
