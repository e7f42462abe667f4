import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prisma } from '../../../src/generated/prisma/client.ts';
import { createContact } from '../../../src/services/contacts.ts';
import { enrollContact } from '../../../src/services/enrollments.ts';
import { publishWorkflow } from '../../../src/services/lifecycle.ts';
import { createApiKey } from '../../../src/services/keys.ts';
import { createTemplate, createVoicemail } from '../../../src/services/assets.ts';
import { createWorkflow } from '../../../src/services/workflows.ts';
import { tenantPrisma } from '../../../src/store/desk/prisma.ts';
import { tenantTransactions } from '../../../src/store/desk/transaction.ts';
import { createDeskStage, DEFINITION, type DeskStage } from '../../support/desk-stage.ts';

let stage: DeskStage;
beforeAll(async () => {
  stage = await createDeskStage();
  for (const who of [stage.here, stage.there]) {
    const { workflow } = await createWorkflow(stage.ctx, who, { source: { format: 'yaml', text: DEFINITION } });
    await publishWorkflow(stage.ctx, who, { id: workflow.id });
    const contact = await createContact(stage.ctx, who, { contact: { email: 'same@example.com' } });
    const run = await enrollContact(stage.ctx, who, { workflowId: workflow.id, contactId: contact.id });
    await createApiKey(stage.ctx, who, { name: 'k', scopes: ['read'] });
    await createTemplate(stage.ctx, who, { slug: 't', channel: 'sms', message: 'x' });
    await createVoicemail(stage.ctx, who, { slug: 'v', audioUrl: 'https://a.example/v.mp3' });
    const at = [who.locationId, workflow.id, contact.id, run.id];
    await stage.rows("INSERT INTO workflow_step_logs (enrollment_id, seq, location_id, step_id, step_type, status, started_rev) VALUES ($1, 1, $2, 'a', 'b', 'executing', 2)", [run.id, who.locationId]);
    await stage.rows("INSERT INTO sends (id, location_id, workflow_id, contact_id, enrollment_id, step_id, visit, seq, channel, request) VALUES (gen_random_uuid(), $1, $2, $3, $4, 'a', 1, 1, 'sms', '{}')", at);
    await stage.rows("INSERT INTO enrollment_refusals (location_id, workflow_id, contact_id, reason) VALUES ($1, $2, $3, 'filters')", at.slice(0, 3));
    await stage.rows("INSERT INTO experiment_assignments (location_id, workflow_id, contact_id, experiment, variant) VALUES ($1, $2, $3, 'ab', 'A')", at.slice(0, 3));
    await stage.rows("INSERT INTO workflow_stat_totals (location_id, workflow_id, version_id, day, kind, n) VALUES ($1, $2, gen_random_uuid(), now(), 'enrolled', 1)", at.slice(0, 2));
    await stage.rows('INSERT INTO workflow_hooks (location_id, workflow_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', at.slice(0, 2));
    await stage.rows("INSERT INTO contact_walks (location_id, workflow_id, purpose, place, due_at) VALUES ($1, $2, 'schedule', 0, now())", at.slice(0, 2));
    await stage.rows('INSERT INTO date_field_plans (location_id, workflow_id, contact_id, place, contact_revision) VALUES ($1, $2, $3, 0, 1)', at.slice(0, 3));
    await stage.rows("INSERT INTO workflow_migrations (id, location_id, workflow_id, version_id, from_versions, moves) VALUES (gen_random_uuid(), $1, $2, gen_random_uuid(), '{}', '{}')", at.slice(0, 2));
    await stage.rows("INSERT INTO idempotency_keys (location_id, key, route, body_hash) VALUES ($1, 'k', 'r', 'h')", at.slice(0, 1));
    await stage.rows("INSERT INTO secrets (location_id, name, cipher) VALUES ($1, 's', 'x')", at.slice(0, 1));
  }
});
afterAll(() => stage.close());

/** Models without a location: they say nothing of anybody. */
const COMMON = ['JourneyClock', 'WorkflowRegistry', 'WorkerHeartbeat'];
const models = Object.values(Prisma.ModelName).filter((name) => !COMMON.includes(name));

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

  it('has a policy, forced, on every table with a location', async () => {
    const bare = await stage.rows(`SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'location_id' AND NOT a.attisdropped
      WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`);
    expect(bare).toEqual([]);
  });
});
