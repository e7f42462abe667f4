import { Client } from 'pg';
import { until, verify } from '../work.ts';

/** Reads back what the engine left in the database. */
export interface Ledger {
  /** Waits until so many runs have ended well, by the counters that every commit writes. */
  completed(count: number): Promise<void>;
  /** Brings the planner's statistics up to date, as autovacuum has on any database that is older than a minute. */
  settle(): Promise<void>;
  /** Every run completed, five log rows each, every send accepted; throws when one is missing or too many. */
  verifyWork(runs: number): Promise<void>;
  query<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function openLedger(databaseUrl: string): Promise<Ledger> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const query = async <Row>(sql: string, values: unknown[] = []): Promise<Row[]> => (await client.query(sql, values)).rows as Row[];
  await query('SET ROLE millrace_worker');
  return {
    query,
    close: () => client.end(),
    completed: (count) => until(`${count} runs to complete`, async () => (await query<{ n: number }>(COMPLETED))[0]!.n >= count),
    async settle() {
      await query('RESET ROLE');
      await query('VACUUM ANALYZE');
      await query('SET ROLE millrace_worker');
    },
    async verifyWork(runs) {
      const [counts] = await query<{ completed: number; logs: number; accepted: number; mailbox: number }>(COUNTS);
      verify('completed enrollments', counts!.completed, runs);
      verify('completed log rows', counts!.logs, runs * 5);
      verify('accepted sends', counts!.accepted, runs);
      verify('rows left in the mailbox', counts!.mailbox, 0);
    },
  };
}

const COMPLETED = "SELECT coalesce(sum(n), 0)::int AS n FROM workflow_stat_deltas WHERE kind = 'completed'";

const COUNTS = `SELECT (SELECT count(*)::int FROM workflow_enrollments WHERE status = 'completed') AS completed,
  (SELECT count(*)::int FROM workflow_step_logs WHERE status = 'completed') AS logs,
  (SELECT count(*)::int FROM sends WHERE status = 'accepted') AS accepted,
  (SELECT count(*)::int FROM workflow_scheduled_actions) AS mailbox`;
