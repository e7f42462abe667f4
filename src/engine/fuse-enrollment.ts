import { advance } from '../core/advance.ts';
import { evaluateConditions } from '../core/conditions/evaluate.ts';
import { failingClause } from '../core/explain-entry.ts';
import { untouched } from '../core/journal.ts';
import type { FusedEnrollment, Refusal } from '../core/ports/hot-path.ts';
import { newRunState, type Contact, type ContactEvent, type Run, type Scene } from '../core/state.ts';
import { renderText } from '../core/templates/render.ts';
import { scopeOf } from '../core/templates/scope.ts';
import type { Match } from '../core/triggers/match.ts';
import { messageOf } from '../errors.ts';
import { sendIdOf, uuidv7 } from '../ids.ts';

/** An event caused by a workflow, that caused a workflow, that …: after this many it enrolls nobody, so that two workflows cannot feed each other for ever. */
const MAX_DEPTH = 5;

export type EventEnrollment = FusedEnrollment & { eventId: string };
export type Entry = { enrollment: EventEnrollment } | { refusal: Refusal };

type Surroundings = Pick<Scene, 'now' | 'location' | 'assets' | 'history'>;

/** Decides whether an event lets its contact into a workflow that it fires, and takes the run as far as it goes. Never throws: a fault is a refusal with its reason. */
export function fuseEnrollment({ candidate, trigger }: Match, event: ContactEvent, contact: Contact, around: Surroundings): Entry {
  const { program, workflowId, locationId, versionId, name } = candidate;
  const refuse = (reason: string, detail: Refusal['detail']): Entry => ({ refusal: { locationId, workflowId, contactId: contact.id, eventId: event.id, reason, detail } });
  if (event.depth > MAX_DEPTH) return refuse('depth', { depth: event.depth, limit: MAX_DEPTH });
  try {
    const run = newRun(trigger.type, workflowId, event, around.now);
    const scene: Scene = { ...around, contact, workflow: { id: workflowId, name }, paused: false, stamp: Date.now() };
    const scope = scopeOf(run, scene, program.settings.timezone, event);
    const verdict = trigger.filters.length > 0 ? evaluateConditions(trigger.filters, scope) : null;
    if (verdict && !verdict.verdict) return refuse('filters', failingClause(verdict));
    const entryKey = program.settings.entryKey === null ? '' : renderText(program.settings.entryKey, scope);
    const transition = advance(program, run, [{ kind: 'start' }], scene);
    const { effect } = transition;
    const sendId = effect && sendIdOf(run.id, effect.stepId, effect.visit);
    return { enrollment: { run, locationId, versionId, entryKey, reentry: program.settings.reentry, contact, transition, sendId, eventId: event.id } };
  } catch (error) {
    return refuse('error', { error: messageOf(error) });
  }
}

/** The same enrollment before its first step: it starts by its mailbox, and sees the contact as others left it. */
export function unfused(enrollment: EventEnrollment): EventEnrollment {
  return { ...enrollment, transition: untouched(newRunState()), sendId: null };
}

const newRun = (triggerType: string, workflowId: string, event: ContactEvent, now: number): Run => ({
  id: uuidv7(),
  contactId: event.contactId,
  workflowId,
  enrolledAt: now,
  trigger: { type: triggerType, event_id: event.id, data: event.data },
  depth: event.depth,
  state: newRunState(),
});
