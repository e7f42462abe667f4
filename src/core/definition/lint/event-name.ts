import { factTypes } from '../../facts.ts';
import { triggerDefinitions } from '../../triggers/index.ts';
import { writing } from '../fix-edits.ts';
import { nearest } from '../nearest.ts';
import { isRecord, type Definition, type Path } from '../definition.ts';
import { findStep } from '../../steps/index.ts';
import { behavioursOf } from './condition-lists.ts';
import type { LintRule } from './rule.ts';

/** What the engine itself tells of a contact. Any other name is a custom event's. */
const KNOWN = [...new Set([...triggerDefinitions.flatMap(({ events }) => events), ...factTypes])];

export const eventName: LintRule = {
  id: 'event_name',
  severity: 'warning',
  docs: 'A behaviour condition, an exit rule or a wait for an event whose name is almost one of the engine\'s own: as a custom event it may never happen.',
  example: `- { id: keen, type: condition, config: { if: { event: email_openned }, then: end } }`,
  fixes: "Writes the engine's own name.",
  check: ({ definition }) =>
    namedEvents(definition).flatMap(({ event, path }) => {
      const close = KNOWN.includes(event) ? null : nearest(event, KNOWN);
      return close === null ? [] : [{ path, message: `"${event}" is taken for a custom event.`, hint: `Did you mean "${close}"?`, fix: writing(path, close) }];
    }),
};

/** Every event that something in the definition counts, reacts to or waits for. */
function namedEvents(definition: Definition): { event: string; path: Path }[] {
  return [
    ...behavioursOf(definition).map(({ leaf: { event }, path }) => ({ event, path: [...path, 'event'] })),
    ...definition.exitConditions.flatMap(({ on, path }) => (on === null ? [] : [{ event: on, path: [...path, 'on'] }])),
    ...definition.steps.flatMap(({ type, config, written, path }) => findStep(type)!.listens(config)
      .flatMap((event) => placesOf(event, written, [...path, 'config']).map((place) => ({ event, path: place })))),
  ];
}

/** Where a step's config names the event that it listens to: under a key `event`, outside of conditions. */
function placesOf(event: string, value: unknown, path: Path): Path[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'event' && inner === event ? [[...path, key]] : key === 'if' ? [] : placesOf(event, inner, [...path, key])));
}
