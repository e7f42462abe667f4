import { z } from 'zod';

/**
 * What the routes answer, as schemas: `openapi.ts` prints them, and a test holds every answer of the running server against them.
 * A schema with an `id` becomes a component of the description.
 */

const uuid = z.uuid();
const moment = z.iso.datetime().meta({ description: 'ISO-8601, UTC.' });
const count = z.int().min(0);
const data = z.record(z.string(), z.unknown());
const text = z.string().nullable();
const interval = z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable().meta({ description: 'With its 95 % interval; null while nobody counts.' });

/** A page of a list. */
const pageOf = (item: z.ZodType) =>
  z.object({ data: z.array(item), next_cursor: text.meta({ description: 'For `cursor`; null on the last page. The Link header has the same.' }) });

export const finding = z.object({
  pointer: z.string().meta({ description: 'Where (RFC 6901); empty for the whole document.' }),
  path: z.string().meta({ description: 'The same as people read it: `steps[0].config.tag`.' }),
  detail: z.string(),
  line: z.int().nullable(),
  column: z.int().nullable(),
  rule: text.meta({ description: 'What was broken, for programs: `unknown_key`.' }),
  hint: text.meta({ description: 'What to do.' }),
  severity: z.enum(['error', 'warning', 'info']).optional(),
  fix: z.object({
    title: z.string(),
    edits: z.array(z.object({ pointer: z.string(), value: z.unknown().optional(), rename: z.string().optional() })),
  }).optional().meta({ description: 'Pure edits that mend it.' }),
}).meta({ id: 'Finding', description: 'One thing that is to say about a document.' });

const workflowRow = {
  id: uuid,
  slug: z.string(),
  name: z.string(),
  description: text,
  status: z.enum(['draft', 'active', 'paused', 'archived']),
  entry_stopped: z.boolean(),
  trigger_type: z.string(),
  version: z.int().meta({ description: 'Number of the newest version.' }),
  revision: z.int().meta({ description: 'Counts changes: the ETag `"r<revision>"`.' }),
  created_at: moment,
  updated_at: moment,
  published_at: moment.nullable(),
  paused_at: moment.nullable(),
};
const wholeWorkflow = {
  ...workflowRow, location_id: uuid, trigger_config: z.unknown(), definition: z.unknown().meta({ description: 'The newest definition, the draft included.' }), yaml_source: text,
};
const findings = z.array(finding).optional().meta({ description: 'What was found about the definition, when one was given.' });
export const workflows = pageOf(z.object(workflowRow).meta({ id: 'WorkflowRow' }));
export const workflow = z.object({ ...wholeWorkflow, diagnostics: findings }).meta({ id: 'Workflow' });
export const published = z
  .object({ ...wholeWorkflow, diagnostics: findings, moved: count, ended: count })
  .meta({ id: 'PublishedWorkflow', description: 'The workflow, and how many people were moved or ended so far.' });
export const imported = z.union([workflow, z.object({ valid: z.boolean(), diagnostics: z.array(finding) })]);
export const validation = z.object({ valid: z.boolean(), storable: z.boolean(), diagnostics: z.array(finding) }).meta({ id: 'Validation' });
export const source = z.unknown().meta({ description: 'The definition, or the canvas with nodes and edges.' });

const versionRow = {
  id: uuid,
  workflow_id: uuid,
  number: z.int(),
  format: z.enum(['yaml', 'json']),
  checksum: z.string(),
  author: text,
  created_at: moment,
  published_at: moment.nullable(),
};
export const versions = pageOf(z.object(versionRow).meta({ id: 'VersionRow' }));
export const version = z.object({ ...versionRow, definition: z.unknown(), source: z.string() }).meta({ id: 'Version' });
const change = z.object({ path: z.string(), kind: z.enum(['added', 'removed', 'changed']), from: z.unknown().optional(), to: z.unknown().optional() });
const stepName = z.object({ id: z.string(), type: z.string() });
export const diff = z.object({
  from_version: z.int(), to_version: z.int(), identical: z.boolean(), text: z.string(), changes: z.array(change),
  steps: z.object({ added: z.array(stepName), removed: z.array(stepName), changed: z.array(stepName.extend({ changes: z.array(change) })) }),
  edges: z.array(z.object({ from: text, outcome: z.string(), before: text, after: text })),
}).meta({ id: 'VersionDiff' });
export const plan = z.object({
  policy: z.enum(['finish_on_old', 'migrate', 'exit']), to_version: z.int(), people: count,
  steps: z.array(z.object({ version: z.int(), step_id: text, people: count, fate: z.string(), to: text, end: text })),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string(), rule: z.string(), hint: text })),
}).meta({ id: 'PublishPlan' });

export const enrollment = z
  .object({
    id: uuid,
    workflow_id: uuid,
    version_id: uuid,
    contact_id: uuid,
    entry_key: z.string(),
    occurrence: z.int(),
    status: z.enum(['active', 'completed', 'exited', 'failed']),
    current_step: text,
    step_data: data,
    trigger_data: data,
    revision: z.int(),
    enrolled_at: moment,
    completed_at: moment.nullable(),
    next_run_at: moment.nullable(),
    exit_reason: text,
  })
  .meta({ id: 'Enrollment' });
export const enrollments = pageOf(enrollment);
export const enrolled = z.union([
  enrollment,
  z.object({ results: z.array(z.object({ contact_id: uuid, enrollment_id: uuid.nullable(), created: z.boolean() })) }).meta({ description: 'For contact_ids.' }),
]);
export const bulk = z.object({
  matched: count, affected: count, dry_run: z.boolean(), steps: z.array(z.object({ step_id: text, count })), refused: z.array(z.object({ reason: z.string(), count })),
}).meta({ id: 'BulkAnswer' });

const logRow = {
  seq: z.int(), step_id: z.string(), step_type: z.string(), visit: z.int(), attempt: z.int(), status: z.string(), decision: z.unknown(), error: text, outcome: text,
  started_at: moment, completed_at: moment.nullable(),
};
const stepLog = z.object({ id: z.string(), enrollment_id: uuid, ...logRow, input_data: data.nullable(), output_data: data.nullable() }).meta({ id: 'StepLog' });
export const logs = pageOf(stepLog);
export const logEvent = z.object({
  kind: z.enum(['step_started', 'step_ended', 'fact', 'status_changed']), at: moment, cursor: z.string(), log: stepLog.optional(),
  fact: z.object({ step_id: z.string(), visit: z.int(), name: z.string(), at: moment }).optional(), status: z.string().optional(), exit_reason: text.optional(),
}).meta({ id: 'EnrollmentEvent' });
export const activityEvent = z
  .object({
    at: moment,
    workflow_id: uuid.optional(),
    enrollment_id: uuid.optional(),
    status: z.string().optional(),
    from: text.optional(),
    outcome: text.optional(),
    to: text.optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'ActivityEvent' });

const counts = { enrolled: count, active: count, completed: count, exited: count, failed: count };
const variant = z.object({
  name: z.string(), weight: z.number().nullable(), exposures: count, conversions: count, rate: interval, lift: interval,
});
export const stats = z.object({
  ...counts,
  nodes: z.array(z.object({ step_id: z.string(), waiting: count, passed: count, failed: count })),
  edges: z.array(z.object({ from: z.string(), outcome: z.string(), count })),
  funnel: z.array(z.object({
    step_id: z.string(), entered: count, completed: count, skipped: count, failed: count, waiting: count, dropped_off: count, drop_off_rate: z.number().nullable(),
    time_in_step: z.object({ visits: count, median_ms: z.number(), p90_ms: z.number() }).nullable(),
  })),
  goals: z.array(z.object({ step_id: z.string(), reached: count, rate: interval })),
  experiments: z.array(z.object({ key: z.string(), step_id: text, variants: z.array(variant), sample_ratio: z.object({ p_value: z.number(), mismatch: z.boolean() }).nullable() })),
  as_of: moment,
}).meta({ id: 'WorkflowStats' });

const strings = z.array(z.string());
const trace = z.object({
  status: z.string(), exit_reason: text, path: strings, started_at: moment, ended_at: moment.nullable(),
  sent: z.array(z.object({ step_id: z.string(), channel: z.string(), to: text, subject: z.string().optional(), message: z.string().optional(), at: moment })),
  log: z.array(z.object({ ...logRow, input: data.nullable(), output: data.nullable() })),
  waiting_for: z.object({ step_id: z.string(), until: moment.nullable() }).optional(),
}).meta({ id: 'SimulationTrace', description: 'Mode simulate.' });
const scenarios = z.object({
  passed: z.boolean(),
  scenarios: z.array(z.object({
    name: z.string(), passed: z.boolean(), path: strings, status: text, exit_reason: text,
    difference: z.object({ path: z.string(), message: z.string(), expected: z.unknown().optional(), actual: z.unknown().optional() }).nullable(),
  })),
}).meta({ id: 'ScenarioReport', description: 'Mode scenarios.' });
const exploration = z.object({
  complete: z.boolean(), walked: count, unreached: strings, open_ended: strings, loop_limited: strings,
  longest: z.object({ duration: z.string(), ms: z.number(), path: strings }),
  ends: z.array(z.object({ status: z.string(), reason: text, path: strings })),
  most_messages: z.object({ count, path: strings, messages: z.array(z.object({ step_id: z.string(), channel: z.string(), after: z.string(), after_ms: z.number() })) }),
}).meta({ id: 'ExplorationReport', description: 'Mode explore.' });
export const test = z.union([trace, scenarios, exploration]);

export const contact = z.object({
  id: uuid, first_name: text, last_name: text, email: text, phone: text, timezone: text, tags: strings, custom_fields: data,
  consent: z.record(z.string(), z.enum(['given', 'withdrawn'])), revision: z.int(), created_at: moment, updated_at: moment,
}).meta({ id: 'Contact' });
export const contacts = pageOf(contact);
export const event = z.object({
  id: uuid, type: z.string(), source: z.string(), contact_id: uuid, data, created: z.boolean().meta({ description: 'False when it was told before.' }), occurred_at: moment,
}).meta({ id: 'Event' });
const refusal = z.object({ id: z.string(), workflow_id: uuid, contact_id: uuid, event_id: text, reason: z.string(), detail: data, created_at: moment }).meta({ id: 'Refusal' });
export const refusals = pageOf(refusal);
export const explanation = z
  .object({
    workflow_id: uuid,
    contact_id: uuid,
    standing: z.enum(['in', 'was_in', 'out']),
    text: z.string(),
    open: z.boolean(),
    reentry: z.object({ allowed: z.boolean(), text: z.string() }),
    triggers: z.array(
      z.object({
        type: z.string(),
        text: z.string(),
        filters: z.unknown().meta({ description: 'Each clause with the value that it saw.' }),
        event: z.object({ id: z.string(), type: z.string(), at: moment, data }).nullable(),
      }),
    ),
    refusals: z.array(refusal),
    enrollment: enrollment.nullable(),
    waiting_for: text,
  })
  .meta({ id: 'EnrollmentExplanation' });

export const location = z
  .object({ id: uuid, name: z.string(), timezone: z.string(), calendar: data, defaults: data, created_at: moment, updated_at: moment })
  .meta({ id: 'Location' });
export const template = z
  .object({
    id: uuid,
    slug: z.string(),
    channel: z.enum(['email', 'sms']),
    name: z.string(),
    subject: text,
    html: text,
    text,
    message: text,
    revision: z.int(),
    created_at: moment,
    updated_at: moment,
  })
  .meta({ id: 'Template' });
export const templates = pageOf(template);
export const voicemail = z.object({ id: uuid, slug: z.string(), name: z.string(), audio_url: z.string(), created_at: moment, updated_at: moment }).meta({ id: 'Voicemail' });
export const voicemails = pageOf(voicemail);
export const secret = z.object({ name: z.string(), created_at: moment, updated_at: moment }).meta({ id: 'Secret', description: 'Without its value, which nobody can read.' });
export const secrets = pageOf(secret);
export const audit = pageOf(z.object({ id: z.string(), actor: z.string(), action: z.string(), subject: z.string(), detail: data, at: moment }).meta({ id: 'AuditLine' }));
export const hook = z.object({ url: z.url(), signed: z.boolean() }).meta({ id: 'WorkflowHook' });
export const signedHook = z.object({ url: z.url(), signed: z.boolean(), secret: text.meta({ description: 'Shown this once.' }) });

export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: "The same codes as GraphQL's." }),
    detail: z.string().meta({ description: 'For people: what was found, what was expected, what to do.' }),
    errors: z.array(finding).optional(),
    existing: z.string().optional().meta({ description: 'Link to what stood in the way.' }),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457).' });
