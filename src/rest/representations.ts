import type {
  AuditRecord,
  EnrollmentEvent,
  EnrollmentRecord,
  EventRecord,
  LocationRecord,
  Page,
  RefusalRecord,
  SecretRecord,
  StepLogRecord,
  TemplateRecord,
  VersionRecord,
  VoicemailRecord,
  WorkflowRecord,
} from '../core/ports/records.ts';
import type { Contact } from '../core/state.ts';
import type { PublishPlan } from '../services/publish-plan.ts';
import type { VersionDiff } from '../services/version-diff.ts';

/** Records in REST's words: the specification's snake_case columns, the uuid as `id`, moments as ISO-8601. */
export type Shown = Record<string, unknown>;

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** A workflow without its definition, as lists show it. */
export function showWorkflowRow(workflow: WorkflowRecord): Shown {
  return {
    id: workflow.id,
    slug: workflow.slug,
    name: workflow.name,
    description: workflow.description,
    status: workflow.status,
    entry_stopped: workflow.entryStopped,
    trigger_type: workflow.triggerType,
    version: workflow.version,
    revision: workflow.revision,
    created_at: iso(workflow.createdAt),
    updated_at: iso(workflow.updatedAt),
    published_at: isoOrNull(workflow.publishedAt),
    paused_at: isoOrNull(workflow.pausedAt),
  };
}

export function showWorkflow(workflow: WorkflowRecord, locationId: string): Shown {
  return {
    ...showWorkflowRow(workflow),
    location_id: locationId,
    trigger_config: workflow.triggerConfig,
    definition: workflow.definition,
    yaml_source: workflow.yamlSource,
  };
}

/** A version without its definition, as lists show it. */
export function showVersionRow(version: VersionRecord): Shown {
  const { id, workflowId, number, format, checksum, author } = version;
  return { id, workflow_id: workflowId, number, format, checksum, author, created_at: iso(version.createdAt), published_at: isoOrNull(version.publishedAt) };
}

export const showVersion = (version: VersionRecord): Shown => ({ ...showVersionRow(version), definition: version.definition, source: version.source });

export function showDiff({ fromVersion, toVersion, identical, steps, edges, changes, text }: VersionDiff): Shown {
  return { from_version: fromVersion, to_version: toVersion, identical, steps, edges, changes, text };
}

export function showPlan({ policy, toVersion, people, steps, faults }: PublishPlan): Shown {
  return {
    policy, to_version: toVersion, people, steps: steps.map(({ stepKey, ...step }) => ({ step_id: stepKey, ...step })),
    errors: faults.map(({ path, rule, message, hint }) => ({ pointer: `/step_map/${path.slice(1).join('/')}`, detail: message, rule, hint })),
  };
}

export function showEnrollment(enrollment: EnrollmentRecord): Shown {
  return {
    id: enrollment.id,
    workflow_id: enrollment.workflowId,
    version_id: enrollment.versionId,
    contact_id: enrollment.contactId,
    entry_key: enrollment.entryKey,
    occurrence: enrollment.occurrence,
    status: enrollment.status,
    current_step: enrollment.currentStep,
    step_data: enrollment.stepData,
    trigger_data: enrollment.triggerData,
    revision: enrollment.revision,
    enrolled_at: iso(enrollment.enrolledAt),
    completed_at: isoOrNull(enrollment.completedAt),
    next_run_at: isoOrNull(enrollment.nextRunAt),
    exit_reason: enrollment.exitReason,
  };
}

/** A row of the step log. Its id is made of its key: the enrollment and its place in it. */
export function showStepLog(log: StepLogRecord): Shown {
  return {
    id: `${log.enrollmentId}:${log.seq}`,
    enrollment_id: log.enrollmentId,
    seq: log.seq,
    step_id: log.stepId,
    step_type: log.stepType,
    visit: log.visit,
    attempt: log.attempt,
    status: log.status,
    input_data: log.input,
    output_data: log.output,
    decision: log.decision,
    error: log.error,
    outcome: log.outcome,
    started_at: iso(log.startedAt),
    completed_at: isoOrNull(log.completedAt),
  };
}

/** What a live stream says of a run; the SSE event's name is its `kind`. */
export function showEnrollmentEvent(event: EnrollmentEvent): Shown {
  const common = { kind: event.kind, at: iso(event.at), cursor: event.cursor };
  if (event.kind === 'status_changed') return { ...common, status: event.status, exit_reason: event.exitReason };
  if (event.kind === 'fact') return { ...common, fact: { step_id: event.fact.stepId, visit: event.fact.visit, name: event.fact.name, at: iso(event.fact.at) } };
  return { ...common, log: showStepLog(event.log) };
}

export function showContact(contact: Contact): Shown {
  return {
    id: contact.id,
    first_name: contact.first_name,
    last_name: contact.last_name,
    email: contact.email,
    phone: contact.phone,
    timezone: contact.timezone,
    tags: contact.tags,
    custom_fields: contact.custom_fields,
    consent: contact.consent,
    revision: contact.revision,
    created_at: iso(contact.created_at),
    updated_at: iso(contact.updated_at),
  };
}

export function showTemplate(template: TemplateRecord): Shown {
  const { id, slug, channel, name, subject, html, text, message, revision } = template;
  return { id, slug, channel, name, subject, html, text, message, revision, created_at: iso(template.createdAt), updated_at: iso(template.updatedAt) };
}

export function showVoicemail(voicemail: VoicemailRecord): Shown {
  const { id, slug, name, audioUrl } = voicemail;
  return { id, slug, name, audio_url: audioUrl, created_at: iso(voicemail.createdAt), updated_at: iso(voicemail.updatedAt) };
}

export function showLocation(location: LocationRecord): Shown {
  const { id, name, timezone, calendar, defaults } = location;
  return { id, name, timezone, calendar, defaults, created_at: iso(location.createdAt), updated_at: iso(location.updatedAt) };
}

export const showRefusal = ({ id, workflowId, contactId, eventId, reason, detail, createdAt }: RefusalRecord): Shown => ({
  id, workflow_id: workflowId, contact_id: contactId, event_id: eventId, reason, detail, created_at: iso(createdAt),
});

export const showAudit = ({ id, actor, action, subject, detail, at }: AuditRecord): Shown => ({ id, actor, action, subject, detail, at: iso(at) });

export const showSecret = ({ name, createdAt, updatedAt }: SecretRecord): Shown => ({ name, created_at: iso(createdAt), updated_at: iso(updatedAt) });

export function showEvent(event: EventRecord): Shown {
  const { id, type, source, data, created } = event;
  return { id, type, source, contact_id: event.contactId, data, created, occurred_at: iso(event.occurredAt) };
}

/** A list as every route shows one. */
export const showPage = <T>(page: Page<T>, show: (item: T) => Shown): { data: Shown[]; next_cursor: string | null } => ({
  data: page.items.map(show), next_cursor: page.nextCursor,
});
