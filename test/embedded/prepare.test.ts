import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareNamedDatabase } from '../../src/embedded/prepare.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await createEmptyDatabase()));
afterAll(() => database.drop());

async function speed(): Promise<number> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ speed: number }>('SELECT speed FROM journey_clock');
  await client.end();
  return rows[0]!.speed;
}

it('migrates a database, and changes its clock only when a speed is set', async () => {
  expect(await prepareNamedDatabase({ DATABASE_URL: database.url, DEMO: 'on' })).toMatch(/^Applied /);
  expect(await speed()).toBe(1);
  expect(await prepareNamedDatabase({ DATABASE_URL: database.url, CLOCK_SPEED: '60' })).toBe('The database is up to date.');
  expect(await speed()).toBe(60);
  await prepareNamedDatabase({ DATABASE_URL: database.url });
  expect(await speed()).toBe(60);
});

it('says which variable is missing', async () => {
  await expect(prepareNamedDatabase({})).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('DATABASE_URL') });
});

it('names the server that does not answer, and the variable, without the password', async () => {
  const said = await prepareNamedDatabase({ DATABASE_URL: 'postgres://me:hidden@127.0.0.1:9/journeys' }).catch((error: unknown) => error);
  expect(said).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringMatching(/^PostgreSQL at 127\.0\.0\.1:9\/journeys cannot be used: .*ECONNREFUSED.*DATABASE_URL/) });
  expect(String(said)).not.toContain('hidden');
});
