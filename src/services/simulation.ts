import type { Context } from '../context.ts';
import type { Data } from '../core/state.ts';
import type { Source } from '../core/definition/read.ts';
import type { Caller } from './caller.ts';

export interface SimulateInput {
  /** A stored workflow (its newest version, drafts too) … */
  workflowId?: string | null;
  /** … or a source that is stored nowhere. Exactly one of the two. */
  source?: Source | null;
  /** A contact's id, or an object in REST's words (`first_name`, `tags` …) with an `id` of its own if the draw of a split matters; null for a plain one. */
  contact?: string | Data | null;
  /** `{ after: '3h', type: 'email_opened', step: 'welcome' }`, in any order. */
  events?: Data[];
  /** ISO-8601 or journey ms; null for now. */
  start?: string | number | null;
  /** Seeds `enrollment.<name>`. */
  initialData?: Data;
  maxDays?: number | null;
}
/** The answer of `POST …/test` as api.md §3 gives it; moments are ISO-8601. */
export interface SimulationTrace {
  status: string;
  exit_reason: string | null;
  path: string[];
  sent: { step_id: string; channel: string; to: string | null; at: string; subject?: string; message?: string }[];
  log: Data[];
  started_at: string;
  ended_at: string | null;
  waiting_for?: unknown;
}
/** Runs the production interpreter under a virtual clock; no message leaves, no row is written. Throws VALIDATION_FAILED, NOT_FOUND, INVALID_INPUT. */
export async function simulateWorkflow(ctx: Context, who: Caller, input: SimulateInput): Promise<SimulationTrace> {
  throw new Error('pending');
}
