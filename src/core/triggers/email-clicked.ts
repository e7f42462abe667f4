import { z } from 'zod';
import { asText } from '../as-text.ts';
import { defineTrigger } from './define-trigger.ts';
import { templateSlug } from './template-slug.ts';

const config = z.strictObject({
  template_id: templateSlug.optional().describe('Only e-mails of this template, by its slug.'),
  url_contains: z.string().min(1).max(2_000).optional().describe('A text that stands anywhere in the link.'),
  include_machine: z.boolean().default(false).describe('Count machines, too: mail programs and scanners that fetch what nobody looked at.'),
});

export const emailClicked = defineTrigger<z.output<typeof config>>({
  type: 'email_clicked',
  summary: 'The contact followed a link in an e-mail.',
  icon: 'mouse-pointer-click',
  config,
  events: ['email_clicked'],
  key: ({ template_id }) => template_id ?? null,
  keyOf: ({ data }) => (typeof data['template_id'] === 'string' ? data['template_id'] : null),
  matches: ({ template_id, url_contains, include_machine }, { data }) =>
    (include_machine || data['machine'] !== true) &&
    (template_id === undefined || data['template_id'] === template_id) &&
    (url_contains === undefined || asText(data['url'] ?? '').includes(url_contains)),
});
