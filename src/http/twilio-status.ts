import type { Context } from '../context.ts';
import { reportSend } from '../services/send-reports.ts';
import { twilioParams } from './twilio-request.ts';

const EVENTS: Record<string, 'sms_delivered' | 'sms_failed'> = { delivered: 'sms_delivered', read: 'sms_delivered', undelivered: 'sms_failed', failed: 'sms_failed' };

/** Twilio's code for a number that has said STOP to it: https://www.twilio.com/docs/api/errors/21610 */
const OPTED_OUT = '21610';

/** `POST /hooks/twilio/status`: what became of a text message of ours. Steps on the way (`queued`, `sent`) say nothing. A number that opted out at Twilio has opted out here. */
export async function twilioStatus(ctx: Context, request: Request): Promise<Response> {
  const params = await twilioParams(ctx, request);
  const status = params.get('MessageStatus') ?? params.get('SmsStatus') ?? '';
  const messageId = params.get('MessageSid') ?? params.get('SmsSid');
  const type = Object.hasOwn(EVENTS, status) ? EVENTS[status]! : null;
  if (type !== null && messageId) {
    const sendId = new URL(request.url).searchParams.get('send');
    const errorCode = params.get('ErrorCode');
    const data = { message_id: messageId, ...(type === 'sms_failed' && { error_code: errorCode }) };
    await reportSend(ctx, { sendId, providerId: messageId, source: 'twilio', key: `${messageId}:${type}`, type, data, ...(errorCode === OPTED_OUT && { withdraws: 'sms' }) });
  }
  return new Response(null, { status: 204 });
}
