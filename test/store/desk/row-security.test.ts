import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prisma } from '../../../src/generated/prisma/client.ts';
import { tenantPrisma } from '../../../src/store/desk/prisma.ts';
import { crossingTransactions, tenantTransactions } from '../../../src/store/desk/transaction.ts';
import { createDeskStage, type DeskStage } from '../../support/desk-stage.ts';
import { fillHouse } from '../../support/full-house.ts';

let stage: DeskStage;
let tables: string[];
beforeAll(async () => {
  stage = await createDeskStage();
  await fillHouse(stage.ctx, stage.rows, stage.here, 'nearby');
  await fillHouse(stage.ctx, stage.rows, stage.there, 'faraway');
  tables = (
    await stage.rows<{ name: string }>(`SELECT c.relname AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace ORDER BY 1`)
  ).map(({ name }) => name);
});
afterAll(() => stage.close());

/** Tables without a location, and why that is right. A new table is a tenant's, or gets its reason here. */
const COMMON: Record<string, string> = {
  locations: 'it is the location: its own id is what its policy compares',
  journey_clock: 'one clock for the installation',
  workflow_registry: 'a number that says that some definition changed, nothing more',
  worker_heartbeats: 'processes of the installation',
  _prisma_migrations: 'the book of the migrations',
};

/** Of the policies those that let something through; the others only narrow them. */
type Catalogue = {
  name: string;
  has_location: boolean;
  nullable: boolean;
  on: boolean;
  forced: boolean;
  policies: { role: string; name: string; using: string; check: string | null; cmd: string }[] | null;
};
const catalogue = () =>
  stage.rows<Catalogue>(`
  SELECT c.relname AS name, a.attname IS NOT NULL AS has_location, a.attname IS NOT NULL AND NOT a.attnotnull AS nullable, c.relrowsecurity AS on, c.relforcerowsecurity AS forced,
    (SELECT json_agg(json_build_object('role', p.roles[1], 'name', p.policyname, 'using', p.qual, 'check', p.with_check, 'cmd', p.cmd)) FROM pg_policies p WHERE p.schemaname = current_schema() AND p.tablename = c.relname AND p.permissive = 'PERMISSIVE') AS policies
  FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'location_id' AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace ORDER BY 1`);

describe('row-level security, table by table from the catalogue', () => {
  it('every table has a location, or a reason to have none', async () => {
    const without = (await catalogue()).filter(({ has_location }) => !has_location).map(({ name }) => name);
    expect(without.filter((name) => !(name in COMMON)), 'give it a location_id with a forced policy, or a reason above').toEqual([]);
    expect((await catalogue()).filter(({ nullable }) => nullable)).toEqual([]);
  });

  it('is on and forced, with one policy for each role, wherever there is a location', async () => {
    const tenants = (await catalogue()).filter(({ name, has_location }) => has_location || name === 'locations');
    expect(tenants.length).toBeGreaterThan(20);
    for (const { name, on, forced, policies } of tenants) {
      expect([name, on, forced]).toEqual([name, true, true]);
      const column = name === 'locations' ? 'id' : 'location_id';
      const byRole = new Map((policies ?? []).map((policy) => [policy.role, policy]));
      expect([name, [...byRole.keys()].toSorted(), policies!.length]).toEqual([name, ['millrace_api', 'millrace_worker'], 2]);
      const api = byRole.get('millrace_api')!;
      expect([name, api.cmd, api.check]).toEqual([name, 'ALL', api.using]);
      expect(api.using.replace(/\s+/g, ' '), `policy of ${name}`).toMatch(
        new RegExp(`^\\(${column} = \\( SELECT \\(NULLIF\\(current_setting\\('app.location_id'::text, true\\), ''::text\\)\\)::uuid`),
      );
      expect(byRole.get('millrace_worker'), `policy of ${name}`).toMatchObject({ using: 'true', check: 'true', cmd: 'ALL' });
    }
  });

  it('nobody who serves owns a table or passes the policies by', async () => {
    const roles = await stage.rows(
      "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname IN ('millrace_api', 'millrace_worker') ORDER BY 1",
    );
    const plain = { rolsuper: false, rolbypassrls: false, rolcanlogin: false, rolcreaterole: false, rolcreatedb: false };
    expect(roles).toEqual([{ rolname: 'millrace_api', ...plain }, { rolname: 'millrace_worker', ...plain }]);
    expect(
      await stage.rows(
        "SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname IN ('millrace_api', 'millrace_worker') AND c.relnamespace = current_schema()::regnamespace",
      ),
    ).toEqual([]);
    expect(await stage.rows("SELECT pg_has_role('millrace_api', 'millrace_worker', 'MEMBER') AS member")).toEqual([{ member: false }]);
  });

  it('what runs with other rights is a look-up that was meant to, with a fixed search path', async () => {
    const functions = await stage.rows<{ name: string; owner: string; path: boolean; open: boolean }>(`
      SELECT p.proname AS name, r.rolname AS owner, p.proconfig::text LIKE '%search_path=%' AS path, has_function_privilege('public', p.oid, 'EXECUTE') AS open
      FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.prosecdef AND p.pronamespace = current_schema()::regnamespace ORDER BY 1`);
    expect(functions).toEqual(['find_api_key', 'find_send_location'].map((name) => ({ name, owner: 'millrace_worker', path: true, open: false })));
  });

  it('the audit log can be written and read, never changed; workers alone may drop lines, of 30 days and more', async () => {
    const may = async (right: string) =>
      (
        await stage.rows<{ role: string }>(
          `SELECT r AS role FROM unnest(ARRAY['millrace_api', 'millrace_worker']) AS r WHERE has_table_privilege(r, 'audit_log', '${right}') ORDER BY 1`,
        )
      ).map(({ role }) => role);
    expect([await may('UPDATE'), await may('TRUNCATE'), await may('DELETE')]).toEqual([[], [], ['millrace_worker']]);
    for (const days of [29, 31])
      await stage.rows("INSERT INTO audit_log (location_id, actor, action, subject, at) VALUES ($1, 'test', 'aged', 'x', now() - make_interval(days => $2))", [
        stage.there.locationId,
        days,
      ]);
    const dropped = await crossingTransactions(stage.pool)((sql) =>
      sql.rows("DELETE FROM audit_log WHERE action = 'aged' RETURNING round(extract(epoch FROM now() - at) / 86400)::int AS days"),
    );
    expect(dropped).toEqual([{ days: 31 }]);
  });

  it('a tenant reads, changes and deletes rows of its own alone, in every table', async () => {
    const transact = tenantTransactions(stage.pool, stage.here.locationId);
    for (const name of tables.filter((table) => !(table in COMMON))) {
      const [all] = await stage.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${name} WHERE location_id = $1`, [stage.there.locationId]);
      expect([name, all!.n > 0], 'fillHouse has a row for every table').toEqual([name, true]);
      const seen = await transact((sql) => sql.rows<{ location_id: string }>(`SELECT DISTINCT location_id FROM ${name}`));
      expect([name, seen]).toEqual([name, [{ location_id: stage.here.locationId }]]);
      if (name === 'audit_log' || name === 'workflow_versions') continue; // nobody changes these
      expect([name, await transact((sql) => sql.rows(`UPDATE ${name} SET location_id = location_id WHERE location_id = $1 RETURNING 1`, [stage.there.locationId]))]).toEqual([
        name,
        [],
      ]);
      await expect(transact((sql) => sql.rows(`UPDATE ${name} SET location_id = $1`, [stage.there.locationId])), `rows of ${name}`).rejects.toThrow(/row-level security/);
    }
  });

  it('without a tenant there is nothing at all', async () => {
    const nobody = tenantTransactions(stage.pool, '');
    for (const name of tables.filter((table) => !(table in COMMON) || table === 'locations')) {
      expect([name, await nobody((sql) => sql.rows(`SELECT 1 FROM ${name} LIMIT 1`))]).toEqual([name, []]);
    }
  });
});

const models = Object.values(Prisma.ModelName).filter((name) => !['JourneyClock', 'WorkflowRegistry', 'WorkerHeartbeat'].includes(name));
type Rows = { locationId?: string; id?: string }[];

describe('a tenant', () => {
  it.each(models)('sees its own rows of %s and nobody else’s', async (model) => {
    const client = tenantPrisma(stage.prisma, stage.here.locationId) as unknown as Record<string, { findMany(): Promise<Rows> }>; // by name, for every model alike
    const rows = await client[model[0]!.toLowerCase() + model.slice(1)]!.findMany();
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => (model === 'Location' ? row.id : row.locationId)))).toEqual(new Set([stage.here.locationId]));
  });

  it('cannot write into another location, not even in its own words', async () => {
    const transact = tenantTransactions(stage.pool, stage.here.locationId);
    await expect(transact((sql) => sql.rows('INSERT INTO contacts (location_id) VALUES ($1)', [stage.there.locationId]))).rejects.toThrow(/row-level security/);
    expect(await transact((sql) => sql.rows("UPDATE contacts SET first_name = 'X' WHERE location_id = $1 RETURNING id", [stage.there.locationId]))).toEqual([]);
  });

  it('leaves no trace on the connection', async () => {
    await tenantPrisma(stage.prisma, stage.here.locationId).contact.count();
    const { rows } = await stage.pool.query("SELECT current_user <> 'millrace_api' AS left, COALESCE(current_setting('app.location_id', true), '') AS tenant");
    expect(rows).toEqual([{ left: true, tenant: '' }]);
  });
});
