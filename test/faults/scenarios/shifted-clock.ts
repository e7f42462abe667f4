import type { Scenario } from '../scenario.ts';
import { CLOCK_SPEED } from '../stage.ts';
import { rebaseJourneyClock } from '../../../src/store/journey-clock.ts';

/** Journey time leaps a day ahead, runs slowly, and runs fast again: what is due comes at once, and nothing comes early. */
export const shiftedClock: Scenario = {
  name: 'the journey clock shifted',
  people: 2_000,
  explains: {},
  async inject(stage, crowd) {
    const pool = { query: (sql: string, values: unknown[]) => stage.ask(sql, values) } as unknown as Parameters<typeof rebaseJourneyClock>[0]; // all that it asks
    await crowd.enroll();
    await crowd.share(0.2);
    await stage.ask("UPDATE journey_clock SET journey_epoch = journey_epoch + interval '1 day'");
    await crowd.share(0.3);
    for (const speed of [CLOCK_SPEED / 10, CLOCK_SPEED * 2, CLOCK_SPEED]) {
      await rebaseJourneyClock(pool, speed);
      await crowd.share(0.4);
    }
    return { injections: 4, slowestMs: null };
  },
};
