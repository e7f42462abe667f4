import { durationMs, durationSchema, formatDuration } from '../../time/duration.ts';
import { isRecord } from '../definition.ts';
import type { DefinedStep } from '../definition.ts';
import { endOf } from '../targets.ts';
import { findStep } from '../../steps/index.ts';
import { reachable } from './reach.ts';
import type { LintRule } from './rule.ts';

export const goalTimeoutShort: LintRule = {
  id: 'goal_timeout_short',
  severity: 'warning',
  docs: "A goal's timeout counts from the arrival at the goal. One that is shorter than a wait before it was probably meant to count from the entry.",
  example: `- { id: rest, type: wait, config: { duration: 10d } }
- { id: booked, type: goal, config: { condition: { field: tags, operator: contains, value: booked }, timeout: 7d } }`,
  check: ({ definition, graph }) => {
    const goals = definition.steps.filter(isGoal);
    if (goals.length === 0) return [];
    const waits = definition.steps.flatMap(({ id, config }) => {
      const length = lengthOf(config, 'duration');
      return length === null ? [] : [{ id, length, reached: reachable(graph, id) }];
    });
    return goals.flatMap((goal) => {
      const timeout = lengthOf(goal.config, 'timeout') ?? 0;
      const longer = waits.find(({ length, reached }) => timeout > 0 && length > timeout && reached.has(goal.id));
      if (!longer) return [];
      return [{
        path: [...goal.path, 'config', 'timeout'],
        message: `The goal "${goal.id}" waits ${formatDuration(timeout)} from arrival, less than "${longer.id}" before it (${formatDuration(longer.length)}).`,
        hint: 'If the timeout should count from the entry, use `settings.max_run_age` or a longer timeout.',
      }];
    });
  },
};

/** A goal is what `exit_success` gives a goal's reason to. */
function isGoal(step: DefinedStep): boolean {
  const end = endOf('exit_success', step.id, findStep(step.type));
  return end !== null && 'end' in end && end.end.reason === `goal:${step.id}`;
}

function lengthOf(config: unknown, key: string): number | null {
  const value = isRecord(config) ? durationSchema.safeParse(config[key]) : null;
  return value?.success ? durationMs(value.data) : null;
}
