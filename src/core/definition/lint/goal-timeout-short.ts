import { formatDuration } from '../../time/duration.ts';
import { findStep } from '../../steps/index.ts';
import { reachable } from './reach.ts';
import type { LintRule } from './rule.ts';

export const goalTimeoutShort: LintRule = {
  id: 'goal_timeout_short',
  severity: 'warning',
  docs: "A goal's timeout counts from the arrival at the goal. One that is shorter than a wait before it (a duration, an event's timeout, the days of `at`, a delay, another goal) was probably meant to count from the entry.",
  example: `- { id: rest, type: wait, config: { duration: 10d } }
- { id: booked, type: goal, config: { condition: { field: tags, operator: contains, value: booked }, timeout: 7d } }`,
  check: ({ definition, graph }) => {
    const lengths = definition.steps.flatMap((step) => {
      const kind = findStep(step.type);
      const ms = kind?.longest(step.config) ?? 0;
      return ms > 0 ? [{ step, ms, isGoal: kind?.goal === true }] : [];
    });
    const reached = new Map<string, Set<string>>();
    const leads = (from: string, to: string): boolean => {
      if (!reached.has(from)) reached.set(from, reachable(graph, from));
      return reached.get(from)!.has(to);
    };
    const goals = lengths.filter(({ isGoal }) => isGoal);
    return goals.flatMap(({ step: goal, ms: timeout }) => {
      const longer = lengths.find(({ step, ms }) => step !== goal && ms > timeout && leads(step.id, goal.id));
      if (!longer) return [];
      return [
        {
          path: [...goal.path, 'config', 'timeout'],
          message: `The goal "${goal.id}" waits ${formatDuration(timeout)} from arrival, less than "${longer.step.id}" before it (${formatDuration(longer.ms)}).`,
          hint: 'If the timeout should count from the entry, use `settings.max_run_age` or a longer timeout.',
        },
      ];
    });
  },
};
