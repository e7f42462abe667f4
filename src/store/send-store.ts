import type { Pool } from 'pg';
import { z } from 'zod';
import type { ClaimedSend, Onward, SendResult, SendStore } from '../core/ports/hot-path.ts';
import { windowOpens, type WindowReading } from '../core/quiet.ts';
import type { Channel, Data } from '../core/state.ts';
import { finishStatement } from './sends-finish.ts';
import { ABANDONED, CLAIM, POSTPONE, STOP, UNFINISHED } from './sends-statements.ts';
import { run } from './statement.ts';

/** The ledger of everything that leaves the house, over the workers' pool. Every call is one statement, or two where a send is stopped. */
export function createSendStore(pool: Pool): SendStore {
  return {
    claim: (sendIds, leaseMs, room) => claim(pool, sendIds, leaseMs, room ?? {}),
    finish: (results, onward) => finish(pool, results, onward ?? NOWHERE),
    unfinished: (graceMs, limit) => idsOf(pool, 'unfinished_sends', UNFINISHED, [graceMs, limit]),
    abandoned: (limit) => idsOf(pool, 'abandoned_sends', ABANDONED, [limit]),
  };
}

interface ClaimRow {
  kind: 'claimed' | 'left' | 'stop' | 'window';
  id: string;
  channel: Channel;
  location_id: string;
  enrollment_id: string;
  workflow_id: string;
  contact_id: string;
  step_id: string;
  visit: number;
  seq: number;
  request: Data;
  lease: string;
  attempt: number;
  max_attempts: number;
  backoff_ms: number;
  first_attempt_at: number;
  unknown_before: boolean;
  unknowns: number | null;
  rate_limits: unknown;
  version_id: string;
  unaddressed: boolean;
  window: (WindowReading & { speed: number }) | null;
}

async function claim(pool: Pool, sendIds: string[], leaseMs: number, room: Partial<Record<Channel, number>>): ReturnType<SendStore['claim']> {
  const answer: Awaited<ReturnType<SendStore['claim']>> = { claimed: [], nudge: [], left: [], postponed: [] };
  const windowed = await claimInto(pool, answer, sendIds, { leaseMs, room, looked: false });
  if (windowed.length === 0) return answer;
  const closed = windowed.map(closedOf).filter((one) => one !== null);
  const shut = new Set(closed.map(({ id }) => id));
  const open = windowed.map(({ id }) => id).filter((id) => !shut.has(id));
  await claimInto(pool, answer, open, { leaseMs, room: roomLeft(room, answer.claimed), looked: true });
  answer.postponed = await postpone(pool, closed);
  return answer;
}

/** One pass of the gate, added to the answer. Gives the sends that have a window to look at: few locations set one, and the statement that every send passes cannot read zones. */
async function claimInto(pool: Pool, answer: Awaited<ReturnType<SendStore['claim']>>, sendIds: string[], { leaseMs, room, looked }: ClaimTerms): Promise<ClaimRow[]> {
  if (sendIds.length === 0) return [];
  const values = [sendIds, leaseMs, Object.keys(room), Object.values(room), looked];
  const { rows } = await run<ClaimRow>(pool, { name: 'claim_sends', text: CLAIM, values });
  const of = (kind: ClaimRow['kind']): ClaimRow[] => rows.filter((row) => row.kind === kind);
  answer.claimed.push(...of('claimed').map(readClaimed));
  answer.nudge.push(...(await stop(pool, of('stop').map(({ id }) => id))));
  answer.left.push(...of('left').map(({ id, channel }) => ({ id, channel })));
  return of('window');
}

interface ClaimTerms {
  leaseMs: number;
  room: Partial<Record<Channel, number>>;
  /** True when the windows of these sends are known to be open. */
  looked: boolean;
}

function roomLeft(room: Partial<Record<Channel, number>>, claimed: ClaimedSend[]): Partial<Record<Channel, number>> {
  const taken = (channel: string): number => claimed.filter((send) => send.channel === channel).length;
  return Object.fromEntries(Object.entries(room).map(([channel, places]) => [channel, places - taken(channel)]));
}

interface Closed {
  id: string;
  /** Machine ms until its window opens. */
  inMs: number;
  why: string;
}

function closedOf({ id, channel, window }: ClaimRow): Closed | null {
  const opens = window && windowOpens(window, channel);
  return opens && { id, inMs: Math.ceil((opens.at - window.now) / window.speed), why: `It waits for the quiet hours to end (${opens.zone}).` };
}

async function postpone(pool: Pool, closed: Closed[]): Promise<{ id: string; inMs: number }[]> {
  if (closed.length > 0)
    await run(pool, { name: 'postpone_sends', text: POSTPONE, values: [closed.map(({ id }) => id), closed.map(({ inMs }) => inMs), closed.map(({ why }) => why)] });
  return closed.map(({ id, inMs }) => ({ id, inMs }));
}

/** Few are ever stopped: the statement that every send passes does not carry what they need. Gives the runs that want a nudge. */
async function stop(pool: Pool, sendIds: string[]): Promise<string[]> {
  if (sendIds.length === 0) return [];
  const { rows } = await run<{ id: string }>(pool, { name: 'stop_sends', text: STOP, values: [sendIds] });
  return rows.map(({ id }) => id);
}

const readClaimed = (row: ClaimRow): ClaimedSend => ({
  id: row.id,
  locationId: row.location_id,
  enrollmentId: row.enrollment_id,
  workflowId: row.workflow_id,
  versionId: row.version_id,
  contactId: row.contact_id,
  stepId: row.step_id,
  visit: row.visit,
  seq: row.seq,
  channel: row.channel,
  request: row.request,
  lease: row.lease,
  attempt: row.attempt,
  maxAttempts: row.max_attempts,
  backoffMs: row.backoff_ms,
  firstAttemptAt: Math.round(row.first_attempt_at),
  unknownBefore: row.unknown_before,
  unknowns: row.unknowns ?? 0,
  rateLimits: rateLimits.parse(row.rate_limits),
  unaddressed: row.unaddressed,
});

/** People write a location's defaults: what is no map of limits sets none. */
const rateLimits = z.record(z.string(), z.unknown()).catch({});

const NOWHERE: Onward = { commits: [], now: 0, carried: false };

async function finish(pool: Pool, results: SendResult[], onward: Onward): ReturnType<SendStore['finish']> {
  if (results.length === 0) return { nudge: [], moved: new Map() };
  const { rows } = await run<{ kind: 'moved' | 'posted'; id: string; revision: number; due: boolean }>(pool, finishStatement(results, onward));
  return {
    nudge: [...new Set(rows.filter(({ due }) => due).map(({ id }) => id))],
    moved: new Map(rows.filter(({ kind }) => kind === 'moved').map(({ id, revision }) => [id, revision])),
  };
}

async function idsOf(pool: Pool, name: string, text: string, values: number[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({ name, text, values });
  return rows.map(({ id }) => id);
}
