import { readAsk, type Ask } from '../core/asks.ts';
import type { AskRow, EventBatch, Refusal } from '../core/ports/hot-path.ts';
import type { EffectOutcome } from '../core/state.ts';
import { matchEvent, type Match } from '../core/triggers/match.ts';
import type { EventEnrollment } from './fuse-enrollment.ts';
import type { ActiveWorkflows } from './trigger-index.ts';

type Event = EventBatch['events'][number];

/** What an event may enroll its contact into: the workflows that it fires or, when it is an ask, the one that is named. */
export function matchesOf({ triggers, named }: ActiveWorkflows, event: Event): Match[] {
  const ask = readAsk(event);
  if (!ask) return matchEvent(triggers, event.locationId, event);
  const candidate = ask.kind === 'start' ? named.get(`${event.locationId}/${ask.workflow}`) : undefined;
  return candidate ? [{ candidate, trigger: { type: 'start_workflow', config: {}, filters: [], onImport: 'enroll' } }] : [];
}

/** The asks among some events, with what came of looking at them. */
export function asksOf(events: Event[], enrollments: EventEnrollment[], refusals: Refusal[]): AskRow[] {
  return events.flatMap((event): AskRow[] => {
    const ask = readAsk(event);
    if (!ask) return [];
    const run = enrollments.find(({ eventId }) => eventId === event.id);
    const refusal = refusals.find(({ eventId }) => eventId === event.id);
    return [{
      eventId: event.id, kind: ask.kind, asker: ask.asker, workflow: ask.workflow, reason: `stopped_by:${ask.by}`, runId: run?.run.id ?? null, entryKey: run?.entryKey ?? '',
      outcome: run ? null : foreseen(ask, event, refusal),
    }];
  });
}

/** How an ask ends that nobody needs to look up; null when the database must say. */
function foreseen(ask: Ask, { contact }: Event, refusal: Refusal | undefined): EffectOutcome | null {
  if (ask.kind === 'stop') return null;
  if (contact === null) return { status: 'skipped', reason: 'contact_deleted: nobody is there to be enrolled' };
  if (!refusal) return null;
  if (refusal.reason === 'depth') return { status: 'skipped', reason: `depth: more than ${String(refusal.detail['limit'])} workflows started one another` };
  return { status: 'failed', error: `Workflow "${ask.workflow}" did not take the contact in: ${String(refusal.detail['error'] ?? refusal.reason)}` };
}
