import { type Scenario, slowest, slowestInterrupted } from '../scenario.ts';
import type { ProcessName } from '../stage.ts';

const VICTIMS: ProcessName[] = ['delivery', 'execution', 'scheduling', 'delivery-2', 'triggers', 'execution-2', 'delivery', 'execution'];
const EVERY_MS = 2_000;

/** SIGKILL of one worker after the other, every two seconds, as long as there is work. */
export const killedWorkers: Scenario = {
  name: 'a worker killed every 2 s',
  people: 10_000,
  async inject(stage, crowd, full) {
    await crowd.enroll();
    const waits: number[] = [];
    for (let kills = 0; crowd.taken() < crowd.people * 3.8 && kills < (full ? 300 : 8); kills += 1) {
      await crowd.share(Math.min(0.9, 0.02 * (kills + 1)));
      stage.signal(VICTIMS[kills % VICTIMS.length]!, 'SIGKILL');
      const wait = crowd.recovers();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      waits.push(await wait);
    }
    await crowd.settles();
    return { injections: waits.length, slowestMs: slowest([...waits, await slowestInterrupted(stage, crowd)]) };
  },
};
