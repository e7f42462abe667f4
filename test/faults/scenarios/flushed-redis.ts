import { type Scenario, slowest } from '../scenario.ts';

const FLUSHES = 3;

/** FLUSHALL in the middle of the work: every doorbell that rings is forgotten. */
export const flushedRedis: Scenario = {
  name: 'Redis flushed three times',
  people: 3_000,
  async inject(stage, crowd) {
    await crowd.enroll();
    const waits: number[] = [];
    for (let n = 1; n <= FLUSHES; n += 1) {
      await crowd.share(n * 0.2);
      await stage.servers.flushRedis();
      waits.push(await crowd.recovers());
    }
    return { injections: FLUSHES, slowestMs: slowest(waits) };
  },
};
