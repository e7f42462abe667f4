import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { isUuid } from '../ids.ts';
import type { EventRecord, SendRecord } from '../core/ports/records.ts';
import type { Data } from '../core/state.ts';
import { ringEvents } from './doorbells.ts';

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

/** Records the first click on each link as `email_clicked` (`url` in the data); machines' clicks are not recorded. Null when there is no such send, or nobody clicked. */
export async function recordClick(ctx: Context, sendId: string, url: string, visit: Visit): Promise<EventRecord | null> {
  if (isMachine(visit)) return null;
  const digest = createHash('sha256').update(url).digest('base64url').slice(0, 22);
  return record(ctx, sendId, 'email_clicked', `clicked:${digest}`, { url, machine: false });
}

async function record(ctx: Context, sendId: string, type: string, key: string, data: Data): Promise<EventRecord | null> {
  const locationId = isUuid(sendId) ? await ctx.desk.findSendLocation(sendId) : null;
  if (!locationId) return null;
  const desk = ctx.desk(locationId);
  const send = await desk.findSend(sendId);
  if (!send) return null;
  const event = await desk.recordEvent(send.contactId, { type, source: 'tracking', data: { ...aboutSend(send), ...data }, depth: 0, key: `${sendId}:${key}`, at: null });
  if (event.created) ringEvents(ctx);
  return event;
}

/** What conditions and triggers read off a tracking event. `step` is the step's id, as definitions name it. */
const aboutSend = ({ enrollmentId, workflowId, stepId, visit, request }: SendRecord): Data => ({
  enrollment_id: enrollmentId,
  workflow_id: workflowId,
  step_id: stepId,
  step: stepId,
  visit,
  template_id: request['template_id'] ?? null,
});
