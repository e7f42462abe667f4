import { findStep } from '../../steps/index.ts';
import { checkTemplate } from '../../templates/parse.ts';
import type { LintRule } from './rule.ts';
import { textsOf } from './texts.ts';

export const templates: LintRule = {
  id: 'template_syntax',
  severity: 'error',
  docs: 'A template that cannot be read, or that names an unknown root, filter or argument, or a secret where none may stand (`unknown_variable`, `unknown_filter`, `filter_argument`, `misplaced_secret`).',
  example: `- { id: text, type: send_sms, config: { message: "Hi {{contact.first_name | upcas" } }`,
  check: ({ definition }) =>
    textsOf(definition).flatMap(({ text, path, step }) => {
      if (!/\{\{|\{%/.test(text)) return [];
      const secrets = step !== null && findStep(step.type)?.secrets === true;
      return checkTemplate(text, { secrets }).map(({ rule, message, hint }) => ({ rule, path, message, hint }));
    }),
};
