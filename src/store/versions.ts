import type { Pool } from 'pg';
import type { VersionStore } from '../core/ports/hot-path.ts';

/** Definitions of versions by id. What is published never changes, so callers may keep them. */
export function createVersionStore(pool: Pool): VersionStore {
  return {
    async definitions(versionIds) {
      const { rows } = await pool.query<VersionRow>({ name: 'definitions', text: DEFINITIONS, values: [versionIds] });
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
