import { Pool, type ClientBase } from 'pg';

/**
 * A line may break without a word: a machine that vanished, a firewall that forgot. A statement without an answer for so long ends with its connection, whose server
 * keeps or undoes it as if it had been cut. No statement of a worker takes a tenth of it; what people ask for may.
 */
const NO_ANSWER_MS = { worker: 20_000, people: 60_000 } as const;

export interface PoolOptions {
  url: string;
  /** Taken when a connection opens. Null stays the login role: for migrations, and for the API, whose transactions set their role themselves. */
  role: 'millrace_worker' | null;
  max: number;
  /** Shown in `pg_stat_activity`. */
  name: string;
  /** Hears of connections that broke; the pool replaces them by itself. */
  onError: (error: Error) => void;
}

/**
 * The one way to a pool. Hot statements are prepared by name and planned once (`force_generic_plan`): planning one of them
 * anew costs more than running it for a single run, and their plans do not depend on the values. A plan that was made when a
 * table was small must still be right when it has millions of rows: it finds rows by key, never by reading a table through.
 */
export function createPool({ url, role, max, name, onError }: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: name,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    query_timeout: role === null ? NO_ANSWER_MS.people : NO_ANSWER_MS.worker,
    // pg-pool awaits it before it hands the connection out; its types do not say so.
    // oxlint-disable-next-line typescript/no-misused-promises
    onConnect: (client: ClientBase) => settle(client, role),
  });
  pool.on('error', onError);
  // The pool listens to idle clients only: one that breaks in somebody's hands would end the process. Its holder's next statement fails.
  pool.on('connect', (client) => void client.on('error', onError));
  return pool;
}

async function settle(client: ClientBase, role: PoolOptions['role']): Promise<void> {
  if (role !== null) await client.query(`SET ROLE ${role}; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET random_page_cost = 0.1; SET jit = off`);
}
