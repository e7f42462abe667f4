import { z } from 'zod';
import { asText } from '../../as-text.ts';
import { renderText, renderValue } from '../../templates/render.ts';
import type { Scope } from '../../templates/scope.ts';
import { durationMs, durationSchema } from '../../time/duration.ts';
import { fail, perform, type Verdict } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';
import { reach } from '../reach.ts';
import { findTemplate } from './find-template.ts';

const config = z
  .strictObject({
    message: z.string().min(1).max(1_600).optional(),
    template_id: z.string().min(1).optional(),
    to: z.string().default('{{contact.phone}}'),
    media_url: z.string().optional(),
    delay: durationSchema.default(0),
  })
  .refine((c) => (c.message === undefined) !== (c.template_id === undefined), { error: 'A text message has either a message or a template_id.' });
type Config = z.output<typeof config>;

export const sendSms = defineStep<Config>({
  type: 'send_sms',
  channel: 'sms',
  to: ({ to }) => to,
  group: 'action',
  summary: 'Sends a text message to the contact.',
  icon: 'message-square',
  config,
  main: 'message_id',
  results: ['message_id', 'segments', 'delivered', 'replied', 'reply_text'],
  waits: ({ delay }) => durationMs(delay) > 0,
  delay: ({ delay }) => durationMs(delay),
  enter: (step, { scope }) => {
    const to = reach('sms', step.config.to, scope);
    return to.verdict ?? compose(step.config, scope, to.address);
  },
});

function compose(config: Config, scope: Scope, to: string): Verdict {
  const slug = config.template_id === undefined ? null : asText(renderValue(config.template_id, scope));
  const message = slug === null ? config.message : findTemplate(slug, 'sms', scope)?.message;
  if (message === null || message === undefined) return fail(`There is no SMS template "${slug || config.template_id}" in this location. Create it, then retry the step.`);
  const body = renderText(message, scope);
  if (body.trim() === '') return fail('The text message is empty once its variables are filled in. Give the variables a default, or correct the contact.');
  return perform('sms', { to, body, media_url: config.media_url === undefined ? null : renderText(config.media_url, scope), template_id: slug });
}
