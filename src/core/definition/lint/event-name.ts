import { factTypes } from '../../facts.ts';
import { triggerDefinitions } from '../../triggers/index.ts';
import { writing } from '../fix-edits.ts';
import { nearest } from '../nearest.ts';
import { behavioursOf } from './condition-lists.ts';
import type { LintRule } from './rule.ts';

/** What the engine itself tells of a contact. Any other name is a custom event's. */
const KNOWN = [...new Set([...triggerDefinitions.flatMap(({ events }) => events), ...factTypes])];

export const eventName: LintRule = {
  id: 'event_name',
  severity: 'warning',
  docs: 'A behaviour condition about an event whose name is almost one of the engine\'s own: as a custom event it may never happen.',
  example: `- { id: keen, type: condition, config: { if: { event: email_openned }, then: end } }`,
  fixes: "Writes the engine's own name.",
  check: ({ definition }) =>
    behavioursOf(definition).flatMap(({ leaf: { event }, path }) => {
      const close = KNOWN.includes(event) ? null : nearest(event, KNOWN);
      return close === null ? [] : [{ path: [...path, 'event'], message: `"${event}" is taken for a custom event.`, hint: `Did you mean "${close}"?`, fix: writing([...path, 'event'], close) }];
    }),
};
