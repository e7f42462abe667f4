import { until } from '../../support/until.ts';
import { failingChecks } from '../api.ts';
import { IN_HAND, type Scenario } from '../scenario.ts';

const FROZEN_MS = 3_000;
/** A statement that gets no answer is given up after so long; another connection may have to be found dead in the same way. */
const GIVEN_UP_MS = 20_000;
const FOUND_MS = 45_000;

/** Lines to PostgreSQL and Redis go dead without a word, as when a firewall forgets them: nobody is told, and what was said into them is lost. New ones work. */
export const deadLines: Scenario = {
  name: 'lines that die without a word',
  people: 1_000,
  explains: { troubles: ['postgres', 'redis'], unknowns: 2 * IN_HAND },
  async inject(stage, crowd) {
    const { postgres, redis } = stage.servers;
    await crowd.enroll();
    for (const [share, line] of [[0.2, redis], [0.4, postgres]] as const) {
      await crowd.share(share);
      line.freeze();
      await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
      line.thaw();
      await crowd.recovers();
    }
    const lateComplaints = new Promise((resolve) => setTimeout(resolve, GIVEN_UP_MS + 1_000));
    await crowd.settles();
    await lateComplaints;
    // A line that nobody used meanwhile is dead still, and would be found so in another scenario, which does not explain it.
    for (const line of [redis, postgres]) {
      line.cut();
      line.mend();
    }
    await until('/readyz to be content', async () => (await failingChecks(stage)).length === 0, 90_000);
    return { injections: 2, slowestMs: crowd.standstill(), withinMs: FOUND_MS };
  },
};
