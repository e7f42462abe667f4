import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';
import { type Stage, startStage } from './stage.ts';

/** Every scenario of a group as a test, at a tenth of its size, one after the other on one stage. `npm run faults` runs them whole. */
export function runGroup(group: keyof typeof scenarios): void {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
  }, 180_000);
  afterAll(() => stage.stop(), 60_000);

  describe(`faults of ${group}: nothing is lost and nothing doubled`, () => {
    it.each(scenarios[group].map((scenario) => [scenario.name, scenario] as const))('%s', { timeout: 300_000 }, async (_name, scenario) => {
      const { problems, lost, doubled } = await runScenario(stage, scenario, false);
      expect({ lost, doubled, problems }).toEqual({ lost: 0, doubled: 0, problems: [] });
    });
  });
}
