import { builder } from './builder.ts';

type Value<Word extends string> = { value: Word; description: string };

/** `{ email: 'By mail.' }` → `{ EMAIL: { value: 'email', description: 'By mail.' } }`: upper case outside, the stored word inside. */
function valuesOf<const Words extends Record<string, string>>(words: Words): { [Word in keyof Words & string as Uppercase<Word>]: Value<Word> } {
  type Values = { [Word in keyof Words & string as Uppercase<Word>]: Value<Word> };
  return Object.fromEntries(Object.entries(words).map(([value, description]) => [value.toUpperCase(), { value, description }])) as Values;
}

export const WorkflowStatus = builder.enumType('WorkflowStatus', {
  description: 'Where a workflow is in its life.',
  values: valuesOf({
    draft: 'Never published: nobody is inside.',
    active: 'Lets contacts in and takes them along.',
    paused: 'Lets nobody in, and those inside stand still.',
    archived: 'Over: nobody is inside, and nobody comes in again.',
  }),
});
export const EnrollmentStatus = builder.enumType('EnrollmentStatus', {
  description: 'Where a contact is in its way through a workflow.',
  values: valuesOf({
    active: 'On its way.',
    completed: 'Went through to an end.',
    exited: 'Left before an end; `exitReason` says why.',
    failed: 'Stopped by an error; it can be retried, skipped or moved.',
  }),
});
export const StepStatus = builder.enumType('StepStatus', {
  description: 'What became of one visit to a step.',
  values: valuesOf({
    pending: 'It waits for a time or an event.',
    executing: 'Its effect is on its way, and the answer is not in.',
    completed: 'Done, and left by an edge.',
    failed: 'It could not be done; `error` says why.',
    skipped: 'Passed over: by its `if`, or by a person.',
  }),
});
export const Channel = builder.enumType('Channel', {
  description: 'A way out of the house.',
  values: valuesOf({ email: 'E-mail.', sms: 'Text message.', voice: 'Telephone call.', webhook: 'HTTP request.' }),
});
export const TemplateChannel = builder.enumType('TemplateChannel', {
  description: 'What a template is for.',
  values: valuesOf({ email: 'E-mail: a subject, and HTML or text.', sms: 'Text message: a message.' }),
});
export const ConsentState = builder.enumType('ConsentState', {
  description: 'Consent is given unless it was withdrawn.',
  values: valuesOf({ given: 'The channel may be used.', withdrawn: 'Nothing is sent on it; steps that would are skipped.' }),
});
export const SendStatus = builder.enumType('SendStatus', {
  description: 'Where a message is on its way to the provider.',
  values: valuesOf({
    pending: 'Waits to be taken by a delivery worker, at first or for another try.',
    executing: 'A worker is handing it over.',
    accepted: 'The provider took it.',
    delivered: 'The provider says that it arrived.',
    failed: 'The provider refused it, or no try was left.',
    unknown: 'The provider may have taken it; no answer came.',
    skipped: 'Held back at the gate: consent, an exit rule, or the run was over.',
  }),
});
export const Severity = builder.enumType('Severity', {
  description: 'How bad a finding is.',
  values: valuesOf({ error: 'Refuses publishing.', warning: 'Very likely a mistake.', info: 'Worth knowing.' }),
});
export const KeyScope = builder.enumType('KeyScope', {
  description: 'What an API key may do; every scope includes reading.',
  values: valuesOf({
    read: 'Reads and watches everything of the location but its keys.',
    write: 'Changes definitions, assets, contacts and settings, and tells events.',
    enroll: 'Lets contacts in, takes them out, and acts on their runs.',
    admin: 'All of it, and the keys themselves.',
  }),
});
export const TestMode = builder.enumType('TestMode', {
  description: 'How a test is played.',
  values: valuesOf({
    simulate: 'One contact under a virtual clock, with scripted events.',
    scenarios: 'The scenarios (`tests:`) of the definition.',
    explore: 'Every path, both arms of each branch and each timeout.',
    persona: 'A conversation with a made-up contact. Needs an AI provider, and is `NotImplemented` without one.',
  }),
});
export const StepGroup = builder.enumType('StepGroup', {
  description: 'The two kinds of steps.',
  values: valuesOf({ control: 'Steers: waits, branches, ends.', action: 'Does something: sends, calls, changes the contact.' }),
});
export const SourceFormat = builder.enumType('SourceFormat', {
  description: 'How a definition was written.',
  values: valuesOf({ yaml: 'As YAML text, comments kept.', json: 'As a JSON value.' }),
});
export const PublishPolicy = builder.enumType('PublishPolicy', {
  description: 'What becomes of the people inside when another version is published.',
  values: valuesOf({
    finish_on_old: 'They finish on the version that they entered.',
    migrate: 'They are taken along, step by step, by the step map.',
    exit: 'Their runs end.',
  }),
});
export const PublishFate = builder.enumType('PublishFate', {
  description: 'What becomes of people at one step when another version is published.',
  values: valuesOf({
    stays: 'They stay on their version.',
    keeps: 'They stand where they stood; a wait keeps its timer.',
    begins: 'They begin a step of the new version.',
    moves_later: 'They move once their message is answered.',
    ends: 'Their run ends.',
    unmapped: 'Nobody said: this refuses the publish.',
  }),
});
export const ChangeKind = builder.enumType('ChangeKind', {
  description: 'What happened to a key.',
  values: valuesOf({ added: 'Only the other version has it.', removed: 'Only this version has it.', changed: 'Both have it, with different values.' }),
});
export const ResumeMode = builder.enumType('ResumeMode', {
  description: 'What becomes of waits that ran through a pause.',
  values: valuesOf({
    catch_up: 'What came due is done now, 100 a second.',
    shift: 'Relative waits end later by the length of the pause.',
    skip_overdue: 'What came due ends without the messages behind it.',
  }),
});
