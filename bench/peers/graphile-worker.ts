import { makeWorkerUtils, run, type Task } from 'graphile-worker';
import { Pool } from 'pg';
import { contactOf, isVip, measure, variantOf, verify, type Measured, type WorkContact } from '../work.ts';

const steps = ['condition', 'set', 'split', 'send', 'complete'] as const;

interface Payload {
  contact: WorkContact;
  step: number;
}

/** graphile-worker, one job a step: the log row, the enrollment row and the next job in one transaction. */
const journey: Task = async (payload, helpers) => {
  const { contact, step } = payload as Payload;
  const output = [isVip(contact), { field: 'gold' }, variantOf(contact), { message_id: contact.id }, 'done'][step];
  await helpers.withPgClient(async (client) => {
    await client.query('BEGIN');
    await client.query('INSERT INTO peer_logs (contact_id, seq, step, output) VALUES ($1, $2, $3, $4)', [contact.id, step, steps[step], JSON.stringify(output)]);
    await client.query('UPDATE peer_enrollments SET step = $2, status = $3 WHERE contact_id = $1', [contact.id, steps[step], step === 4 ? 'completed' : 'active']);
    if (step < 4) await client.query("SELECT graphile_worker.add_job('journey', $1::json)", [JSON.stringify({ contact, step: step + 1 })]);
    await client.query('COMMIT');
  });
};

export async function graphileWorker(databaseUrl: string, enrollments: number): Promise<Measured> {
  const pool = new Pool({ connectionString: databaseUrl, max: 22 });
  const utils = await makeWorkerUtils({ pgPool: pool });
  await utils.migrate();
  await pool.query("CREATE TABLE peer_enrollments (contact_id uuid PRIMARY KEY, status text NOT NULL DEFAULT 'active', step text)");
  await pool.query('CREATE TABLE peer_logs (contact_id uuid, seq int, step text, output jsonb, at timestamptz DEFAULT now(), PRIMARY KEY (contact_id, seq))');
  const contacts = Array.from({ length: enrollments }, (_, n) => contactOf(n));
  await pool.query('INSERT INTO peer_enrollments (contact_id) SELECT unnest($1::uuid[])', [contacts.map(({ id }) => id)]);
  await pool.query("SELECT graphile_worker.add_job('journey', json_build_object('contact', c, 'step', 0)) FROM unnest($1::json[]) c", [contacts.map((contact) => JSON.stringify(contact))]);
  const measured = await measure('graphile-worker, a job a step', enrollments, async () => {
    const runner = await run({ pgPool: pool, concurrency: 20, pollInterval: 100, taskList: { journey }, noHandleSignals: true, logger: quiet() });
    while ((await count(pool, "SELECT count(*)::int AS n FROM peer_enrollments WHERE status = 'completed'")) < enrollments) await new Promise((resolve) => setTimeout(resolve, 20));
    await runner.stop();
  });
  verify('graphile-worker log rows', await count(pool, 'SELECT count(*)::int AS n FROM peer_logs'), enrollments * 5);
  await utils.release();
  await pool.end();
  return measured;
}

const count = async (pool: Pool, sql: string): Promise<number> => (await pool.query<{ n: number }>(sql)).rows[0]!.n;

const quiet = () => new (class {
  scope() { return this; }
  error() {} warn() {} info() {} debug() {}
})() as never; // graphile-worker's Logger has private fields that no literal can give
