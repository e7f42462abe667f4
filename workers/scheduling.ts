import { fireDates } from '../src/engine/fire-dates.ts';
import { fireSchedules } from '../src/engine/fire-schedules.ts';
import { migrateRuns } from '../src/engine/migrate-runs.ts';
import { sweep, takeOver } from '../src/engine/reconcile.ts';
import { wakeDue } from '../src/engine/wake-due.ts';
import { walkContacts } from '../src/engine/walk-contacts.ts';
import { startLoop } from './loop.ts';
import { runWorker } from './run-worker.ts';

/** The longest sleep: a timer that another process set meanwhile is late by no more. A fast clock is looked at more often. */
const LONGEST_SLEEP_MS = { real: 1_000, fast: 100 } as const;
const SHORTEST_SLEEP_MS = 10;
const SWEEP_MS = 2_000;
/** What dead workers held waits for its lease and no longer. */
const TAKE_OVER_MS = 1_000;
/** How soon people are taken along whom a publish left to the workers. */
const MIGRATE_MS = 1_000;
/** What is older than it is kept is looked for once a minute, and dropped a little at a time. */
const RETENTION_MS = 60_000;
const BETWEEN_DROPS_MS = 250;

await runWorker('scheduling', ({ ctx, dropAged, rollUpStats, shutdown }) => {
  const longest = ctx.clock.speed > 1 ? LONGEST_SLEEP_MS.fast : LONGEST_SLEEP_MS.real;
  const timers = startLoop(ctx.logger, async () => {
    await wakeDue(ctx);
    const next = await ctx.runs.nextTimerInMs();
    return Math.max(SHORTEST_SLEEP_MS, Math.min(next ?? longest, longest));
  });
  const repairs = startLoop(ctx.logger, async () => {
    await sweep(ctx);
    return SWEEP_MS;
  });
  const takeOvers = startLoop(ctx.logger, async () => {
    await takeOver(ctx);
    return TAKE_OVER_MS;
  });
  const schedules = startLoop(ctx.logger, async () => {
    await fireSchedules(ctx);
    await fireDates(ctx);
    return (await walkContacts(ctx)) ? 0 : longest;
  });
  const migrations = startLoop(ctx.logger, async () => {
    await migrateRuns(ctx);
    return MIGRATE_MS;
  });
  const counters = startLoop(ctx.logger, async () => (await rollUpStats() > 0 ? 0 : SWEEP_MS));
  const chores = startLoop(ctx.logger, async () => (await dropAged() > 0 ? BETWEEN_DROPS_MS : RETENTION_MS));
  const loops = [timers, schedules, repairs, takeOvers, migrations, counters, chores];
  shutdown.add('loops', () => Promise.all(loops.map((loop) => loop.stop())));
});
