import type { Context } from '../context.ts';
import { receiveSms } from '../services/inbound-sms.ts';
import { noTwiml, twilioParams } from './twilio-request.ts';

/** What Twilio's Advanced Opt-Out made of the text, in whatever words its owner chose: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out */
const WISHES = new Map<string, 'stop' | 'start'>([['STOP', 'stop'], ['START', 'start']]);

/** `POST /hooks/twilio/sms`: a text message came in. */
export async function twilioSms(ctx: Context, request: Request): Promise<Response> {
  const params = await twilioParams(ctx, request);
  const messageId = params.get('MessageSid') ?? params.get('SmsSid');
  const from = params.get('From');
  if (messageId && from) {
    const media = Number(params.get('NumMedia') ?? 0) || 0;
    await receiveSms(ctx, { messageId, from, to: params.get('To') ?? '', text: params.get('Body') ?? '', media, wish: WISHES.get(params.get('OptOutType') ?? '') ?? null });
  }
  return noTwiml();
}
