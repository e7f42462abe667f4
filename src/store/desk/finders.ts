import type { Desk } from '../../core/ports/desk.ts';
import type { Transact } from './transaction.ts';

export type Finders = Pick<Desk, 'findSendLocation' | 'findProviderSend' | 'findPhone' | 'findWorkflowLocation' | 'onlyLocation'>;

/** Look-ups for moments when the location is not known yet: a message from outside names a send, a number, a workflow. */
export function findersOf(across: Transact): Finders {
  return {
    findSendLocation: (sendId) => across(async (sql) => (await sql.row<{ location: string | null }>('SELECT find_send_location($1) AS location', [sendId]))?.location ?? null),
    findProviderSend: (providerId) =>
      across(async (sql) => {
        const row = await sql.row<{ id: string; location_id: string }>("SELECT id, location_id FROM sends WHERE provider = 'twilio' AND provider_id = $1 LIMIT 1", [providerId]);
        return row && { sendId: row.id, locationId: row.location_id };
      }),
    findPhone: (phone) =>
      across(async (sql) => (await sql.rows<{ id: string; location_id: string }>(PHONE, [phone])).map(({ id, location_id }) => ({ contactId: id, locationId: location_id }))),
    findWorkflowLocation: (workflowId) =>
      across(async (sql) => (await sql.row<{ location_id: string }>('SELECT location_id FROM workflows_v2 WHERE id = $1', [workflowId]))?.location_id ?? null),
    onlyLocation: () =>
      across(async (sql) => {
        const rows = await sql.rows<{ id: string }>('SELECT id FROM locations LIMIT 2');
        return rows.length === 1 ? rows[0]!.id : null;
      }),
  };
}

const PHONE = `
  SELECT c.id, c.location_id FROM locations l JOIN contacts c ON c.location_id = l.id AND c.phone = $1 AND c.deleted_at IS NULL
  LEFT JOIN LATERAL (SELECT max(s.ended_at) AS at FROM workflow_enrollments e JOIN sends s ON s.enrollment_id = e.id WHERE e.contact_id = c.id AND s.channel = 'sms') last ON true
  ORDER BY last.at DESC NULLS LAST, c.id LIMIT 1000`;
