import { lastCursor } from '../core/cursor.ts';
import type { EnrollmentStatus as Status } from '../core/state.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { EnrollmentStatus } from './enums.ts';
import { uuidOf, uuidOrNull } from './ids.ts';
import { StepLogConnection } from './step-log.ts';
import { programOf, Step } from './step.ts';

export const Enrollment = builder.prismaNode('Enrollment', {
  description: 'One contact\'s way through one version of a workflow.',
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of REST and SQL.' }),
    status: t.field({ type: EnrollmentStatus, description: 'Where the run is in its life.', select: { status: true }, resolve: ({ status }) => status as Status }),
    contact: t.relation('contact', { nullable: true, description: 'Whose run it is.' }),
    workflow: t.relation('workflow', { nullable: true, description: 'The workflow that it runs through.' }),
    version: t.relation('version', { nullable: true, description: 'The version that it entered and stays on.' }),
    currentStep: t.field({
      type: Step,
      nullable: true,
      description: 'Where the contact stands; null after the end.',
      select: { currentStep: true, version: { select: { definition: true } } },
      resolve: ({ currentStep, version }) => (currentStep && version ? (programOf(version.definition).steps.get(currentStep) ?? null) : null),
    }),
    currentStepKey: t.exposeString('currentStep', { nullable: true, description: 'The key of the current step.' }),
    nextRunAt: t.expose('nextRunAt', { type: 'DateTime', nullable: true, description: 'When its timer is due.' }),
    exitReason: t.exposeString('exitReason', { nullable: true, description: 'Why it left, or failed.' }),
    revision: t.exposeInt('revision', { description: 'Counts its commits.' }),
    data: t.expose('stepData', { type: 'JSON', description: '`enrollment` variables and each step\'s results.' }),
    trigger: t.expose('triggerData', { type: 'JSON', description: 'What let the contact in.' }),
    path: t.stringList({
      description: 'Keys of the steps visited, in order, skipped ones left out.',
      select: { id: true },
      resolve: ({ id }, _args, { load }) => load.path.load(id),
    }),
    stepLogs: t.relatedConnection('stepLogs', { cursor: 'enrollmentId_seq', description: 'Step by step, oldest first.', query: { orderBy: { seq: 'asc' } } }, StepLogConnection),
    lastCursor: t.field({
      type: 'Cursor',
      description: 'The place behind everything that this answer shows: `enrollmentEvents(after:)` goes on from it.',
      select: { revision: true, status: true },
      resolve: ({ revision, status }) => lastCursor({ revision, status: status as Status }),
    }),
    enrolledAt: t.expose('enrolledAt', { type: 'DateTime', description: 'When the contact entered, in journey time.' }),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true, description: 'When the run ended, however it ended; null while it goes on.' }),
  }),
});

export const EnrollmentConnection = connectionOf(Enrollment);

export const EnrollmentFilter = builder.inputType('EnrollmentFilter', {
  description: 'Narrows a list of enrollments; what is left out does not narrow.',
  fields: (t) => ({
    workflowId: t.id({ description: 'Only those of one workflow.' }),
    contactId: t.id({ description: 'Only those of one contact.' }),
    status: t.field({ type: [EnrollmentStatus], description: 'Only those in one of these states.' }),
    currentStep: t.string({ description: 'Only those who stand in this step.' }),
  }),
});

interface Narrowed {
  workflowId?: string | null;
  contactId?: string | null;
  status?: Status[] | null;
  currentStep?: string | null;
}

/** The filter as Prisma reads it. */
export const enrollmentWhere = (filter: Narrowed | null | undefined) => ({
  ...(filter?.workflowId ? { workflowId: uuidOf('Workflow', filter.workflowId) } : {}),
  ...(filter?.contactId ? { contactId: uuidOf('Contact', filter.contactId) } : {}),
  ...(filter?.status ? { status: { in: filter.status } } : {}),
  ...(filter?.currentStep ? { currentStep: filter.currentStep } : {}),
});

builder.queryField('enrollment', (t) => t.prismaField({
  type: 'Enrollment',
  nullable: true,
  description: 'One enrollment by id or uuid; null when there is none in this location.',
  args: { id: t.arg.id({ required: true, description: 'Its node id or uuid.' }) },
  resolve: (query, _root, { id }, { db }) => {
    const uuid = uuidOrNull('Enrollment', id);
    return uuid === null ? null : db.enrollment.findUnique({ ...query, where: { id: uuid } });
  },
}));

builder.queryField('enrollments', (t) => t.prismaConnection({
  type: 'Enrollment',
  cursor: 'id',
  description: 'The location\'s enrollments, newest first.',
  args: { filter: t.arg({ type: EnrollmentFilter, description: 'Narrows the list.' }) },
  resolve: (query, _root, { filter }, { db }) => db.enrollment.findMany({ ...query, orderBy: { id: 'desc' }, where: enrollmentWhere(filter) }),
}, EnrollmentConnection));
