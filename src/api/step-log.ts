import type { Explanation as Reasons, StepStatus as Status } from '../core/state.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { StepStatus } from './enums.ts';
import { Explanation } from './explanation.ts';

export const StepLog = builder.prismaNode('StepLog', {
  description: 'One visit to one step: what went in, what came out, and why.',
  id: { field: 'enrollmentId_seq' },
  nullable: true,
  fields: (t) => ({
    seq: t.exposeInt('seq', { description: 'Its place in the run, from 1.' }),
    stepKey: t.exposeString('stepId', { description: 'The step\'s key.' }),
    stepType: t.exposeString('stepType', { description: 'The step\'s kind.' }),
    visit: t.exposeInt('visit', { description: 'Which visit to this step, from 1.' }),
    attempt: t.exposeInt('attempt', { description: 'Which attempt of this visit, from 1.' }),
    status: t.field({ type: StepStatus, description: 'What became of the visit.', select: { status: true }, resolve: ({ status }) => status as Status }),
    outcome: t.exposeString('outcome', { nullable: true, description: 'The edge that was taken; null until the step ended.' }),
    input: t.expose('inputData', { type: 'JSON', nullable: true, description: 'Its settings with every template filled in.' }),
    output: t.expose('outputData', { type: 'JSON', nullable: true, description: 'What `steps.<key>` holds for later steps.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed.' }),
    decision: t.field({
      type: Explanation,
      nullable: true,
      description: 'Why it went the way it went.',
      select: { decision: true },
      resolve: ({ decision }) => decision as Reasons | null,
    }),
    send: t.relation('send', { nullable: true, description: 'The message that it sent.' }),
    scheduledFor: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its timer is due, while it waits.',
      select: { status: true, stepId: true, enrollment: { select: { currentStep: true, nextRunAt: true } } },
      resolve: ({ status, stepId, enrollment }) => ((status === 'pending' || status === 'executing') && enrollment?.currentStep === stepId ? enrollment.nextRunAt : null),
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the contact reached the step, in journey time.' }),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true, description: 'When the visit ended; null while it lasts.' }),
  }),
});

export const StepLogConnection = connectionOf(StepLog);
