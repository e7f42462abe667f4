import type { CallOutcome } from './event-types.ts';

/** The end of a call as a voice provider tells it (Twilio's `CallStatus`, `AnsweredBy`, `CallDuration`). */
export interface CallReport {
  outcome: CallOutcome;
  /** True when a person took it. */
  answered: boolean;
  /** Seconds. */
  duration: number;
}

const ENDS: Record<string, CallOutcome> = { completed: 'answered', busy: 'busy', 'no-answer': 'no_answer', failed: 'failed', canceled: 'canceled' };

/** Null while the call goes on. */
export function callReport(status: string, answeredBy: string | null, duration: string | null): CallReport | null {
  const end = Object.hasOwn(ENDS, status) ? ENDS[status]! : null;
  if (end === null) return null;
  const outcome = end === 'answered' && /^(machine|fax)/.test(answeredBy ?? '') ? 'voicemail' : end;
  const seconds = Number(duration ?? 0);
  return { outcome, answered: outcome === 'answered', duration: Number.isFinite(seconds) && seconds > 0 ? seconds : 0 };
}
