import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantTransactions } from '../../src/store/desk/transaction.ts';
import { createPool } from '../../src/store/pool.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('a connection that the server ends', () => {
  it.each([
    ['in the middle of a statement', 'SELECT pg_sleep(30)'],
    ['between two statements of a transaction', null],
  ])('%s fails its caller and nobody else', async (_name, statement) => {
    const heard: Error[] = [];
    const pool = createPool({ url: database.url, role: null, max: 3, name: 'test', onError: (error) => heard.push(error) });
    const transact = tenantTransactions(pool, '00000000-0000-4000-8000-000000000000');
    const victim = transact(async (sql) => {
      const pid = (await sql.row<{ pid: number }>('SELECT pg_backend_pid() AS pid'))!.pid;
      if (statement === null) {
        await pool.query('SELECT pg_terminate_backend($1)', [pid]);
        await until('word of the lost connection', () => heard.length > 0);
      } else {
        const soon = until(
          'the statement to run',
          async () => (await pool.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND query LIKE '%pg_sleep%'", [pid])).rowCount === 1,
        );
        void soon.then(() => pool.query('SELECT pg_terminate_backend($1)', [pid]));
        await sql.rows(statement);
      }
      return sql.rows('SELECT 1');
    });
    await expect(victim).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });
});
