import type { Program, ProgramStep, Target, TriggerConfig } from '../core/program.ts';
import { compileStored } from '../core/definition/compile.ts';
import { findStep, stepDefinitions } from '../core/steps/index.ts';
import { builder } from './builder.ts';

const programs = new WeakMap<object, Program>();

/** The program of a stored definition; compiled once for all fields that read the same row. */
export function programOf(definition: unknown): Program {
  const key = definition as object;
  const program = programs.get(key) ?? compileStored(definition);
  programs.set(key, program);
  return program;
}

const Outcome = builder.objectRef<{ name: string; target: Target }>('Outcome').implement({
  description: 'A way out of a step.',
  fields: (t) => ({
    name: t.exposeString('name', { description: '`next`, `then`, `else`, a variant\'s name, `timeout` …' }),
    target: t.string({
      nullable: true,
      description: 'The key of the step it leads to; null when the run ends here.',
      resolve: ({ target }) => ('stepId' in target ? target.stepId : null),
    }),
    ends: t.boolean({ description: 'True when the run ends here.', resolve: ({ target }) => 'end' in target }),
  }),
});

/** The ways out that a step can really take. Every step has the edge `next`, for when it is skipped; it shows where its kind or an `if` can take it. */
function outcomesOf({ type, config, edges, if: guard }: ProgramStep): { name: string; target: Target }[] {
  const possible = new Set(findStep(type)?.outcomes(config) ?? Object.keys(edges));
  return Object.entries(edges).filter(([name]) => name !== 'next' || guard !== null || possible.has(name)).map(([name, target]) => ({ name, target }));
}

/** A step as it stands in a program. `definition` is null only for a type that the registry has lost. */
export const Step = builder.interfaceRef<ProgramStep>('Step').implement({
  description: 'One step of a version. Each kind of step is a type of its own.',
  resolveType: (step) => stepTypeName(step.type),
  fields: (t) => ({
    key: t.exposeString('id', { description: 'Its `id` in the definition.' }),
    type: t.exposeString('type', { description: 'Its kind: `send_email`, `wait` …' }),
    label: t.string({ description: 'Its label, or its key without one.', resolve: (step) => step.label ?? step.id }),
    config: t.expose('config', { type: 'JSON', description: 'Its settings, parsed.' }),
    outcomes: t.field({ type: [Outcome], description: 'Every way out of it.', resolve: outcomesOf }),
  }),
});

/** `send_email` → `SendEmailStep`. */
export function stepTypeName(type: string): string {
  return `${type.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Step`;
}

for (const { type, summary } of stepDefinitions) {
  builder.objectRef<ProgramStep>(stepTypeName(type)).implement({ description: summary, interfaces: [Step] });
}

export const Trigger = builder.objectRef<TriggerConfig>('Trigger').implement({
  description: 'What lets contacts into a workflow.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Its kind: `contact_created`, `tag_added` …' }),
    config: t.expose('config', { type: 'JSON', description: 'Its settings.' }),
    filters: t.field({ type: 'JSON', description: 'Conditions that the contact must meet at entry.', resolve: (trigger) => trigger.filters }),
  }),
});
