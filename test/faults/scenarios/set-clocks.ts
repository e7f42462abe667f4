import { GOES_ON_MS, type Scenario } from '../scenario.ts';
import { processNames } from '../stage.ts';

const OFF_MS = 600_000;

/** Every machine's clock is wrong by ten minutes, every other one's the other way, and then they are set the other way round: leases, timers and limits go by the database's. */
export const setClocks: Scenario = {
  name: 'machine clocks ten minutes off',
  people: 2_000,
  explains: {},
  async inject(stage, crowd) {
    const set = (sign: number): void => processNames.forEach((name, index) => stage.setClock(name, (index % 2 === 0 ? sign : -sign) * OFF_MS));
    try {
      await crowd.enroll();
      for (const [share, sign] of [[0.1, 1], [0.4, -1], [0.7, 1]] as const) {
        await crowd.share(share);
        set(sign);
      }
      await crowd.settles();
    } finally {
      set(0);
    }
    return { injections: 3 * processNames.length, slowestMs: crowd.standstill(), withinMs: GOES_ON_MS };
  },
};
