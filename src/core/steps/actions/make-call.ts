import { z } from 'zod';
import { asText } from '../../as-text.ts';
import { renderText, renderValue } from '../../templates/render.ts';
import type { Scope } from '../../templates/scope.ts';
import { durationMs, durationSchema } from '../../time/duration.ts';
import { fail, perform, type Verdict } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';
import { reach } from '../reach.ts';

const config = z
  .strictObject({
    voicemail_drop_id: z.string().min(1).optional(),
    say: z.string().min(1).max(4_000).optional(),
    audio_url: z.string().min(1).optional(),
    to: z.string().default('{{contact.phone}}'),
    delay: durationSchema.default(0),
  })
  .refine((c) => [c.voicemail_drop_id, c.say, c.audio_url].filter((given) => given !== undefined).length === 1, {
    error: 'A call has exactly one of voicemail_drop_id, say and audio_url.',
  });
type Config = z.output<typeof config>;

export const makeCall = defineStep<Config>({
  type: 'make_call',
  channel: 'voice',
  to: ({ to }) => to,
  group: 'action',
  summary: 'Calls the contact and plays a recording or speaks a text.',
  icon: 'phone',
  config,
  main: 'call_id',
  results: ['call_id', 'answered', 'outcome', 'duration'],
  waits: ({ delay }) => durationMs(delay) > 0,
  delay: ({ delay }) => durationMs(delay),
  enter: (step, { scope }) => {
    const to = reach('voice', step.config.to, scope);
    return to.verdict ?? compose(step.config, scope, to.address);
  },
});

function compose(config: Config, scope: Scope, to: string): Verdict {
  if (config.say !== undefined) return perform('voice', { to, say: renderText(config.say, scope), audio_url: null });
  if (config.audio_url !== undefined) return perform('voice', { to, say: null, audio_url: renderText(config.audio_url, scope) });
  const slug = asText(renderValue(config.voicemail_drop_id, scope));
  const { voicemails } = scope.assets;
  const voicemail = Object.hasOwn(voicemails, slug) ? voicemails[slug] : Object.values(voicemails).find(({ id }) => id === slug);
  if (!voicemail) return fail(`There is no voicemail "${slug || config.voicemail_drop_id}" in this location. Create it, then retry the step.`);
  return perform('voice', { to, say: null, audio_url: voicemail.audio_url, voicemail_drop_id: slug });
}
