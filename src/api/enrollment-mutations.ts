import type { Data } from '../core/state.ts';
import { enrollContact, enrollContacts, exitEnrollment } from '../services/enrollments.ts';
import { builder } from './builder.ts';
import { AlreadyEnrolled, AlreadyExists, InvalidInput, InvalidState, NotFound, WorkflowNotActive } from './errors.ts';
import { enrollmentField, workflowField } from './fields.ts';
import { uuidOf } from './ids.ts';

builder.relayMutationField('enrollContact', {
  description: 'Who is to enter what.',
  inputFields: (t) => ({
    workflowId: t.id({ required: true, description: 'Node id or uuid.' }),
    contactId: t.id({ required: true, description: 'Node id or uuid.' }),
    initialData: t.field({ type: 'JSON', description: 'Seeds `enrollment.<name>`.' }),
  }),
}, {
  description: 'Lets one contact in by hand. Needs `enroll`.',
  skipTypeScopes: true,
  authScopes: { scope: 'enroll' },
  errors: { types: [NotFound, AlreadyEnrolled, WorkflowNotActive, AlreadyExists, InvalidState, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const enrollment = await enrollContact(ctx, who, {
      workflowId: uuidOf('Workflow', input.workflowId), contactId: uuidOf('Contact', input.contactId), initialData: (input.initialData ?? {}) as Data,
    });
    return { enrollmentId: enrollment.id };
  },
}, { outputFields: (t) => ({ enrollment: enrollmentField(t) }) });

const EnrollmentResult = builder.objectRef<{ contactId: string; enrollmentId: string; created: boolean }>('BulkEnrollment').implement({
  description: 'What became of one contact of a bulk enrolment.',
  fields: (t) => ({
    contactUuid: t.exposeID('contactId', { description: 'The contact\'s uuid.' }),
    enrollmentUuid: t.exposeID('enrollmentId', { description: 'The uuid of the enrollment: the new one, or the one that was in the way.' }),
    created: t.exposeBoolean('created', { description: 'False when the contact was in already.' }),
  }),
});

builder.relayMutationField('enrollContacts', {
  description: 'Who are to enter what: up to 10,000 at once.',
  inputFields: (t) => ({
    workflowId: t.id({ required: true, description: 'Node id or uuid.' }),
    contactIds: t.idList({ required: true, description: 'Node ids or uuids.' }),
    initialData: t.field({ type: 'JSON', description: 'Seeds `enrollment.<name>` of each.' }),
  }),
}, {
  description: 'Lets many in at once; whoever is in already is skipped. An unknown contact refuses all. Needs `enroll`.',
  skipTypeScopes: true,
  authScopes: { scope: 'enroll' },
  errors: { types: [NotFound, WorkflowNotActive, InvalidState, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const workflowId = uuidOf('Workflow', input.workflowId);
    const results = await enrollContacts(ctx, who, { workflowId, contactIds: input.contactIds.map((id) => uuidOf('Contact', id)), initialData: (input.initialData ?? {}) as Data });
    return { workflowId, results };
  },
}, {
  outputFields: (t) => ({
    workflow: workflowField(t),
    results: t.field({ type: [EnrollmentResult], description: 'One a contact, in the order asked.', resolve: ({ results }) => results }),
    created: t.int({ description: 'How many really entered.', resolve: ({ results }) => results.filter((result) => result.created).length }),
  }),
});

builder.relayMutationField('exitEnrollment', {
  description: 'Who is to leave, and why.',
  inputFields: (t) => ({
    id: t.id({ required: true, description: 'The enrollment\'s node id or uuid.' }),
    reason: t.string({ description: '`manual` unless said.' }),
  }),
}, {
  description: 'Takes a contact out at once: no effect starts after this answers. Exiting one that has ended changes nothing. Needs `enroll`.',
  skipTypeScopes: true,
  authScopes: { scope: 'enroll' },
  errors: { types: [NotFound, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => ({ enrollmentId: (await exitEnrollment(ctx, who, { id: uuidOf('Enrollment', input.id), reason: input.reason })).id }),
}, { outputFields: (t) => ({ enrollment: enrollmentField(t) }) });
