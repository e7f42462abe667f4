import type { RunAsk } from '../core/operable.ts';
import { moveEnrollment, operateInBulk, retryStep, runNow, skipStep, type BulkAnswer } from '../services/run-operations.ts';
import { builder, type ApiContext } from './builder.ts';
import { EnrollmentStatus } from './enums.ts';
import { InvalidInput, InvalidState, NotFound } from './errors.ts';
import { enrollmentField, workflowField, type Fields } from './fields.ts';
import { uuidOf } from './ids.ts';

const RUN_ID = 'The enrollment\'s node id or uuid.';
const AFTERWARDS = 'In a paused workflow it takes effect with the resume. Needs `enroll`.';

builder.relayMutationField('retryStep', {
  description: 'The failed enrollment.',
  inputFields: (t) => ({ id: t.id({ required: true, description: RUN_ID }) }),
}, {
  description: `A failed enrollment enters its step again, as a new visit. ${AFTERWARDS}`,
  skipTypeScopes: true,
  authScopes: { scope: 'enroll' },
  errors: { types: [NotFound, InvalidState] },
  resolve: async (_root, { input }, { ctx, who }) => ({ enrollmentId: (await retryStep(ctx, who, { id: uuidOf('Enrollment', input.id) })).id }),
}, { outputFields: (t) => ({ enrollment: enrollmentField(t) }) });

builder.relayMutationField(
  'skipStep',
  {
    description: 'Whose current step to skip.',
    inputFields: (t) => ({ id: t.id({ required: true, description: RUN_ID }) }),
  },
  {
    description: `The current step of an active or a failed enrollment is \`skipped\`, with who did it; the contact goes on behind it. A message that has left is not called back. ${AFTERWARDS}`,
    skipTypeScopes: true,
    authScopes: { scope: 'enroll' },
    errors: { types: [NotFound, InvalidState] },
    resolve: async (_root, { input }, { ctx, who }) => ({ enrollmentId: (await skipStep(ctx, who, { id: uuidOf('Enrollment', input.id) })).id }),
  },
  { outputFields: (t) => ({ enrollment: enrollmentField(t) }) },
);

builder.relayMutationField('moveEnrollment', {
  description: 'Who is to go on where.',
  inputFields: (t) => ({ id: t.id({ required: true, description: RUN_ID }), stepKey: t.string({ required: true, description: 'A step of the version that it is on.' }) }),
}, {
  description: `Takes an active or a failed enrollment to another step of its version; the step that it stands at is interrupted. ${AFTERWARDS}`,
  skipTypeScopes: true,
  authScopes: { scope: 'enroll' },
  errors: { types: [NotFound, InvalidState, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => ({ enrollmentId: (await moveEnrollment(ctx, who, { id: uuidOf('Enrollment', input.id), stepId: input.stepKey })).id }),
}, { outputFields: (t) => ({ enrollment: enrollmentField(t) }) });

builder.relayMutationField('runNow', {
  description: 'Who has waited long enough.',
  inputFields: (t) => ({ id: t.id({ required: true, description: RUN_ID }) }),
}, {
  description: `The timer of a waiting step comes due at once. ${AFTERWARDS}`,
  skipTypeScopes: true,
  authScopes: { scope: 'enroll' },
  errors: { types: [NotFound, InvalidState] },
  resolve: async (_root, { input }, { ctx, who }) => ({ enrollmentId: (await runNow(ctx, who, { id: uuidOf('Enrollment', input.id) })).id }),
}, { outputFields: (t) => ({ enrollment: enrollmentField(t) }) });

const BulkFilter = builder.inputType('BulkEnrollmentFilter', {
  description: 'Which enrollments of a workflow are meant; what is left out does not narrow.',
  fields: (t) => ({
    workflowId: t.id({ required: true, description: 'Node id or uuid.' }),
    status: t.field({ type: EnrollmentStatus, description: 'Only those in this state.' }),
    currentStep: t.string({ description: 'Only those who stand at this step.' }),
    contactId: t.id({ description: 'Only those of one contact.' }),
    enrolledBefore: t.field({ type: 'DateTime', description: 'Only those who came before this moment of journey time.' }),
    enrolledAfter: t.field({ type: 'DateTime', description: 'Only those who came after it.' }),
  }),
});

const StepCount = builder.objectRef<BulkAnswer['steps'][number]>('BulkStepCount').implement({
  description: 'How many of the affected stand at one step.',
  fields: (t) => ({
    stepKey: t.exposeString('stepKey', { nullable: true, description: 'Null before the first step.' }),
    count: t.exposeInt('count', { description: 'How many stand there.' }),
  }),
});

const RefusedCount = builder.objectRef<BulkAnswer['refused'][number]>('BulkRefusal').implement({
  description: 'Enrollments that the filter found and that cannot do what is asked.',
  fields: (t) => ({ reason: t.exposeString('reason', { description: 'For people.' }), count: t.exposeInt('count', { description: 'How many they are.' }) }),
});

type BulkPayload = BulkAnswer & { workflowId: string };

function bulkFields<Parent extends BulkPayload>(t: Fields<Parent>) {
  return {
    workflow: workflowField(t),
    matched: t.int({ description: 'How many the filter found.', resolve: ({ matched }) => matched }),
    affected: t.int({ description: 'How many of them were asked; after a dry run, how many would be.', resolve: ({ affected }) => affected }),
    dryRun: t.boolean({ description: 'True when nothing was done.', resolve: ({ dryRun }) => dryRun }),
    steps: t.field({ type: [StepCount], description: 'Where the affected stand.', resolve: ({ steps }) => steps }),
    refused: t.field({ type: [RefusedCount], description: 'Those who are left alone, by reason.', resolve: ({ refused }) => refused }),
  };
}

type Filter = typeof BulkFilter.$inferInput;

const DRY_RUN = 'True counts, and does nothing.';

const filterOf = (filter: Filter) => ({
  workflowId: uuidOf('Workflow', filter.workflowId),
  status: filter.status ?? null,
  currentStep: filter.currentStep ?? null,
  contactId: filter.contactId ? uuidOf('Contact', filter.contactId) : null,
  enrolledBefore: filter.enrolledBefore?.getTime() ?? null,
  enrolledAfter: filter.enrolledAfter?.getTime() ?? null,
});

async function inBulk({ ctx, who }: ApiContext, input: { filter: Filter; dryRun?: boolean | null }, ask: RunAsk): Promise<BulkPayload> {
  const filter = filterOf(input.filter);
  return { workflowId: filter.workflowId, ...(await operateInBulk(ctx, who, { filter, ask, dryRun: input.dryRun ?? false })) };
}

/** The bulk form of an operation that needs nothing but a filter. */
function bulk(name: string, description: string, ask: RunAsk): void {
  builder.relayMutationField(name, {
    description: 'Whom to ask.',
    inputFields: (t) => ({
      filter: t.field({ type: BulkFilter, required: true, description: 'Who is meant.' }),
      dryRun: t.boolean({ defaultValue: false, description: DRY_RUN }),
    }),
  }, {
    description: `${description} Those who cannot are counted and left alone. Needs \`enroll\`.`,
    skipTypeScopes: true,
    authScopes: { scope: 'enroll' },
    errors: { types: [NotFound, InvalidInput] },
    resolve: (_root, { input }, api) => inBulk(api, input, ask),
  }, { outputFields: (t) => bulkFields(t) });
}

bulk('bulkRetryStep', 'Failed enrollments enter their steps again.', { kind: 'retry' });
bulk('bulkSkipStep', 'Skips the current step of every enrollment that the filter lets through.', { kind: 'skip' });
bulk('bulkRunNow', 'The timers of waiting enrollments come due at once.', { kind: 'run_now' });

builder.relayMutationField('bulkMoveEnrollment', {
  description: 'Whom to move, and where.',
  inputFields: (t) => ({
    filter: t.field({ type: BulkFilter, required: true, description: 'Who is meant.' }),
    stepKey: t.string({ required: true, description: 'A step; those on a version without it are left alone.' }),
    dryRun: t.boolean({ defaultValue: false, description: DRY_RUN }),
  }),
}, {
  description: 'Takes active and failed enrollments to another step. Those who cannot are counted and left alone. Needs `enroll`.',
  skipTypeScopes: true,
  authScopes: { scope: 'enroll' },
  errors: { types: [NotFound, InvalidInput] },
  resolve: (_root, { input }, api) => inBulk(api, input, { kind: 'move', to: input.stepKey }),
}, { outputFields: (t) => bulkFields(t) });

builder.relayMutationField('bulkExitEnrollment', {
  description: 'Who is to leave, and why.',
  inputFields: (t) => ({
    filter: t.field({ type: BulkFilter, required: true, description: 'Who is meant.' }),
    reason: t.string({ description: '`manual` unless said.' }),
    dryRun: t.boolean({ defaultValue: false, description: DRY_RUN }),
  }),
}, {
  description: 'Takes active enrollments out, in a paused workflow too. Those who have ended are counted and left alone. Needs `enroll`.',
  skipTypeScopes: true,
  authScopes: { scope: 'enroll' },
  errors: { types: [NotFound, InvalidInput] },
  resolve: (_root, { input }, api) => inBulk(api, input, { kind: 'exit', reason: input.reason ?? 'manual' }),
}, { outputFields: (t) => bulkFields(t) });
