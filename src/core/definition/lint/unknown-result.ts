import { findStep } from '../../steps/index.ts';
import { isRecord } from '../definition.ts';
import type { DefinedStep } from '../definition.ts';
import { nearestWithin } from '../fix-edits.ts';
import { suggest } from '../nearest.ts';
import type { LintRule } from './rule.ts';
import { stepPathsOf, textsOf } from './texts.ts';

/** What any step may hold: its main value, and why it was not done. */
const COMMON = ['result', 'skipped', 'error', 'unknown', 'interrupted_by'];

export const unknownResult: LintRule = {
  id: 'unknown_result',
  severity: 'warning',
  docs: 'A variable `steps.<id>.<name>` whose step never gives a result of that name: it renders as empty.',
  example: `- { id: welcome, type: send_email, config: { subject: Hi, text: Hi } }
- { id: keen, type: condition, config: { if: { field: "{{steps.welcome.openned}}", operator: is_true }, then: end } }`,
  fixes: 'Writes the nearest name that the step gives.',
  check: ({ definition, graph }) =>
    textsOf(definition).flatMap((text) =>
      stepPathsOf(text).flatMap(({ id, name }) => {
        const step = graph.steps.get(id);
        const known = step ? resultsOf(step) : [];
        if (name === undefined || known.length === 0 || known.includes(name) || known.includes(name.replace(/_at$/, ''))) return [];
        return [{ path: text.path, message: `"${id}" never gives a result "${name}".`, hint: suggest(name, known), fix: nearestWithin(text.path, text.text, name, known) }];
      }),
    ),
};

/** Empty when the names are not known beforehand. */
function resultsOf(step: DefinedStep): string[] {
  const kind = findStep(step.type);
  if (!kind || kind.results.length === 0) return [];
  const saved = isRecord(step.written['save']) ? Object.keys(step.written['save']) : [];
  return [...kind.results, ...saved, ...COMMON];
}
