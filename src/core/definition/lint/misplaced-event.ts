import { findStep } from '../../steps/index.ts';
import { pathsOf } from '../../templates/parse.ts';
import type { LintRule } from './rule.ts';
import { namesOf, textsOf, type Text } from './texts.ts';

export const misplacedEvent: LintRule = {
  id: 'misplaced_event',
  severity: 'error',
  docs: 'A variable `event.…` where no event is looked at. Filters, exit conditions, goals and waits read the event that they look at; what a wait heard is `steps.<id>.event` from then on, and what a run began with is `trigger`.',
  example: `- { id: answer, type: wait, config: { for: { event: sms_received }, timeout: 1d } }
- { id: thanks, type: send_sms, config: { message: "You said {{event.data.text}}" } }`,
  check: ({ definition }) =>
    textsOf(definition).flatMap((text) => {
      const { step, path } = text;
      if (step === null || !readsEvent(text)) return [];
      const guard = path[step.path.length] === 'if';
      if (!guard && (findStep(step.type)?.listens(step.config) ?? []).length > 0) return [];
      return [
        {
          path,
          message: `"${step.id}" looks at no event, so "event" is empty here.`,
          hint: 'What a wait heard is {{steps.<id of the wait>.event.data.…}}; what began the run is {{trigger.data.…}}.',
        },
      ];
    }),
};

/** A template, a condition's bare field or an expression that reads the root `event`. */
function readsEvent({ text, key }: Text): boolean {
  if (key === 'field' && /^event(\.|$)/.test(text)) return true;
  if (key === 'expression') return namesOf(text).some((name) => /^event(\.|$)/.test(name));
  return pathsOf(text).some(([root]) => root === 'event');
}
