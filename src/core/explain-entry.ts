import { evaluateConditions } from './conditions/evaluate.ts';
import { pastEvent } from './conditions/recall.ts';
import type { Program, TriggerConfig } from './program.ts';
import { newRunState, type ContactEvent, type Data, type EnrollmentStatus, type Explanation, type Run, type Scene } from './state.ts';
import { scopeOf } from './templates/scope.ts';
import { findTrigger } from './triggers/index.ts';
import { buildTriggerIndex, matchEvent } from './triggers/match.ts';
import { printInstant } from './time/calendar.ts';

/** What one trigger says of a contact now. */
export interface TriggerVerdict {
  type: string;
  /** The newest event of the contact that fires it; null when none did. */
  event: ContactEvent | null;
  /** Its filters for the contact as it is now, over that event; null when it has none. */
  filters: Explanation | null;
  text: string;
}

export interface ReentryVerdict {
  allowed: boolean;
  text: string;
}

/** The run that counts for reentry: the contact's newest in the workflow. */
export interface LatestRun {
  status: EnrollmentStatus;
  completedAt: number | null;
}

type Around = Omit<Scene, 'paused' | 'history'>;

/** Each trigger of a program against a contact, its newest events first. Throws nothing that a publish would have let through. */
export function explainTriggers(program: Program, around: Around, events: ContactEvent[]): TriggerVerdict[] {
  return program.triggers.map((trigger) => explainTrigger(program, trigger, around, events));
}

/** The event types that a program's triggers listen to; `*` for every custom one. */
export const triggerEvents = (program: Program): string[] => [...new Set(program.triggers.flatMap(({ type, config }) => findTrigger(type)?.listens(config) ?? []))];

function explainTrigger(program: Program, trigger: TriggerConfig, around: Around, events: ContactEvent[]): TriggerVerdict {
  const event = firing(program, trigger, around, events);
  const imported = event === null && trigger.onImport !== 'enroll' ? firing(program, { ...trigger, onImport: 'enroll' }, around, events) : null;
  const filters = trigger.filters.length === 0 ? null : evaluateConditions(trigger.filters, scopeFor(program, trigger, around, event, events));
  return { type: trigger.type, event, filters, text: sentence(trigger, event, filters, imported) };
}

/** The newest event that fires a trigger; null when none does. */
function firing(program: Program, trigger: TriggerConfig, { workflow, location }: Around, events: ContactEvent[]): ContactEvent | null {
  const index = buildTriggerIndex([{ workflowId: workflow.id, locationId: location.id, versionId: '', name: program.name, program: { ...program, triggers: [trigger] } }]);
  return events.find((each) => matchEvent(index, location.id, each).length > 0) ?? null;
}

function scopeFor(program: Program, trigger: TriggerConfig, around: Around, event: ContactEvent | null, events: ContactEvent[]) {
  const run: Run = {
    id: '', contactId: around.contact.id, workflowId: around.workflow.id, enrolledAt: around.now, depth: 0, state: newRunState(),
    trigger: { type: trigger.type, event_id: event?.id ?? null, data: event?.data ?? {} },
  };
  const history = events.flatMap((each) => pastEvent(each) ?? []);
  return scopeOf(run, { ...around, paused: false, history }, program.settings.timezone, event);
}

/** @param imported an event that would have fired it, had it not come from an import */
function sentence(trigger: TriggerConfig, event: ContactEvent | null, filters: Explanation | null, imported: ContactEvent | null): string {
  const passes = filters === null ? 'it has no filters' : filters.verdict ? `its filters hold (${filters.text})` : `its filters do not hold (${filters.text})`;
  const listens = findTrigger(trigger.type)?.listens(trigger.config) ?? [];
  if (listens.length === 0) return `"${trigger.type}" waits for no event of the contact; ${passes}.`;
  if (imported)
    return `"${trigger.type}" was not fired by the import at ${printInstant(imported.at, 'UTC')}: imports enroll only where the trigger says on_import: enroll; ${passes}.`;
  return event === null ? `"${trigger.type}" has not fired for the contact; ${passes}.` : `"${trigger.type}" fired at ${printInstant(event.at, 'UTC')}; ${passes} now.`;
}

/** May the contact enter (again)? */
export function explainReentry({ settings }: Program, latest: LatestRun | null, now: number): ReentryVerdict {
  const keyed = settings.entryKey === null ? '' : ' Runs are counted by entry_key: another key may enter.';
  if (latest === null) return { allowed: true, text: 'The contact was never in.' };
  if (latest.status === 'active') return { allowed: false, text: `The contact is in now.${keyed}` };
  if (settings.reentry === 'never') return { allowed: false, text: `The contact was in once, and reentry is "never".${keyed}` };
  if (settings.reentry === 'after_exit') return { allowed: true, text: 'The contact was in, and may enter again.' };
  const free = (latest.completedAt ?? 0) + settings.reentry.afterMs;
  return { allowed: free <= now, text: `The contact was in, and may enter again from ${printInstant(free, 'UTC')} on.${free <= now ? '' : keyed}` };
}

/** The first clause that kept the whole from holding (a group as one), with the value it saw, and all that was looked at: what a refusal keeps. */
export function failingClause({ text, checks }: Explanation): Data {
  const check = checks.find(({ verdict, depth }) => depth === 0 && !verdict);
  if (!check) return { clause: text, checks };
  return { clause: check.clause, path: check.path, expected: check.expected ?? null, actual: check.actual ?? null, text, checks };
}

/**
 * The filters that somebody who is enrolled by hand must pass: those of the manual triggers, one of which must let them in. Empty when nothing guards that door: a
 * workflow that other triggers start takes whoever a person puts in.
 */
export function filtersByHand({ triggers }: Program): unknown[][] {
  const manual = triggers.filter(({ type }) => type === 'manual').map(({ filters }) => filters);
  return manual.some((filters) => filters.length === 0) ? [] : manual;
}
