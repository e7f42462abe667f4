import { z } from 'zod';
import { defineTrigger } from './define-trigger.ts';
import { templateSlug } from './template-slug.ts';

const config = z.strictObject({
  template_id: templateSlug.optional().describe('Only e-mails of this template, by its slug.'),
  include_machine: z.boolean().default(false).describe('Count machines, too: mail programs and scanners that fetch what nobody looked at.'),
});

/** Openings by mail programs that nobody looked at count only when asked for. */
export const emailOpened = defineTrigger<z.output<typeof config>>({
  type: 'email_opened',
  summary: 'The contact opened an e-mail.',
  icon: 'mail-open',
  config,
  events: ['email_opened'],
  key: ({ template_id }) => template_id ?? null,
  keyOf: ({ data }) => (typeof data['template_id'] === 'string' ? data['template_id'] : null),
  matches: ({ template_id, include_machine }, { data }) =>
    (include_machine || data['machine'] !== true) && (template_id === undefined || data['template_id'] === template_id),
});
