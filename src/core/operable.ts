import { suggest } from './definition/nearest.ts';
import type { RunGroup } from './ports/run-operation-desk.ts';
import type { Input } from './state.ts';

/** What a person asks of runs: the language's four operations, and to leave. */
export type RunAsk = { kind: 'retry' } | { kind: 'skip' } | { kind: 'move'; to: string } | { kind: 'run_now' } | { kind: 'exit'; reason: string };

/** What the desk puts into the mailbox for it; which step and visit it was asked of, each row says itself. */
export function mailOf(ask: RunAsk, by: string): { kind: Input['kind']; payload: Record<string, unknown> } {
  const { kind, ...rest } = ask;
  const own = { retry: {}, skip: { by }, move: { by }, run_now: {}, exit: { status: 'exited' } }[kind];
  return { kind, payload: { ...rest, ...own } };
}

/**
 * Why runs that stand like this cannot do what is asked; null when they can. The words are for people, after "The run …".
 * @param steps ids of the steps of their version.
 */
export function whyNot(ask: RunAsk, group: Omit<RunGroup, 'count'>, steps: readonly string[]): string | null {
  if (group.workflowStatus === 'archived') return 'belongs to an archived workflow, where nothing goes on';
  return (refusals[ask.kind] as (ask: RunAsk, group: Omit<RunGroup, 'count'>, steps: readonly string[]) => string | null)(ask, group, steps);
}

const refusals: { [K in RunAsk['kind']]: (ask: Extract<RunAsk, { kind: K }>, group: Omit<RunGroup, 'count'>, steps: readonly string[]) => string | null } = {
  retry: (_ask, group) => {
    if (group.status !== 'failed') return `is ${group.status}: only a failed one can be retried`;
    return cameAgain(group);
  },
  skip: (_ask, group) => {
    if (group.currentStep === null) return ended(group) ?? 'has not reached its first step';
    return ended(group) ?? cameAgain(group);
  },
  move: ({ to }, group, steps) => {
    if (!steps.includes(to)) return `is on a version without a step "${to}". ${suggest(to, steps) ?? ''}`.trim();
    return ended(group) ?? cameAgain(group);
  },
  run_now: (_ask, group) => {
    if (group.status !== 'active') return `is ${group.status}: only an active one waits`;
    if (group.phase !== 'waiting') return 'does not wait: its step is at work or about to begin';
    return group.timed ? null : 'waits for an event without a timeout: skip the step instead';
  },
  exit: (_ask, group) => (group.status === 'active' ? null : `is ${group.status} already`),
};

const ended = ({ status }: Pick<RunGroup, 'status'>): string | null => (status === 'completed' || status === 'exited' ? `is ${status}: it goes nowhere any more` : null);

const cameAgain = ({ superseded }: Pick<RunGroup, 'superseded'>): string | null => (superseded ? 'is an earlier one of its contact, who has entered again since' : null);
