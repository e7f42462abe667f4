import type { AuditDesk, EventDesk, SendDesk } from '../../core/ports/desk.ts';
import type { AuditRecord, SendRecord } from '../../core/ports/records.ts';
import type { Bench } from './bench.ts';
import { tellEvents, writeAudit } from './outbox.ts';
import { recordOf, timed } from './rows.ts';

/** What happened: the audit log, what was sent, and events of contacts. */
export function recordDesk({ locationId, prisma, transact }: Bench): AuditDesk & SendDesk & EventDesk {
  return {
    async listAudit({ limit, after }) {
      const rows = await transact((sql) =>
        sql.rows(
          `SELECT id, actor, action, subject, detail, at FROM audit_log
           WHERE location_id = $1 AND ($2::uuid IS NULL OR (at, id) < (SELECT a.at, a.id FROM audit_log a WHERE a.id = $2)) ORDER BY at DESC, id DESC LIMIT $3`,
          [locationId, after, limit],
        ),
      );
      return rows.map((row) => recordOf<AuditRecord>(row));
    },
    async findSend(id) {
      const row = await prisma.send.findFirst({
        where: { id, locationId },
        select: {
          id: true, enrollmentId: true, workflowId: true, contactId: true, stepId: true, visit: true, channel: true, status: true,
          request: true, facts: true, endedAt: true,
        },
      });
      return row && (timed(row) as SendRecord);
    },
    lastSend: (contactId, channel) =>
      transact(async (sql) => {
        const row = await sql.row(LAST_SEND, [locationId, contactId, channel]);
        return row && recordOf<SendRecord>(row);
      }),
    recordEvent: (contactId, event, audit) =>
      transact(async (sql) => {
        const [told] = await tellEvents(sql, locationId, contactId, [event]);
        if (audit && told!.created) await writeAudit(sql, locationId, audit);
        return told!;
      }),
  };
}

/** By way of the contact's runs: the ledger has no index of contacts, which every send would pay for. */
const LAST_SEND = `
  SELECT s.id, s.enrollment_id, s.workflow_id, s.contact_id, s.step_id, s.visit, s.channel, s.status, s.request, s.facts, s.ended_at
  FROM workflow_enrollments e JOIN sends s ON s.enrollment_id = e.id
  WHERE e.location_id = $1 AND e.contact_id = $2 AND s.channel = $3 AND s.status IN ('accepted', 'unknown') ORDER BY s.ended_at DESC LIMIT 1`;
