import type { z } from 'zod';
import type { Program, ProgramStep } from '../program.ts';
import type { DeclaredExperiment } from '../stats/experiment.ts';
import type { Channel, ContactEvent, Data, EffectOutcome, OpenStep, Run, Scene } from '../state.ts';
import type { Scope } from '../templates/scope.ts';
import type { Verdict } from '../verdict.ts';

/** What a step may look at while it decides. */
export interface Moment {
  program: Program;
  run: Run;
  scene: Scene;
  /** What templates and conditions read; `scope.event` is set while an event is looked at. */
  scope: Scope;
}

/** A place in a step's config that names a target: `path` walks the config (`*` for each row of a list),
 *  `outcome` is the edge's name, or `{ key }` when a sibling key of the row holds it (`variants.*.next` is named by `variants.*.name`). */
export interface ArmSpec {
  path: string;
  outcome: string | { key: string };
}

/** A kind of step: its config, its edges and its behaviour, in one file. */
export interface StepDefinition<Config = unknown> {
  type: string;
  aliases: string[];
  group: 'control' | 'action';
  /** One sentence for the catalogue and the docs. */
  summary: string;
  /** A lucide icon's name, for builders. */
  icon: string;
  config: z.ZodType<Config>;
  arms: ArmSpec[];
  /** True when its config may read `{{secrets.…}}`. */
  secrets?: boolean;
  /** Every edge that this config can leave by; `next` is the plain one. */
  outcomes(config: Config): string[];
  /** Those of `outcomes` that anybody can ever leave by: no variant of weight 0. */
  possible(config: Config): string[];
  /** The key of the result that `steps.<id>.result` reads; `*` for the whole of it. */
  main: string;
  /** Where its effect goes, when it has one that a provider performs. */
  channel?: Channel;
  /** Where it reaches the contact, as a template. */
  to?(config: Config): string;
  /** Where lots decide: a config that always leaves by `outcome`, null when there is no such outcome. */
  pin?(config: Config, outcome: string): Config | null;
  /** Keys that `steps.<id>.<key>` may ever hold, for the linter. */
  results: string[];
  /** Stats count who reached it. */
  goal?: true;
  /** Stats compare its variants. */
  experiment?(config: Config, stepId: string): DeclaredExperiment;
  /** Steps that the config names by id to read what became of them, and where it does (a path in the config), for the linter. */
  reads(config: Config): { id: string; path: (string | number)[] }[];
  /** True when entering takes journey time, so that a loop through it is no endless loop. */
  waits(config: Config): boolean;
  /** True when it may say that the step behind it is passed over, which then leaves by `next` whatever its outcomes are. */
  passes(config: Config): boolean;
  /** Journey ms to wait before it is entered: `delay` of a send. */
  delay(config: Config): number;
  /** Journey ms that a contact spends at it at most, as far as the config says so; null when it may be for ever, or depends on the contact. */
  longest(config: Config): number | null;
  /** Event types that matter to it while it is current; `*` for all. */
  listens(config: Config): string[];
  /** Another workflow that its config names (id, slug or name, as written), for the linter. */
  workflow?(config: Config): string;
  /** When it is watched from entry (as soon as `pulls` says so, the run jumps to it): the outcome by which whoever was drawn leaves; else null. */
  magnet(config: Config): string | null;
  /** Magnets only: would the step, if it were entered now, let the run through? */
  pulls(step: ProgramStep & { config: Config }, moment: Moment): boolean;
  enter(step: ProgramStep & { config: Config }, moment: Moment): Verdict;
  /** Its timer came due. */
  wake(step: ProgramStep & { config: Config }, moment: Moment, open: OpenStep): Verdict;
  /** An event arrived while it is parked; null when it does not concern the step. */
  notice(step: ProgramStep & { config: Config }, moment: Moment, event: ContactEvent): Verdict | null;
  /** Its effect came to an end. */
  settle(step: ProgramStep & { config: Config }, moment: Moment, outcome: EffectOutcome): Verdict;
}

type Optional = 'aliases' | 'arms' | 'outcomes' | 'possible' | 'main' | 'results' | 'reads' | 'waits' | 'passes' | 'delay' | 'longest' | 'listens' | 'magnet' | 'pulls' | 'wake' | 'notice' | 'settle';
type Given<Config> = Omit<StepDefinition<Config>, Optional> & Partial<Pick<StepDefinition<Config>, Optional>>;

/** Declares a kind of step. What is left out behaves as the plainest step does: one edge, no waiting, no effect. */
export function defineStep<Config>(given: Given<Config>): StepDefinition<Config> {
  return {
    aliases: [],
    arms: [],
    outcomes: () => ['next'],
    possible: given.outcomes ?? (() => ['next']),
    main: given.results?.[0] ?? 'result',
    results: [],
    reads: () => [],
    waits: () => false,
    passes: () => false,
    delay: () => 0,
    longest: (config) => given.delay?.(config) ?? 0,
    listens: () => [],
    magnet: () => null,
    pulls: () => false,
    wake: () => ({ kind: 'proceed', outcome: 'next', result: {} }),
    notice: () => null,
    settle: (_step, _moment, outcome) => settleByDefault(outcome),
    ...given,
  };
}

/** Accepted and unknown go on (an unknown send is never repeated by the run), skipped is skipped, failed fails. */
function settleByDefault(outcome: EffectOutcome): Verdict {
  const verdicts: { [S in EffectOutcome['status']]: (o: Extract<EffectOutcome, { status: S }>) => Verdict } = {
    accepted: (o) => ({ kind: 'proceed', outcome: 'next', result: o.result }),
    unknown: (o) => ({ kind: 'proceed', outcome: 'next', result: { ...o.result, unknown: true } as Data }),
    skipped: (o) => ({ kind: 'skip', reason: o.reason }),
    failed: (o) => ({ kind: 'fail', error: o.error, result: o.result }),
  };
  return (verdicts[outcome.status] as (o: EffectOutcome) => Verdict)(outcome);
}
