import { Pool, type PoolClient } from 'pg';
import { each } from '../work.ts';

/** A stored workflow as the naive engine reads it: JSON, parsed and looked through for every event. */
interface Definition {
  trigger: { type: string; config: Record<string, unknown>; filters: { field: string; operator: string; value: unknown }[] };
  steps: { id: string; type: string; config: Record<string, unknown> }[];
}

interface Contact {
  id: string;
  tags: string[];
  custom_fields: Record<string, unknown>;
}

export interface NaiveEvent {
  id: string;
  type: string;
  contactId: string;
  data: Record<string, unknown>;
}

const AT_ONCE = 20;

/**
 * The engine that a house writes first: every event reads all active workflows, parses them and interprets their filters; every enrollment and every step is a
 * transaction of its own. Twenty events at once, each contact's run to its end. Gives how many it enrolled.
 */
export async function runNaively(databaseUrl: string, definitions: object[], events: NaiveEvent[]): Promise<number> {
  const pool = new Pool({ connectionString: databaseUrl, max: AT_ONCE });
  await pool.query(`CREATE TABLE naive_workflows (id int PRIMARY KEY, status text NOT NULL, definition text NOT NULL)`);
  await pool.query(`CREATE TABLE naive_seen (event_id uuid PRIMARY KEY)`);
  await pool.query(`CREATE TABLE naive_enrollments (id bigserial PRIMARY KEY, workflow_id int, contact_id uuid, status text, step text, data jsonb DEFAULT '{}', UNIQUE (workflow_id, contact_id))`);
  await pool.query(`CREATE TABLE naive_logs (enrollment_id bigint, seq int, step text, output jsonb, at timestamptz DEFAULT now(), PRIMARY KEY (enrollment_id, seq))`);
  await pool.query(`INSERT INTO naive_workflows SELECT n, 'active', d FROM unnest($1::text[]) WITH ORDINALITY AS u(d, n)`, [definitions.map((one) => JSON.stringify(one))]);
  await pool.query('ANALYZE naive_workflows');
  let enrolled = 0;
  await each(events, AT_ONCE, async (event) => {
    for (const { enrollmentId, contact, definition } of await enter(pool, event)) {
      enrolled += 1;
      for (const [seq, step] of definition.steps.entries()) await take(pool, enrollmentId, contact, seq, step);
    }
  });
  await pool.end();
  return enrolled;
}

interface Entered {
  enrollmentId: string;
  contact: Contact;
  definition: Definition;
}

/** Once for each event: all workflows are looked through, and the contact is enrolled where it belongs. */
const enter = (pool: Pool, event: NaiveEvent): Promise<Entered[]> =>
  transaction(pool, async (client) => {
    const { rowCount } = await client.query('INSERT INTO naive_seen VALUES ($1) ON CONFLICT DO NOTHING', [event.id]);
    if (rowCount === 0) return [];
    const { rows: [contact] } = await client.query<Contact>('SELECT id, tags, custom_fields FROM contacts WHERE id = $1', [event.contactId]);
    const { rows } = await client.query<{ id: number; definition: string }>("SELECT id, definition FROM naive_workflows WHERE status = 'active'");
    const entered: Entered[] = [];
    for (const row of rows) {
      const definition = JSON.parse(row.definition) as Definition;
      if (!contact || !matches(definition, event, contact)) continue;
      const made = await client.query<{ id: string }>("INSERT INTO naive_enrollments (workflow_id, contact_id, status) VALUES ($1, $2, 'active') ON CONFLICT DO NOTHING RETURNING id", [row.id, contact.id]);
      if (made.rows[0]) entered.push({ enrollmentId: made.rows[0].id, contact, definition });
    }
    return entered;
  });

function matches({ trigger }: Definition, event: NaiveEvent, contact: Contact): boolean {
  if (trigger.type !== event.type || Object.entries(trigger.config).some(([key, value]) => event.data[key] !== value)) return false;
  return trigger.filters.every((filter) => holds(contact, filter));
}

function holds(contact: Contact, { field, operator, value }: Definition['trigger']['filters'][number]): boolean {
  const found = field.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], contact);
  if (operator === 'greater_than') return Number(found) > Number(value);
  if (operator === 'contains') return (found as unknown[]).includes(value);
  return found === value;
}

/** One step: its log row and where the run stands, in one transaction. */
const take = (pool: Pool, enrollmentId: string, contact: Contact, seq: number, { id, type, config }: Definition['steps'][number]): Promise<void> =>
  transaction(pool, async (client) => {
    const output = type === 'condition' ? { result: (config['if'] as Definition['trigger']['filters']).every((filter) => holds(contact, filter)) } : type === 'ab_split' ? { variant: contact.id.charCodeAt(35) % 2 === 0 ? 'A' : 'B' } : config['values'];
    await client.query('INSERT INTO naive_logs (enrollment_id, seq, step, output) VALUES ($1, $2, $3, $4)', [enrollmentId, seq, id, JSON.stringify(output)]);
    await client.query('UPDATE naive_enrollments SET step = $2, status = $3, data = data || $4 WHERE id = $1', [enrollmentId, id, seq === 3 ? 'completed' : 'active', JSON.stringify({ [id]: output })]);
  });

async function transaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const answer = await work(client);
    await client.query('COMMIT');
    return answer;
  } finally {
    client.release();
  }
}
