import { builder } from './builder.ts';

/** `['email', 'sms']` → `{ EMAIL: { value: 'email' }, … }`: upper case outside, the stored word inside. */
function valuesOf<const Word extends string>(words: readonly Word[]): { [W in Word as Uppercase<W>]: { value: W } } {
  return Object.fromEntries(words.map((word) => [word.toUpperCase(), { value: word }])) as { [W in Word as Uppercase<W>]: { value: W } };
}

export const WorkflowStatus = builder.enumType('WorkflowStatus', { description: 'Where a workflow is in its life.', values: valuesOf(['draft', 'active', 'paused', 'archived']) });
export const EnrollmentStatus = builder.enumType('EnrollmentStatus', { description: 'Where a contact is in its way through a workflow.', values: valuesOf(['active', 'completed', 'exited', 'failed']) });
export const StepStatus = builder.enumType('StepStatus', { description: 'What became of one visit to a step.', values: valuesOf(['pending', 'executing', 'completed', 'failed', 'skipped']) });
export const Channel = builder.enumType('Channel', { description: 'A way out of the house.', values: valuesOf(['email', 'sms', 'voice', 'webhook']) });
export const TemplateChannel = builder.enumType('TemplateChannel', { description: 'What a template is for.', values: valuesOf(['email', 'sms']) });
export const ConsentState = builder.enumType('ConsentState', { description: 'Consent is given unless it was withdrawn.', values: valuesOf(['given', 'withdrawn']) });
export const SendStatus = builder.enumType('SendStatus', { description: 'Where a message is on its way to the provider.', values: valuesOf(['pending', 'executing', 'accepted', 'delivered', 'failed', 'unknown', 'skipped']) });
export const Severity = builder.enumType('Severity', { description: 'How bad a finding is. Errors refuse publishing.', values: valuesOf(['error', 'warning', 'info']) });
export const KeyScope = builder.enumType('KeyScope', { description: 'What an API key may do; `ADMIN` includes the others.', values: valuesOf(['read', 'write', 'enroll', 'admin']) });
export const StepGroup = builder.enumType('StepGroup', { description: 'Control steps steer, action steps do.', values: valuesOf(['control', 'action']) });
export const SourceFormat = builder.enumType('SourceFormat', { description: 'How a definition was written.', values: valuesOf(['yaml', 'json']) });
export const PublishPolicy = builder.enumType('PublishPolicy', {
  description: 'What becomes of the people inside when another version is published: they finish on theirs, are taken along, or exit.',
  values: valuesOf(['finish_on_old', 'migrate', 'exit']),
});
export const PublishFate = builder.enumType('PublishFate', {
  description: 'What becomes of people at one step: they stay on their version, stand where they stood (a wait keeps its timer), begin a step, move once their message is answered, end, or nobody said.',
  values: valuesOf(['stays', 'keeps', 'begins', 'moves_later', 'ends', 'unmapped']),
});
export const ChangeKind = builder.enumType('ChangeKind', { description: 'What happened to a key.', values: valuesOf(['added', 'removed', 'changed']) });
export const ResumeMode = builder.enumType('ResumeMode', {
  description: 'What becomes of waits that ran through a pause: `CATCH_UP` does what came due, 100 a second, `SHIFT` moves relative ones by its length, `SKIP_OVERDUE` ends what came due without the messages behind it.',
  values: valuesOf(['catch_up', 'shift', 'skip_overdue']),
});
