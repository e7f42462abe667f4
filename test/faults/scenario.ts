import { checkEverything, type Verdict } from './checker.ts';
import { type Crowd, gather } from './crowd.ts';
import { type Stage } from './stage.ts';

/** One kind of fault: one file and one row of `scenarios/index.ts`. */
export interface Scenario {
  name: string;
  /** How many people are on their way at full size; the tests take a tenth. */
  people: number;
  /** Lets the crowd in and does the harm. The runner waits for the end and checks everything. */
  inject(stage: Stage, crowd: Crowd, full: boolean): Promise<Injected>;
}

export interface Injected {
  injections: number;
  /** How long work stood still after the slowest one; null where it is not to stand still at all. */
  slowestMs: number | null;
  /** What this scenario alone found wrong. */
  problems?: string[];
}

export interface Row extends Verdict {
  name: string;
  injections: number;
  runs: number;
  slowestMs: number | null;
  tookMs: number;
}

let crowds = 0;

/** Runs one scenario on a stage that may have run others before. */
export async function runScenario(stage: Stage, scenario: Scenario, full: boolean): Promise<Row> {
  const began = performance.now();
  const people = full ? scenario.people : Math.ceil(scenario.people / 10);
  await stage.whole();
  stage.said.length = 0;
  const crowd = await gather(stage, (crowds += 1), scenario.name, people);
  const { injections, slowestMs, problems = [] } = await scenario.inject(stage, crowd, full);
  await crowd.settles();
  await stage.whole();
  const verdict = await checkEverything(stage, crowd);
  return { ...verdict, name: scenario.name, injections, runs: people, slowestMs, tookMs: performance.now() - began, problems: [...problems, ...verdict.problems] };
}

/** The longest of several waits. */
export const slowest = (waits: number[]): number => Math.max(0, ...waits);

/** How soon the send that waited longest was taken up again, in machine ms for each time that it was interrupted. */
export async function slowestInterrupted(stage: Stage, crowd: Crowd): Promise<number> {
  const [row] = await stage.ask<{ ms: number | null }>(
    "SELECT max(date_part('epoch', ended_at - first_attempt_at) * 1000 / (attempt - 1)) AS ms FROM sends WHERE workflow_id = ANY($1) AND attempt > 1",
    [crowd.parts.map(({ workflowId }) => workflowId)],
  );
  return row?.ms ?? 0;
}
