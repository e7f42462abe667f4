import type { Program, ProgramStep } from '../program.ts';
import { findStep } from '../steps/index.ts';
import { armsOf } from './arms.ts';
import { canonical } from '../canonical.ts';
import { suggest } from './nearest.ts';
import { endOf, isEnd } from './targets.ts';

/** What becomes of the people inside when another version is published. */
export type PublishPolicy = 'finish_on_old' | 'migrate' | 'exit';

/** Old step id → a step of the version to come, or the name of an end (`end`, `exit_<word>`). */
export type StepMap = Record<string, string>;

/** One entry of a map that means nothing. */
export interface MapFault {
  path: string[];
  rule: string;
  message: string;
  hint: string | null;
}

/** People of one version at one place, in one state. */
export interface Standing {
  versionId: string;
  /** Null before the first step. */
  stepId: string | null;
  phase: 'ready' | 'waiting' | 'performing';
  /** True while a timer is set. */
  timed: boolean;
  people: number;
}

/**
 * What a migration does with a run that stands at a step: `keep` its wait with its timer; `keep_timed` only a wait that has one (a wait for events
 * alone begins anew, since its config changed); `enter` the new step from its beginning; `end` the run.
 */
export type Move = { how: 'keep' | 'keep_timed' | 'enter'; to: string | null } | { how: 'end'; to: null; status: string; reason: string | null };

/** Version id → step id (`''` before the first step) → move. A step without one is unmapped. */
export type Moves = Record<string, Record<string, Move>>;

/** The key of `Moves` for a run before its first step. */
const BEFORE_FIRST = '';

/**
 * Where people of other versions go in `next`: the same step id maps by itself, `map` says the rest and wins.
 * `faults` name entries of the map that mean nothing, each with the nearest id.
 */
export function movesTo(next: Program, others: Map<string, Program>, map: StepMap): { moves: Moves; faults: MapFault[] } {
  const moves: Moves = {};
  for (const [versionId, program] of others) {
    moves[versionId] = { [BEFORE_FIRST]: { how: 'keep', to: null } };
    for (const step of program.steps.values()) {
      const move = moveOf(step, map[step.id] ?? step.id, next);
      if (move) moves[versionId][step.id] = move;
    }
  }
  const known = [...new Set([...others.values()].flatMap(({ order }) => order))];
  return { moves, faults: Object.entries(map).flatMap(([from, to]) => faultsOf(from, to, known, next)) };
}

function moveOf(step: ProgramStep, to: string, next: Program): Move | null {
  const target = next.steps.get(to);
  if (target) return { how: howOf(step, target), to };
  const end = endOf(to, step.id, findStep(step.type));
  return end && 'end' in end ? { how: 'end', to: null, ...end.end } : null;
}

/** A wait is of the same kind when its type is the same and it can end in the same ways. */
function howOf(from: ProgramStep, to: ProgramStep): 'keep' | 'keep_timed' | 'enter' {
  if (from.type !== to.type || outcomesOf(from) !== outcomesOf(to)) return 'enter';
  return waitOf(from) === waitOf(to) ? 'keep' : 'keep_timed';
}

const outcomesOf = ({ type, config }: ProgramStep): string => (findStep(type)?.outcomes(config) ?? []).toSorted().join('\n');

function waitOf({ type, config }: ProgramStep): string {
  const own = structuredClone(config);
  for (const arm of armsOf(findStep(type)?.arms ?? [], own)) arm.remove();
  return canonical(own);
}

function faultsOf(from: string, to: string, known: string[], next: Program): MapFault[] {
  const faults: MapFault[] = [];
  if (!known.includes(from)) faults.push(fault(from, 'unknown_step', `No version with people inside has a step "${from}".`, suggest(from, known)));
  if (!next.steps.has(to) && !isEnd(to)) faults.push(fault(from, 'unknown_target', `The version to be published has no step "${to}".`, suggest(to, next.order)));
  return faults;
}

const fault = (step: string, rule: string, message: string, hint: string | null): MapFault => ({
  path: ['stepMap', step], rule, message: hint ? `${message} ${hint}` : message, hint,
});

/**
 * What becomes of people at one place: they stay on their version, stand where they stood (a wait keeps its timer), begin a step, move once the message
 * that is on its way is answered, end, or nobody said.
 */
export type Fate = 'stays' | 'keeps' | 'begins' | 'moves_later' | 'ends' | 'unmapped';

export interface PlannedStanding extends Standing {
  fate: Fate;
  /** The step that they go on from in the version to come; null when they stay or end, and before the first step. */
  to: string | null;
  /** How it ends for them, e.g. `exited: removed:old_step`. */
  end: string | null;
}

/** What a policy makes of everybody inside. */
export function planPublish(policy: PublishPolicy, standings: Standing[], moves: Moves, exitReason: string): PlannedStanding[] {
  return standings.map((standing) => ({ ...standing, ...fates[policy](standing, moves, exitReason) }));
}

type Outcome = Pick<PlannedStanding, 'fate' | 'to' | 'end'>;

const fates: Record<PublishPolicy, (standing: Standing, moves: Moves, exitReason: string) => Outcome> = {
  finish_on_old: () => ({ fate: 'stays', to: null, end: null }),
  exit: (_standing, _moves, exitReason) => ({ fate: 'ends', to: null, end: `exited: ${exitReason}` }),
  migrate: ({ versionId, stepId, phase, timed }, moves) => {
    const move = moves[versionId]?.[stepId ?? BEFORE_FIRST];
    if (phase === 'performing') return { fate: 'moves_later', to: null, end: null };
    if (!move) return { fate: 'unmapped', to: null, end: null };
    if (move.how === 'end') return { fate: 'ends', to: null, end: move.reason === null ? move.status : `${move.status}: ${move.reason}` };
    const begins = phase === 'waiting' && (move.how === 'enter' || (move.how === 'keep_timed' && !timed));
    return { fate: begins ? 'begins' : 'keeps', to: move.to, end: null };
  },
};
