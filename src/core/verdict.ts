import type { AskKind } from './asks.ts';
import type { Channel, Contact, Data, Explanation } from './state.ts';

/** What a step answers when it is entered or woken: the closed set of things that a step can want. */
export type Verdict =
  | Proceeding
  | { kind: 'ask'; ask: AskKind; workflow: string }
  | { kind: 'perform'; channel: Channel; request: Data }
  | { kind: 'skip'; reason: string; decision?: Explanation }
  | Parking
  | { kind: 'finish'; status: 'completed' | 'exited'; reason: string | null; result?: Data }
  | { kind: 'fail'; error: string; result?: Data };

interface Proceeding {
  kind: 'proceed';
  outcome: string;
  result: Data;
  decision?: Explanation;
  contact?: Contact;
  events?: { type: string; data: Data }[];
  enrollment?: Data;
  assignment?: { key: string; variant: string };
  goal?: true;
  skipNext?: string;
}

interface Parking {
  kind: 'park';
  until: number | null;
  relative: boolean;
  memo?: Data;
  note?: Data;
  decision?: Explanation;
}

/** The step is done; the run leaves by `outcome`. `goal`: the contact has reached it, which counts once per enrollment. */
export const proceed = (outcome: string, result: Data = {}, more: Omit<Proceeding, 'kind' | 'outcome' | 'result'> = {}): Verdict => ({ kind: 'proceed', outcome, result, ...more });
/** Start or stop another workflow for this contact (by id, slug or name) once this commit is durable; the answer comes as an outcome. */
export const ask = (kind: AskKind, workflow: string): Verdict => ({ kind: 'ask', ask: kind, workflow });
/** Send `request` over `channel` once this commit is durable. */
export const perform = (channel: Channel, request: Data): Verdict => ({ kind: 'perform', channel, request });
/** The step is not done, for a reason that is no fault: no address, no consent. The run goes on. */
export const skip = (reason: string): Verdict => ({ kind: 'skip', reason });
/** Wait until a moment (journey ms), or for events alone when `until` is null. */
export const park = (until: number | null, more: Partial<Omit<Parking, 'kind' | 'until'>> = {}): Parking => ({ kind: 'park', relative: true, ...more, until });
/** End the whole run. */
export const finish = (status: 'completed' | 'exited', reason: string | null, result?: Data): Verdict => ({ kind: 'finish', status, reason, result });
/** A step that throws has failed, and nobody else with it. */
export function attempt<V extends Verdict | null>(decide: () => V): V | Extract<Verdict, { kind: 'fail' }> {
  try {
    return decide();
  } catch (error) {
    return { kind: 'fail', error: error instanceof Error ? error.message : String(error) };
  }
}

/** The step failed for good; `on_error` decides what becomes of the run. */
export const fail = (error: string, result?: Data): Verdict => ({ kind: 'fail', error, result });
