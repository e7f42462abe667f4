import { evaluateConditions } from './conditions/evaluate.ts';
import { stopWaiting, type Journal } from './journal.ts';
import { interrupt, leaveOnItsWay } from './operations.ts';
import { findStep } from './steps/index.ts';

/** The first goal that draws the run away from step `at` now, or null. One that was reached before draws no more. */
export function pulledFrom(journal: Journal, at: string): string | null {
  const { program } = journal.moment;
  for (const { stepId, from } of program.magnets) {
    if (stepId !== at && from.has(at) && !journal.state.position.goals?.includes(stepId) && pulls(journal, stepId)) return stepId;
  }
  return null;
}

/** A condition that cannot be read draws nobody: the run fails when it arrives there, with the reason. */
function pulls({ moment }: Journal, stepId: string): boolean {
  const own = moment.program.steps.get(stepId);
  const kind = own && findStep(own.type);
  if (!own || !kind) return false;
  try {
    return (own.if === null || evaluateConditions(own.if, moment.scope).verdict) && kind.pulls(own, moment);
  } catch {
    return false;
  }
}

/** Takes the run away from its step, on its way to a goal. What has not left is withdrawn; what has goes on without the run. */
export function castOff(journal: Journal, goal: string): void {
  const { position, data } = journal.state;
  const { open } = position;
  stopWaiting(journal);
  if (!open) return;
  data.steps[open.stepId] = { ...data.steps[open.stepId], interrupted_by: goal };
  const left = leaveOnItsWay(journal, { ...open, memo: { interrupted_by: goal } }, `The goal "${goal}" was reached before this left.`);
  if (!left) interrupt(journal, open, goal);
  position.phase = 'ready';
}
