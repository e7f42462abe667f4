import { checkEverything, type Verdict } from './checker.ts';
import { type Crowd, gather } from './crowd.ts';
import type { Trouble } from './noise.ts';
import { type Stage } from './stage.ts';

/** What a fault explains. Whatever it does not explain must not be found afterwards. */
export interface Explained {
  /** Whose complaints the processes may utter. */
  troubles?: Trouble[];
  /** How many sends may end `unknown` for each injection: what was in hand at calls and e-mail, which nobody can be asked about or repeat again. */
  unknowns?: number;
  /** True when a process may call a provider after others took its work for lost: it slept with the request in its socket. */
  late?: boolean;
}

/** One kind of fault: one file and one row of `scenarios/index.ts`. */
export interface Scenario {
  name: string;
  /** How many people are on their way at full size; the tests take a tenth. */
  people: number;
  explains: Explained;
  /** Lets the crowd in and does the harm. The runner waits for the end and checks everything. */
  inject(stage: Stage, crowd: Crowd, full: boolean): Promise<Injected>;
}

export interface Injected {
  injections: number;
  /** How long work stood still at most; null where it is not to stand still at all. */
  slowestMs: number | null;
  /** What that may be at most. */
  withinMs?: number;
  /** What this scenario alone found wrong. */
  problems?: string[];
  /** What it measured. */
  notes?: string[];
}

export interface Row extends Verdict {
  name: string;
  injections: number;
  runs: number;
  slowestMs: number | null;
  tookMs: number;
  notes: string[];
}

/** What one delivery process has at calls and e-mail at once. */
export const IN_HAND = 20 + 10;
/** Work goes on so soon after a doorbell was lost, or Redis is back. */
export const GOES_ON_MS = 10_000;
/** Work is resumed so soon after a worker's death; also held against everything that has no promise of its own. */
export const RESUMED_MS = 30_000;
/** The tenth runs beside other tests, on cores that are not its own: there seconds are held this much more loosely. `npm run faults` holds them to the letter. */
const CROWDED = 3;

let crowds = 0;

/** Runs one scenario on a stage that may have run others before. */
export async function runScenario(stage: Stage, scenario: Scenario, full: boolean): Promise<Row> {
  const began = performance.now();
  const people = full ? scenario.people : Math.ceil(scenario.people / 10);
  await stage.whole();
  stage.said.length = 0;
  const crowd = await gather(stage, (crowds += 1), scenario.name, people);
  const { injections, slowestMs, withinMs = RESUMED_MS, problems = [], notes = [] } = await scenario.inject(stage, crowd, full);
  await crowd.settles();
  await stage.whole();
  const verdict = await checkEverything(stage, crowd, { ...scenario.explains, injections });
  const bound = full ? withinMs : withinMs * CROWDED;
  if (slowestMs !== null && slowestMs > bound)
    problems.push(
      `work stood still for ${Math.round(slowestMs)} ms; promised are ${withinMs} ms${full ? '' : ', which were given generously'} (the providers' longest pause came after ${crowd.stoodAfter()} sends)`,
    );
  return { ...verdict, name: scenario.name, injections, runs: crowd.people, notes, slowestMs, tookMs: performance.now() - began, problems: [...problems, ...verdict.problems] };
}
