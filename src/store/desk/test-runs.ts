import type { TestRunDesk } from '../../core/ports/desk.ts';
import type { TestRunRecord } from '../../core/ports/records.ts';
import { uuidv7 } from '../../ids.ts';
import { jsonText } from '../json-text.ts';
import type { Bench } from './bench.ts';
import { writeAudit } from './outbox.ts';
import { recordOf } from './rows.ts';

const RUN = 'id, workflow_id, mode, report, created_at';

export function testRunDesk({ locationId, transact }: Bench): TestRunDesk {
  return {
    insertTestRun: ({ workflowId, mode, report }, audit) =>
      transact(async (sql) => {
        const row = await sql.row(
          `INSERT INTO workflow_test_runs (id, location_id, workflow_id, mode, report) VALUES ($1, $2, $3, $4, $5) RETURNING ${RUN}`,
          [uuidv7(), locationId, workflowId, mode, jsonText(report)],
        );
        await writeAudit(sql, locationId, audit);
        return recordOf<TestRunRecord>(row as object);
      }),
    findTestRun: (id) =>
      transact(async (sql) => {
        const row = await sql.row(`SELECT ${RUN} FROM workflow_test_runs WHERE location_id = $1 AND id = $2`, [locationId, id]);
        return row && recordOf<TestRunRecord>(row);
      }),
  };
}
