import type { Pool } from 'pg';
import type { VersionStore } from '../core/ports/hot-path.ts';
import { crossingTransactions } from './desk/transaction.ts';

/**
 * Definitions of versions by id. What is published never changes, so callers may keep them. The API asks too, with an id that it read as
 * its tenant: the role is taken here, because its connections have none, and row-level security shows an owner without one nothing.
 */
export function createVersionStore(pool: Pool): VersionStore {
  const across = crossingTransactions(pool);
  return {
    async definitions(versionIds) {
      const rows = await across((sql) => sql.rows<VersionRow>(DEFINITIONS, [versionIds]));
      return new Map(rows.map(({ id, workflow_id, workflow_name, definition }) => [id, { workflowId: workflow_id, workflowName: workflow_name, definition }]));
    },
  };
}

interface VersionRow {
  id: string;
  workflow_id: string;
  workflow_name: string;
  definition: unknown;
}

const DEFINITIONS = `SELECT v.id, v.workflow_id, w.name AS workflow_name, v.definition
  FROM workflow_versions v JOIN workflows_v2 w ON w.id = v.workflow_id WHERE v.id = ANY($1::uuid[])`;
