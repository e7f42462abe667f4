import type { Target } from '../program.ts';
import type { StepDefinition } from '../steps/define-step.ts';

const EXIT = /^exit_([A-Za-z0-9_-]+)$/;

/** Whether a name is an end of the run (`end`, `exit_<word>`) rather than a step id. */
export const isEnd = (name: string): boolean => name === 'end' || EXIT.test(name);

/**
 * What an end means when a step leads to it: `end` completes; `exit_success` completes with `goal:<id>` from a goal and `success` else; any other
 * `exit_<word>` exits with `<word>:<step id>`. Null when the name is no end.
 */
export function endOf(name: string, stepId: string, step: StepDefinition | undefined): Target | null {
  if (name === 'end') return { end: { status: 'completed', reason: null } };
  const word = EXIT.exec(name)?.[1];
  if (word === undefined) return null;
  if (word === 'success') return { end: { status: 'completed', reason: isGoal(step) ? `goal:${stepId}` : 'success' } };
  return { end: { status: 'exited', reason: `${word}:${stepId}` } };
}

/** A goal is what can succeed. */
const isGoal = (step: StepDefinition | undefined): boolean => step?.arms.some(({ path }) => path === 'on_success') ?? false;
