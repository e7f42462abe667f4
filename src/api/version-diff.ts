import type { DefinitionDiff } from '../core/definition/diff.ts';
import type { Change } from '../core/definition/value-changes.ts';
import type { VersionDiff as Diff } from '../services/version-diff.ts';
import { builder } from './builder.ts';
import { ChangeKind } from './enums.ts';

type Steps = DefinitionDiff['steps'];

const DefinitionChange = builder.objectRef<Change>('DefinitionChange').implement({
  description: 'One key that differs between two versions.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'As people write it: `config.variants[A].weight`.' }),
    kind: t.expose('kind', { type: ChangeKind, description: 'Was the key added, removed or changed?' }),
    from: t.field({ type: 'JSON', nullable: true, description: 'Null when it was added.', resolve: ({ from }) => from }),
    to: t.field({ type: 'JSON', nullable: true, description: 'Null when it was removed.', resolve: ({ to }) => to }),
  }),
});

const StepRef = builder.objectRef<Steps['added'][number]>('StepRef').implement({
  description: 'A step by its name.',
  fields: (t) => ({ key: t.exposeString('id', { description: 'Its id in the definition.' }), type: t.exposeString('type', { description: 'Its kind.' }) }),
});

const StepDiff = builder.objectRef<Steps['changed'][number]>('StepDiff').implement({
  description: 'What changed in a step that both versions have. Where it leads is told by the edges.',
  fields: (t) => ({
    key: t.exposeString('id', { description: 'Its id in the definition.' }),
    type: t.exposeString('type', { description: 'Its kind, in the other version.' }),
    changes: t.expose('changes', { type: [DefinitionChange], description: 'Key by key.' }),
  }),
});

const EdgeDiff = builder.objectRef<DefinitionDiff['edges'][number]>('EdgeDiff').implement({
  description: 'Another way out of a step that both versions have.',
  fields: (t) => ({
    from: t.exposeString('from', { nullable: true, description: 'The step; null for the way in.' }),
    outcome: t.exposeString('outcome', { description: 'The edge\'s name.' }),
    before: t.exposeString('before', { nullable: true, description: 'Where it led; null when it is new.' }),
    after: t.exposeString('after', { nullable: true, description: 'Where it leads; null when it is gone.' }),
  }),
});

export const VersionDiff = builder.objectRef<Diff>('VersionDiff').implement({
  description: 'What leads from one version to another in meaning: layout, comments and the order of keys are noise.',
  fields: (t) => ({
    fromVersion: t.exposeInt('fromVersion', { description: 'The number of the version that it starts from.' }),
    toVersion: t.exposeInt('toVersion', { description: 'The number of the version that it leads to.' }),
    identical: t.exposeBoolean('identical', { description: 'True when nothing differs in meaning.' }),
    stepsAdded: t.field({ type: [StepRef], description: 'Steps that only the other version has.', resolve: ({ steps }) => steps.added }),
    stepsRemoved: t.field({ type: [StepRef], description: 'Steps that only this version has.', resolve: ({ steps }) => steps.removed }),
    stepsChanged: t.field({ type: [StepDiff], description: 'Steps of both that differ.', resolve: ({ steps }) => steps.changed }),
    edges: t.expose('edges', { type: [EdgeDiff], description: 'Edges that differ.' }),
    changes: t.expose('changes', { type: [DefinitionChange], description: 'Name, triggers, settings, exit conditions and scenarios.' }),
    text: t.exposeString('text', { description: 'The same in words, a line each.' }),
  }),
});
