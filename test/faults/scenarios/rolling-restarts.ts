import { until } from '../../support/until.ts';
import { GOES_ON_MS, type Scenario } from '../scenario.ts';
import { processNames } from '../stage.ts';

/** SIGTERM to one process after the other while work runs: each drains and comes back, as in an upgrade. */
export const rollingRestarts: Scenario = {
  name: 'a rolling restart',
  people: 5_000,
  explains: { troubles: ['drained'] },
  async inject(stage, crowd) {
    await crowd.enroll();
    for (const [index, name] of processNames.entries()) {
      await crowd.share((0.6 * (index + 1)) / processNames.length);
      const before = stage.pid(name);
      stage.signal(name, 'SIGTERM');
      await crowd.recovers();
      await until(`a new ${name}`, () => ![before, undefined].includes(stage.pid(name)), 90_000);
    }
    await crowd.settles();
    const again = await stage.ask<{ n: number }>('SELECT count(*)::int AS n FROM sends WHERE workflow_id = ANY($1) AND attempt > 1', [
      crowd.parts.map(({ workflowId }) => workflowId),
    ]);
    return {
      injections: processNames.length,
      slowestMs: crowd.standstill(),
      withinMs: GOES_ON_MS,
      problems: again[0]!.n === 0 ? [] : [`a process that drains interrupts nothing, but ${again[0]!.n} sends were begun again`],
    };
  },
};
