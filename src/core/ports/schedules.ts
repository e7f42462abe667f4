import type { Contact, Location } from '../state.ts';
import type { DateOccurrence } from '../triggers/date-occurrences.ts';
import type { FusedEnrollment, Refusal } from './hot-path.ts';

/** The store's half of entries by time. All moments are journey ms by the database; any number of schedulers may call at once. */

type KnownLocation = Location & { assetsRevision: number };

/** A workflow whose door is open and whose schedule wants a look. */
export interface OpenSchedule {
  workflowId: string;
  locationId: string;
  versionId: string;
  /** When its door was opened: nothing older fires. */
  openedAt: number;
  /** What was due up to here is decided. */
  decidedUntil: number;
  /** Guards the decision: whoever decides first is believed. */
  revision: number;
  now: number;
  /** The location's zone. */
  timezone: string;
}

/** Why contacts are walked over: to enroll them for an occurrence, or to plan their date fields. */
export type WalkPurpose = 'schedule' | 'date_field';

export interface Decision {
  until: number;
  /** When to look again; null for never. */
  next: number | null;
  walks: { purpose: WalkPurpose; place: number; dueAt: number }[];
}

/** A walk that this scheduler took for a while. `versionId` is the workflow's published one now. */
export interface ContactWalk {
  id: string;
  purpose: WalkPurpose;
  place: number;
  dueAt: number;
  workflowId: string;
  workflowName: string;
  locationId: string;
  versionId: string;
  /** The last contact that was looked at; null before the first. */
  cursor: string | null;
}

export interface ContactPage {
  now: number;
  location: KnownLocation;
  contacts: Contact[];
}

/** What was made of some of a walk's contacts, in the order of their ids. */
export interface WalkStep {
  from: string | null;
  to: string | null;
  looked: number;
  /** Whom the filters kept out. */
  filtered: number;
  /** For whom the trigger could not be evaluated. */
  failed: number;
  /** True when nobody comes after them. */
  ends: boolean;
  now: number;
}

/** `eventId` is the walk's, or the plan's key: the durable row that asks for the enrolment. */
export type AskedEnrollment = FusedEnrollment & { eventId: string };

/** `stale`: a contact changed since it was read, nothing was written, read it again. `lost`: the walk is somebody else's by now, or the door was closed. */
export type StepAnswer = { kind: 'done'; enrolled: Set<string>; started: string[] } | { kind: 'stale' } | { kind: 'lost' };

/** When a date field fires next for a contact, as the contact was read. A later view of the contact, or another version, makes it void. */
export interface DatePlan {
  workflowId: string;
  versionId: string;
  place: number;
  locationId: string;
  contactId: string;
  contactRevision: number;
  next: DateOccurrence | null;
}

/** A planned occurrence that is due. */
export interface DueDate {
  workflowId: string;
  place: number;
  locationId: string;
  contactId: string;
  dueAt: number;
  occurrence: string;
  firedFor: string | null;
  /** The contact's revision when it was planned. */
  plannedFrom: number;
  /** Null when the contact was deleted. */
  contact: Contact | null;
  /** Null while the door is closed: it is planned anew when it opens. */
  open: { versionId: string; workflowName: string; openedAt: number } | null;
}

export interface DueDates {
  now: number;
  dates: DueDate[];
  locations: Map<string, KnownLocation>;
}

/** What becomes of a due date. `key` is what its enrollment and refusal name as `eventId`. `fires`: its day is done. */
export interface DateAnswer {
  key: string;
  date: DueDate;
  next: DateOccurrence | null;
  fires: boolean;
}

export interface ScheduleStore {
  /** Open schedules that want a look, at most `limit`, the most overdue first. */
  due(limit: number): Promise<OpenSchedule[]>;
  /** Writes what a look came to: one row for each occurrence, however many schedulers decide. False when another one was first. */
  decide(schedule: OpenSchedule, decision: Decision): Promise<boolean>;
  /** Takes the walk that was worked on least recently for `leaseMs` of machine time, of those whose door is open. Null when there is none. */
  takeWalk(leaseMs: number): Promise<ContactWalk | null>;
  /** Gives it back before the lease ends. */
  leaveWalk(id: string): Promise<void>;
  /** The next contacts of a walk by id. */
  readPage(walk: Pick<ContactWalk, 'locationId' | 'cursor'>, limit: number): Promise<ContactPage>;
  /**
   * Enrolls, keeps refusals (of each contact the newest alone) and moves the walk on, in one statement. Contacts of enrollments that were advanced must be
   * unchanged since they were read.
   */
  enrollStep(walk: ContactWalk, step: WalkStep, enrollments: AskedEnrollment[], refusals: Refusal[], leaseMs: number): Promise<StepAnswer>;
  /** Plans the date field of contacts and moves the walk on, in one statement. */
  planStep(walk: ContactWalk, step: WalkStep, plans: DatePlan[], leaseMs: number): Promise<StepAnswer>;
  /** Planned occurrences that are due, the most overdue first. */
  dueDates(limit: number): Promise<DueDates>;
  /** Enrolls, keeps refusals and writes each plan's next occurrence, in one statement; a plan that somebody changed meanwhile, or whose contact
   *  did, is left as it is. */
  fireDates(now: number, answers: DateAnswer[], enrollments: AskedEnrollment[], refusals: Refusal[]): Promise<{ answered: number; enrolled: Set<string>; started: string[] }>;
}
