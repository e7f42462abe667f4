import type { HookDesk, HookRecord } from '../../core/ports/hook-desk.ts';
import type { Bench } from './bench.ts';
import { writeAudit } from './outbox.ts';

export function hookDesk({ locationId, transact }: Bench): HookDesk {
  return {
    readHooks: (workflowIds) =>
      transact(async (sql) => {
        const rows = await sql.rows<HookRow & { id: string }>(READ, [locationId, workflowIds]);
        const known = new Map(rows.map(({ id, generation, cipher }) => [id, { generation, cipher }]));
        return new Map(workflowIds.map((id) => [id, known.get(id) ?? { generation: 1, cipher: null }]));
      }),
    writeHook: (workflowId, change, audit) =>
      transact(async (sql) => {
        const rotate = 'rotate' in change;
        const row = await sql.row<HookRow>(WRITE, [workflowId, locationId, rotate ? 1 : 0, rotate ? null : change.cipher && Buffer.from(change.cipher), rotate]);
        await writeAudit(sql, locationId, audit);
        return row!;
      }),
  };
}

interface HookRow extends HookRecord {
  cipher: Buffer | null;
}

const READ = 'SELECT workflow_id AS id, generation, cipher FROM workflow_hooks WHERE location_id = $1 AND workflow_id = ANY($2::uuid[])';

/** $3 generations on; $5 keeps the secret as it is. */
const WRITE = `
  INSERT INTO workflow_hooks AS h (workflow_id, location_id, generation, cipher) VALUES ($1, $2, 1 + $3, $4)
  ON CONFLICT (workflow_id) DO UPDATE SET generation = h.generation + $3, cipher = CASE WHEN $5 THEN h.cipher ELSE excluded.cipher END, updated_at = now()
  RETURNING generation, cipher`;
