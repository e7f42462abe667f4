import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { SmsMessage } from '../../core/ports/outside.ts';
import { defineChannel } from './define-channel.ts';
import { reportUrl } from './report-url.ts';

const request = z.object({ to: z.string(), body: z.string(), media_url: z.string().nullish() });

export const sms = defineChannel({
  channel: 'sms',
  request,
  provider: (ctx) => ctx.providers.sms,
  perform: (ctx, send, given) => ctx.providers.sms.send(messageOf(ctx, send.id, given)),
  find: (ctx, send, given) => ctx.providers.sms.find(messageOf(ctx, send.id, given), send.firstAttemptAt),
});

const messageOf = (ctx: Context, sendId: string, { to, body, media_url: mediaUrl }: z.output<typeof request>): SmsMessage => ({
  sendId,
  to,
  body,
  mediaUrl: mediaUrl ?? null,
  statusCallback: reportUrl(ctx, 'status', sendId),
});
