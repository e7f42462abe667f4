import type { Pool } from 'pg';
import { z } from 'zod';
import type { ClaimedSend, Lane, SendResult, SendStore } from '../core/ports/hot-path.ts';
import type { Channel } from '../core/state.ts';
import { jsonText, keepableText } from './json-text.ts';
import { run } from './statement.ts';
import { CLAIM, FINISH, UNFINISHED } from './sends-statements.ts';

/** The ledger of everything that leaves the house, over the workers' pool. Every call is one statement. */
export function createSendStore(pool: Pool): SendStore {
  return {
    claim: (sendIds, leaseMs, room) => claim(pool, sendIds, leaseMs, room ?? {}),
    finish: (results) => finish(pool, results),
    unfinished: (graceMs, limit) => unfinished(pool, graceMs, limit),
  };
}

const data = z.record(z.string(), z.unknown());
const sendRow = z.object({
  locationId: z.string(), enrollmentId: z.string(), workflowId: z.string(), contactId: z.string(), stepId: z.string(), visit: z.number(), seq: z.number(), request: data,
  attempt: z.number(), maxAttempts: z.number(), backoffMs: z.number(), firstAttemptAt: z.number(), unknownBefore: z.boolean(), unknowns: z.number(), rateLimits: data.catch({}),
});

interface ClaimRow {
  kind: 'claimed' | 'nudge' | 'left';
  id: string;
  channel: Channel;
  send: unknown;
}

async function claim(pool: Pool, sendIds: string[], leaseMs: number, room: Partial<Record<Channel, number>>): ReturnType<SendStore['claim']> {
  if (sendIds.length === 0) return { claimed: [], nudge: [], left: [] };
  const values = [sendIds, leaseMs, Object.keys(room), Object.values(room)];
  const { rows } = await run<ClaimRow>(pool, { name: 'claim_sends', text: CLAIM, values });
  const of = (kind: ClaimRow['kind']): ClaimRow[] => rows.filter((row) => row.kind === kind);
  return {
    claimed: of('claimed').map(({ id, channel, send }): ClaimedSend => ({ id, channel, ...sendRow.parse(send) })),
    nudge: [...new Set(of('nudge').map(({ id }) => id))],
    left: of('left').map(({ id, channel }) => ({ id, channel })),
  };
}

async function finish(pool: Pool, results: SendResult[]): ReturnType<SendStore['finish']> {
  if (results.length === 0) return { nudge: [] };
  const rows = [...results].sort((a, b) => (a.id < b.id ? -1 : 1)).map(finishRow);
  const values = Array.from({ length: 10 }, (_, column) => rows.map((row) => row[column]));
  const answer = await run<{ id: string }>(pool, { name: 'finish_sends', text: FINISH, values });
  return { nudge: [...new Set(answer.rows.map(({ id }) => id))] };
}

/** One row for the arrays of `FINISH`, in the order of its parameters. */
function finishRow(result: SendResult): unknown[] {
  if ('again' in result) {
    const { inMs, error, countsAsAttempt, unknown } = result.again;
    return [result.id, result.attempt, 'again', null, null, null, keepableText(error), inMs, countsAsAttempt, unknown ?? false];
  }
  const { end } = result;
  const error = 'error' in end ? end.error : 'reason' in end ? end.reason : null;
  return [result.id, result.attempt, end.status, result.provider, result.providerId, jsonText(end), error === null ? null : keepableText(error), 0, true, false];
}

/** Nothing in the ledger says who waits for a send, so what was lost comes back behind the interactive work. */
const LOST_LANE: Lane = 'bulk';

async function unfinished(pool: Pool, graceMs: number, limit: number): ReturnType<SendStore['unfinished']> {
  const { rows } = await pool.query<{ id: string }>({ name: 'unfinished_sends', text: UNFINISHED, values: [graceMs, limit] });
  return rows.map(({ id }) => ({ id, lane: LOST_LANE }));
}
