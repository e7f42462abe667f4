import type { TestMode as Mode } from '../core/ports/records.ts';
import type { Explanation as Reasons, StepStatus as Status } from '../core/state.ts';
import { reportOf, testRunEvents, testWorkflow, type TestRunEvent } from '../services/test-runs.ts';
import { builder } from './builder.ts';
import { StepStatus, TestMode } from './enums.ts';
import { InvalidInput, NotFound, NotImplemented, PayloadTooLarge, ValidationFailed } from './errors.ts';
import { Explanation } from './explanation.ts';
import { ExplorationReportType, ScenarioOutcome, ScenarioReportType } from './exploration.ts';
import { uuidOf, uuidOrNull } from './ids.ts';
import { SimulatedSend, Simulation, simulationFields, simulationOf } from './validation.ts';

type EventOf<Kind extends TestRunEvent['kind']> = Extract<TestRunEvent, { kind: Kind }>;

const REPORT = { mode: true, report: true } as const;

export const TestRun = builder.prismaNode('WorkflowTestRun', {
  name: 'TestRun',
  description: 'A test that was played. It is kept for a week.',
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of SQL.' }),
    mode: t.field({ type: TestMode, description: 'How it was played.', select: { mode: true }, resolve: ({ mode }) => mode as Mode }),
    workflow: t.relation('workflow', { nullable: true, description: 'The workflow that was played; null for a source that is stored nowhere.' }),
    simulation: t.field({ type: Simulation, nullable: true, description: 'What happened, for `SIMULATE`.', select: REPORT, resolve: (run) => reportOf(run, 'simulate') }),
    scenarios: t.field({
      type: ScenarioReportType,
      nullable: true,
      description: 'What became of the scenarios, for `SCENARIOS`.',
      select: REPORT,
      resolve: (run) => reportOf(run, 'scenarios'),
    }),
    exploration: t.field({
      type: ExplorationReportType, nullable: true, description: 'What was found, for `EXPLORE`.', select: REPORT, resolve: (run) => reportOf(run, 'explore'),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was played.' }),
  }),
});

builder.queryField('testRun', (t) => t.prismaField({
  type: TestRun,
  nullable: true,
  description: 'One test run by id or uuid; null when there is none in this location, or not any more.',
  args: { id: t.arg.id({ required: true, description: 'Its node id or uuid.' }) },
  resolve: (query, _root, { id }, { db }) => {
    const uuid = uuidOrNull('TestRun', id);
    return uuid === null ? null : db.workflowTestRun.findUnique({ ...query, where: { id: uuid } });
  },
}));

builder.relayMutationField('testWorkflow', {
  description: 'How to play, a workflow or a source (one of the two), a contact, and what happens meanwhile.',
  inputFields: (t) => ({
    mode: t.field({ type: TestMode, defaultValue: 'simulate', description: 'How to play it; the contact and what happens meanwhile are for `SIMULATE`.' }),
    ...simulationFields(t),
  }),
}, {
  description: 'Plays a workflow and keeps what happened for a week, for `testRunEvents` and `testRun`. No message leaves, nobody is enrolled.',
  complexity: 50,
  errors: { types: [NotFound, InvalidInput, ValidationFailed, PayloadTooLarge, NotImplemented] },
  resolve: async (_root, { input }, { ctx, who }) => ({ testRunId: (await testWorkflow(ctx, who, { ...simulationOf(input), mode: input.mode ?? 'simulate' })).id }),
}, {
  outputFields: (t) => ({
    testRun: t.prismaField({
      type: TestRun, description: 'The test run.', resolve: (query, { testRunId }, _args, { db }) => db.workflowTestRun.findUniqueOrThrow({ ...query, where: { id: testRunId } }),
    }),
  }),
});

const CURSOR = 'Hand it back as `after` to go on behind this event.';

const TestStepPlayed = builder.objectRef<EventOf<'step'>>('TestStepPlayed').implement({
  description: 'A step was played, as its log row would have it.',
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
    seq: t.int({ description: 'Its place in the run, from 1.', resolve: ({ row }) => row['seq'] as number }),
    stepKey: t.string({ description: 'The step\'s `id` in the definition.', resolve: ({ row }) => row['step_id'] as string }),
    stepType: t.string({ description: 'The step\'s kind.', resolve: ({ row }) => row['step_type'] as string }),
    visit: t.int({ description: 'Which visit to this step, from 1.', resolve: ({ row }) => row['visit'] as number }),
    status: t.field({ type: StepStatus, description: 'What became of the visit.', resolve: ({ row }) => row['status'] as Status }),
    outcome: t.string({ nullable: true, description: 'The edge that was taken; null while it waits.', resolve: ({ row }) => row['outcome'] as string | null }),
    input: t.field({ type: 'JSON', nullable: true, description: 'Its settings with every template filled in.', resolve: ({ row }) => row['input'] }),
    output: t.field({ type: 'JSON', nullable: true, description: 'What `steps.<key>` holds for later steps.', resolve: ({ row }) => row['output'] }),
    error: t.string({ nullable: true, description: 'Why it failed.', resolve: ({ row }) => row['error'] as string | null }),
    decision: t.field({ type: Explanation, nullable: true, description: 'Why it went the way it went.', resolve: ({ row }) => row['decision'] as Reasons | null }),
    startedAt: t.field({ type: 'DateTime', description: 'When it was reached, by the virtual clock.', resolve: ({ row }) => new Date(row['started_at'] as string) }),
    completedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was left; null while it waits.',
      resolve: ({ row }) => (row['completed_at'] === null ? null : new Date(row['completed_at'] as string)),
    }),
  }),
});

const TestMessageSent = builder.objectRef<EventOf<'message'>>('TestMessageSent').implement({
  description: 'A message or call would have left.',
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
    message: t.expose('message', { type: SimulatedSend, description: 'What, to whom and when.' }),
  }),
});

const TestScenarioPlayed = builder.objectRef<EventOf<'scenario'>>('TestScenarioPlayed').implement({
  description: 'A scenario of the definition was played.',
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
    scenario: t.expose('scenario', { type: ScenarioOutcome, description: 'What became of it.' }),
  }),
});

const TestRunEnded = builder.objectRef<EventOf<'ended'>>('TestRunEnded').implement({
  description: 'Nothing more is told.',
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
    testRun: t.prismaField({
      type: TestRun,
      nullable: true,
      description: 'The whole of it.',
      resolve: (query, { run }, _args, { db }) => db.workflowTestRun.findUnique({ ...query, where: { id: run.id } }),
    }),
  }),
});

const EVENT_TYPES = { step: TestStepPlayed, message: TestMessageSent, scenario: TestScenarioPlayed, ended: TestRunEnded };

const TestRunEventType = builder.unionType('TestRunEvent', {
  description: 'What a test run tells, in order. Every member has a `cursor`.',
  types: Object.values(EVENT_TYPES),
  resolveType: (event) => EVENT_TYPES[(event as TestRunEvent).kind],
});

builder.subscriptionField('testRunEvents', (t) => t.field({
  type: TestRunEventType,
  description: 'A test run step by step, with its messages or scenarios, to its end: from the start, or from behind a cursor.',
  args: {
    id: t.arg.id({ required: true, description: 'The test run\'s node id or uuid.' }),
    after: t.arg({ type: 'Cursor', description: 'Go on behind this cursor; from the start without.' }),
  },
  subscribe: async (_root, { id, after }, { ctx, who }) => oneByOne(await testRunEvents(ctx, who, { id: uuidOf('TestRun', id), after: after ?? null })),
  resolve: (event) => event as TestRunEvent,
}));

async function* oneByOne<Event>(events: Event[]): AsyncGenerator<Event> {
  yield* events;
}
