import type { Source } from '../core/definition/read.ts';
import { invalidInput } from '../services/parse-input.ts';
import { simulateWorkflow, type SimulateInput, type SimulationTrace } from '../services/simulation.ts';
import { validateWorkflow, type Validation } from '../services/validation.ts';
import { builder } from './builder.ts';
import { Diagnostic } from './diagnostic.ts';
import { isGiven } from './given.ts';
import { uuidOf } from './ids.ts';

/** A definition as text or as a value: exactly one of the two. */
export const WorkflowSource = builder.inputType('WorkflowSourceInput', {
  description: 'A definition, in one of two forms.',
  isOneOf: true,
  fields: (t) => ({
    yaml: t.string({ description: 'YAML text; findings have lines and columns.' }),
    json: t.field({ type: 'JSON', description: 'The same structure as a JSON value.' }),
  }),
});

/** The same for an import, which also takes drawings. */
export const ImportSource = builder.inputType('ImportSourceInput', {
  description: 'A file, in one of three forms.',
  isOneOf: true,
  fields: (t) => ({
    yaml: t.string({ description: 'YAML text; findings have lines and columns.' }),
    json: t.field({ type: 'JSON', description: 'The same structure as a JSON value.' }),
    canvas: t.field({ type: 'JSON', description: 'Nodes and edges as React Flow stores them.' }),
  }),
});

/** The source input as services take it. */
export const sourceOf = (source: { yaml?: string | null; json?: unknown }): Source => (
  isGiven(source.yaml) ? { format: 'yaml', text: source.yaml } : { format: 'json', value: source.json }
);

const ValidationReport = builder.objectRef<Validation>('ValidationReport').implement({
  description: 'Everything that is to be said about a definition.',
  fields: (t) => ({
    valid: t.exposeBoolean('valid', { description: 'No error of any kind: it could be published.' }),
    storable: t.exposeBoolean('storable', { description: 'No error of structure: it could be stored as a draft.' }),
    diagnostics: t.expose('diagnostics', { type: [Diagnostic], description: 'Every finding, with line and column, in the order of the file.' }),
  }),
});

builder.queryField('validateWorkflow', (t) => t.field({
  type: ValidationReport,
  description: 'Checks a definition against this location\'s templates and voicemails. Stores nothing.',
  complexity: 10,
  args: {
    source: t.arg({ type: WorkflowSource, required: true, description: 'What to check.' }),
    strict: t.arg.boolean({ defaultValue: false, description: 'Also refuse steps that only fall through to the next one in the list.' }),
  },
  resolve: (_root, { source, strict }, { ctx, who }) => validateWorkflow(ctx, who, { source: sourceOf(source), strict: strict ?? false }),
}));

export const SimulatedSend = builder.objectRef<SimulationTrace['sent'][number]>('SimulatedSend').implement({
  description: 'A message or call that would have left.',
  fields: (t) => ({
    stepKey: t.exposeString('step_id', { description: 'The step that would have sent it.' }),
    channel: t.exposeString('channel', { description: '`email`, `sms`, `voice` or `webhook`.' }),
    to: t.exposeString('to', { nullable: true, description: 'Address, number or URL.' }),
    subject: t.exposeString('subject', { nullable: true, description: 'E-mail only: its subject line.' }),
    message: t.exposeString('message', { nullable: true, description: 'SMS only: its text.' }),
    at: t.field({ type: 'DateTime', description: 'When, by the virtual clock.', resolve: ({ at }) => new Date(at) }),
  }),
});

export const Simulation = builder.objectRef<SimulationTrace>('Simulation').implement({
  description: 'What would happen to a contact, played through under a virtual clock.',
  fields: (t) => ({
    status: t.exposeString('status', { description: '`active` when it waits for something that the script never brings.' }),
    exitReason: t.exposeString('exit_reason', { nullable: true, description: 'Why it left, or failed.' }),
    path: t.exposeStringList('path', { description: 'Keys of the steps visited, in order, skipped ones left out.' }),
    sent: t.expose('sent', { type: [SimulatedSend], description: 'What would have left, in order.' }),
    log: t.field({ type: ['JSON'], description: 'Each step with its input, output and decision.', resolve: ({ log }) => log }),
    startedAt: t.field({ type: 'DateTime', description: 'When it entered, by the virtual clock.', resolve: ({ started_at }) => new Date(started_at) }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null when it still waits.',
      resolve: ({ ended_at }) => (ended_at === null ? null : new Date(ended_at)),
    }),
    waitingFor: t.field({ type: 'JSON', nullable: true, description: 'What it waits for, when it still waits.', resolve: ({ waiting_for }) => waiting_for ?? null }),
  }),
});

type InputFields = PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

/** What every test takes: what is played, with whom, and what happens meanwhile. */
export const simulationFields = (t: InputFields) => ({
  workflowId: t.id({ description: 'A stored workflow: its newest version, drafts too.' }),
  source: t.field({ type: WorkflowSource, description: 'A definition that is stored nowhere.' }),
  contactId: t.id({ description: 'A stored contact.' }),
  contact: t.field({ type: 'JSON', description: 'Or a made-up one: `{"id": "c-1", "first_name": "Ana", "tags": ["vip"]}`.' }),
  events: t.field({
    type: ['JSON'],
    description:
      'What happens meanwhile: `{"after": "3h", "type": "email_opened", "step": "welcome"}`; and how providers answer: `{"after": 0, "type": "provider_answers", "step": "charge", "status": 402}`.',
  }),
  start: t.field({ type: 'DateTime', description: 'When it starts; now unless said.' }),
  initialData: t.field({ type: 'JSON', description: 'Seeds `enrollment.<name>`.' }),
  maxDays: t.int({ description: 'Stop after so many days.' }),
});

const SimulateWorkflowInput = builder.inputType('SimulateWorkflowInput', {
  description: 'A workflow or a source (one of the two), a contact, and what happens meanwhile.', fields: simulationFields,
});

/** The same as services take it. Throws INVALID_INPUT for two contacts. */
export const simulationOf = (input: typeof SimulateWorkflowInput.$inferInput): SimulateInput => ({
  workflowId: input.workflowId ? uuidOf('Workflow', input.workflowId) : null,
  source: input.source ? sourceOf(input.source) : null,
  contact: personaOf(input),
  events: (input.events ?? []) as Record<string, unknown>[],
  start: input.start?.getTime() ?? null,
  initialData: (input.initialData ?? {}) as Record<string, unknown>,
  maxDays: input.maxDays ?? null,
});

function personaOf({ contactId, contact }: typeof SimulateWorkflowInput.$inferInput): SimulateInput['contact'] {
  if (isGiven(contactId) && isGiven(contact)) throw invalidInput('simulation', [{ path: ['contact'], message: 'give a contactId or a contact, not both' }]);
  return isGiven(contactId) ? uuidOf('Contact', contactId) : (contact as Record<string, unknown> | null | undefined) ?? null;
}

builder.queryField('simulateWorkflow', (t) => t.field({
  type: Simulation,
  description: 'Runs the production interpreter under a virtual clock: no message leaves, no row is written.',
  complexity: 50,
  args: { input: t.arg({ type: SimulateWorkflowInput, required: true, description: 'What to play.' }) },
  resolve: (_root, { input }, { ctx, who }) => simulateWorkflow(ctx, who, simulationOf(input)),
}));
