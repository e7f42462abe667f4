import type { Context } from '../context.ts';
import { receiveSms } from '../services/inbound-sms.ts';
import { noTwiml, twilioParams } from './twilio-request.ts';

/** `POST /hooks/twilio/sms`: a text message came in. */
export async function twilioSms(ctx: Context, request: Request): Promise<Response> {
  const params = await twilioParams(ctx, request);
  const messageId = params.get('MessageSid') ?? params.get('SmsSid');
  const from = params.get('From');
  if (messageId && from) {
    await receiveSms(ctx, { messageId, from, to: params.get('To') ?? '', text: params.get('Body') ?? '', media: Number(params.get('NumMedia') ?? 0) || 0 });
  }
  return noTwiml();
}
