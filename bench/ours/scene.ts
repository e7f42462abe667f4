import { Client } from 'pg';
import type { Context } from '../../src/context.ts';
import type { Caller } from '../../src/services/caller.ts';
import { enrollContacts } from '../../src/services/enrollments.ts';
import { publishWorkflow } from '../../src/services/publishing.ts';
import { createWorkflow } from '../../src/services/workflows.ts';

export interface Scene {
  who: Caller;
  /** The five steps of WORK. */
  workflowId: string;
  versionId: string;
  contactIds: string[];
}

/** condition → set → A/B split → send → set: the send divides the run into two phases. */
const WORK = {
  name: 'Five steps',
  trigger: { type: 'manual' },
  steps: [
    { id: 'vip', type: 'condition', config: { if: [{ field: 'tags', operator: 'contains', value: 'vip' }] } },
    { id: 'plan', type: 'set', config: { values: { plan: '{{contact.custom_fields.plan}}' } } },
    { id: 'split', type: 'ab_split', config: { variants: [{ name: 'A', weight: 50 }, { name: 'B', weight: 50 }] } },
    { id: 'hello', type: 'send_sms', config: { message: 'Hello {{contact.first_name}}' } },
    { id: 'done', type: 'set', config: { values: { message: '{{steps.hello.result}}' } } },
  ],
};

/** A location with these defaults, its contacts, and WORK as a published workflow. */
export async function setScene(ctx: Context, databaseUrl: string, contacts: number, defaults: object = {}): Promise<Scene> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('SET ROLE millrace_worker');
  const { rows } = await client.query<{ id: string }>("INSERT INTO locations (name, defaults) VALUES ('Bench', $1) RETURNING id", [JSON.stringify(defaults)]);
  const locationId = rows[0]!.id;
  const made = await client.query<{ id: string }>(CONTACTS, [locationId, contacts]);
  await client.end();
  const who: Caller = { locationId, actor: 'bench', scopes: ['admin'] };
  const { workflowId, versionId } = await publish(ctx, who, WORK);
  return { who, workflowId, versionId, contactIds: made.rows.map(({ id }) => id) };
}

const CONTACTS = `INSERT INTO contacts (location_id, first_name, email, phone, tags, custom_fields)
  SELECT $1, 'Contact ' || n, 'contact-' || n || '@example.com', '+1555' || lpad(n::text, 7, '0'), ARRAY[CASE n % 2 WHEN 0 THEN 'vip' ELSE 'new' END],
    jsonb_build_object('score', n % 100, 'plan', 'pro')
  FROM generate_series(1, $2::int) n RETURNING id`;

export async function publish(ctx: Context, who: Caller, definition: object): Promise<{ workflowId: string; versionId: string }> {
  const { workflow } = await createWorkflow(ctx, who, { source: { format: 'json', value: definition } });
  const { version } = await publishWorkflow(ctx, who, { id: workflow.id });
  return { workflowId: workflow.id, versionId: version.id };
}

/** Through the bulk door, as many at once as it takes. The doorbells wait in the queue until somebody answers. */
export async function enrollAll(ctx: Context, { who, workflowId }: Scene, contactIds: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < contactIds.length; at += 10_000) {
    const answers = await enrollContacts(ctx, who, { workflowId, contactIds: contactIds.slice(at, at + 10_000) });
    ids.push(...answers.map(({ enrollmentId }) => enrollmentId));
  }
  return ids;
}
