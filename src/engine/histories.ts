import type { Context } from '../context.ts';
import { recallRequests, type PastEvent } from '../core/conditions/recall.ts';
import type { Program } from '../core/program.ts';

/** What happened to contacts, by contact id, as far as somebody asked. */
export type Histories = Map<string, PastEvent[]>;

/** Reads what the programs of some runs recall, in one query for all; none when nobody recalls anything. */
export async function historiesOf(ctx: Pick<Context, 'events'>, runs: { contactId: string; program: Program }[], now: number): Promise<Histories> {
  const recalling = runs.filter(({ program }) => program.recalls.length > 0);
  if (recalling.length === 0) return new Map();
  return ctx.events.recall(recallRequests(recalling.map(({ contactId, program }) => ({ contactId, recalls: program.recalls })), now));
}

/** The history that one run's scene gets: none for a program that recalls nothing. */
export const historyFor = (program: Program, contactId: string, histories: Histories): PastEvent[] | undefined =>
  (program.recalls.length > 0 ? (histories.get(contactId) ?? []) : undefined);
