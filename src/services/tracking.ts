import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import type { EventRecord } from '../core/ports/records.ts';
import type { Data } from '../core/state.ts';
import { reportSend } from './send-reports.ts';

/** What the pixel's or link's request said of itself. */
export interface Visit {
  userAgent: string | null;
  /** HTTP method: a HEAD is never a person. */
  method?: string;
}

/**
 * Programs that fetch what nobody looked at: Apple's mail privacy proxy says no more than "Mozilla/5.0" and loads every picture on delivery;
 * the others are link scanners and previewers by their own names. Gmail's and Yahoo's picture proxies load when a person opens, and are no machines here.
 */
const MACHINES = /^Mozilla\/5\.0$|bot\b|crawler|spider|preview|scanner|headless|barracuda|proofpoint|mimecast|facebookexternalhit|existence discovery/i;

const isMachine = ({ userAgent, method }: Visit): boolean => method?.toUpperCase() === 'HEAD' || MACHINES.test(userAgent?.trim() ?? '');

/** Records the first opening of a message as `email_opened`; `machine: true` in its data when no person looked. Null when there is no such send. */
export async function recordOpen(ctx: Context, sendId: string, visit: Visit): Promise<EventRecord | null> {
  const machine = isMachine(visit);
  // Of the two kinds one each: a scanner that came first must not hide the person.
  return record(ctx, sendId, 'email_opened', machine ? 'machine_opened' : 'opened', { machine });
}

/** Records the first click on each link as `email_clicked` (`url` in the data); `machine: true` when a scanner followed it. Null when there is no such send. */
export async function recordClick(ctx: Context, sendId: string, url: string, visit: Visit): Promise<EventRecord | null> {
  const machine = isMachine(visit);
  const digest = createHash('sha256').update(url).digest('base64url').slice(0, 22);
  return record(ctx, sendId, 'email_clicked', `${machine ? 'machine_clicked' : 'clicked'}:${digest}`, { url, machine });
}

const record = (ctx: Context, sendId: string, type: string, key: string, data: Data): Promise<EventRecord | null> =>
  reportSend(ctx, { sendId, providerId: null, type, source: 'tracking', key: `${sendId}:${key}`, data });
