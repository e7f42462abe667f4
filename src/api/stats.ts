import type { WorkflowStats as Stats } from '../core/ports/records.ts';
import { builder } from './builder.ts';
import { ExperimentStats } from './experiment-stats.ts';
import { FunnelStep, GoalStats } from './funnel-stats.ts';
import type { StatsKey } from './loaders.ts';

export const NodeStats = builder.objectRef<Stats['nodes'][number]>('NodeStats').implement({
  description: 'One step\'s people.',
  fields: (t) => ({
    stepKey: t.exposeString('stepKey', { description: 'The step\'s `id` in the definition.' }),
    waiting: t.exposeInt('waiting', { description: 'Contacts who stand in it now.' }),
    passed: t.exposeInt('passed', { description: 'Visits that ended well.' }),
    failed: t.exposeInt('failed', { description: 'Visits that failed.' }),
  }),
});

export const EdgeStats = builder.objectRef<Stats['edges'][number]>('EdgeStats').implement({
  description: 'One edge\'s traffic.',
  fields: (t) => ({
    from: t.exposeString('from', { description: 'The step it leaves; empty for the entry.' }),
    outcome: t.exposeString('outcome', { description: 'The outcome that the edge stands for.' }),
    count: t.exposeInt('count', { description: 'Contacts who went this way.' }),
  }),
});

export const WorkflowTotals = builder.objectRef<Pick<Stats, 'enrolled' | 'active' | 'completed' | 'exited' | 'failed'>>('WorkflowTotals').implement({
  description: 'A workflow\'s enrollments by status.',
  fields: (t) => ({
    enrolled: t.exposeInt('enrolled', { description: 'All that ever entered.' }),
    active: t.exposeInt('active', { description: 'Inside now.' }),
    completed: t.exposeInt('completed', { description: 'Went through to an end.' }),
    exited: t.exposeInt('exited', { description: 'Left before an end.' }),
    failed: t.exposeInt('failed', { description: 'Stopped by an error.' }),
  }),
});

/** The counts, and what was asked: the costlier parts are read when a document selects them. */
export const WorkflowStats = builder.objectRef<Stats & { key: StatsKey }>('WorkflowStats').implement({
  description: 'A workflow in numbers.',
  fields: (t) => ({
    enrolled: t.exposeInt('enrolled', { description: 'All that entered.' }),
    active: t.exposeInt('active', { description: 'Inside now.' }),
    completed: t.exposeInt('completed', { description: 'Went through to an end.' }),
    exited: t.exposeInt('exited', { description: 'Left before an end.' }),
    failed: t.exposeInt('failed', { description: 'Stopped by an error.' }),
    nodes: t.expose('nodes', { type: [NodeStats], description: 'Step by step: all of the published version (or of the one asked for), then those that only others have.' }),
    edges: t.expose('edges', { type: [EdgeStats], description: 'Edge by edge.' }),
    funnel: t.field({
      type: [FunnelStep],
      complexity: 20,
      description: 'Step by step, as `nodes`: who came, who went on, who stayed behind, and how long it took.',
      resolve: async ({ funnel, key }, _args, { load }) => {
        const times = new Map((await load.times.load(key)).map((time) => [time.stepKey, time]));
        return funnel.map((step) => ({ ...step, time: times.get(step.stepKey) ?? null }));
      },
    }),
    goals: t.expose('goals', { type: [GoalStats], description: 'Goal by goal: those of the version, then those that only others have.' }),
    experiments: t.field({
      type: [ExperimentStats],
      complexity: 20,
      description: 'Split by split: those of the version, then those that only others have.',
      resolve: ({ key }, _args, { load }) => load.experiments.load(key),
    }),
    asOf: t.expose('asOf', { type: 'DateTime', description: 'When this was read, in journey time.' }),
  }),
});

export const StatsWindow = builder.inputType('StatsWindow', {
  description: 'A stretch of journey time; either end may be open.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'From this moment on.' }),
    to: t.field({ type: 'DateTime', description: 'Before this moment.' }),
  }),
});
