import type { EnrollmentDesk, EnrollmentFilter, ListRange } from '../../core/ports/desk.ts';
import type { EnrollmentRecord, FactRecord, StepLogRecord } from '../../core/ports/records.ts';
import type { Data } from '../../core/state.ts';
import type { Bench } from './bench.ts';
import { enroll } from './enroll.ts';
import { exitRuns } from './exit.ts';
import { writeAudit } from './outbox.ts';
import { recallSends } from './recall-sends.ts';
import type { TenantPrisma } from './prisma.ts';
import { recordOf, timed } from './rows.ts';
import type { Sql } from './transaction.ts';

const ENROLLMENT = `id, workflow_id, version_id, contact_id, entry_key, occurrence, status, current_step, step_data, position, trigger_data, depth, revision,
  enrolled_at, completed_at, next_run_at, exit_reason`;
const STEP_LOG = `enrollment_id, seq, step_id, step_type, visit, attempt, status, input_data AS input, output_data AS output, decision, error, outcome,
  started_at, completed_at, started_rev, ended_rev`;

export function enrollmentDesk({ locationId, prisma, transact }: Bench): EnrollmentDesk {
  return {
    enroll: (workflowId, versionId, reentry, rows, audit) => transact((sql) => enroll(sql, { locationId, workflowId, versionId, reentry, audit }, rows)),
    async findEnrollment(id) {
      const row = await prisma.enrollment.findFirst({ where: { id, locationId }, omit: { locationId: true } });
      return row && (timed(row) as EnrollmentRecord);
    },
    listEnrollments: (filter, range) => listEnrollments(prisma, locationId, filter, range),
    async exitEnrollment(id, reason, audit) {
      const answer = await transact(async (sql) => {
        const exited = await exitRuns(sql, locationId, { id }, reason);
        if (exited.length > 0) await writeAudit(sql, locationId, audit);
        const enrollment = await findOne(sql, locationId, id);
        return enrollment && { enrollment, changed: exited.length > 0 };
      });
      return answer && { ...answer, recalled: answer.changed ? await transact((sql) => recallSends(sql, locationId, { enrollmentIds: [id] })) : [] };
    },
    listStepLogs: (enrollmentId, { limit, afterSeq }) =>
      transact(async (sql) => logsOf(await sql.rows(`${LOGS} AND seq > $3 ORDER BY seq LIMIT $4`, [locationId, enrollmentId, afterSeq, limit]))),
    readTrail: (enrollmentId, sinceRevision) => transact((sql) => readTrail(sql, locationId, enrollmentId, sinceRevision), 'REPEATABLE READ'),
  };
}

const LOGS = `SELECT ${STEP_LOG} FROM workflow_step_logs WHERE location_id = $1 AND enrollment_id = $2`;

const logsOf = (rows: object[]): StepLogRecord[] => rows.map((row) => recordOf<StepLogRecord>(row));

async function listEnrollments(prisma: TenantPrisma, locationId: string, filter: EnrollmentFilter, { limit, after }: ListRange): Promise<EnrollmentRecord[]> {
  const { workflowId, contactId, status, currentStep } = filter;
  const rows = await prisma.enrollment.findMany({
    where: {
      locationId,
      ...(workflowId && { workflowId }),
      ...(contactId && { contactId }),
      ...(status && { status }),
      ...(currentStep && { currentStep }),
      ...(after && { id: { lt: after } }),
    },
    omit: { locationId: true },
    orderBy: { id: 'desc' },
    take: limit,
  });
  return rows.map((row) => timed(row) as EnrollmentRecord);
}

/** Call it in one snapshot: the run, its rows and its facts must be of the same moment. */
async function readTrail(sql: Sql, locationId: string, enrollmentId: string, sinceRevision: number): ReturnType<EnrollmentDesk['readTrail']> {
  const enrollment = await findOne(sql, locationId, enrollmentId);
  if (!enrollment) return null;
  const logs = await sql.rows(`${LOGS} AND (started_rev >= $3 OR ended_rev >= $3) ORDER BY seq`, [locationId, enrollmentId, sinceRevision]);
  const sends = await sql.rows<FactRow>('SELECT id, step_id, visit, seq, facts FROM sends WHERE location_id = $1 AND enrollment_id = $2', [locationId, enrollmentId]);
  return { enrollment, logs: logsOf(logs), facts: sends.flatMap(factsOf) };
}

async function findOne(sql: Sql, locationId: string, id: string): Promise<EnrollmentRecord | null> {
  const row = await sql.row(`SELECT ${ENROLLMENT} FROM workflow_enrollments WHERE location_id = $1 AND id = $2`, [locationId, id]);
  return row && recordOf<EnrollmentRecord>(row);
}

interface FactRow {
  id: string;
  step_id: string;
  visit: number;
  seq: number;
  /** `{ opened: { at: ms, rev } }`, as a run's commit writes it. */
  facts: Data;
}

function factsOf(send: FactRow): FactRecord[] {
  return Object.entries(send.facts).flatMap(([name, told]) => {
    const { at, rev } = told as { at?: unknown; rev?: unknown };
    if (typeof at !== 'number' || typeof rev !== 'number') return [];
    return [{ sendId: send.id, stepId: send.step_id, visit: send.visit, seq: send.seq, name, at, revision: rev }];
  });
}
