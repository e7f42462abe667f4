import { operatorDefinitions } from '../conditions/operators/index.ts';
import { stepShape } from '../definition/schema.ts';
import type { StepDefinition } from '../steps/define-step.ts';
import { stepDefinitions } from '../steps/index.ts';
import { filterDefinitions } from '../templates/filters/index.ts';
import type { TriggerDefinition } from '../triggers/define-trigger.ts';
import { triggerDefinitions } from '../triggers/index.ts';
import { configSchema, definitionSchema, type JsonSchema } from './json-schema.ts';
import { lintPage } from './lint-page.ts';
import { code, GENERATED, keyTable, table } from './markdown.ts';
import { scenariosPage } from './scenarios-page.ts';

/** Everything that follows from the registries, by the path it is written to. */
export const referenceFiles = (): Record<string, string> => ({
  'schemas/workflow.schema.json': `${JSON.stringify(definitionSchema(), null, 2)}\n`,
  'docs/lint.md': lintPage(),
  'docs/reference/steps.md': stepsPage(),
  'docs/reference/triggers.md': triggersPage(),
  'docs/reference/operators.md': operatorsPage(),
  'docs/reference/filters.md': filtersPage(),
  'docs/reference/scenarios.md': scenariosPage(),
});

function stepsPage(): string {
  const common = configSchema(stepShape)['properties'] as Record<string, JsonSchema>;
  const rows = Object.entries(common).map(([key, { description }]) => [code(key), typeof description === 'string' ? description : COMMON[key] ?? '']);
  const groups = [['Actions', 'action'], ['Control', 'control']] as const;
  return `${GENERATED}
# Steps

Every step has an \`id\` and a \`type\`; what belongs to the type stands under \`config\`.

${table(['key', 'what it is'], rows)}

${groups.map(([title, group]) => `## ${title}\n\n${stepDefinitions.filter((step) => step.group === group).map(stepSection).join('\n')}`).join('\n')}`;
}

const COMMON: Record<string, string> = {
  type: 'What the step does: one of those below.',
  config: 'What belongs to its type.',
  retry: 'How often a failed attempt is repeated, and after how long: `{ attempts: 3, backoff: 1m }`. The wait grows from attempt to attempt, and is never more than an hour.',
};

function stepSection({ type, aliases, summary, config, arms, results, main }: StepDefinition): string {
  const also = aliases.length > 0 ? ` Also written ${aliases.map(code).join(', ')}.` : '';
  const ways = arms.length > 0 ? `\nWays out: ${arms.map(({ path }) => code(path)).join(', ')}. One that is left out goes on behind the arms.\n` : '';
  const gives = results.length > 0 ? `\nGives ${results.map((name) => code(`steps.<id>.${name}`)).join(', ')}; \`.result\` is ${code(main)}.\n` : '';
  return `### ${type}\n\n${summary}${also}\n\n${keyTable(configSchema(config))}\n${ways}${gives}`;
}

function triggersPage(): string {
  return `${GENERATED}
# Triggers

A definition has \`trigger\` (one) or \`triggers\` (a list). Settings stand beside \`type\`. Every trigger also takes \`filters\` (conditions over \`contact\`, \`trigger\` and \`event\`, looked at once, at entry)
and \`on_import: enroll\`, without which contacts of a bulk import enter nothing.

${triggerDefinitions.map(triggerSection).join('\n')}`;
}

function triggerSection({ type, summary, config, events }: TriggerDefinition): string {
  const told = events.length > 0 && (events.length > 1 || events[0] !== type) ? `\nReacts to ${events.map(code).join(', ')}.\n` : '';
  return `## ${type}\n\n${summary}\n\n${keyTable(configSchema(config)).replace('It takes no config.', 'It has no settings.')}\n${told}`;
}

function operatorsPage(): string {
  const rows = operatorDefinitions.map(({ name, aliases, summary, operand, missing }) => [
    [name, ...aliases].map(code).join(' '), summary, operand.words, missing === 'ask' ? 'it depends' : String(missing),
  ]);
  return `${GENERATED}
# Operators

A condition compares a field with a value: \`{ field: tags, operator: contains, value: vip }\`. A list of conditions means that all hold; \`all\`, \`any\` and \`not\` make groups.

${table(['operator', 'holds when', 'its value', 'when the field is missing'], rows)}
`;
}

function filtersPage(): string {
  const rows = filterDefinitions.map(({ name, summary, args, example }) => [
    code(name), summary, args.map((arg) => (arg.optional ? `[${arg.name}]` : arg.name)).join(', '), code(example),
  ]);
  return `${GENERATED}
# Filters

A template is \`{{ path | filter: argument, argument | … }}\`. A value that is missing passes through every filter but \`default\`.

${table(['filter', 'what it does', 'arguments', 'example'], rows)}
`;
}
