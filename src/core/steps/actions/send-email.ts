import { z } from 'zod';
import { asText } from '../../as-text.ts';
import { renderText, renderValue } from '../../templates/render.ts';
import type { Scope } from '../../templates/scope.ts';
import { durationMs, durationSchema } from '../../time/duration.ts';
import { fail, perform, type Verdict } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';
import { reach, smuggled } from '../reach.ts';
import { findTemplate } from './find-template.ts';

const config = z
  .strictObject({
    template_id: z.string().min(1).optional(),
    subject: z.string().min(1).max(998).optional(),
    html: z.string().max(500_000).optional(),
    text: z.string().max(500_000).optional(),
    to: z.string().default('{{contact.email}}'),
    from: z.string().optional(),
    reply_to: z.string().optional(),
    delay: durationSchema.default(0),
  })
  .refine((c) => (c.template_id === undefined) !== (c.subject === undefined && c.html === undefined && c.text === undefined), {
    error: 'An e-mail has either a template_id, or a subject with html or text of its own.',
  })
  .refine((c) => c.template_id !== undefined || (c.subject !== undefined && (c.html !== undefined || c.text !== undefined)), {
    error: 'An e-mail without template_id needs a subject, and html or text.',
  });
type Config = z.output<typeof config>;

export const sendEmail = defineStep<Config>({
  type: 'send_email',
  channel: 'email',
  to: ({ to }) => to,
  group: 'action',
  summary: 'Sends an e-mail to the contact.',
  icon: 'mail',
  config,
  main: 'message_id',
  results: ['message_id', 'delivered', 'opened', 'clicked', 'bounced', 'replied', 'reply_text'],
  waits: ({ delay }) => durationMs(delay) > 0,
  delay: ({ delay }) => durationMs(delay),
  enter: (step, { scope }) => {
    const to = reach('email', step.config.to, scope);
    return to.verdict ?? compose(step.config, scope, to.address);
  },
});

function compose(config: Config, scope: Scope, to: string): Verdict {
  const slug = config.template_id === undefined ? null : asText(renderValue(config.template_id, scope));
  const template = slug === null ? null : findTemplate(slug, 'email', scope);
  if (slug !== null && !template) return fail(`There is no e-mail template "${slug || config.template_id}" in this location. Create it, then retry the step.`);
  const { subject, html, text } = template ?? config;
  const from = config.from === undefined ? null : renderText(config.from, scope);
  const reply_to = config.reply_to === undefined ? null : renderText(config.reply_to, scope);
  return smuggled({ from, reply_to }) ?? perform('email', {
    to,
    from,
    reply_to,
    subject: renderText(subject ?? '', scope).replaceAll(/[\r\n]+/g, ' '),
    html: html ? renderText(html, scope, { escape: 'html' }) : null,
    text: text ? renderText(text, scope) : null,
    template_id: slug,
  });
}
