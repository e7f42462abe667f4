import { lintRules } from '../definition/lint/index.ts';
import type { LintRule } from '../definition/lint/rule.ts';
import { GENERATED } from './markdown.ts';

/** A whole definition in which a rule finds something. */
export function exampleOf({ example = '' }: LintRule): string {
  const indented = example.split('\n').map((line) => `  ${line}`).join('\n');
  return example.startsWith('name:') ? `${example}\n` : `name: Example\ntrigger: { type: manual }\nsteps:\n${indented}\n`;
}

/** `docs/lint.md`: every rule, why it is there, what it finds and what mends it. */
export function lintPage(): string {
  return `${GENERATED}
# What the linter finds

The same findings, with the same rule, path, line and column, come from \`millrace lint\`, from \`validateWorkflow\` and \`POST /api/validate\`, and from publishing. **Errors** refuse
publishing; **warnings** and **notes** do not. \`strict\` makes errors of \`fall_through\`. What is wrong with the shape itself (an unknown key, a bad duration, a missing trigger) refuses
saving too, and is told before any of these rules is asked. A failing scenario is an error \`scenario_failed\`.

${lintRules.map(({ id, severity, fixes }) => `- [\`${id}\`](#${id}): ${severity === 'info' ? 'note' : severity}${fixes ? ', mended by `millrace lint --fix`' : ''}`).join('\n')}

${lintRules.map(sectionOf).join('\n')}`;
}

const sectionOf = (rule: LintRule): string => `## ${rule.id}

${rule.docs}

\`\`\`yaml
${rule.example ?? ''}
\`\`\`
${rule.fixes ? `\n**Fix.** ${rule.fixes}\n` : ''}`;
