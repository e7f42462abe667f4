import { watchRecovery } from '../recovery.ts';
import { IN_HAND, type Scenario } from '../scenario.ts';
import type { ProcessName } from '../stage.ts';

/** Beyond the lease of a send: another worker takes over before the sleeper wakes. */
const ASLEEP_MS = 28_000;
const SLEEPERS: ProcessName[] = ['delivery', 'execution'];

/** SIGSTOP in the middle of the work, SIGCONT when all that the sleeper held belongs to somebody else. */
export const frozenWorkers: Scenario = {
  name: 'workers that sleep and wake',
  people: 2_000,
  explains: { troubles: ['redis', 'slept'], unknowns: IN_HAND, late: true },
  async inject(stage, crowd) {
    await crowd.enroll();
    await crowd.share(0.15);
    const recovery = watchRecovery(stage);
    for (const name of SLEEPERS) {
      stage.signal(name, 'SIGSTOP');
      await recovery.mark(name);
    }
    await new Promise((resolve) => setTimeout(resolve, ASLEEP_MS));
    for (const name of SLEEPERS) stage.signal(name, 'SIGCONT');
    return { injections: SLEEPERS.length, slowestMs: (await recovery.slowest()).ms };
  },
};
