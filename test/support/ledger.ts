import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Channel, Data } from '../../src/core/state.ts';
import { sendIdOf } from '../../src/ids.ts';

/** One location, contact, active workflow and enrollment, for sends to belong to. */
export interface Ledger {
  locationId: string;
  contactId: string;
  workflowId: string;
  enrollmentId: string;
}

/** Empties the tables and seeds one active run. */
export async function seedLedger(pool: Pool): Promise<Ledger> {
  const ledger: Ledger = { locationId: randomUUID(), contactId: randomUUID(), workflowId: randomUUID(), enrollmentId: randomUUID() };
  await pool.query('TRUNCATE locations, contacts, workflows_v2, workflow_enrollments, workflow_step_logs, workflow_scheduled_actions, sends CASCADE');
  await pool.query(`INSERT INTO locations (id, name) VALUES ($1, 'Main')`, [ledger.locationId]);
  await pool.query(`INSERT INTO contacts (id, location_id, email, phone) VALUES ($1, $2, 'ana@example.com', '+15551230001')`, [ledger.contactId, ledger.locationId]);
  await pool.query(
    `INSERT INTO workflows_v2 (id, location_id, slug, name, status, trigger_type, trigger_config, definition) VALUES ($1, $2, 'w', 'W', 'active', 'manual', '{}', '{}')`,
    [ledger.workflowId, ledger.locationId],
  );
  await pool.query('INSERT INTO workflow_enrollments (id, location_id, workflow_id, version_id, contact_id) VALUES ($1, $2, $3, $3, $4)', [
    ledger.enrollmentId,
    ledger.locationId,
    ledger.workflowId,
    ledger.contactId,
  ]);
  await pool.query(
    `INSERT INTO workflow_step_logs (enrollment_id, seq, location_id, step_id, step_type, status, started_rev) VALUES ($1, 1, $2, 'send', 'send_email', 'executing', 1)`,
    [ledger.enrollmentId, ledger.locationId],
  );
  return ledger;
}

export interface GivenSend {
  stepId?: string;
  channel?: Channel;
  request?: Data;
  maxAttempts?: number;
  backoffMs?: number;
  inMs?: number;
}

export async function insertSend(
  pool: Pool,
  ledger: Ledger,
  { stepId = 'send', channel = 'email', request = { to: 'ana@example.com', subject: 'Hi', text: 'Hi' }, maxAttempts = 5, backoffMs = 20, inMs = 0 }: GivenSend,
): Promise<string> {
  const id = sendIdOf(ledger.enrollmentId, stepId, 1);
  await pool.query(
    `INSERT INTO sends (id, location_id, enrollment_id, workflow_id, contact_id, step_id, visit, seq, channel, request, max_attempts, backoff_ms, next_attempt_at)
     VALUES ($1, $2, $3, $4, $5, $6, 1, 1, $7, $8, $9, $10, now() + make_interval(secs => $11::float8 / 1000))`,
    [id, ledger.locationId, ledger.enrollmentId, ledger.workflowId, ledger.contactId, stepId, channel, request, maxAttempts, backoffMs, inMs],
  );
  return id;
}

export const sendRow = async (pool: Pool, id: string): Promise<Data> => (await pool.query('SELECT * FROM sends WHERE id = $1', [id])).rows[0] as Data;

export const outcomesOf = async (pool: Pool, { enrollmentId }: Ledger): Promise<{ step_id: string; payload: Data }[]> =>
  (await pool.query(`SELECT step_id, payload FROM workflow_scheduled_actions WHERE enrollment_id = $1 AND kind = 'outcome' ORDER BY step_id`, [enrollmentId])).rows;
