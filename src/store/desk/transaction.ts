import type { Pool, PoolClient, QueryResultRow } from 'pg';
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

/** The tenant of the running transaction, and the role that the policies are written for. `true`: until its end only. Named statements are planned once: planning an enrolment costs twice its work. */
const enter = (role: string): string => `SELECT set_config('role', '${role}', true), set_config('app.location_id', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true)`;
const SET_TENANT = enter('millrace_api');
const SET_CROSSING = enter('millrace_worker');

const ATTEMPTS = 4;

/** Transactions that see one location. `work` may run again after a lost conflict: it must keep nothing but its answer. */
export const tenantTransactions = (pool: Pool, locationId: string): Transact => transactions(pool, SET_TENANT, locationId);

/** Transactions across locations, for the moments before one is known. */
export const crossingTransactions = (pool: Pool): Transact => transactions(pool, SET_CROSSING, '');

function transactions(pool: Pool, setting: string, locationId: string): Transact {
  return async (work, isolation = 'READ COMMITTED') => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(pool, setting, locationId, isolation, work);
      } catch (error) {
        if (!isConflict(error) || attempt === ATTEMPTS) throw namedOutage(error);
      }
    }
  };
}

async function once<T>(pool: Pool, setting: string, locationId: string, isolation: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    await client.query({ name: setting === SET_TENANT ? 'enter_tenant' : 'enter_crossing', text: setting, values: [locationId] });
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
