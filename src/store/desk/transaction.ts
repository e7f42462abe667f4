import { escapeLiteral, type Pool, type PoolClient, type QueryResultRow } from 'pg';
import { isConflict } from '../sqlstate.ts';
import { namedOutage } from './outage.ts';

/** One transaction as desk files see it. */
export interface Sql {
  /** A name lets the server keep the plan: for statements that run often. The name stands for the text. */
  rows<Row extends QueryResultRow>(text: string, values?: unknown[], name?: string): Promise<Row[]>;
  /** The first row, or null. */
  row<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row | null>;
}
export type Transact = <T>(work: (sql: Sql) => Promise<T>, isolation?: 'READ COMMITTED' | 'REPEATABLE READ') => Promise<T>;

type Role = 'millrace_api' | 'millrace_worker';

/**
 * Opens a transaction in one round trip: its tenant, and the role that the policies are written for, until its end only. Named statements
 * are planned once: planning an enrolment costs twice its work.
 */
const opening = (role: Role, locationId: string, isolation: string): string =>
  `BEGIN ISOLATION LEVEL ${isolation}; SET LOCAL ROLE ${role}; SET LOCAL app.location_id = ${escapeLiteral(locationId)}; SET LOCAL plan_cache_mode = force_generic_plan`;

const ATTEMPTS = 4;

/** Transactions that see one location. `work` may run again after a lost conflict: it must keep nothing but its answer. */
export const tenantTransactions = (pool: Pool, locationId: string): Transact => transactions(pool, 'millrace_api', locationId);

/** Transactions across locations, for the moments before one is known. */
export const crossingTransactions = (pool: Pool): Transact => transactions(pool, 'millrace_worker', '');

function transactions(pool: Pool, role: Role, locationId: string): Transact {
  return async (work, isolation = 'READ COMMITTED') => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(pool, opening(role, locationId, isolation), work);
      } catch (error) {
        if (!isConflict(error) || attempt === ATTEMPTS) throw namedOutage(error);
      }
    }
  };
}

async function once<T>(pool: Pool, open: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(open);
    const answer = await work(sqlOf(client));
    await client.query('COMMIT');
    return answer;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollback: Error) => { broken = rollback; });
    throw error;
  } finally {
    client.release(broken);
  }
}

function sqlOf(client: PoolClient): Sql {
  const rows = async <Row extends QueryResultRow>(text: string, values: unknown[] = [], name?: string): Promise<Row[]> => (await client.query<Row>({ name, text, values })).rows;
  return { rows, row: async (text, values) => (await rows<never>(text, values))[0] ?? null };
}
