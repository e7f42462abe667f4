import { type Scenario } from '../scenario.ts';

const FULL_MS = { tenth: 4_000, full: 20_000 } as const;

/**
 * PostgreSQL answers every write as a server does that may not write. A disk cannot be filled here without rights that a test has not; what must be shown is
 * the same: a refusal that is nobody's fault fails no run and loses nothing, and all goes on when there is room again.
 */
export const fullDisk: Scenario = {
  name: 'PostgreSQL takes no writes',
  people: 1_000,
  explains: { troubles: ['postgres'] },
  async inject(stage, crowd, full) {
    await crowd.enroll();
    await crowd.share(0.3);
    await stage.servers.setWritable(false);
    await new Promise((resolve) => setTimeout(resolve, full ? FULL_MS.full : FULL_MS.tenth));
    await stage.servers.setWritable(true);
    const back = await crowd.recovers();
    return { injections: 1, slowestMs: back };
  },
};
