import { exploreWorkflow, playScenarios, type ExplorationReport, type ScenarioReport } from '../services/exploration.ts';
import { builder } from './builder.ts';
import { uuidOf } from './ids.ts';
import { sourceOf, WorkflowSource } from './validation.ts';

const ScenarioDifference = builder.objectRef<NonNullable<ScenarioReport['scenarios'][number]['difference']>>('ScenarioDifference').implement({
  description: 'The first thing that went otherwise than a scenario expects.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where the scenario says so: `expect.path[3]`.' }),
    message: t.exposeString('message', { description: 'What was expected, what happened, and why where that is known.' }),
    expected: t.field({ type: 'JSON', nullable: true, description: 'What the scenario names there.', resolve: ({ expected }) => expected ?? null }),
    actual: t.field({ type: 'JSON', nullable: true, description: 'What there was.', resolve: ({ actual }) => actual ?? null }),
  }),
});

export const ScenarioOutcome = builder.objectRef<ScenarioReport['scenarios'][number]>('ScenarioOutcome').implement({
  description: 'One scenario of `tests:`, played.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As the definition names it.' }),
    passed: t.exposeBoolean('passed', { description: 'Whether all went as expected.' }),
    difference: t.expose('difference', { type: ScenarioDifference, nullable: true, description: 'Null when it passed.' }),
    path: t.exposeStringList('path', { description: 'Keys of the steps visited, in order, skipped ones left out.' }),
    status: t.exposeString('status', { nullable: true, description: 'How the run stood at the end; null when it could not be played.' }),
    exitReason: t.exposeString('exit_reason', { nullable: true, description: 'Why it ended, when it says so.' }),
  }),
});

export const ScenarioReportType = builder.objectRef<ScenarioReport>('ScenarioReport').implement({
  description: 'The scenarios of a definition, played.',
  fields: (t) => ({
    passed: t.exposeBoolean('passed', { description: 'Whether all of them passed; a failing one refuses publishing.' }),
    scenarios: t.expose('scenarios', { type: [ScenarioOutcome], description: 'In the order of the file.' }),
  }),
});

const LongestPath = builder.objectRef<ExplorationReport['longest']>('LongestPath').implement({
  description: 'The path that takes longest.',
  fields: (t) => ({
    duration: t.field({ type: 'Duration', description: 'Each wait at its full length.', resolve: ({ ms }) => ms }),
    path: t.exposeStringList('path', { description: 'Keys of its steps, in order.' }),
  }),
});

const ReachedEnd = builder.objectRef<ExplorationReport['ends'][number]>('ReachedEnd').implement({
  description: 'A way in which a run can end where nothing fails.',
  fields: (t) => ({
    status: t.exposeString('status', { description: '`completed` or `exited`.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: "What `exitReason` will say: an exit rule's reason, `goal:<id>`, `max_run_age` …; null for a run that simply completes.",
    }),
    path: t.exposeStringList('path', { description: 'Keys of the steps of a path that ends so, in order.' }),
  }),
});

const PlannedMessage = builder.objectRef<ExplorationReport['most_messages']['messages'][number]>('PlannedMessage').implement({
  description: 'A message or call that a path makes.',
  fields: (t) => ({
    stepKey: t.exposeString('step_id', { description: 'The step that sends it.' }),
    channel: t.exposeString('channel', { description: '`email`, `sms` or `voice`.' }),
    after: t.field({ type: 'Duration', description: 'Since the entry.', resolve: ({ after_ms }) => after_ms }),
  }),
});

const DensestDay = builder.objectRef<ExplorationReport['most_messages']>('DensestDay').implement({
  description: 'The 24 hours in which one contact can get the most messages and calls.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'How many.' }),
    path: t.exposeStringList('path', { description: 'Keys of the steps that lead there.' }),
    messages: t.expose('messages', { type: [PlannedMessage], description: 'Which.' }),
  }),
});

export const ExplorationReportType = builder.objectRef<ExplorationReport>('ExplorationReport').implement({
  description: 'What walking every path of a definition found.',
  fields: (t) => ({
    complete: t.exposeBoolean('complete', { description: 'False when there are more paths than were walked: the worst that was found is then told.' }),
    unreached: t.exposeStringList('unreached', { description: 'Keys of steps that no path reaches.' }),
    openEnded: t.exposeStringList('open_ended', { description: 'Keys of steps at which a run may wait for ever.' }),
    loopLimited: t.exposeStringList('loop_limited', { description: 'Keys of steps that a path enters 25 times, after which the run fails.' }),
    longest: t.expose('longest', { type: LongestPath, description: 'The longest run.' }),
    ends: t.expose('ends', { type: [ReachedEnd], description: 'Every way in which a run can end, exit rules and goals that draw it to themselves included.' }),
    mostMessages: t.expose('most_messages', { type: DensestDay, description: 'The densest day.' }),
  }),
});

const definitionArgs = {
  source: { type: WorkflowSource, description: 'A definition that is stored nowhere …' },
  workflowId: { description: '… or a stored workflow: its newest version, drafts too. Exactly one of the two.' },
} as const;

builder.queryFields((t) => ({
  runScenarios: t.field({
    type: ScenarioReportType,
    description: 'Plays the scenarios (`tests:`) of a definition with the production interpreter: no message leaves, no row is written.',
    complexity: 50,
    args: { source: t.arg(definitionArgs.source), workflowId: t.arg.id(definitionArgs.workflowId) },
    resolve: (_root, { source, workflowId }, { ctx, who }) =>
      playScenarios(ctx, who, { source: source ? sourceOf(source) : null, workflowId: workflowId ? uuidOf('Workflow', workflowId) : null }),
  }),
  exploreWorkflow: t.field({
    type: ExplorationReportType,
    description:
      'Walks every path of a definition, both arms of each branch, each timeout and exit rule: what nothing reaches, how runs end, the longest run, the densest day.',
    complexity: 50,
    args: { source: t.arg(definitionArgs.source), workflowId: t.arg.id(definitionArgs.workflowId) },
    resolve: (_root, { source, workflowId }, { ctx, who }) =>
      exploreWorkflow(ctx, who, { source: source ? sourceOf(source) : null, workflowId: workflowId ? uuidOf('Workflow', workflowId) : null }),
  }),
}));
