import type { Pool } from 'pg';
import type { RunStore } from '../core/ports/hot-path.ts';
import { LocationCache } from './locations.ts';
import { commitRuns } from './runs-commit.ts';
import { crossingTransactions } from './desk/transaction.ts';
import { migratePage, migrateRuns } from './migrate-runs.ts';
import { loadRuns, lookAtRuns } from './runs-load.ts';
import { poisonRun } from './runs-poison.ts';
import { dueTimers, nextTimerInMs, stranded } from './runs-timers.ts';

/** The runs' half of the hot path over a pool that took the workers' role. */
export function createRunStore(pool: Pool): RunStore {
  const locations = new LocationCache(pool);
  const across = crossingTransactions(pool);
  return {
    load: (ids) => loadRuns(pool, locations, 'due', ids),
    loadStanding: (ids) => loadRuns(pool, locations, 'standing', ids),
    look: (ids) => lookAtRuns(pool, locations, ids),
    commit: (commits, now) => commitRuns(pool, commits, now),
    poison: (enrollmentId, reason) => poisonRun(pool, enrollmentId, reason),
    dueTimers: (limit) => dueTimers(pool, limit),
    nextTimerInMs: () => nextTimerInMs(pool),
    migratePage: (workflowId) => across((sql) => migratePage(sql, workflowId)),
    migrate: (ids) => across((sql) => migrateRuns(sql, ids)),
    stranded: (graceMs, limit) => stranded(pool, graceMs, limit),
  };
}
