import { lot } from './lots.ts';
import type { Channel } from './state.ts';

/**
 * What becomes of an attempt at a provider. Pure: the delivery worker carries out what is decided here.
 * All durations are machine milliseconds.
 */

/** The longest wait between two attempts, whatever the provider wishes: one hour. */
export const LONGEST_DELAY_MS = 3_600_000;

/** What a channel may do after an attempt that ended without an answer: the message may be out already. */
export interface Recovery {
  /** True when the provider can be asked whether it has the message. */
  lookUp: boolean;
  /** How often a message that may be out already may be sent once more. */
  resends: number;
  /** How such a send ends when nothing more may be tried. */
  spent: 'unknown' | 'failed';
}

/** What each channel may do after silence. */
export const recoveries: Record<Channel, Recovery> = {
  // SMTP cannot be asked what it took, so the same message goes once more, under the same Message-ID.
  email: { lookUp: false, resends: 1, spent: 'unknown' },
  // The provider is asked, and only what it does not have is sent again.
  sms: { lookUp: true, resends: Infinity, spent: 'unknown' },
  // The provider is asked, and nobody is rung twice: a second ring is worse than none.
  voice: { lookUp: true, resends: 0, spent: 'unknown' },
  // The receiver can tell a repetition by its `webhook-id`, so it is simply tried again.
  webhook: { lookUp: false, resends: Infinity, spent: 'failed' },
};

/** Where a send stands while one of its attempts is made. `attempt` counts from 1. */
export interface AttemptState {
  id: string;
  attempt: number;
  maxAttempts: number;
  backoffMs: number;
  /** Earlier attempts that ended without an answer. */
  unknowns: number;
}

/** What went wrong with an attempt. */
export interface Trouble {
  retryable: boolean;
  /** True when the provider may have taken the message although no answer came. */
  unknown: boolean;
  /** True for 429: the provider asks for patience, which costs no attempt. */
  throttled: boolean;
  /** The provider's own wish. */
  retryAfterMs?: number;
}

export type RetryDecision =
  | { kind: 'again'; inMs: number; countsAsAttempt: boolean; unknown: boolean }
  | { kind: 'end'; status: 'failed' | 'unknown' };

/**
 * That a worker died is no fault of the message, so it costs no attempt. One that is in hand whenever a worker dies may be what kills it.
 */
const MOST_UNKNOWNS = 20;

/** What this attempt may do: ask the provider first, send, both or neither. Attempts beyond the last only look up. */
export function planAttempt(state: AttemptState, recovery: Recovery): { lookUp: boolean; send: boolean } {
  return {
    lookUp: state.unknowns > 0 && recovery.lookUp,
    send: state.attempt <= state.maxAttempts && state.unknowns <= Math.min(recovery.resends, MOST_UNKNOWNS),
  };
}

/** Decides after an attempt that the provider did not accept. */
export function decideRetry(state: AttemptState, recovery: Recovery, trouble: Trouble): RetryDecision {
  if (trouble.unknown) return afterSilence(state, recovery);
  if (trouble.throttled) return { kind: 'again', inMs: retryDelay(state, true, trouble.retryAfterMs), countsAsAttempt: false, unknown: false };
  if (!trouble.retryable) return { kind: 'end', status: 'failed' };
  if (state.attempt >= state.maxAttempts) return { kind: 'end', status: state.unknowns > 0 ? recovery.spent : 'failed' };
  return { kind: 'again', inMs: retryDelay(state, false, trouble.retryAfterMs), countsAsAttempt: true, unknown: false };
}

/** No answer came. A look-up is worth one more attempt even after the last; a blind resend is not. */
function afterSilence(state: AttemptState, recovery: Recovery): RetryDecision {
  const mayLookUp = recovery.lookUp && state.attempt <= state.maxAttempts;
  const mayResend = state.unknowns + 1 <= Math.min(recovery.resends, MOST_UNKNOWNS) && state.attempt < state.maxAttempts;
  if (!mayLookUp && !mayResend) return { kind: 'end', status: recovery.spent };
  return { kind: 'again', inMs: retryDelay(state, false), countsAsAttempt: true, unknown: true };
}

/**
 * How long to wait: the provider's wish plus up to a tenth (at most a second), or exponential backoff with full jitter.
 * A throttled attempt without a wish waits at least its backoff, because it may go on for long.
 */
export function retryDelay(state: AttemptState, throttled: boolean, retryAfterMs?: number): number {
  const drawn = lot(`${state.id}/${state.attempt}`);
  if (retryAfterMs !== undefined) {
    const wish = Math.min(retryAfterMs, LONGEST_DELAY_MS);
    return wish + Math.round(drawn * Math.min(1_000, wish / 10));
  }
  if (throttled) return Math.round(state.backoffMs * (1 + drawn));
  return Math.max(1, Math.round(drawn * Math.min(LONGEST_DELAY_MS, state.backoffMs * 2 ** (state.attempt - 1))));
}

/** `Sun, 06 Nov 1994 08:49:37 GMT`: the one date form that RFC 9110 lets a server write. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads a `Retry-After` header (RFC 9110 §10.2.3: seconds or a date) into milliseconds from `now` (machine ms), at most an hour.
 * `undefined` when there is none or it says nothing that can be used: `soon`, `-5`.
 */
export function parseRetryAfter(text: string | null | undefined, now: number): number | undefined {
  const value = text?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Number(value) * 1_000, LONGEST_DELAY_MS);
  if (!HTTP_DATE.test(value)) return undefined;
  return Math.min(Math.max(0, Date.parse(value) - now), LONGEST_DELAY_MS);
}

/** What is wrong with a webhook's answer; null for 2xx. 408, 429 and 5xx may pass on another try; a redirect is not followed, so it is a failure. */
export function webhookRefusal(status: number): { error: string; retryable: boolean } | null {
  if (status >= 200 && status < 300) return null;
  return { error: `The webhook answered ${status}, expected 2xx. Check the receiver, then retry the step.`, retryable: status === 408 || status === 429 || status >= 500 };
}
