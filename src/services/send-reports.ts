import type { Context } from '../context.ts';
import type { EventRecord, SendRecord } from '../core/ports/records.ts';
import type { Channel, Data } from '../core/state.ts';
import { isUuid } from '../ids.ts';
import { agree } from './consent.ts';
import { ringEvents } from './doorbells.ts';

/** A provider's later word on a send: it arrived, came back, was called spam, was answered. */
export interface SendReport {
  /** Our id of the send, when the provider gave it back; else the provider's own id finds it. */
  sendId: string | null;
  providerId: string | null;
  type: string;
  source: string;
  /** The same (location, source, key) is told once. */
  key: string;
  data: Data;
  /** The channel that the contact has left, when the report says so. */
  withdraws?: Channel;
}

/** Tells the report as an event of the send's contact: its run takes the fact, triggers hear it. Null when there is no such send. */
export async function reportSend(ctx: Context, report: SendReport): Promise<EventRecord | null> {
  const place = await findPlace(ctx, report);
  const send = place && (await ctx.desk(place.locationId).findSend(place.sendId));
  if (!place || !send) return null;
  const { type, source, key, data } = report;
  const event = await ctx.desk(place.locationId).recordEvent(send.contactId, { type, source, data: { ...aboutSend(send), ...data }, depth: 0, key, at: null });
  if (event.created) ringEvents(ctx);
  if (report.withdraws) await agree(ctx, { locationId: place.locationId, contactId: send.contactId }, report.withdraws, 'withdrawn', source);
  return event;
}

async function findPlace(ctx: Context, { sendId, providerId }: SendReport): Promise<{ sendId: string; locationId: string } | null> {
  if (sendId !== null && isUuid(sendId)) {
    const locationId = await ctx.desk.findSendLocation(sendId);
    if (locationId) return { sendId, locationId };
  }
  return providerId === null ? null : ctx.desk.findProviderSend(providerId);
}

/** What conditions and triggers read off an event about a send. `step` is the step's id, as definitions name it. */
export const aboutSend = ({ enrollmentId, workflowId, stepId, visit, request }: SendRecord): Data => ({
  enrollment_id: enrollmentId,
  workflow_id: workflowId,
  step_id: stepId,
  step: stepId,
  visit,
  template_id: request['template_id'] ?? null,
});
