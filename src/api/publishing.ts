import { publishPlan, type PlanRow, type PublishPlan as Plan } from '../services/publish-plan.ts';
import { publishWorkflow, restoreWorkflowVersion, rollbackPublish } from '../services/publishing.ts';
import { NotFoundError } from '../errors.ts';
import type { StepMap } from '../core/definition/publish-plan.ts';
import { builder } from './builder.ts';
import { PublishFate, PublishPolicy } from './enums.ts';
import { Fault, InvalidInput, InvalidState, NotFound, PreconditionRequired, ValidationFailed, VersionConflict } from './errors.ts';
import type { Fields } from './fields.ts';
import { uuidOf } from './ids.ts';
import { onWorkflow, REVISION, saved, savedFields, WORKFLOW_ID, type Saved } from './saved-workflow.ts';

const POLICY = 'What becomes of the people inside.';
const STEP_MAP = '`{"old_step": "new_step"}` for the policy `MIGRATE`: steps of the same id map by themselves; an end such as `exit_removed` ends the run.';

const mapOf = (map: unknown): StepMap => (map ?? {}) as StepMap; // its shape is checked by the service

const PlannedStep = builder.objectRef<PlanRow>('PublishPlanStep').implement({
  description: 'People of one version at one step, and what would become of them.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'The version that they are on.' }),
    stepKey: t.exposeString('stepKey', { nullable: true, description: 'Where they stand; null before the first step.' }),
    people: t.exposeInt('people', { description: 'How many stand there.' }),
    fate: t.expose('fate', { type: PublishFate, description: 'What would become of them.' }),
    to: t.exposeString('to', { nullable: true, description: 'The step that they would go on from.' }),
    end: t.exposeString('end', { nullable: true, description: 'How their run would end: `exited: removed:old_step`.' }),
  }),
});

const PublishPlan = builder.objectRef<Plan>('PublishPlan').implement({
  description: 'Who is where, and what would become of them.',
  fields: (t) => ({
    policy: t.expose('policy', { type: PublishPolicy, description: 'The policy that was planned with.' }),
    toVersion: t.exposeInt('toVersion', { description: 'The version that would be published.' }),
    people: t.exposeInt('people', { description: 'People on other versions.' }),
    steps: t.expose('steps', { type: [PlannedStep], description: 'Version by version and step by step.' }),
    faults: t.field({
      type: [Fault],
      description: 'What would refuse the publish: entries of the map that mean nothing, and steps with people that it leaves out.',
      resolve: ({ faults }) => faults,
    }),
  }),
});

builder.queryField('publishPlan', (t) => t.field({
  type: PublishPlan,
  nullable: true,
  description: 'What publishing the draft would do to the people inside. Changes nothing; null when there is no such workflow or version.',
  complexity: 20,
  args: {
    workflowId: t.arg.id({ required: true, description: WORKFLOW_ID }),
    policy: t.arg({ type: PublishPolicy, defaultValue: 'finish_on_old', description: POLICY }),
    stepMap: t.arg({ type: 'JSON', description: STEP_MAP }),
    toVersion: t.arg.int({ description: 'Plans a rollback to this version in place of publishing the draft.' }),
  },
  resolve: async (_root, { workflowId, policy, stepMap, toVersion }, { ctx, who }) => {
    try {
      return await publishPlan(ctx, who, {
        workflowId: uuidOf('Workflow', workflowId), policy: policy ?? 'finish_on_old', stepMap: mapOf(stepMap), toVersion: toVersion ?? null,
      });
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  },
}));

interface Published extends Saved {
  moved: number;
  ended: number;
}

function publishedFields<Parent extends Published>(t: Fields<Parent>) {
  return {
    ...savedFields(t),
    moved: t.int({ description: 'People who were taken along so far; what remains follows at once.', resolve: ({ moved }) => moved }),
    ended: t.int({ description: 'People whose run this ended so far.', resolve: ({ ended }) => ended }),
  };
}

builder.relayMutationField('publishWorkflow', {
  description: 'The workflow to publish.',
  inputFields: (t) => ({
    id: t.id({ required: true, description: WORKFLOW_ID }),
    expectedRevision: t.int({ description: REVISION }),
    policy: t.field({ type: PublishPolicy, defaultValue: 'finish_on_old', description: POLICY }),
    stepMap: t.field({ type: 'JSON', description: STEP_MAP }),
  }),
}, {
  description: 'Makes the draft the version that new contacts enter, and says what becomes of those inside.',
  errors: { types: [NotFound, ValidationFailed, VersionConflict, InvalidState, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const answer = await publishWorkflow(ctx, who, { ...onWorkflow(input), policy: input.policy ?? 'finish_on_old', stepMap: mapOf(input.stepMap) });
    return { ...saved(answer), moved: answer.moved, ended: answer.ended };
  },
}, { outputFields: (t) => publishedFields(t) });

builder.relayMutationField('rollbackPublish', {
  description: 'The workflow whose publish to take back.',
  inputFields: (t) => ({
    id: t.id({ required: true, description: WORKFLOW_ID }),
    expectedRevision: t.int({ description: REVISION }),
    toVersion: t.int({ description: 'An earlier published version; the one before unless said.' }),
    policy: t.field({ type: PublishPolicy, defaultValue: 'finish_on_old', description: POLICY }),
    stepMap: t.field({ type: 'JSON', description: STEP_MAP }),
  }),
}, {
  description: 'Lets new contacts enter the version before again. A draft stays as it is.',
  errors: { types: [NotFound, VersionConflict, InvalidState, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const { toVersion, policy, stepMap } = input;
    const answer = await rollbackPublish(ctx, who, { ...onWorkflow(input), toVersion: toVersion ?? null, policy: policy ?? 'finish_on_old', stepMap: mapOf(stepMap) });
    return { ...saved(answer), moved: answer.moved, ended: answer.ended };
  },
}, { outputFields: (t) => publishedFields(t) });

builder.relayMutationField('restoreWorkflowVersion', {
  description: 'The version to restore.',
  inputFields: (t) => ({
    id: t.id({ required: true, description: WORKFLOW_ID }),
    version: t.int({ required: true, description: 'Its number.' }),
    expectedRevision: t.int({ required: true, description: REVISION }),
  }),
}, {
  description: 'Makes an earlier version\'s source the draft, as it was written. What is published stays until the next publish.',
  errors: { types: [NotFound, ValidationFailed, VersionConflict, InvalidState, PreconditionRequired] },
  resolve: async (_root, { input }, { ctx, who }) => saved(await restoreWorkflowVersion(ctx, who, { ...onWorkflow(input), version: input.version })),
}, { outputFields: (t) => savedFields(t) });
