import type { FunnelStep, GoalStats, NodeCounts } from '../stats/count-steps.ts';
import type { Calendar, Data, EnrollmentStatus, LogRow } from '../state.ts';

/** What people read and edit, as services see it: camelCase, all moments in epoch milliseconds. */

export type WorkflowStatus = 'draft' | 'active' | 'paused' | 'archived';
export type SourceFormat = 'yaml' | 'json';
export type KeyScope = 'read' | 'write' | 'enroll' | 'admin';

export interface WorkflowRecord {
  id: string;
  slug: string;
  name: string;
  description: string | null;
  status: WorkflowStatus;
  entryStopped: boolean;
  /** The trigger's type, or `multiple` for a list of them. */
  triggerType: string;
  triggerConfig: unknown;
  /** The newest definition (the draft's, when there is one), flattened, in source form. */
  definition: unknown;
  /** The text as it came, when the newest source was YAML. */
  yamlSource: string | null;
  /** Number of the newest version, published or not. */
  version: number;
  /** Counts changes: what `expectedRevision` and `If-Match` are compared with. */
  revision: number;
  publishedVersionId: string | null;
  pausedAt: number | null;
  createdAt: number;
  updatedAt: number;
  publishedAt: number | null;
}

export interface VersionRecord {
  id: string;
  workflowId: string;
  number: number;
  format: SourceFormat;
  /** The truth: YAML as it came, or JSON text. */
  source: string;
  /** Derived from the source: flattened, still in source form. `compileStored` reads it. */
  definition: unknown;
  checksum: string;
  listens: string[];
  author: string | null;
  createdAt: number;
  updatedAt: number;
  /** Null for the draft. */
  publishedAt: number | null;
}

export interface EnrollmentRecord {
  id: string;
  workflowId: string;
  versionId: string;
  contactId: string;
  entryKey: string;
  occurrence: number;
  status: EnrollmentStatus;
  currentStep: string | null;
  stepData: Data;
  position: Data;
  triggerData: Data;
  depth: number;
  revision: number;
  enrolledAt: number;
  completedAt: number | null;
  nextRunAt: number | null;
  exitReason: string | null;
}

/** A row of the step log as it was kept. */
export interface StepLogRecord extends Omit<LogRow, 'began'> {
  enrollmentId: string;
  /** The enrollment's revision at the commit that began the row, and at the one that completed it. */
  startedRev: number;
  endedRev: number | null;
}

/** A provider's later word on a send (`opened`, `clicked`, `delivered` …), first time only. */
export interface FactRecord {
  sendId: string;
  stepId: string;
  visit: number;
  /** The log row of the send. */
  seq: number;
  name: string;
  /** Journey ms. */
  at: number;
  /** The enrollment's revision at the commit that took it in. */
  revision: number;
}

export interface TemplateRecord {
  id: string;
  slug: string;
  channel: 'email' | 'sms';
  name: string;
  subject: string | null;
  html: string | null;
  text: string | null;
  message: string | null;
  revision: number;
  createdAt: number;
  updatedAt: number;
}

export interface VoicemailRecord {
  id: string;
  slug: string;
  name: string;
  audioUrl: string;
  createdAt: number;
  updatedAt: number;
}

export interface LocationRecord {
  id: string;
  name: string;
  timezone: string;
  calendar: Calendar;
  defaults: Data;
  assetsRevision: number;
  createdAt: number;
  updatedAt: number;
}

/** A key without its secret: that is shown once, when it is made. */
export interface ApiKeyRecord {
  id: string;
  name: string;
  /** The first characters, so that people can tell keys apart. */
  prefix: string;
  scopes: KeyScope[];
  expiresAt: number | null;
  revokedAt: number | null;
  lastUsedAt: number | null;
  createdAt: number;
}

/** Why an event did not let a contact into a workflow. `detail` names the clause that failed and the value that it saw. */
export interface RefusalRecord {
  id: string;
  workflowId: string;
  contactId: string;
  eventId: string | null;
  reason: string;
  detail: Data;
  /** Machine ms. */
  createdAt: number;
}

/** How a test is played. */
export type TestMode = 'simulate' | 'scenarios' | 'explore' | 'persona';

/** A test that was played; `report` is the answer of its mode. */
export interface TestRunRecord {
  id: string;
  /** Null for a source that is stored nowhere. */
  workflowId: string | null;
  mode: TestMode;
  report: unknown;
  createdAt: number;
}

/** A secret without its value, which nobody can read. */
export interface SecretRecord {
  name: string;
  createdAt: number;
  updatedAt: number;
}

export interface AuditRecord {
  id: string;
  actor: string;
  action: string;
  subject: string;
  detail: Data;
  at: number;
}

export interface SendRecord {
  id: string;
  enrollmentId: string;
  workflowId: string;
  contactId: string;
  stepId: string;
  visit: number;
  channel: string;
  status: string;
  request: Data;
  facts: Data;
  /** Machine ms of the provider's acceptance, or null. */
  endedAt: number | null;
}

export interface EventRecord {
  id: string;
  type: string;
  source: string;
  contactId: string;
  data: Data;
  depth: number;
  occurredAt: number;
  /** False when the same (location, source, key) was there already: `id` is the first one's. */
  created: boolean;
}

/** Counted for a workflow: five totals, each step's people and each edge's traffic. A desk gives only the steps where somebody was. */
export interface WorkflowStats {
  enrolled: number;
  active: number;
  completed: number;
  exited: number;
  failed: number;
  nodes: NodeCounts[];
  edges: { from: string; outcome: string; count: number }[];
  funnel: FunnelStep[];
  goals: GoalStats[];
  /** Journey ms of the reading. */
  asOf: number;
}

/** How long visits to a step took, of those that ended and were not skipped; journey ms. */
export interface StepTime {
  stepKey: string;
  visits: number;
  medianMs: number;
  p90Ms: number;
}

/** A page of a list in a stable order. `nextCursor` is null on the last page. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
/** `limit` 1 to 100 (25 when left out); `after` is an earlier page's `nextCursor`. */
export interface PageRequest {
  limit?: number;
  after?: string | null;
}

/** What one enrollment's stream says, in order; `cursor` names the place after it. */
export type EnrollmentEvent =
  | { kind: 'step_started'; cursor: string; at: number; log: StepLogRecord }
  | { kind: 'step_ended'; cursor: string; at: number; log: StepLogRecord }
  | { kind: 'fact'; cursor: string; at: number; fact: FactRecord }
  | { kind: 'status_changed'; cursor: string; at: number; status: EnrollmentStatus; exitReason: string | null };
