import type { Data } from '../state.ts';
import { leavesOf } from './find-conditions.ts';
import { isBehaviour, readBehaviour } from './behaviour.ts';

/** One event of a contact's history, as far as behaviour conditions look at it. */
export interface PastEvent {
  type: string;
  /** Journey ms. */
  at: number;
  /** The send that it reports on, when it reports on one. */
  stepId: string | null;
  enrollmentId: string | null;
}

/** What the conditions of a program ask of a contact's history. */
export interface Recall {
  type: string;
  /** How far back, at most; null for all of it. */
  windowMs: number | null;
  /** The newest events that settle every count; older ones need not be read. */
  most: number;
}

/** A recall about one contact at one moment: what a store looks up. */
export interface RecallRequest extends Omit<Recall, 'windowMs'> {
  contactId: string;
  /** Journey ms; null for all time. */
  since: number | null;
}

/** What `conditions` recall, one entry for each event type; empty when none of them looks at behaviour. */
export function recallsOf(conditions: unknown): Recall[] {
  const leaves = leavesOf(conditions).flatMap(({ leaf }) => (isBehaviour(leaf) ? [readBehaviour(leaf)] : []));
  return merged(leaves.map(({ event, windowMs, most }) => ({ type: event, windowMs, most })), ({ type }) => type);
}

/** What several runs' programs ask about their contacts, each contact and type once, with the widest window. */
export function recallRequests(runs: Iterable<{ contactId: string; recalls: Recall[] }>, now: number): RecallRequest[] {
  const asked = [...runs].flatMap(({ contactId, recalls }) => recalls.map((recall) => ({ ...recall, contactId })));
  return merged(asked, ({ contactId, type }) => `${contactId}/${type}`).map(({ windowMs, ...rest }) => ({ ...rest, since: windowMs === null ? null : now - windowMs }));
}

function merged<Row extends Recall>(rows: Row[], keyOf: (row: Row) => string): Row[] {
  const widest = new Map<string, Row>();
  for (const row of rows) {
    const known = widest.get(keyOf(row));
    const windowMs = known?.windowMs === null || row.windowMs === null ? null : Math.max(known?.windowMs ?? 0, row.windowMs);
    widest.set(keyOf(row), { ...row, windowMs, most: Math.max(known?.most ?? 0, row.most) });
  }
  return [...widest.values()];
}

/** An event as history keeps it; null for one that no person caused: a machine that opens mail is no behaviour. */
export function pastEvent({ type, at, data }: { type: string; at: number; data: Data }): PastEvent | null {
  if (data['machine'] === true) return null;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return { type, at, stepId: text(data['step_id']), enrollmentId: text(data['enrollment_id']) };
}
