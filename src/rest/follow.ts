import type { EnrollmentEvent } from '../core/ports/records.ts';
import { enrollmentStream } from '../live/enrollment-stream.ts';
import { activityStream, type ActivityEvent } from '../live/activity.ts';
import { logEventsAfter } from '../services/enrollments.ts';
import { getWorkflow } from '../services/workflows.ts';
import { showEnrollmentEvent } from './representations.ts';
import type { Call, Reply } from './route.ts';
import { serverSentEvents } from './server-sent-events.ts';

/**
 * A run as server-sent events, lossless: each event's `id` is its cursor, and `Last-Event-ID` (or `?cursor`) goes on behind it. A run that
 * has ended and was told to its end answers 204, which tells a browser's EventSource not to come back
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */
export async function followLogs({ ctx, who, params, query, request, admit }: Call<undefined, { cursor?: string | undefined }>): Promise<Reply> {
  const after = request.headers.get('last-event-id') ?? query.cursor ?? null;
  const read = (cursor: string | null) => logEventsAfter(ctx, who, { enrollmentId: params.id, after: cursor });
  const first = await read(after);
  if (after !== null && first.ended && first.events.length === 0) return { status: 204 };
  const events = enrollmentStream<EnrollmentEvent>({ bus: ctx.bus, enrollmentId: params.id, after, read });
  const mask = (error: unknown, errorId: string) => ctx.logger.error({ err: error, errorId }, 'a log stream broke');
  return { status: 200, stream: serverSentEvents(events, showEnrollmentEvent, admit, mask), headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' } };
}

/** A workflow's activity as server-sent events: who enters, moves on and ends. `Last-Event-ID` goes on behind an event; what can no longer be told is one `gap`. */
export async function followActivity({ ctx, who, params, query, request, admit }: Call<undefined, { cursor?: string | undefined }>): Promise<Reply> {
  const { id } = await getWorkflow(ctx, who, params);
  const after = request.headers.get('last-event-id') ?? query.cursor ?? null;
  const events = activityStream({ bus: ctx.bus, locationId: who.locationId, workflowIds: new Set([id]), after, now: () => ctx.clock.journeyNow() });
  const mask = (error: unknown, errorId: string) => ctx.logger.error({ err: error, errorId }, 'an activity stream broke');
  return { status: 200, stream: serverSentEvents(events, showActivityEvent, admit, mask), headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' } };
}

function showActivityEvent(event: ActivityEvent): object {
  const at = new Date(event.at).toISOString();
  if (event.kind === 'gap') return { at, reason: event.reason };
  const who = { at, workflow_id: event.workflowId, enrollment_id: event.enrollmentId };
  return event.kind === 'ended' ? { ...who, status: event.status } : { ...who, from: event.from, outcome: event.outcome, to: event.to };
}
