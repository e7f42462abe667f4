import type { PastEvent, RecallRequest } from '../conditions/recall.ts';
import type { DatePlan } from './schedules.ts';
import type { Assets, Channel, Contact, ContactEvent, Data, EffectOutcome, EnrollmentStatus, Input, Location, Run, Transition } from '../state.ts';

/** The store's half of the hot path: everything set-based, one statement a call, any number of runs. */

/** A due mailbox row. `id` is what the commit deletes. */
export interface MailboxRow {
  id: string;
  input: Input;
}

/** One run as loaded: its facts, its due inputs in order, and the guard that its commit must still find. */
export interface LoadedRun {
  run: Run;
  revision: number;
  locationId: string;
  versionId: string;
  entryKey: string;
  workflowName: string;
  paused: boolean;
  contact: Contact;
  inbox: MailboxRow[];
}

export interface LoadedBatch {
  /** Journey time of the load, by the database. */
  now: number;
  runs: LoadedRun[];
  /** Location id → what its templates may read; `assetsRevision` tells a cache whether it is stale. */
  locations: Map<string, Location & { assetsRevision: number }>;
  /** Mailbox rows whose payload could not be read, by enrollment: that run alone fails. */
  poisoned: { enrollmentId: string; mailboxIds: string[]; error: string }[];
}

/** What one commit writes for one run. `sendId` names the effect's row in the ledger. */
export interface RunCommit {
  loaded: LoadedRun;
  transition: Transition;
  consumed: string[];
  sendId: string | null;
  /** So long (machine ms) whoever commits holds the send, to perform it at once. Left out: a delivery worker claims it. */
  claimMs?: number | undefined;
}

export interface CommitAnswer {
  /** Runs whose guard held, with their new revision. */
  moved: Map<string, number>;
  /** Runs that lost their guard: reload and advance again. */
  lost: string[];
  /** Runs that have more due rows waiting. */
  due: string[];
  /** Leases of the sends that their commits claimed, by enrollment id. Missing: something had changed since the look, and the delivery worker's gate decides. */
  leases?: Map<string, string>;
  /** Runs that were not written because the e-mail address that they give their contact is another's, with the address: advance them again, knowing it. */
  taken?: Map<string, string>;
}

/** A run that is created and advanced in one statement: from an event or a bulk request. With `transition.changed: false` it
 *  was not advanced: it is created before its first step with a `start` row, and wants a nudge. Of the runs of one contact
 *  in a batch at most one may change the contact. */
export interface FusedEnrollment {
  run: Run;
  locationId: string;
  versionId: string;
  entryKey: string;
  reentry: 'never' | 'after_exit' | { afterMs: number };
  contact: Contact;
  transition: Transition;
  sendId: string | null;
}

/** A run that a publish took along, or ended. `moves` is what watchers are told. */
export interface MigratedRun {
  id: string;
  locationId: string;
  workflowId: string;
  revision: number;
  status: EnrollmentStatus;
  fromStep: string | null;
  toStep: string | null;
  /** True when it has a `start` row and wants a nudge. */
  begins: boolean;
}

export interface RunStore {
  /** Loads runs with contacts and due mailbox rows. Runs without due rows are left out. */
  load(ids: string[]): Promise<LoadedBatch>;
  /** The same, with runs that have no due rows. */
  loadStanding(ids: string[]): Promise<LoadedBatch>;
  /** The same runs as they stand now, their mailboxes left out: for a look that consumes nothing. */
  look(ids: string[]): Promise<LoadedBatch>;
  /** One guarded statement for all of them. Throws the driver's error when the statement fails as a whole: bisect then. */
  commit(commits: RunCommit[], now: number): Promise<CommitAnswer>;
  /** Fails one run for good, with the reason, and consumes its due rows. Used for poisoned runs only. */
  poison(enrollmentId: string, reason: string): Promise<void>;
  /** Ids of runs with a timer that is due by the database's journey clock, earliest first, at most `limit`. */
  dueTimers(limit: number): Promise<string[]>;
  /** Machine milliseconds until the next timer is due, or null when none is pending. */
  nextTimerInMs(): Promise<number | null>;
  /** Moves the next page of people of the oldest publish that is not done with them, of one workflow or of any. Null when there is none, or another process is at it. */
  migratePage(workflowId: string | null): Promise<MigratedRun[] | null>;
  /** Moves these runs as their workflow's publish said; a run that no publish concerns any more stays on its version. */
  migrate(ids: string[]): Promise<MigratedRun[]>;
  /** Ids of runs whose due rows have waited longer than `graceMs` of machine time: their nudge was lost. */
  stranded(graceMs: number, limit: number): Promise<string[]>;
}

/** Undispatched events with what matching needs. */
export interface EventBatch {
  now: number;
  events: (ContactEvent & { locationId: string; contact: Contact | null })[];
  locations: Map<string, Location & { assetsRevision: number }>;
  /** Bumped by every publish, pause, resume and archive: a cache of triggers is stale when it differs. */
  registryRevision: number;
}

/** Why a contact was not enrolled, kept for a while. */
export interface Refusal {
  locationId: string;
  workflowId: string;
  contactId: string;
  eventId: string;
  reason: string;
  detail: Data;
}

/** An ask of one workflow to another, as its dispatch answers it. */
export interface AskRow {
  eventId: string;
  kind: 'start' | 'stop';
  asker: { enrollmentId: string; stepId: string; visit: number };
  /** Id, slug or name. */
  workflow: string;
  /** Why those who are stopped leave. */
  reason: string;
  /** The run to be started by this same dispatch, when one may be, and its key. */
  runId: string | null;
  entryKey: string;
  /** Known before the dispatch: how it must end. */
  outcome: EffectOutcome | null;
}

export interface DispatchAnswer {
  /** Runs that got a mailbox row and want a nudge. */
  noticed: string[];
  /** Enrollments that were created, with their revision. */
  enrolled: { id: string; workflowId: string; locationId: string }[];
  /** Events that stay undispatched because their contact changed since it was read: read and decide again. */
  left: string[];
}

export interface EventStore {
  /** The oldest undispatched events, at most `limit`. */
  undispatched(limit: number): Promise<EventBatch>;
  /** Marks events dispatched, writes mailbox rows for every active run that listens, inserts fused enrollments and
   *  refusals, and plans date fields that the events moved: one transaction, each event at most once however many dispatchers run. */
  dispatch(
    batch: EventBatch, enrollments: (FusedEnrollment & { eventId: string })[], refusals: Refusal[], asks?: AskRow[], plans?: (DatePlan & { eventId: string })[],
  ): Promise<DispatchAnswer>;
  /** What happened to contacts, by contact id: the newest events of each type asked for, in any order. One query, whatever the number of contacts. */
  recall(requests: RecallRequest[]): Promise<Map<string, PastEvent[]>>;
  /** The trigger index's source: every active workflow that takes entries. */
  activeWorkflows(): Promise<{ revision: number; workflows: { id: string; locationId: string; slug: string; name: string; versionId: string }[] }>;
}

export interface VersionStore {
  /** Definitions of published versions by id, as stored. Immutable: cache them for ever. */
  definitions(versionIds: string[]): Promise<Map<string, { workflowId: string; workflowName: string; definition: unknown }>>;
}

export interface AssetStore {
  /** All templates and voicemails of a location. */
  assets(locationId: string): Promise<{ revision: number; assets: Assets }>;
}

/** A send that a delivery worker owns until its lease ends. */
export interface ClaimedSend {
  id: string;
  locationId: string;
  enrollmentId: string;
  workflowId: string;
  /** The version that its run is pinned to. */
  versionId: string;
  contactId: string;
  stepId: string;
  visit: number;
  seq: number;
  channel: Channel;
  request: Data;
  /** Names this claim and no other: the ledger believes only who holds it. */
  lease: string;
  attempt: number;
  maxAttempts: number;
  backoffMs: number;
  /** When the first attempt was begun (machine ms): where a look-up at the provider starts. */
  firstAttemptAt: number;
  /** True when an earlier attempt died without an answer: look it up before any resend. */
  unknownBefore: boolean;
  /** How many attempts ended without an answer so far. */
  unknowns: number;
  /** The location's own ceilings, `{ sms: 5 }` for five a second; empty when it set none. */
  rateLimits: Data;
  /** True when the contact has no address of its own for the channel by now. */
  unaddressed: boolean;
}

/**
 * How an attempt ended; `id`, `lease` and `attempt` are the claim's. `again` puts the send back for another try at a machine moment; `unknown` says that the
 * provider may have taken it.
 */
export type SendResult =
  | { id: string; lease: string; attempt: number; end: EffectOutcome; provider: string; providerId: string | null }
  | { id: string; lease: string; attempt: number; again: { inMs: number; error: string; countsAsAttempt: boolean; unknown?: boolean } };

/** Where runs go on to from the results of their sends. `now` is journey ms. */
export interface Onward {
  commits: RunCommit[];
  now: number;
  carried: boolean;
}

export interface SendStore {
  /** The one gate: re-reads enrollment, workflow, consent; marks the allowed ones `executing` with a lease. What may not leave
   *  any more is ended `skipped` (`unknown` when an earlier attempt may have been accepted) and its outcome row written; `nudge` names the runs
   *  concerned. `room` is how many may be claimed a channel; what is due beyond it comes back in `left`, untouched. What its quiet hours
   *  hold back is due again when they end: in so many machine ms. */
  claim(
    sendIds: string[],
    leaseMs: number,
    room?: Partial<Record<Channel, number>>,
  ): Promise<{ claimed: ClaimedSend[]; nudge: string[]; left: { id: string; channel: Channel }[]; postponed: { id: string; inMs: number }[] }>;
  /** Records results; a final one writes the outcome row of the mailbox. Only the owner of the attempt is believed. `onward` takes runs on in the same
   *  statement, each by what its result means to it, instead of that row: at most one result a run, and none that changes its contact. A run
   *  that lost its guard gets the row. `carried`: the runs were not read again since their sends were claimed, so the guard asks of their contacts, workflows and mailboxes, too.
   *  `nudge` are the runs that have due rows, `moved` those that went on, with their new revision. */
  finish(results: SendResult[], onward?: Onward): Promise<{ nudge: string[]; moved: Map<string, number> }>;
  /** Ids of sends that are due and pending longer than `graceMs`: their nudge was lost, or waits. */
  unfinished(graceMs: number, limit: number): Promise<string[]>;
  /** Ids of executing sends whose lease has ended: their worker died, or sleeps. */
  abandoned(limit: number): Promise<string[]>;
}

/** Interactive work never waits behind a campaign. */
export type Lane = 'interactive' | 'bulk';
