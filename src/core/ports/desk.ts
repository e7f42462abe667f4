import type { ActivityDesk } from './activity.ts';
import type { HookDesk } from './hook-desk.ts';
import type { Exposure } from '../stats/experiment.ts';
import type { Assets, Calendar, Channel, Contact, ContactEvent, Data, EnrollmentStatus } from '../state.ts';
import type { Moves, Standing, StepMap } from '../definition/publish-plan.ts';
import type { AuditLine } from './audit-line.ts';
import type {
  ApiKeyRecord, AuditRecord, EnrollmentRecord, EventRecord, FactRecord, KeyScope, LocationRecord, RefusalRecord, SecretRecord, SendRecord, SourceFormat, StepLogRecord, StepTime,
  TemplateRecord, TestRunRecord, VersionRecord, VoicemailRecord, WorkflowRecord, WorkflowStats, WorkflowStatus,
} from './records.ts';
import type { RunOperationDesk } from './run-operation-desk.ts';

/** The store's half of what people read and edit. Every method is one transaction that sees one location; one method per need. */

/** An event to be written to the outbox. `key` makes (location, source, key) once and for all; null for a fresh one. */
export interface NewEvent {
  type: string;
  source: string;
  data: Data;
  depth: number;
  key: string | null;
  /** Journey ms; null for now. */
  at: number | null;
}

export interface ListRange {
  limit: number;
  /** The last id of the page before; null for the first page. */
  after: string | null;
}

export type NewContact = Omit<Contact, 'id' | 'revision' | 'created_at' | 'updated_at'> & { id?: string };

/** What a decision about a contact comes to. Null means that nothing changes and nothing is written. */
export type ContactChange = { contact: Contact; deleted?: boolean; events: NewEvent[] } | null;

export interface ChangedContact {
  contact: Contact;
  changed: boolean;
  recalled: string[];
}

export interface ContactDesk {
  /** Null for a missing, deleted or foreign contact. */
  findContact(id: string): Promise<Contact | null>;
  /** By e-mail without regard to case. */
  findContactByEmail(email: string): Promise<Contact | null>;
  /** By phone in E.164; the oldest of several. */
  findContactByPhone(phone: string): Promise<Contact | null>;
  /** Ids newest first; `search` looks in names, e-mail and phone, `email` for one address without regard to case, `tag` for one tag. */
  listContacts(filter: { search?: string | null; email?: string | null; tag?: string | null }, range: ListRange): Promise<Contact[]>;
  /** Inserts the contact with its events; the audit line gets its id as subject. `existing` instead when the e-mail is taken: then nothing was written. */
  insertContact(contact: NewContact, events: (contact: Contact) => NewEvent[], audit: AuditLine): Promise<{ contact: Contact; existing: boolean }>;
  /** Locks the contact, asks `decide` (pure), writes what it answers with its events. `taken` when the new e-mail is another's.
   *  Null when there is no such contact. The audit line is written with a change, and not without one. `recalled`: sends that wait and may not leave any more, since
   *  consent was withdrawn or the contact deleted: they want a nudge, and none of them is claimed after this resolves. */
  changeContact(id: string, decide: (contact: Contact) => ContactChange, audit: AuditLine): Promise<ChangedContact | { taken: string } | null>;
  /** Those of the ids that are contacts here. */
  knownContacts(ids: string[]): Promise<Set<string>>;
}

export interface EventDesk {
  /** Inserts the event unless (location, source, key) was there: then answers the first one. What the world reports has no audit line: the event says who told it. */
  recordEvent(contactId: string, event: NewEvent, audit?: AuditLine): Promise<EventRecord>;
}

/** The part of a version that follows from its source. */
export interface VersionContent {
  name: string;
  description: string | null;
  triggerType: string;
  triggerConfig: unknown;
  format: SourceFormat;
  source: string;
  definition: unknown;
  checksum: string;
  author: string | null;
}

/** What a decision about a workflow comes to. */
export interface WorkflowChange {
  /** Goes into the draft: the unpublished version, or a new one with the next number. */
  content?: VersionContent;
  status?: WorkflowStatus;
  entryStopped?: boolean;
  /** Publishes the draft with what it listens to. */
  publish?: { listens: string[] };
  /** Makes an earlier published version the one that people enter. `content` goes into the workflow's row; null while a draft stands there. */
  goBack?: { version: VersionRecord; content: VersionContent | null };
  /** Takes the people of these versions along to the one that is published by this change. */
  migrate?: { fromVersions: string[]; moves: Moves; stepMap: StepMap };
  /** `hold` parks the mailbox; `release` gives it back, timers that came due meanwhile one after the other; `shift` also moves relative timers by the length
   *  of the pause, `skip` marks those that came due as overdue. */
  mailbox?: 'hold' | 'release' | 'shift' | 'skip';
  /** Ends everybody inside, with this reason; those on the version that this change goes back to stay. */
  exitAll?: { reason: string };
  audit: AuditLine;
}

/** What the decision may look at, under the workflow's lock. */
export interface WorkflowInHand {
  workflow: WorkflowRecord;
  draft: VersionRecord | null;
  /** Enrollments that are still active. */
  inside: number;
}

export interface ChangedWorkflow {
  workflow: WorkflowRecord;
  /** The version that was written or published by this change. */
  version: VersionRecord | null;
  /** Runs that the change ended. */
  exited: { id: string; revision: number }[];
  /** Sends of those runs that wait and may not leave any more. They want a nudge, and none of them, nor any of a workflow that was paused or archived, is claimed from now on. */
  recalled: string[];
  /** Runs and sends that want a nudge now (at most 10,000 each; the sweeper finds the rest). */
  nudge: { runs: string[]; sends: string[] };
}

export interface WorkflowDesk {
  findWorkflow(by: { id: string } | { slug: string }): Promise<WorkflowRecord | null>;
  /** Newest first. Archived ones only when `status` asks for them or `archived` is true. */
  listWorkflows(filter: { status?: WorkflowStatus | null; search?: string | null; archived?: boolean }, range: ListRange): Promise<WorkflowRecord[]>;
  /** What every workflow that is not archived may be called by. */
  workflowNames(): Promise<{ id: string; slug: string; name: string }[]>;
  /** Inserts a draft with its first version. The slug gets `-2`, `-3` … when taken and `suffix` is true; null when taken and it is false. */
  insertWorkflow(slug: string, suffix: boolean, content: VersionContent, audit: AuditLine): Promise<{ workflow: WorkflowRecord; version: VersionRecord } | null>;
  /** Locks the workflow, asks `decide` (pure; it may throw to refuse), writes what it answers. Null when there is none, and a null
   *  decision writes nothing. A change of status, of entry or a publish bumps the registry in the same transaction. */
  changeWorkflow(id: string, decide: (inHand: WorkflowInHand) => WorkflowChange | null): Promise<ChangedWorkflow | null>;
  /** A version by number, the draft, the one that people enter, or the newest: the draft, else the one that people enter. */
  findVersion(workflowId: string, which: number | 'draft' | 'published' | 'newest'): Promise<VersionRecord | null>;
  listVersions(workflowId: string, range: ListRange): Promise<VersionRecord[]>;
  /** Versions by id, in no order. */
  findVersions(ids: string[]): Promise<VersionRecord[]>;
  /** The version of this number of each workflow that has one, in no order. */
  findVersionsByNumber(workflowIds: string[], number: number): Promise<VersionRecord[]>;
  /** Where the people inside stand, counted by version, step and state. */
  readStandings(workflowId: string): Promise<Standing[]>;
}

/** One contact to be let in. `entryKey` tells keyed runs apart; `initial` seeds `enrollment.<name>`. */
export interface NewEnrollment {
  contactId: string;
  entryKey: string;
  initial: Data;
  triggerData: Data;
}

/** What became of one of them, in the order asked. `created: false` names the enrollment that was in the way. */
export interface EnrollmentAnswer {
  contactId: string;
  enrollmentId: string;
  created: boolean;
}

export interface EnrollmentDesk {
  /** One statement: enrollments, their `start` rows, one stat delta and one audit line (about the enrollment, if it is a single one); those that reentry forbids are answered `created: false`.
   *  `refused` when the workflow takes nobody in at this moment (checked by the same statement), `missing` names unknown contacts: nothing was written for them. */
  enroll(
    workflowId: string, versionId: string, reentry: 'never' | 'after_exit' | { afterMs: number }, rows: NewEnrollment[], audit: AuditLine,
  ): Promise<{ refused: boolean; missing: string[]; answers: EnrollmentAnswer[] }>;
  findEnrollment(id: string): Promise<EnrollmentRecord | null>;
  /** Newest first. */
  listEnrollments(filter: EnrollmentFilter, range: ListRange): Promise<EnrollmentRecord[]>;
  /** Ends the run at once: timers gone, open log row completed, counted. `changed: false` when it had ended before. Null when there is none. `recalled` as above. */
  exitEnrollment(id: string, reason: string, audit: AuditLine): Promise<{ enrollment: EnrollmentRecord; changed: boolean; recalled: string[] } | null>;
  /** Ascending by seq, after the given one. */
  listStepLogs(enrollmentId: string, range: { limit: number; afterSeq: number }): Promise<StepLogRecord[]>;
  /** One consistent reading of a run: the log rows that began or ended at or after a revision, and all its tracking facts. */
  readTrail(enrollmentId: string, sinceRevision: number): Promise<{ enrollment: EnrollmentRecord; logs: StepLogRecord[]; facts: FactRecord[] } | null>;
}

export interface EnrollmentFilter {
  workflowId?: string | null;
  contactId?: string | null;
  status?: EnrollmentStatus | null;
  currentStep?: string | null;
}

export type NewTemplate = Pick<TemplateRecord, 'slug' | 'channel' | 'name' | 'subject' | 'html' | 'text' | 'message'>;
export type NewVoicemail = Pick<VoicemailRecord, 'slug' | 'name' | 'audioUrl'>;

export interface AssetDesk {
  findTemplate(id: string): Promise<TemplateRecord | null>;
  listTemplates(filter: { channel?: 'email' | 'sms' | null }, range: ListRange): Promise<TemplateRecord[]>;
  /** Null when the slug is taken. Every write of an asset bumps the location's `assets_revision`. */
  insertTemplate(template: NewTemplate, audit: AuditLine): Promise<TemplateRecord | null>;
  updateTemplate(id: string, change: Partial<NewTemplate>, audit: AuditLine): Promise<TemplateRecord | 'taken' | null>;
  listVoicemails(range: ListRange): Promise<VoicemailRecord[]>;
  insertVoicemail(voicemail: NewVoicemail, audit: AuditLine): Promise<VoicemailRecord | null>;
  updateVoicemail(id: string, change: Partial<NewVoicemail>, audit: AuditLine): Promise<VoicemailRecord | 'taken' | null>;
  /** All of them by slug, as definitions see them. */
  readAssets(): Promise<Assets>;
}

export interface NewApiKey {
  name: string;
  prefix: string;
  /** SHA-256 of the raw key, hexadecimal. */
  hash: string;
  scopes: KeyScope[];
  expiresAt: number | null;
}

export interface KeyDesk {
  insertKey(key: NewApiKey, audit: AuditLine): Promise<ApiKeyRecord>;
  /** Null when there is none; revoking twice keeps the first moment. */
  revokeKey(id: string, audit: AuditLine): Promise<ApiKeyRecord | null>;
  /** It was used now. Written once a minute at most, however many processes say so. */
  noteKeyUse(id: string): Promise<void>;
}

export interface LocationDesk {
  readLocation(): Promise<LocationRecord>;
  updateLocation(change: { name?: string; timezone?: string; calendar?: Calendar; defaults?: Data }, audit: AuditLine): Promise<LocationRecord>;
  /** Journey ms, by the database. */
  journeyNow(): Promise<number>;
}

/** Within [from, to) journey ms, and one version number; null or left out for all. */
export interface StatsFilter {
  from?: number | null;
  to?: number | null;
  version?: number | null;
}

/** Numbers of many workflows at once, by their ids: lists of workflows show them. Every id has an answer, if an empty one. */
export interface StatsDesk {
  /** Totals and deltas added, within [from, to) journey ms and one version when they are given. */
  readStats(workflowIds: string[], filter: StatsFilter): Promise<Map<string, WorkflowStats>>;
  /** Time in step by the logs of the newest enrollments, at most 5,000 of each workflow. */
  readStepTimes(workflowIds: string[], filter: StatsFilter): Promise<Map<string, StepTime[]>>;
  /** Contacts first exposed within the window, and those of them who have converted since. */
  readExposures(workflowIds: string[], filter: StatsFilter): Promise<Map<string, Exposure[]>>;
}

export interface AuditDesk {
  /** Newest first. */
  listAudit(range: ListRange): Promise<AuditRecord[]>;
}

export interface SendDesk {
  findSend(id: string): Promise<SendRecord | null>;
  /** The contact's last message on a channel that a provider took. */
  lastSend(contactId: string, channel: Channel): Promise<SendRecord | null>;
}

export interface SecretDesk {
  /** In place of the one of this name. `cipher` is what a vault sealed. */
  putSecret(name: string, cipher: Uint8Array, audit: AuditLine): Promise<SecretRecord>;
  /** False when there was none. */
  deleteSecret(name: string, audit: AuditLine): Promise<boolean>;
  /** By name. */
  listSecrets(): Promise<SecretRecord[]>;
  /** Sealed values by name; missing ones are left out. */
  readSecrets(names: string[]): Promise<Map<string, Uint8Array>>;
}

export interface TestRunDesk {
  insertTestRun(run: Pick<TestRunRecord, 'workflowId' | 'mode' | 'report'>, audit: AuditLine): Promise<TestRunRecord>;
  findTestRun(id: string): Promise<TestRunRecord | null>;
}

export interface RefusalDesk {
  /** Keeps why people who were to be let in by hand were refused. */
  keepRefusals(workflowId: string, refusals: { contactId: string; reason: string; detail: Data }[]): Promise<void>;
  /** Newest first. */
  listRefusals(filter: { workflowId: string; contactId?: string | null }, range: ListRange): Promise<RefusalRecord[]>;
  /** What happened to a contact, newest first; null for events of every type. */
  contactEvents(contactId: string, types: string[] | null, limit: number): Promise<ContactEvent[]>;
}

/** Everything of one location. */
export interface TenantDesk
  extends ContactDesk, EventDesk, WorkflowDesk, EnrollmentDesk, RunOperationDesk, AssetDesk, KeyDesk, LocationDesk, StatsDesk, AuditDesk, SendDesk,
  SecretDesk, HookDesk, RefusalDesk, TestRunDesk, ActivityDesk {}

/** `desk(locationId)` gives one location's desk; the other calls are for moments when the location is not known yet. */
export interface Desk {
  (locationId: string): TenantDesk;
  /** A live key by its SHA-256 (hexadecimal); revoked and expired ones are not found. */
  findKey(hash: string): Promise<{ id: string; locationId: string; name: string; scopes: KeyScope[]; expiresAt: number | null } | null>;
  /** Whose send it is, for tracking links. */
  findSendLocation(sendId: string): Promise<string | null>;
  /** By the provider's own id of a message or call. */
  findProviderSend(providerId: string): Promise<{ sendId: string; locationId: string } | null>;
  /** Everybody who has this phone number (E.164), in any location; who was written to by SMS last comes first. */
  findPhone(phone: string): Promise<{ contactId: string; locationId: string }[]>;
  /** Whose workflow it is, for its own address. */
  findWorkflowLocation(workflowId: string): Promise<string | null>;
  /** The only location of this installation; null when there are several. */
  onlyLocation(): Promise<string | null>;
  /** The oldest location, or a new one of this name: safe when several processes start at once. */
  firstLocation(name: string): Promise<{ location: LocationRecord; created: boolean; keys: number }>;
}
