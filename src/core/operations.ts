import { applyVerdict } from './apply-verdict.ts';
import { beginRow, openRow, stopWaiting, type Journal } from './journal.ts';
import type { Target } from './program.ts';
import type { Input, OpenStep, Operation } from './state.ts';
import { findStep } from './steps/index.ts';
import type { Verdict } from './verdict.ts';

/** What people do to a run, decided where it stands. Each gives the target to travel to, or null when the run has gone on meanwhile. */
type Ask<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

export const whereItStands = ({ state, moment }: Journal): Target => (state.currentStep === null ? moment.program.entry : { stepId: state.currentStep });

/** A failed run enters its step again, as a new visit. */
export function retryStep(journal: Journal): Target | null {
  if (journal.state.status !== 'failed') return null;
  revive(journal);
  return whereItStands(journal);
}

/** The step is `skipped`, with who did it, and the run leaves by `next`. A step whose message may be out already keeps its row open for the outcome. */
export function skipStep(journal: Journal, { stepId, visit, by }: Ask<'skip'>): Target | null {
  const { state, moment } = journal;
  const { position } = state;
  const own = moment.program.steps.get(stepId);
  const kind = own && findStep(own.type);
  if (!own || !kind || !takeable(journal) || state.currentStep !== stepId || (position.visits[stepId] ?? 0) !== visit) return null;
  const reason = `skipped by ${by}`;
  const open = state.status === 'active' ? position.open : undefined;
  revive(journal);
  if (open && leaveOnItsWay(journal, open, reason)) {
    state.data.steps[stepId] = { ...state.data.steps[stepId], skipped: reason, result: null };
    return own.edges['next'] ?? null;
  }
  journal.effect = null;
  const row = open ? openRow(journal, open, own.type) : beginRow(journal, stepId, own.type, visit + 1);
  if (!open) [position.visits[stepId], position.taken] = [visit + 1, position.taken + 1];
  return applyVerdict(journal, own, kind, row, { kind: 'skip', reason });
}

/** The step that the run stands at is interrupted, and the run goes on at another one. */
export function moveRun(journal: Journal, { to, by }: Ask<'move'>): Target | null {
  const { state, moment } = journal;
  if (!takeable(journal) || !moment.program.steps.has(to)) return null;
  const reason = `moved to "${to}" by ${by}`;
  const open = state.status === 'active' ? state.position.open : undefined;
  revive(journal);
  if (open && !leaveOnItsWay(journal, open, reason)) interrupt(journal, open, reason);
  return { stepId: to };
}

/** An outcome for a step that the run was taken away from: it completes its row and moves nobody. */
export function settleLeft(journal: Journal, { stepId, visit, attempt, outcome }: Extract<Input, { kind: 'outcome' }>): void {
  const { state, moment } = journal;
  const left = state.position.left ?? [];
  const open = left.find((each) => each.stepId === stepId && each.visit === visit);
  if (!open) return;
  const rest = left.filter((each) => each !== open);
  state.position.left = rest.length > 0 ? rest : undefined;
  journal.changed = true;
  const own = moment.program.steps.get(stepId);
  const verdict = own ? findStep(own.type)?.settle(own, moment, outcome) : undefined;
  const row = openRow(journal, { ...open, attempt }, own?.type ?? 'unknown');
  row.completedAt = moment.scene.now;
  Object.assign(row, verdict ? endingOf(verdict) : { status: 'completed' });
  if ('interrupted_by' in open.memo) row.output = { ...row.output, interrupted_by: open.memo['interrupted_by'] };
}

/** How a row ends whose run goes nowhere from it. */
function endingOf(verdict: Verdict): { status: 'completed' | 'skipped' | 'failed'; output: Record<string, unknown> | null; error?: string } {
  if (verdict.kind === 'fail') return { status: 'failed', output: verdict.result ?? null, error: verdict.error };
  if (verdict.kind === 'skip') return { status: 'skipped', output: { skipped: verdict.reason } };
  return { status: 'completed', output: verdict.kind === 'proceed' ? verdict.result : null };
}

const takeable = ({ state }: Journal): boolean => state.status === 'active' || state.status === 'failed';

/** The run lives and its timers are void. A run that was failed from outside, its message on the way, must not send it beside a second one. */
function revive(journal: Journal): void {
  const { state } = journal;
  const { open, phase } = state.position;
  if (state.status === 'failed' && open && phase === 'performing') journal.withdrawn.push({
    stepId: open.stepId, visit: open.visit, reason: 'The run had failed before this left.',
  });
  state.status = 'active';
  state.exitReason = null;
  stopWaiting(journal);
}

/** True when the step's effect was committed earlier: it is withdrawn if it can be, and the row waits for its outcome. */
export function leaveOnItsWay(journal: Journal, open: OpenStep, reason: string): boolean {
  const { position } = journal.state;
  if (position.phase !== 'performing' || journal.effect !== null) return false;
  position.left = [...(position.left ?? []), open];
  position.open = undefined;
  journal.withdrawn.push({ stepId: open.stepId, visit: open.visit, reason });
  return true;
}

/** Completes the row of a step that was left in the middle. An effect that this very commit would have written is dropped. */
export function interrupt(journal: Journal, open: OpenStep, reason: string): void {
  const { moment, state } = journal;
  const row = openRow(journal, open, moment.program.steps.get(open.stepId)?.type ?? 'unknown');
  row.status = journal.effect === null ? 'completed' : 'skipped';
  row.output = { interrupted_by: reason };
  row.completedAt = moment.scene.now;
  journal.effect = null;
  state.position.open = undefined;
}
