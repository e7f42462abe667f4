import type { Data } from '../state.ts';
import type { Lane } from './hot-path.ts';

/** Ports to everything that is not Postgres. Each has a fake that keeps a history, and one contract suite for both. */

/** Journey time and machine time, in epoch milliseconds. */
export interface Clock {
  /** Journey time: drives waits, windows, `now` and log times. */
  journeyNow(): number;
  /** Machine time: drives leases, backoff, rate limits, expiry. */
  machineNow(): number;
  /** How many journey milliseconds pass in a machine one. */
  readonly speed: number;
}

/** Doorbells. A job may be lost or repeated: it only names rows. */
export interface Queue {
  /** Wake runs: their mailbox has due rows. */
  nudgeRuns(lane: Lane, enrollmentIds: string[]): Promise<void>;
  /** Wake delivery: these sends are pending. */
  nudgeSends(lane: Lane, sendIds: string[]): Promise<void>;
  /** Wake the trigger worker: events are waiting. */
  nudgeEvents(): Promise<void>;
  /** Resolves when the broker answers. Throws when it does not within `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>;
  /** Jobs that wait, by queue name. */
  depths(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** A consumer of one kind of doorbell; `stop` drains what is in hand. */
export interface Consumer {
  stop(): Promise<void>;
}

/** What is published after a commit: one compact message per workflow and batch. */
export interface LiveMessage {
  locationId: string;
  workflowId: string;
  /** Journey ms. */
  at: number;
  /** Enrollment id, new revision, status after the commit, and its moves `[from step or '', outcome, to step or '']`. */
  runs: { id: string; rev: number; status: string; moves: [string, string, string][]; /** This commit ended it. */ ended?: boolean | undefined }[];
  /** `enrolled`, `completed`, `exited`, `failed` in this batch. */
  counts: Record<string, number>;
  /** An API key that was revoked just now: whoever holds a connection open by it looks it up again. */
  revokedKey?: string | undefined;
}

/** What to do about trouble that no caller can: say so. `what` is a phrase, e.g. `the queue's connection to Redis`. */
export type OnTrouble = (what: string, error: unknown) => void;

/** A message and its place in the history of a bus: `<milliseconds>-<number>`, growing, the same in every process. */
export interface Heard {
  position: string;
  message: LiveMessage;
}

/** Hints to whoever watches, across processes. At most once; a reader that must not miss anything re-reads the log. */
export interface Bus {
  publish(message: LiveMessage): void;
  /**
   * Hears every message of the process's bus until the returned function is called. One subscription per process underneath.
   * `position` comes with the messages of a bus that keeps a history.
   */
  subscribe(listener: (message: LiveMessage, position?: string) => void): () => void;
  /** The message at a place of the history and up to `limit - 1` after it, oldest first. A first one elsewhere says that the place is gone. Absent where none is kept. */
  from?(position: string, limit: number): Promise<Heard[]>;
  close(): Promise<void>;
}

export interface EmailMessage {
  sendId: string;
  messageId: string;
  to: string;
  from: string;
  replyTo: string | null;
  subject: string;
  html: string | null;
  text: string | null;
  headers: Record<string, string>;
}
export interface SmsMessage {
  sendId: string;
  to: string;
  body: string;
  mediaUrl: string | null;
  statusCallback: string | null;
}
export interface VoiceCall {
  sendId: string;
  to: string;
  /** Exactly one of the two. */
  audioUrl: string | null;
  say: string | null;
  statusCallback: string | null;
}
export interface HttpRequest {
  sendId: string;
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
  timeoutMs: number;
  /** Signs the request (Standard Webhooks) when there is one. */
  secret?: string | null;
}
export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What a provider bears: calls at once in a process, and calls a second for one location. A provider without one takes anything. */
export interface Capacity {
  atOnce: number;
  perSecond: number;
}

/** A provider answers with its own id of the message, or throws `ProviderError` (retryable or not, unknown or not). */
export interface EmailProvider {
  readonly name: string;
  readonly capacity?: Capacity;
  send(message: EmailMessage): Promise<{ providerId: string; result: Data }>;
  close(): Promise<void>;
}
export interface SmsProvider {
  readonly name: string;
  readonly capacity?: Capacity;
  send(message: SmsMessage): Promise<{ providerId: string; result: Data }>;
  /** Looks for a message that may have been accepted at or after `since` (machine ms) although no answer came; null when there is none. */
  find(message: SmsMessage, since: number): Promise<{ providerId: string; result: Data } | null>;
}
export interface VoiceProvider {
  readonly name: string;
  readonly capacity?: Capacity;
  call(call: VoiceCall): Promise<{ providerId: string; result: Data }>;
  find(call: VoiceCall, since: number): Promise<{ providerId: string; result: Data } | null>;
}
export interface HttpProvider {
  readonly name: string;
  readonly capacity?: Capacity;
  /** Throws `ProviderError` for refused addresses, time-outs and connection errors; any HTTP status is an answer. */
  request(request: HttpRequest): Promise<HttpResponse>;
}
export interface Providers {
  email: EmailProvider;
  sms: SmsProvider;
  voice: VoiceProvider;
  http: HttpProvider;
}
