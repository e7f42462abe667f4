import type { EnrollmentEvent } from '../core/ports/records.ts';
import { enrollmentStream } from '../live/enrollment-stream.ts';
import { activityStream, type ActivityEvent } from '../live/activity.ts';
import { staysOf } from '../live/stays.ts';
import { activityLog } from '../services/activity.ts';
import { logEventsAfter } from '../services/enrollments.ts';
import { getWorkflow } from '../services/workflows.ts';
import { showEnrollmentEvent } from './representations.ts';
import type { Call, Reply } from './route.ts';
import { serverSentEvents } from './server-sent-events.ts';

/** An empty `Last-Event-ID` is none: clients that are no EventSource send one before their first event. */
const askedAfter = (request: Request, cursor: string | undefined): string | null => request.headers.get('last-event-id') || (cursor ?? null);

type Following = Call<undefined, { cursor?: string | undefined }>;

/**
 * A run as server-sent events, lossless: each event's `id` is its cursor, and `Last-Event-ID` (or `?cursor`) goes on behind it. A run that
 * has ended and was told to its end answers 204, which tells a browser's EventSource not to come back
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */
export async function followLogs(call: Following): Promise<Reply> {
  const { ctx, who, params, query, request } = call;
  const after = askedAfter(request, query.cursor);
  const read = (cursor: string | null) => logEventsAfter(ctx, who, { enrollmentId: params.id, after: cursor });
  const first = await read(after);
  if (after !== null && first.ended && first.events.length === 0) return { status: 204 };
  const events = enrollmentStream<EnrollmentEvent>({ bus: ctx.bus, enrollmentId: params.id, after, read });
  return streamOf(call, events, showEnrollmentEvent);
}

/**
 * A workflow's activity as server-sent events: who enters, moves on and ends. `Last-Event-ID` goes on behind an event, from the step logs where the feed has
 * gone on; what can no longer be told is one `gap`.
 */
export async function followActivity(call: Following): Promise<Reply> {
  const { ctx, who, params, query, request } = call;
  const { id } = await getWorkflow(ctx, who, params);
  const after = askedAfter(request, query.cursor);
  const events = activityStream({
    bus: ctx.bus,
    locationId: who.locationId,
    workflowIds: new Set([id]),
    after,
    now: () => ctx.clock.journeyNow(),
    log: activityLog(ctx, who, [id]),
  });
  return streamOf(call, events, showActivityEvent);
}

/** The stream holds one of the key's places, and ends with an error when the key does. Throws RATE_LIMITED when the key's places are taken. */
function streamOf<Event extends { kind: string; cursor: string }>({ ctx, who, admit }: Following, events: AsyncIterableIterator<Event>, show: (event: Event) => object): Reply {
  const report = (error: unknown, errorId: string): void => ctx.logger.error({ err: error, errorId }, 'a stream of events broke');
  const stream = serverSentEvents(events, show, (refused) => staysOf(ctx.bus).begin(who, admit, refused), report);
  return { status: 200, stream, headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' } };
}

function showActivityEvent(event: ActivityEvent): object {
  const at = new Date(event.at).toISOString();
  if (event.kind === 'gap') return { at, reason: event.reason };
  const who = { at, workflow_id: event.workflowId, enrollment_id: event.enrollmentId };
  return event.kind === 'ended' ? { ...who, status: event.status } : { ...who, from: event.from, outcome: event.outcome, to: event.to };
}
