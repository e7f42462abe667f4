import { archiveWorkflow, pauseWorkflow, resumeWorkflow, stopEntry } from '../services/lifecycle.ts';
import { importWorkflow } from '../services/transfer.ts';
import { createWorkflow, updateWorkflow } from '../services/workflows.ts';
import { MillraceError } from '../errors.ts';
import { builder } from './builder.ts';
import { InvalidInput, InvalidState, NotFound, PayloadTooLarge, PreconditionRequired, ValidationFailed, VersionConflict } from './errors.ts';
import { ResumeMode } from './enums.ts';
import { workflowField } from './fields.ts';
import { isGiven } from './given.ts';
import { uuidOf } from './ids.ts';
import { onWorkflow, REVISION, saved, savedFields, WORKFLOW_ID } from './saved-workflow.ts';
import { ImportSource, sourceOf, WorkflowSource } from './validation.ts';

builder.relayMutationField('createWorkflow', {
  description: 'A new workflow.',
  inputFields: (t) => ({ source: t.field({ type: WorkflowSource, required: true, description: 'Its definition.' }) }),
}, {
  description: 'Creates a draft. The slug is made of the name.',
  errors: { types: [ValidationFailed, InvalidInput, PayloadTooLarge] },
  resolve: async (_root, { input }, { ctx, who }) => saved(await createWorkflow(ctx, who, { source: sourceOf(input.source) })),
}, { outputFields: (t) => savedFields(t) });

builder.relayMutationField('updateWorkflow', {
  description: 'A new definition for a workflow.',
  inputFields: (t) => ({
    id: t.id({ required: true, description: WORKFLOW_ID }),
    source: t.field({ type: WorkflowSource, required: true, description: 'Its definition.' }),
    expectedRevision: t.int({ required: true, description: REVISION }),
  }),
}, {
  description: 'Puts a definition into the draft; what is published stays until the next publish.',
  errors: { types: [NotFound, ValidationFailed, VersionConflict, InvalidState, InvalidInput, PayloadTooLarge] },
  resolve: async (_root, { input }, { ctx, who }) => saved(await updateWorkflow(ctx, who, {
    id: uuidOf('Workflow', input.id), source: sourceOf(input.source), expectedRevision: input.expectedRevision,
  })),
}, { outputFields: (t) => savedFields(t) });

builder.relayMutationField('importWorkflow', {
  description: 'A file to be imported.',
  inputFields: (t) => ({
    source: t.field({ type: ImportSource, required: true, description: 'The file.' }),
    workflowId: t.id({ description: 'Updates this workflow in place of creating one.' }),
    expectedRevision: t.int({ description: REVISION }),
    force: t.boolean({ defaultValue: false, description: 'Also update when the file is older than what is published.' }),
  }),
}, {
  description: 'Creates a workflow from a file, or updates the one that is named. `validateWorkflow` is the dry run.',
  errors: { types: [NotFound, ValidationFailed, VersionConflict, PreconditionRequired, InvalidState, InvalidInput, PayloadTooLarge] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const answer = await importWorkflow(ctx, who, {
      source: !isGiven(input.source.canvas) ? sourceOf(input.source) : { format: 'canvas', value: input.source.canvas },
      workflowId: input.workflowId ? uuidOf('Workflow', input.workflowId) : null,
      expectedRevision: input.expectedRevision ?? null,
      force: input.force ?? false,
    });
    if (answer.workflow === null) throw new MillraceError('INVALID_STATE', 'The import stored nothing.');
    return { ...saved({ ...answer, workflow: answer.workflow }), created: answer.created };
  },
}, { outputFields: (t) => ({ ...savedFields(t), created: t.exposeBoolean('created', { description: 'False when it updated one.' }) }) });

builder.relayMutationField('pauseWorkflow', {
  description: 'The workflow to pause.',
  inputFields: (t) => ({ id: t.id({ required: true, description: WORKFLOW_ID }), expectedRevision: t.int({ description: REVISION }) }),
}, {
  description: 'Nothing new starts; contacts stay where they are. Pausing twice is fine.',
  errors: { types: [NotFound, VersionConflict, InvalidState] },
  resolve: async (_root, { input }, { ctx, who }) => ({ workflowId: (await pauseWorkflow(ctx, who, onWorkflow(input))).id }),
}, { outputFields: (t) => ({ workflow: workflowField(t) }) });

builder.relayMutationField('resumeWorkflow', {
  description: 'The workflow to resume.',
  inputFields: (t) => ({
    id: t.id({ required: true, description: WORKFLOW_ID }),
    expectedRevision: t.int({ description: REVISION }),
    mode: t.field({ type: ResumeMode, defaultValue: 'catch_up', description: 'What becomes of waits that ran through the pause.' }),
  }),
}, {
  description: 'Takes a paused workflow on. Resuming an active one is fine.',
  errors: { types: [NotFound, VersionConflict, InvalidState] },
  resolve: async (_root, { input }, { ctx, who }) => ({ workflowId: (await resumeWorkflow(ctx, who, { ...onWorkflow(input), mode: input.mode ?? 'catch_up' })).id }),
}, { outputFields: (t) => ({ workflow: workflowField(t) }) });

builder.relayMutationField('stopEntry', {
  description: 'Whose door to close or open.',
  inputFields: (t) => ({
    id: t.id({ required: true, description: WORKFLOW_ID }),
    stopped: t.boolean({ defaultValue: true, description: 'True closes the door for new contacts, false opens it.' }),
    expectedRevision: t.int({ description: REVISION }),
  }),
}, {
  description: 'Closes or opens the door for new contacts; those inside go on.',
  errors: { types: [NotFound, VersionConflict, InvalidState] },
  resolve: async (_root, { input }, { ctx, who }) => ({ workflowId: (await stopEntry(ctx, who, { ...onWorkflow(input), stopped: input.stopped ?? true })).id }),
}, { outputFields: (t) => ({ workflow: workflowField(t) }) });

builder.relayMutationField('startEntry', {
  description: 'Whose door to open.',
  inputFields: (t) => ({ id: t.id({ required: true, description: WORKFLOW_ID }), expectedRevision: t.int({ description: REVISION }) }),
}, {
  description: 'Opens the door for new contacts again.',
  errors: { types: [NotFound, VersionConflict, InvalidState] },
  resolve: async (_root, { input }, { ctx, who }) => ({ workflowId: (await stopEntry(ctx, who, { ...onWorkflow(input), stopped: false })).id }),
}, { outputFields: (t) => ({ workflow: workflowField(t) }) });

builder.relayMutationField('archiveWorkflow', {
  description: 'The workflow to archive.',
  inputFields: (t) => ({
    id: t.id({ required: true, description: WORKFLOW_ID }),
    expectedRevision: t.int({ description: REVISION }),
    force: t.boolean({ defaultValue: false, description: 'Exits those who are inside, with the reason `archived`.' }),
  }),
}, {
  description: 'Ends a workflow for good. Refused while contacts are inside, unless `force`.',
  errors: { types: [NotFound, VersionConflict, InvalidState] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const { workflow, exited } = await archiveWorkflow(ctx, who, { ...onWorkflow(input), force: input.force ?? false });
    return { workflowId: workflow.id, exited };
  },
}, { outputFields: (t) => ({ workflow: workflowField(t), exited: t.exposeInt('exited', { description: 'Contacts who were taken out.' }) }) });
