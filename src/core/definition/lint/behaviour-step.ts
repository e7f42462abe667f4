import type { Finding } from '../definition.ts';
import { nearestInstead } from '../fix-edits.ts';
import { suggest } from '../nearest.ts';
import { behavioursOf } from './condition-lists.ts';
import type { LintRule } from './rule.ts';

export const behaviourStep: LintRule = {
  id: 'behaviour_step',
  severity: 'error',
  docs: 'A behaviour condition about the sends of a step that does not exist, or in a filter, which is looked at before the run has sent anything: it counts nothing, ever.',
  example: `- { id: welcome, type: send_email, config: { subject: Hi, text: Hi } }
- { id: keen, type: condition, config: { if: { event: email_opened, step: welcom }, then: end } }`,
  fixes: 'Writes the nearest step id.',
  check: ({ definition, graph }) =>
    behavioursOf(definition).flatMap(({ leaf: { step }, path, inRun }): Finding[] => {
      if (step === undefined) return [];
      const here = [...path, 'step'];
      if (!inRun) return [{
        path: here, message: 'A filter is looked at before the run has sent anything.', hint: 'Leave "step" out: then the whole history of the contact counts.',
      }];
      return graph.steps.has(step)
        ? []
        : [{ path: here, message: `There is no step "${step}".`, hint: suggest(step, graph.steps.keys()), fix: nearestInstead(here, step, graph.steps.keys()) }];
    }),
};
