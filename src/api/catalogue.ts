import { operatorDefinitions } from '../core/conditions/operators/index.ts';
import { configSchema } from '../core/reference/json-schema.ts';
import { eventTypes, type EventType as EventKind } from '../core/event-types.ts';
import { stepDefinitions } from '../core/steps/index.ts';
import type { StepDefinition } from '../core/steps/define-step.ts';
import { filterDefinitions } from '../core/templates/filters/index.ts';
import type { TriggerDefinition } from '../core/triggers/define-trigger.ts';
import { triggerDefinitions } from '../core/triggers/index.ts';
import { builder } from './builder.ts';
import { StepGroup } from './enums.ts';

const StepType = builder.objectRef<StepDefinition>('StepType').implement({
  description: 'A kind of step that definitions may use.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'As definitions write it: `send_email`.' }),
    aliases: t.exposeStringList('aliases', { description: 'Other spellings that are read.' }),
    group: t.expose('group', { type: StepGroup, description: 'Which part of the palette it belongs to.' }),
    summary: t.exposeString('summary', { description: 'One sentence.' }),
    icon: t.exposeString('icon', { description: 'A lucide icon\'s name.' }),
    configSchema: t.field({ type: 'JSON', description: 'JSON Schema (draft-07) of its `config`.', resolve: ({ config }) => configSchema(config) }),
    arms: t.stringList({ description: 'Places in its config that name other steps: `variants.*.next`.', resolve: ({ arms }) => arms.map((arm) => arm.path) }),
    results: t.exposeStringList('results', { description: 'What `steps.<key>.<name>` may hold after it.' }),
  }),
});

const TriggerType = builder.objectRef<TriggerDefinition>('TriggerType').implement({
  description: 'A kind of trigger that definitions may use.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'As definitions write it: `contact_created`.' }),
    summary: t.exposeString('summary', { description: 'One sentence.' }),
    icon: t.exposeString('icon', { description: 'A lucide icon\'s name.' }),
    configSchema: t.field({ type: 'JSON', description: 'JSON Schema (draft-07) of its settings.', resolve: ({ config }) => configSchema(config) }),
    events: t.exposeStringList('events', { description: 'The events that it reacts to.' }),
  }),
});

const EventType = builder.objectRef<EventKind>('EventType').implement({
  description: 'An event that the engine itself tells of a contact. Any other name is an event of your own.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'What triggers, waits and exit rules name.' }),
    summary: t.exposeString('summary', { description: 'One sentence.' }),
    data: t.expose('data', { type: 'JSON', description: 'What its data holds: key by key in words.' }),
  }),
});

interface Word {
  name: string;
  aliases?: readonly string[];
  summary: string;
}

const Operator = builder.objectRef<Word>('Operator').implement({
  description: 'A comparison that conditions may use.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As conditions write it: `greater_than`.' }),
    aliases: t.stringList({ description: 'Other spellings that are read.', resolve: ({ aliases }) => [...(aliases ?? [])] }),
    summary: t.exposeString('summary', { description: 'One sentence.' }),
  }),
});

const Filter = builder.objectRef<Word>('Filter').implement({
  description: 'What templates may put behind a bar: `{{contact.first_name | upper}}`.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As templates write it, behind a bar: `upper`.' }),
    summary: t.exposeString('summary', { description: 'One sentence.' }),
  }),
});

builder.queryFields((t) => ({
  stepTypes: t.field({ type: [StepType], description: 'Every kind of step: what a builder draws its palette and forms from.', resolve: () => stepDefinitions }),
  triggerTypes: t.field({ type: [TriggerType], description: 'Every kind of trigger.', resolve: () => triggerDefinitions }),
  eventTypes: t.field({ type: [EventType], description: 'Every event that the engine itself tells.', resolve: () => eventTypes }),
  operators: t.field({ type: [Operator], description: 'Every comparison of conditions.', resolve: () => operatorDefinitions }),
  filters: t.field({ type: [Filter], description: 'Every filter of templates.', resolve: () => filterDefinitions }),
}));
