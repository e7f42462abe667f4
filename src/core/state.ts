import type { PastEvent } from './conditions/recall.ts';

/**
 * The words of a run: what an enrollment is between two commits, what may happen to it (`Input`),
 * and what one `advance` asks the caller to write (`Transition`). All moments are epoch milliseconds of
 * journey time; all data is JSON.
 */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Data = Record<string, unknown>;

export type EnrollmentStatus = 'active' | 'completed' | 'exited' | 'failed';
export type StepStatus = 'pending' | 'executing' | 'completed' | 'failed' | 'skipped';
export const channelNames = ['email', 'sms', 'voice', 'webhook'] as const;
export type Channel = (typeof channelNames)[number];

/** A person, as definitions see one. `revision` guards concurrent writes. */
export interface Contact {
  id: string;
  revision: number;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  phone: string | null;
  timezone: string | null;
  tags: string[];
  custom_fields: Data;
  /** Channels that the contact withdrew from: `{ sms: 'withdrawn' }`. A channel that is not named is allowed. */
  consent: Partial<Record<Channel, 'given' | 'withdrawn'>>;
  created_at: number;
  updated_at: number;
}

/** Where a run stands inside its current step. Stored as the enrollment's `position`. */
export interface Position {
  /** `ready`: about to enter; `waiting`: parked on a timer or an event; `performing`: an effect is on its way. */
  phase: 'ready' | 'waiting' | 'performing';
  /** The highest `seq` of the step log so far; 0 before the first step. */
  seq: number;
  /** Steps taken in the whole run. */
  taken: number;
  /** How often each step was entered. */
  visits: Record<string, number>;
  /** The log row that was begun and not completed, when there is one. */
  open?: OpenStep;
  /** Steps that the run was taken away from while their effect was on its way: the outcome completes their rows and moves nobody. */
  left?: OpenStep[];
  /** Experiments that it was exposed to in this run. */
  exposed?: string[];
  /** Goals that the contact has reached in this run. */
  goals?: string[];
  /** True when the run's version is being left: it stops at the next boundary, and goes on in another version. */
  leaving?: boolean;
  /** Steps that a migration gave another id: old one → new one. What is reported of their sends bears the old one. */
  renamed?: Record<string, string>;
  /** The trace that parked the run (a W3C `traceparent`), while this installation traces. */
  trace?: string;
}

export interface OpenStep {
  seq: number;
  stepId: string;
  visit: number;
  attempt: number;
  startedAt: number;
  /** When its timer is due; null while it waits for events alone. */
  until: number | null;
  /** What the step wants to remember until it is woken. `delay` marks the wait before a send. */
  memo: Data;
}

export interface RunState {
  status: EnrollmentStatus;
  currentStep: string | null;
  position: Position;
  /** What the specification calls `step_data`. */
  data: { enrollment: Data; steps: Record<string, Data> };
  exitReason: string | null;
}

/** One enrollment as `advance` sees it: its state plus the facts that never change while it runs. */
export interface Run {
  id: string;
  contactId: string;
  workflowId: string;
  enrolledAt: number;
  /** What started it: the trigger's type and the event's data. */
  trigger: Data;
  /** How many workflows stand behind the event that enrolled it. */
  depth: number;
  state: RunState;
}

/** Something that happened to a contact: a row of `contact_events`. */
export interface ContactEvent {
  id: string;
  type: string;
  contactId: string;
  at: number;
  data: Data;
  source: string;
  depth: number;
}

/** What an effect came to. `accepted` means that the provider took it; `exit`, that an exit rule held at the gate and ends the run. */
export type EffectOutcome =
  | { status: 'accepted'; result: Data }
  | { status: 'skipped'; reason: string; exit?: { status: 'exited' | 'completed'; reason: string } }
  | { status: 'failed'; error: string; result?: Data }
  | { status: 'unknown'; error: string; result?: Data };

/** What wakes a run: the rows of the mailbox (`workflow_scheduled_actions`). */
export type Input =
  | { kind: 'start' }
  /** `overdue`: it came due during a pause and is to be skipped: no message leaves before the run waits again. */
  | { kind: 'timer'; stepId: string; visit: number; overdue?: boolean }
  | { kind: 'outcome'; stepId: string; visit: number; attempt: number; outcome: EffectOutcome }
  | { kind: 'event'; event: ContactEvent }
  | { kind: 'exit'; reason: string; status: 'exited' | 'completed' }
  | Operation;

/** What a person asks of one run. `stepId` and `visit` say what it was asked of: once the run has gone on, nothing happens. `by` names who asked. */
export type Operation =
  /** Enters the step of a failed run once more. */
  | { kind: 'retry' }
  /** Goes on behind the current step, of a failed run too. */
  | { kind: 'skip'; stepId: string; visit: number; by: string }
  /** Takes an active or a failed run to a step, wherever it stands. */
  | { kind: 'move'; to: string; by: string }
  /** Lets the timer of a waiting step come due at once. */
  | { kind: 'run_now'; stepId: string; visit: number };

/** One row of `workflow_step_logs`. `began`: insert it in this commit, else it exists and is completed now. */
export interface LogRow {
  began: boolean;
  seq: number;
  stepId: string;
  stepType: string;
  visit: number;
  attempt: number;
  status: StepStatus;
  input: Data | null;
  output: Data | null;
  decision: Explanation | null;
  error: string | null;
  /** The edge that was taken: `next`, `then`, a variant's name, `timeout` …; null until the step ended. */
  outcome: string | null;
  startedAt: number;
  completedAt: number | null;
}

/** Why a verdict was reached: each clause with the value that it saw, each group and each `not` before its members. */
export interface Explanation {
  verdict: boolean;
  text: string;
  checks: Check[];
}
export interface Check {
  /** The clause as written: `tags contains "vip"`. */
  clause: string;
  /** How many groups it stands in. */
  depth: number;
  path: string | null;
  /** The operator's name; `event` and `expression` for the other leaves, `all`, `any` and `not` for groups. */
  operator: string;
  expected: unknown;
  actual: unknown;
  verdict: boolean;
}

/** A message or call to be made after the commit: one row of `sends`. */
export interface Effect {
  channel: Channel;
  stepId: string;
  visit: number;
  seq: number;
  /** Rendered and complete: the delivery worker adds nothing but tracking links. */
  request: Data;
  /** Attempts at the provider, machine time between them. */
  retry: { attempts: number; backoffMs: number };
  /** Null when the location's defaults alone say when it may leave. */
  window: SendWindow | null;
}

/** A wake-up at a moment. `relative` ones move when a paused workflow resumes with `shift`. */
export interface Timer {
  stepId: string;
  visit: number;
  at: number;
  relative: boolean;
}

/** An event that a step caused: the store writes it to the outbox in the same commit. */
export interface CausedEvent {
  /** Left out: the store makes one. */
  id?: string;
  type: string;
  data: Data;
  depth: number;
}

/** A provider's later word on a send (`opened`, `delivered` …), first time only. */
export interface Fact {
  stepId: string;
  visit: number;
  name: string;
  at: number;
}

/** All that one commit writes for one run. */
export interface Transition {
  state: RunState;
  /** False when the inputs changed nothing: they are consumed, the revision stays. */
  changed: boolean;
  logs: LogRow[];
  effect: Effect | null;
  timer: Timer | null;
  /** True when timers set before this commit are void. */
  cancelTimers: boolean;
  /** True when the run stopped at a boundary because its workflow is paused: a held `start` row takes it on later. */
  held: boolean;
  /** The contact after the run's own changes, or null when it changed nothing. */
  contact: Contact | null;
  events: CausedEvent[];
  facts: Fact[];
  /** First exposures of A/B splits. */
  assignments: { stepId: string; key: string; variant: string }[];
  /** Effects of earlier commits that are wanted no more: what has not left yet never does. */
  withdrawn: { stepId: string; visit: number; reason: string }[];
  /** Experiments for which a goal was reached: those that the run was exposed to before. */
  conversions: string[];
  /** Goals reached for the first time in this run. */
  goals: string[];
}

/** Who the run works for and what it may read, beside the contact. The caller gathers it; `core` asks nobody. */
export interface Scene {
  now: number;
  contact: Contact;
  workflow: { id: string; name: string };
  location: Location;
  assets: Assets;
  /** A paused workflow: outcomes and exits are taken, nothing new starts. */
  paused: boolean;
  /** Machine ms at which the caller looked: ids of caused events begin with it. Journey `now` when left out. */
  stamp?: number;
  /** The contact's events that the program recalls, in any order; left out when it recalls none. */
  history?: PastEvent[] | undefined;
  /** E-mail addresses, in lower case, that a commit of this run found to be another contact's: a step that writes one fails. */
  takenEmails?: ReadonlySet<string> | undefined;
}

export interface Location {
  id: string;
  name: string;
  timezone: string;
  calendar: Calendar;
  defaults: Data;
}

/** Weekly opening hours (`mon`…`sun`: pairs of "HH:MM") and whole holidays (`YYYY-MM-DD`). No hours at all means always open. */
export interface Calendar {
  weekly?: Partial<Record<Weekday, [string, string][]>>;
  holidays?: string[];
}
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Local hours in which nothing leaves over `channels`; `to` before `from` runs over midnight. */
export interface QuietHours {
  from: string;
  to: string;
  channels: Channel[];
}

/** Quiet hours as a send keeps them; `zone` is `contact` or an IANA zone. */
export interface SendWindow extends QuietHours {
  zone: string;
}

/** The location's templates and voicemails by slug. */
export interface Assets {
  templates: Record<string, TemplateAsset>;
  voicemails: Record<string, VoicemailAsset>;
}
export interface TemplateAsset {
  id: string;
  slug: string;
  channel: 'email' | 'sms';
  subject: string | null;
  html: string | null;
  text: string | null;
  message: string | null;
}
export interface VoicemailAsset {
  id: string;
  slug: string;
  audio_url: string;
}

/** A run before its first step. `initial` seeds `enrollment.<name>`. */
export function newRunState(initial: Data = {}): RunState {
  return {
    status: 'active',
    currentStep: null,
    position: { phase: 'ready', seq: 0, taken: 0, visits: {} },
    data: { enrollment: initial, steps: {} },
    exitReason: null,
  };
}
