import { durationMs, formatDuration } from '../../time/duration.ts';
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
  check: ({ definition, graph }) =>
    definition.steps.filter(isGoal).flatMap((goal) => {
      const timeout = lengthOf(goal, 'timeout');
      if (timeout === null || timeout === 0) return [];
      const before = definition.steps.filter((step) => (lengthOf(step, 'duration') ?? 0) > timeout && reachable(graph, step.id).has(goal.id));
      return before.slice(0, 1).map((wait) => ({
        path: [...goal.path, 'config', 'timeout'],
        message: `The goal "${goal.id}" waits ${formatDuration(timeout)} from arrival, less than "${wait.id}" before it (${formatDuration(lengthOf(wait, 'duration')!)}).`,
        hint: 'If the timeout should count from the entry, use `settings.max_run_age` or a longer timeout.',
      }));
    }),
};

/** A goal is what `exit_success` gives a goal's reason to. */
function isGoal(step: DefinedStep): boolean {
  const end = endOf('exit_success', step.id, findStep(step.type));
  return end !== null && 'end' in end && end.end.reason === `goal:${step.id}`;
}

function lengthOf(step: DefinedStep, key: string): number | null {
  const value = isRecord(step.config) ? step.config[key] : undefined;
  try {
    return typeof value === 'string' || typeof value === 'number' ? durationMs(value) : null;
  } catch {
    return null; // a template, read only at run time
  }
}
