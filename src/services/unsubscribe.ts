import type { Context } from '../context.ts';
import { isUuid } from '../ids.ts';
import { agree } from './consent.ts';
import { aboutSend } from './send-reports.ts';

/**
 * Withdraws the consent for e-mail of whoever a message was sent to, and tells of it as `email_unsubscribed`. Doing it twice changes nothing. False when there
 * is no such message.
 */
export async function unsubscribe(ctx: Context, sendId: string): Promise<boolean> {
  const locationId = isUuid(sendId) ? await ctx.desk.findSendLocation(sendId) : null;
  const send = locationId === null ? null : await ctx.desk(locationId).findSend(sendId);
  if (locationId === null || !send) return false;
  const told = { type: 'email_unsubscribed', source: 'unsubscribe', data: aboutSend(send), depth: 0, key: null, at: null };
  await agree(ctx, { locationId, contactId: send.contactId }, 'email', 'withdrawn', 'unsubscribe', [told]);
  return true;
}
