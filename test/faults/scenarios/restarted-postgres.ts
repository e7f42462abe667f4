import { IN_HAND, type Scenario } from '../scenario.ts';
import { patiently } from '../stage.ts';

const EVERY_MS = 5_000;
const FULL_MS = 120_000;
/** A fast shutdown, and every third time a crash: the supervisor of `npm start` brings the server back. */
const SIGNALS: NodeJS.Signals[] = ['SIGINT', 'SIGINT', 'SIGQUIT'];

/** PostgreSQL restarted every five seconds. */
export const restartedPostgres: Scenario = {
  name: 'PostgreSQL restarted every 5 s',
  people: 5_000,
  explains: { troubles: ['postgres'], unknowns: 2 * IN_HAND },
  async inject(stage, crowd, full) {
    await crowd.enroll();
    const restarts = full ? FULL_MS / EVERY_MS : 3;
    for (let n = 0; n < restarts; n += 1) {
      if (!full) await crowd.share(0.05 + (0.8 * n) / restarts);
      await patiently(async () => stage.servers.signalPostgres(SIGNALS[n % SIGNALS.length]!));
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    await crowd.settles();
    return { injections: restarts, slowestMs: crowd.standstill() };
  },
};
