import type { Context } from '../context.ts';
import type { DispatchAnswer, EventBatch, Refusal } from '../core/ports/hot-path.ts';
import type { Assets } from '../core/state.ts';
import type { Match } from '../core/triggers/match.ts';
import { announce } from './announce.ts';
import { asksOf, matchesOf } from './asks.ts';
import { bisect } from './bisect.ts';
import { fuseEnrollment, unfused, type Entry, type EventEnrollment } from './fuse-enrollment.ts';
import { historiesOf, historyFor, type Histories } from './histories.ts';
import { plansOf } from './plan-dates.ts';
import { assetsOf } from './programs.ts';
import { asBatch } from './seen.ts';
import { activeWorkflowsOf } from './trigger-index.ts';

type Ports = Pick<Context, 'events' | 'versions' | 'assets' | 'queue' | 'bus' | 'logger' | 'telemetry'>;

const CHUNK = 200;

/**
 * Dispatches the outbox, oldest first, until it is empty: each event tells the runs that listen, and enrolls its contact where it
 * fires a trigger. Gives how many events it took. Any number of dispatchers may run at once. Throws when the database does not answer.
 */
export async function dispatchEvents(ctx: Ports): Promise<number> {
  let total = 0;
  for (;;) {
    const { read, left } = await dispatchOnce(ctx);
    total += read - left;
    if (read < CHUNK && left === 0) return total;
  }
}

async function dispatchOnce(ctx: Ports): Promise<{ read: number; left: number }> {
  const batch = await ctx.events.undispatched(CHUNK);
  if (batch.events.length === 0) return { read: 0, left: 0 };
  return asBatch(ctx, 'events', 'interactive', batch.events.length, () => dispatchBatch(ctx, batch));
}

async function dispatchBatch(ctx: Ports, batch: EventBatch): Promise<{ read: number; left: number }> {
  const [active, assets] = await Promise.all([activeWorkflowsOf(ctx, batch.registryRevision), assetsOf(ctx, batch.locations)]);
  const matched = batch.events.map((event) => ({ event, matches: matchesOf(active, event) }));
  const asked = matched.flatMap(({ event: { contactId }, matches }) => matches.map(({ candidate: { program } }) => ({ contactId, program })));
  const histories = await historiesOf(ctx, asked, batch.now);
  const entries = entriesOf(batch, matched, assets, histories);
  const { putOff } = entries;
  const plans = plansOf(batch, active.dates);
  const plansFor = (events: EventBatch['events']): typeof plans => plans.filter(({ eventId }) => events.some(({ id }) => id === eventId));
  const send = async (events: EventBatch['events']): Promise<Dispatched> => {
    const { enrollments, refusals } = only(events, entries);
    return { enrollments, answer: await ctx.events.dispatch({ ...batch, events }, enrollments, refusals, asksOf(events, enrollments, refusals), plansFor(events)) };
  };
  const unentered = async (event: EventBatch['events'][number], error: string): Promise<void> => {
    ctx.logger.error({ eventId: event.id, error }, 'An event enrolls nobody: what it would write was refused');
    const { enrollments } = only([event], entries);
    const refusals = enrollments.map(
      ({ locationId, run: { workflowId, contactId } }): Refusal => ({ locationId, workflowId, contactId, eventId: event.id, reason: 'error', detail: { error } }),
    );
    await tell(
      ctx,
      [{ enrollments: [], answer: await ctx.events.dispatch({ ...batch, events: [event] }, [], refusals, asksOf([event], [], refusals), plansFor([event])) }],
      batch.now,
    );
  };
  // What the first segment wrote was refused (an e-mail address that is taken): the run is created before its first step, and then fails as its `on_error` says.
  const unfusedFirst = async (event: EventBatch['events'][number], error: string): Promise<void> => {
    const { enrollments, refusals } = only([event], entries);
    const bare = enrollments.map(unfused);
    const attempt = async () => ({
      enrollments: bare, answer: await ctx.events.dispatch({ ...batch, events: [event] }, bare, refusals, asksOf([event], bare, refusals), plansFor([event])),
    });
    await tell(ctx, await bisect([event], attempt, () => unentered(event, error)), batch.now);
  };
  const dispatched = await bisect(batch.events.filter(({ id }) => !putOff.has(id)), send, unfusedFirst);
  await tell(ctx, dispatched, batch.now);
  return { read: batch.events.length, left: dispatched.reduce((sum, { answer }) => sum + answer.left.length, putOff.size) };
}

interface Matched {
  event: EventBatch['events'][number];
  matches: Match[];
}

interface Dispatched {
  enrollments: EventEnrollment[];
  answer: DispatchAnswer;
}

interface Entries {
  enrollments: EventEnrollment[];
  refusals: Refusal[];
  /** Events that must wait until an earlier one of their contact has enrolled it: the new run listens to them. */
  putOff: Set<string>;
}

const only = (events: EventBatch['events'], { enrollments, refusals }: Entries): Pick<Entries, 'enrollments' | 'refusals'> => {
  const ids = new Set(events.map(({ id }) => id));
  return { enrollments: enrollments.filter(({ eventId }) => ids.has(eventId)), refusals: refusals.filter(({ eventId }) => ids.has(eventId)) };
};

/**
 * Looks at the filters of what the events match. Of the runs of one contact only the first to change it is fused: the others must see the
 * change. Another dispatcher that has the same events puts the same ones off, so none is told before the run that it concerns is there.
 */
function entriesOf({ now, locations }: EventBatch, matched: Matched[], assets: Map<string, Assets>, histories: Histories): Entries {
  const entries: Entries = { enrollments: [], refusals: [], putOff: new Set() };
  const changed = new Set<string>();
  const entering = new Set<string>();
  for (const { event, matches } of matched) {
    const { contact } = event;
    const location = locations.get(event.locationId);
    if (contact === null || !location) continue;
    if (entering.has(contact.id)) {
      entries.putOff.add(event.id);
      continue;
    }
    const around = { now, location, assets: assets.get(location.id) ?? { templates: {}, voicemails: {} } };
    const historyOf = ({ candidate }: Match) => historyFor(candidate.program, contact.id, histories);
    const found = oneEach(matches.map((match) => fuseEnrollment(match, event, contact, { ...around, history: historyOf(match) })));
    entries.refusals.push(...found.refusals);
    for (const enrollment of found.enrollments) {
      entries.enrollments.push(changed.has(contact.id) ? unfused(enrollment) : enrollment);
      if (enrollment.transition.contact !== null) changed.add(contact.id);
    }
    if (found.enrollments.length > 0) entering.add(contact.id);
  }
  return entries;
}

/** A workflow with several triggers enrolls by the first that lets the contact in; then nothing refused it. */
function oneEach(found: Entry[]): Pick<Entries, 'enrollments' | 'refusals'> {
  const entered = new Map<string, EventEnrollment>();
  for (const entry of found) if ('enrollment' in entry && !entered.has(entry.enrollment.run.workflowId)) entered.set(entry.enrollment.run.workflowId, entry.enrollment);
  const refusals = found.flatMap((entry) => ('refusal' in entry && !entered.has(entry.refusal.workflowId) ? [entry.refusal] : []));
  return { enrollments: [...entered.values()], refusals };
}

async function tell(ctx: Ports, dispatched: Dispatched[], now: number): Promise<void> {
  for (const { enrollments, answer } of dispatched) {
    const enrolled = new Set(answer.enrolled.map(({ id }) => id));
    const moved = enrollments
      .filter(({ run }) => enrolled.has(run.id))
      .map(({ run, locationId, transition, sendId }) => ({ id: run.id, locationId, workflowId: run.workflowId, revision: 1, before: null, transition, sendId }));
    await announce(ctx, moved, now, 'interactive');
    if (answer.noticed.length > 0) await ctx.queue.nudgeRuns('interactive', answer.noticed);
  }
}
