import { watchRecovery } from '../recovery.ts';
import { IN_HAND, RESUMED_MS, type Scenario } from '../scenario.ts';
import type { ProcessName } from '../stage.ts';

const VICTIMS: ProcessName[] = ['delivery', 'execution', 'scheduling', 'delivery-2', 'execution-2', 'triggers'];
const EVERY_MS = 2_000;

/** SIGKILL of one worker after the other, every two seconds, as long as there is work. */
export const killedWorkers: Scenario = {
  name: 'a worker killed every 2 s',
  people: 10_000,
  explains: { troubles: ['killed'], unknowns: IN_HAND },
  async inject(stage, crowd, full) {
    const recovery = watchRecovery(stage);
    await crowd.enroll();
    let kills = 0;
    for (; crowd.taken() < crowd.people * 3.8 && kills < (full ? 150 : 8); kills += 1) {
      if (!full) await crowd.share(0.02 * (kills + 1));
      const victim = VICTIMS[kills % VICTIMS.length]!;
      if (stage.signal(victim, 'SIGKILL')) await recovery.mark(victim);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    await crowd.settles();
    const { ms, what } = await recovery.slowest();
    return {
      injections: kills,
      slowestMs: ms,
      problems: ms <= RESUMED_MS || !full ? [] : [`what a killed worker held was taken up again only after ${Math.round(ms)} ms: ${what}`],
    };
  },
};
