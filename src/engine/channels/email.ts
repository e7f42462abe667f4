import { z } from 'zod';
import type { Context } from '../../context.ts';
import { trackLinks } from '../../core/tracking-links.ts';
import { ProviderError } from '../../errors.ts';
import { defineChannel } from './define-channel.ts';

const request = z.object({
  to: z.string(),
  from: z.string().nullish(),
  reply_to: z.string().nullish(),
  subject: z.string(),
  html: z.string().nullish(),
  text: z.string().nullish(),
});

export const email = defineChannel({
  channel: 'email',
  request,
  provider: (ctx) => ctx.providers.email,
  perform: (ctx, send, { to, from, reply_to: replyTo, subject, html, text }) => {
    const sender = from ?? ctx.environment.emailFrom ?? fallbackSender(ctx);
    return ctx.providers.email.send({
      sendId: send.id,
      messageId: messageIdOf(send.id, sender),
      to,
      from: sender,
      replyTo: replyTo ?? null,
      subject,
      html: html ? tracked(ctx, send.id, html) : null,
      text: text ?? null,
      headers: listHeaders(ctx, send.id),
    });
  },
});

/** The same for every attempt: a receiver that got both keeps one. */
function messageIdOf(sendId: string, sender: string): string {
  const domain = /@([A-Za-z0-9.-]+)/.exec(sender)?.[1] ?? 'millrace.invalid';
  return `<${sendId}@${domain.toLowerCase()}>`;
}

/** The outbox shows mail of an installation that has no sender yet; a real provider must not guess one. */
function fallbackSender(ctx: Context): string {
  if (ctx.providers.email.name === 'outbox') return 'outbox@millrace.invalid';
  throw new ProviderError('This e-mail has no sender: its step sets no "from" and EMAIL_FROM is not set. Set one of the two, then retry the step.', { retryable: false });
}

/** One click ends it, in the reader's own mail program (RFC 2369, RFC 8058). */
function listHeaders(ctx: Context, sendId: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${ctx.environment.publicUrl}/u/${ctx.tokens.sign('unsubscribe', sendId)}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

function tracked(ctx: Context, sendId: string, html: string): string {
  const { publicUrl } = ctx.environment;
  return trackLinks(html, {
    open: () => `${publicUrl}/t/o/${ctx.tokens.sign('open', sendId)}`,
    click: (url) => `${publicUrl}/t/c/${ctx.tokens.sign('click', `${sendId} ${url}`)}`,
  });
}
