import { evaluateConditions } from './conditions/evaluate.ts';
import { openRow, stopWaiting, type Journal } from './journal.ts';
import type { ExitCondition } from './program.ts';
import type { EnrollmentStatus } from './state.ts';

/**
 * Ends the run: its timers are void, an effect that has not left is dropped, a wait's row is completed as interrupted. The first end
 * stands: a message that fails after its run was exited does not make a failed run of it.
 */
export function endRun(journal: Journal, status: Exclude<EnrollmentStatus, 'active'>, reason: string | null): void {
  const { state, moment } = journal;
  const { open, phase } = state.position;
  if (state.status !== 'active') return;
  state.status = status;
  state.exitReason = reason;
  stopWaiting(journal);
  const unsent = journal.effect !== null;
  journal.effect = null;
  // A message that is already on its way keeps its open row: its outcome completes it later.
  if (!open) explainEnd(journal);
  if (!open || (phase === 'performing' && !unsent)) return;
  const type = moment.program.steps.get(open.stepId)?.type ?? 'unknown';
  const row = openRow(journal, open, type);
  row.status = phase === 'performing' ? 'skipped' : 'completed';
  row.output = { interrupted_by: reason ?? status };
  row.decision = journal.because ?? row.decision;
  row.completedAt = moment.scene.now;
  state.position.phase = 'ready';
  state.position.open = undefined;
}

/** Between two steps no row is open: the one before tells why the run went no further, unless it has something of its own to tell. */
function explainEnd({ logs, because }: Journal): void {
  const last = logs.at(-1);
  if (last && because) last.decision ??= because;
}

/** The first exit rule that holds now; the journal keeps why. On an event: rules for that event and rules for any; at a boundary (`null`): rules without `on`. */
export function firstExit(journal: Journal, eventType: string | null): ExitCondition | null {
  const { program, scope } = journal.moment;
  for (const rule of program.exitConditions) {
    if (rule.on !== null && rule.on !== eventType) continue;
    const decision = rule.if && evaluateConditions(rule.if, scope);
    if (decision?.verdict === false) continue;
    journal.because = decision && { ...decision, text: `exit rule ${rule.id}: ${decision.text}` };
    return rule;
  }
  return null;
}

export interface Ending {
  status: 'exited' | 'completed';
  reason: string;
}

/** What ends the run between two steps: its age, or the first exit rule without an event that holds. */
export function endingNow(journal: Journal): Ending | null {
  const { program, run, scene } = journal.moment;
  const age = program.settings.maxRunAgeMs;
  if (age !== null && scene.now - run.enrolledAt > age) return { status: 'exited', reason: 'max_run_age' };
  return firstExit(journal, null);
}
