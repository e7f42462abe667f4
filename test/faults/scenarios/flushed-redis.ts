import { GOES_ON_MS, type Scenario } from '../scenario.ts';

const FLUSHES = 3;

/** FLUSHALL in the middle of the work: every doorbell that rings is forgotten. */
export const flushedRedis: Scenario = {
  name: 'Redis flushed three times',
  people: 3_000,
  explains: { troubles: ['redis'] },
  async inject(stage, crowd) {
    await crowd.enroll();
    for (let n = 1; n <= FLUSHES; n += 1) {
      await crowd.share(n * 0.2);
      await stage.servers.flushRedis();
      await crowd.recovers();
    }
    await crowd.settles();
    return { injections: FLUSHES, slowestMs: crowd.standstill(), withinMs: GOES_ON_MS };
  },
};
