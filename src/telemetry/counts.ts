import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Lane } from '../core/ports/hot-path.ts';
import type { SendEnd, Work } from '../core/ports/telemetry.ts';
import type { LogRow } from '../core/state.ts';

/** What is counted of the engine in this process. No label ever names a person, a workflow or a run: series stay few. */
export interface Counts {
  batch(work: Work, lane: Lane, size: number, seconds: number): void;
  /** Rows of the step log that a commit completed. */
  steps(rows: LogRow[]): void;
  ended(status: string): void;
  sent(channel: string, end: SendEnd): void;
  /** How long after its moment a timer was taken. */
  late(seconds: number): void;
  /** How long an event waited for its dispatch. */
  lag(seconds: number): void;
  page(): Promise<string>;
}

/** What is asked of a pool of connections. */
export interface PoolUse {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

const SIZES = [1, 5, 20, 50, 100, 200, 500];
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const WAITS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Counters of a registry of their own, Node's and the process's own among them: two houses in one process do not meet. */
export function createCounts(pool: PoolUse): Counts {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const sizes = new Histogram({ name: 'millrace_batch_size', help: 'Runs, sends or events that a batch was given.', labelNames: ['work', 'lane'], buckets: SIZES, registers });
  const times = new Histogram({ name: 'millrace_batch_duration_seconds', help: 'Time that a batch took.', labelNames: ['work', 'lane'], buckets: SECONDS, registers });
  const steps = new Counter({ name: 'millrace_steps_total', help: 'Steps that ended, by their type and how.', labelNames: ['type', 'outcome'], registers });
  const ends = new Counter({ name: 'millrace_runs_ended_total', help: 'Enrollments that ended, by their status.', labelNames: ['status'], registers });
  const sends = new Counter({
    name: 'millrace_sends_total', help: 'Attempts at messages, calls and webhooks; "again" is tried once more.', labelNames: ['channel', 'result'], registers,
  });
  const lateness = new Histogram({ name: 'millrace_timer_lateness_seconds', help: 'Machine time from the moment of a timer to its run going on.', buckets: WAITS, registers });
  const lags = new Histogram({ name: 'millrace_event_dispatch_lag_seconds', help: 'Time that an event waited for its dispatch.', buckets: WAITS, registers });
  watchPool(pool, registers);
  return {
    batch(work, lane, size, seconds) {
      sizes.observe({ work, lane }, size);
      times.observe({ work, lane }, seconds);
    },
    steps(rows) {
      for (const { stepType, status, completedAt } of rows) if (completedAt !== null) steps.inc({ type: stepType, outcome: status });
    },
    ended: (status) => ends.inc({ status }),
    sent: (channel, result) => sends.inc({ channel, result }),
    late: (seconds) => lateness.observe(Math.max(0, seconds)),
    lag: (seconds) => lags.observe(Math.max(0, seconds)),
    page: () => registry.metrics(),
  };
}

function watchPool(pool: PoolUse, registers: Registry[]): void {
  new Gauge({
    name: 'millrace_database_connections', help: 'Connections of this process to PostgreSQL.', labelNames: ['state'], registers,
    collect() {
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
    },
  });
  new Gauge({
    name: 'millrace_database_waiting', help: 'Callers that wait for a connection to PostgreSQL.', registers,
    collect() {
      this.set(pool.waitingCount);
    },
  });
}
