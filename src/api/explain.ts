import type { TriggerVerdict } from '../core/explain-entry.ts';
import type { RefusalRecord } from '../core/ports/records.ts';
import { explainEnrollment, type EnrollmentExplanation as Explained } from '../services/explain.ts';
import { NotFoundError } from '../errors.ts';
import { builder } from './builder.ts';
import { Explanation } from './explanation.ts';
import { uuidOf } from './ids.ts';

const Standing = builder.enumType('EnrollmentStanding', {
  description: 'Where a contact stands towards a workflow.',
  values: {
    IN: { value: 'in', description: 'In it now.' },
    WAS_IN: { value: 'was_in', description: 'In it once, and no more.' },
    OUT: { value: 'out', description: 'Never in it.' },
  } as const,
});

const Verdict = builder.objectRef<TriggerVerdict>('TriggerVerdict').implement({
  description: 'What one trigger says of a contact now.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Its kind: `contact_created`, `tag_added` …' }),
    text: t.exposeString('text', { description: 'One sentence.' }),
    firedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last fired for the contact; null when it never was.',
      resolve: ({ event }) => event && new Date(event.at),
    }),
    event: t.field({ type: 'JSON', nullable: true, description: 'The data of the event that fired it.', resolve: ({ event }) => event?.data ?? null }),
    filters: t.expose('filters', { type: Explanation, nullable: true, description: 'Its filters for the contact as it is now; null when it has none.' }),
  }),
});

const PastRefusal = builder.objectRef<RefusalRecord>('PastRefusal').implement({
  description: 'One time that the contact was not let in.',
  fields: (t) => ({
    reason: t.exposeString('reason', { description: '`filters`, `already_enrolled`, `depth` …' }),
    detail: t.expose('detail', { type: 'JSON', description: 'The clause that failed and the value that it saw.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was turned away.' }),
  }),
});

const EnrollmentExplanation = builder.objectRef<Explained>('EnrollmentExplanation').implement({
  description: 'Why a contact is in a workflow or not, and why it stands where it stands.',
  fields: (t) => ({
    standing: t.expose('standing', { type: Standing, description: 'In, out, or never in.' }),
    text: t.exposeString('text', { description: 'The whole in a few sentences.' }),
    open: t.exposeBoolean('open', { description: 'Does the workflow take anybody in now?' }),
    mayEnter: t.boolean({ description: 'Does reentry allow it?', resolve: ({ reentry }) => reentry.allowed }),
    reentry: t.string({ description: 'Why reentry allows it or not.', resolve: ({ reentry }) => reentry.text }),
    triggers: t.expose('triggers', { type: [Verdict], description: 'Trigger by trigger.' }),
    refusals: t.expose('refusals', { type: [PastRefusal], description: 'The last ten, newest first.' }),
    waitingFor: t.exposeString('waitingFor', { nullable: true, description: 'What the run waits for.' }),
    enrollment: t.prismaField({
      type: 'Enrollment',
      nullable: true,
      description: 'The newest run; null when there was none.',
      resolve: (query, { enrollment }, _args, { db }) => (enrollment === null ? null : db.enrollment.findUnique({ ...query, where: { id: enrollment.id } })),
    }),
  }),
});

builder.queryField('explainEnrollment', (t) => t.field({
  type: EnrollmentExplanation,
  nullable: true,
  description: 'Why a contact is in a workflow or not, and why it stands where it stands; null when one of the two is not in this location.',
  complexity: 20,
  args: { workflowId: t.arg.id({ required: true, description: 'Node id or uuid.' }), contactId: t.arg.id({ required: true, description: 'Node id or uuid.' }) },
  resolve: async (_root, { workflowId, contactId }, { ctx, who }) => {
    try {
      return await explainEnrollment(ctx, who, { workflowId: uuidOf('Workflow', workflowId), contactId: uuidOf('Contact', contactId) });
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  },
}));
