import { wilson, type Interval } from './intervals.ts';

/** One counter of a workflow, added up: what the commits of its runs appended. */
export interface StepCount {
  kind: string;
  stepId: string;
  outcome: string;
  n: number;
}

/**
 * One step of the funnel, in visits: a step that is entered twice by a run counts twice. Of those who entered, `completed + skipped + failed`
 * took an edge or stopped with an error, some were interrupted by the end of their run, and the rest wait.
 */
export interface FunnelStep {
  stepKey: string;
  entered: number;
  /** Done, and left by an edge. */
  completed: number;
  /** Left undone for a reason that is no fault. */
  skipped: number;
  failed: number;
  /** Stand in it now. */
  waiting: number;
  /** Went no further: the run ended while it was here, by an exit, a goal elsewhere or an error. */
  droppedOff: number;
  /** Of those who entered and do not wait; null while there are none. */
  dropOffRate: number | null;
}

export interface GoalStats {
  stepKey: string;
  /** Enrollments that reached it; each counts once. */
  reached: number;
  /** Of all that enrolled, with Wilson's 95 % interval; null while nobody did, and in a window that saw fewer enrolled than reached. */
  rate: ({ rate: number } & Interval) | null;
}

export interface NodeCounts {
  stepKey: string;
  waiting: number;
  passed: number;
  failed: number;
}

/** Outcomes that say how a row ended when no edge was taken. */
const ENDINGS = new Set(['completed', 'failed', 'skipped']);

/** Each step's visits, for the steps where somebody was. */
export function funnelOf(counts: StepCount[]): FunnelStep[] {
  const sums = new Map<string, Sums>();
  for (const { kind, stepId, outcome, n } of counts) {
    if (!(kind in adders)) continue;
    const step = sums.get(stepId) ?? { started: 0, ended: 0, skipped: 0, erred: 0, failed: 0, stuck: 0 };
    sums.set(stepId, step);
    adders[kind]!(step, n, outcome);
  }
  return [...sums].map(([stepKey, sum]) => stepOf(stepKey, sum));
}

/** A step that was taken over no edge is in `stuck`; a failed one of those in `failed` as well. `skipped` and `erred` went on. */
interface Sums {
  started: number;
  ended: number;
  skipped: number;
  erred: number;
  failed: number;
  stuck: number;
}

const adders: Record<string, (sums: Sums, n: number, outcome: string) => void> = {
  started: (sums, n) => void (sums.started += n),
  skipped: (sums, n) => void (sums.skipped += n),
  erred: (sums, n) => void (sums.erred += n),
  ended: (sums, n, outcome) => {
    sums.ended += n;
    if (ENDINGS.has(outcome)) sums.stuck += n;
    if (outcome === 'failed') sums.failed += n;
  },
};

function stepOf(stepKey: string, { started, ended, skipped, erred, failed, stuck }: Sums): FunnelStep {
  return {
    stepKey,
    entered: started,
    completed: ended - stuck - skipped - erred,
    skipped,
    failed: failed + erred,
    // A window that begins in the middle of a wait sees its end without its beginning.
    waiting: Math.max(0, started - ended),
    droppedOff: stuck,
    dropOffRate: ended === 0 ? null : stuck / ended,
  };
}

/** What canvases show beside each step. `passed` holds everybody who left it in good order, also by the end of the run. */
export const nodesOf = (funnel: FunnelStep[], counts: StepCount[]): NodeCounts[] =>
  funnel.map(({ stepKey, waiting, failed }) => ({ stepKey, waiting, failed, passed: total(counts, 'ended', stepKey) - failed }));

/** How often each edge was taken. */
export const edgesOf = (counts: StepCount[]): { from: string; outcome: string; count: number }[] =>
  counts.filter(({ kind, outcome }) => kind === 'ended' && !ENDINGS.has(outcome)).map(({ stepId, outcome, n }) => ({ from: stepId, outcome, count: n }));

/** The goals that somebody reached. */
export function goalsOf(counts: StepCount[]): GoalStats[] {
  const enrolled = total(counts, 'enrolled');
  const keys = new Set(counts.filter(({ kind }) => kind === 'goal').map(({ stepId }) => stepId));
  return [...keys].map((stepKey) => {
    const reached = total(counts, 'goal', stepKey);
    return { stepKey, reached, rate: reached > enrolled ? null : wilson(reached, enrolled) };
  });
}

/** The sum of one kind of counter, of one step or of all. */
export const total = (counts: StepCount[], wanted: string, step?: string): number =>
  counts.reduce((sum, { kind, stepId, n }) => (kind === wanted && (step === undefined || stepId === step) ? sum + n : sum), 0);
