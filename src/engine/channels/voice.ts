import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { VoiceCall } from '../../core/ports/outside.ts';
import { defineChannel } from './define-channel.ts';
import { reportUrl } from './report-url.ts';

const request = z
  .object({ to: z.string(), audio_url: z.string().nullish(), say: z.string().nullish() })
  .refine(({ audio_url, say }) => Boolean(audio_url) !== Boolean(say), { error: 'a call has exactly one of audio_url and say' });

export const voice = defineChannel({
  channel: 'voice',
  request,
  provider: (ctx) => ctx.providers.voice,
  perform: (ctx, send, given) => ctx.providers.voice.call(callOf(ctx, send.id, given)),
  find: (ctx, send, given) => ctx.providers.voice.find(callOf(ctx, send.id, given), send.firstAttemptAt),
});

const callOf = (ctx: Context, sendId: string, { to, audio_url: audioUrl, say }: z.output<typeof request>): VoiceCall => ({
  sendId,
  to,
  audioUrl: audioUrl ?? null,
  say: say ?? null,
  statusCallback: reportUrl(ctx, 'voice', sendId),
});
