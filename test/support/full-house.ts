import type { Context } from '../../src/context.ts';
import type { Caller } from '../../src/services/caller.ts';
import { createTemplate, createVoicemail } from '../../src/services/assets.ts';
import { createContact } from '../../src/services/contacts.ts';
import { enrollContact } from '../../src/services/enrollments.ts';
import { emitEvent } from '../../src/services/events.ts';
import { createApiKey } from '../../src/services/keys.ts';
import { updateLocation } from '../../src/services/locations.ts';
import { publishWorkflow } from '../../src/services/publishing.ts';
import { testWorkflow } from '../../src/services/test-runs.ts';
import { createWorkflow } from '../../src/services/workflows.ts';

/** One of each thing in a location. */
export interface House {
  workflow: string;
  contact: string;
  enrollment: string;
  template: string;
  voicemail: string;
  apiKey: string;
  send: string;
  testRun: string;
  mark: string;
}

type Rows = <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>;

const definitionOf = (mark: string): string => `name: ${mark} journey
triggers:
  - type: manual
  - type: webhook
    config: { match_by: contact_id }
steps:
  - { id: ${mark}_hello, type: add_tag, config: { tag: ${mark} } }
  - { id: pause, type: wait, config: { duration: 2d } }
  - { id: bye, type: remove_tag, config: { tag: ${mark} } }
`;

/** A row in every table that has a location, through the services as far as they go. `mark` is in every text, so that one that leaks is known by it. */
export async function fillHouse(ctx: Context, rows: Rows, who: Caller, mark: string): Promise<House> {
  const { workflow } = await createWorkflow(ctx, who, { source: { format: 'yaml', text: definitionOf(mark) } });
  await publishWorkflow(ctx, who, { id: workflow.id });
  const contact = await createContact(ctx, who, {
    contact: { first_name: mark, email: `${mark}@example.com`, phone: '+15551230001', tags: [mark], custom_fields: { note: mark } },
  });
  const run = await enrollContact(ctx, who, { workflowId: workflow.id, contactId: contact.id, initialData: { note: mark } });
  await emitEvent(ctx, who, { contactId: contact.id, name: `${mark}.paid`, data: { note: mark } });
  await updateLocation(ctx, who, { name: `${mark} location` });
  const { key } = await createApiKey(ctx, who, { name: `${mark} key`, scopes: ['read'] });
  const template = await createTemplate(ctx, who, { slug: `${mark}_t`, channel: 'sms', name: mark, message: mark });
  const voicemail = await createVoicemail(ctx, who, { slug: `${mark}_v`, audioUrl: `https://${mark}.example/v.mp3` });
  const testRun = await testWorkflow(ctx, who, { mode: 'simulate', workflowId: workflow.id, contact: contact.id });
  const at = [who.locationId, workflow.id, contact.id, run.id];
  const [send] = await rows<{ id: string }>(
    `INSERT INTO sends (id, location_id, workflow_id, contact_id, enrollment_id, step_id, visit, seq, channel, request, status, ended_at)
     VALUES (gen_random_uuid(), $1, $2, $3, $4, $5 || '_hello', 1, 1, 'sms', jsonb_build_object('body', $5::text), 'accepted', now()) RETURNING id`, [...at, mark],
  );
  await rows(
    `INSERT INTO workflow_step_logs (enrollment_id, seq, location_id, step_id, step_type, status, started_rev, input_data, output_data)
     VALUES ($1, 1, $2, $3 || '_hello', 'add_tag', 'completed', 2, jsonb_build_object('x', $3::text), jsonb_build_object('x', $3::text))`, [run.id, who.locationId, mark],
  );
  await rows("INSERT INTO enrollment_refusals (location_id, workflow_id, contact_id, reason, detail) VALUES ($1, $2, $3, $4, jsonb_build_object('x', $4::text))", [
    ...at.slice(0, 3),
    mark,
  ]);
  await rows("INSERT INTO experiment_assignments (location_id, workflow_id, contact_id, experiment, variant) VALUES ($1, $2, $3, $4, 'A')", [...at.slice(0, 3), mark]);
  await rows("INSERT INTO workflow_stat_totals (location_id, workflow_id, version_id, day, kind, n) VALUES ($1, $2, gen_random_uuid(), now(), 'enrolled', 1)", at.slice(0, 2));
  await rows('INSERT INTO workflow_hooks (location_id, workflow_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', at.slice(0, 2));
  await rows("INSERT INTO contact_walks (location_id, workflow_id, purpose, place, due_at) VALUES ($1, $2, 'schedule', 0, now())", at.slice(0, 2));
  await rows('INSERT INTO date_field_plans (location_id, workflow_id, contact_id, place, contact_revision) VALUES ($1, $2, $3, 0, 1)', at.slice(0, 3));
  await rows(
    "INSERT INTO workflow_migrations (id, location_id, workflow_id, version_id, from_versions, moves) VALUES (gen_random_uuid(), $1, $2, gen_random_uuid(), '{}', '{}')",
    at.slice(0, 2),
  );
  await rows("INSERT INTO idempotency_keys (location_id, key, route, body_hash) VALUES ($1, $2, 'r', 'h')", [who.locationId, mark]);
  await rows("INSERT INTO secrets (location_id, name, cipher) VALUES ($1, $2, 'x')", [who.locationId, mark]);
  return {
    workflow: workflow.id,
    contact: contact.id,
    enrollment: run.id,
    template: template.id,
    voicemail: voicemail.id,
    apiKey: key.id,
    send: send!.id,
    testRun: testRun.id,
    mark,
  };
}
