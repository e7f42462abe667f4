import { isCustomEvent } from '../event-types.ts';
import type { Program, TriggerConfig } from '../program.ts';
import type { ContactEvent } from '../state.ts';
import type { TriggerDefinition } from './define-trigger.ts';
import { findTrigger, triggerDefinitions } from './index.ts';

/** An active workflow as the index holds it. */
export interface Candidate {
  workflowId: string;
  locationId: string;
  versionId: string;
  name: string;
  program: Program;
}

/** A workflow whose trigger an event fires; its filters are still to be looked at. */
export interface Match {
  candidate: Candidate;
  trigger: TriggerConfig;
}

/** Matches by location and event type, then by the trigger's first equality key, so that an event meets only its likely workflows. */
export type TriggerIndex = Map<string, { byKey: Map<string, Match[]>; unkeyed: Match[] }>;

/** Builds the index once for every set of active workflows. */
export function buildTriggerIndex(candidates: Candidate[]): TriggerIndex {
  const index: TriggerIndex = new Map();
  for (const candidate of candidates) {
    for (const trigger of candidate.program.triggers) {
      const definition = findTrigger(trigger.type);
      for (const event of definition?.listens(trigger.config) ?? []) {
        put(index, `${candidate.locationId}/${event}`, definition?.key(trigger.config, candidate.workflowId) ?? null, { candidate, trigger });
      }
    }
  }
  return index;
}

function put(index: TriggerIndex, place: string, key: string | null, match: Match): void {
  const slot = index.get(place) ?? { byKey: new Map<string, Match[]>(), unkeyed: [] };
  index.set(place, slot);
  if (key === null) slot.unkeyed.push(match);
  else slot.byKey.set(key, [...(slot.byKey.get(key) ?? []), match]);
}

/** The triggers that an event fires. A workflow with several may come up several times: the first whose filters hold enrolls. */
export function matchEvent(index: TriggerIndex, locationId: string, event: ContactEvent): Match[] {
  const places = isCustomEvent(event.type) ? [event.type, '*'] : [event.type];
  const slots = places.flatMap((place) => index.get(`${locationId}/${place}`) ?? []);
  if (slots.length === 0) return [];
  const keys = keysOf(event);
  return slots.flatMap(({ byKey, unkeyed }) => [...keys.flatMap((key) => byKey.get(key) ?? []), ...unkeyed]).filter((match) => fires(match.trigger, event));
}

/** Event type → the kinds of trigger that it may fire. */
const byEvent = new Map<string, TriggerDefinition[]>();
for (const definition of triggerDefinitions) for (const type of definition.events) byEvent.set(type, [...(byEvent.get(type) ?? []), definition]);

function keysOf(event: ContactEvent): string[] {
  const keys = (byEvent.get(event.type) ?? []).map((definition) => definition.keyOf(event));
  return [...new Set(keys.filter((key) => key !== null))];
}

/** A bulk import fires `contact_created` only where the trigger asks for it: nobody wants a storm. */
function fires(trigger: TriggerConfig, event: ContactEvent): boolean {
  if (event.source === 'import' && event.type === 'contact_created' && trigger.onImport !== 'enroll') return false;
  return findTrigger(trigger.type)?.matches(trigger.config, event) ?? false;
}
