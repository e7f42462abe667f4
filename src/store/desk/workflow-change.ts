import type { ChangedWorkflow, VersionContent, WorkflowChange, WorkflowInHand } from '../../core/ports/desk.ts';
import type { VersionRecord, WorkflowRecord } from '../../core/ports/records.ts';
import { uuidv7 } from '../../ids.ts';
import { jsonText } from '../json-text.ts';
import { exitRuns } from './exit.ts';
import { turnMailbox } from './mailbox.ts';
import { writeAudit } from './outbox.ts';
import { recordOf } from './rows.ts';
import type { Sql } from './transaction.ts';
import { turnSchedule } from './turn-schedule.ts';

export const WORKFLOW = `id, slug, name, description, status, entry_stopped, trigger_type, trigger_config, definition, yaml_source, version, revision,
  published_version_id, paused_at, created_at, updated_at, published_at`;
export const VERSION = 'id, workflow_id, number, format, source, definition, checksum, listens, author, created_at, updated_at, published_at';

/** The columns of `workflows_v2` that follow from a source, in the order of the statements. */
export const contentValues = (content: VersionContent): unknown[] => [
  content.name, content.description, content.triggerType, jsonText(content.triggerConfig), jsonText(content.definition), content.format === 'yaml' ? content.source : null,
];

/** Locks the workflow, asks what to do, does it. One transaction: the answer is either all there or not at all. `closed`: its messages may not leave any more. */
export async function changeWorkflow(
  sql: Sql, locationId: string, id: string, decide: (inHand: WorkflowInHand) => WorkflowChange | null,
): Promise<(Omit<ChangedWorkflow, 'recalled'> & { closed: boolean }) | null> {
  const inHand = await takeInHand(sql, locationId, id);
  if (!inHand) return null;
  const change = decide(inHand);
  if (!change) return { workflow: inHand.workflow, version: null, exited: [], nudge: { runs: [], sends: [] }, closed: false };
  const written = change.content ? await writeDraft(sql, locationId, inHand, change.content) : inHand.draft;
  const version = change.publish && written ? await publish(sql, written.id, change.publish.listens) : written;
  const exited = change.exitAll ? await exitRuns(sql, locationId, { workflowId: id, exceptVersionId: change.goBack?.version.id ?? null }, change.exitAll.reason) : [];
  const entered = change.goBack?.version ?? (change.publish ? version : null);
  if (entered && change.goBack) await sql.rows('UPDATE workflow_migrations SET cancelled_at = now() WHERE workflow_id = $1 AND version_id <> $2 AND cancelled_at IS NULL', [
    id, entered.id,
  ]);
  if (entered && change.migrate) await beginMigration(sql, locationId, entered, change.migrate);
  const nudge = change.mailbox ? await turnMailbox(sql, locationId, id, change.mailbox) : { runs: [], sends: [] };
  const workflow = await writeWorkflow(sql, id, change, entered);
  const content = change.content ?? change.goBack?.content;
  if (content) await writeContent(sql, id, content, change.goBack?.version ?? version);
  if (concernsEntry(change)) {
    await sql.rows('UPDATE workflow_registry SET revision = revision + 1');
    await turnSchedule(sql, locationId, id);
  }
  await writeAudit(sql, locationId, change.audit);
  return {
    workflow: content ? (await takeInHand(sql, locationId, id))!.workflow : workflow,
    version: change.goBack?.version ?? version,
    exited,
    nudge,
    closed: change.status === 'paused' || change.status === 'archived',
  };
}

async function takeInHand(sql: Sql, locationId: string, id: string): Promise<WorkflowInHand | null> {
  const row = await sql.row(`SELECT ${WORKFLOW} FROM workflows_v2 WHERE location_id = $1 AND id = $2 FOR UPDATE`, [locationId, id]);
  if (!row) return null;
  const draft = await sql.row(`SELECT ${VERSION} FROM workflow_versions WHERE workflow_id = $1 AND published_at IS NULL`, [id]);
  const inside = await sql.row<{ n: number }>("SELECT count(*)::int AS n FROM workflow_enrollments WHERE workflow_id = $1 AND status = 'active'", [id]);
  return { workflow: recordOf<WorkflowRecord>(row), draft: draft && recordOf<VersionRecord>(draft), inside: inside?.n ?? 0 };
}

async function writeDraft(sql: Sql, locationId: string, { workflow, draft }: WorkflowInHand, content: VersionContent): Promise<VersionRecord> {
  const values = [content.format, content.source, jsonText(content.definition), content.checksum, content.author];
  const row = draft
    ? await sql.row(`UPDATE workflow_versions SET format = $2, source = $3, definition = $4, checksum = $5, author = $6, updated_at = now() WHERE id = $1 RETURNING ${VERSION}`, [
      draft.id, ...values,
    ])
    : await sql.row(
        `INSERT INTO workflow_versions (id, location_id, workflow_id, number, format, source, definition, checksum, author)
         SELECT $1, $2, $3, COALESCE(max(number), 0) + 1, $4, $5, $6, $7, $8 FROM workflow_versions WHERE workflow_id = $3 RETURNING ${VERSION}`,
        [uuidv7(), locationId, workflow.id, ...values],
      );
  return recordOf<VersionRecord>(row as object);
}

async function publish(sql: Sql, versionId: string, listens: string[]): Promise<VersionRecord> {
  const row = await sql.row(`UPDATE workflow_versions SET listens = $2, published_at = now(), updated_at = now() WHERE id = $1 RETURNING ${VERSION}`, [versionId, listens]);
  return recordOf<VersionRecord>(row as object);
}

/** Written with the publish itself: whoever sees the new version sees that its people come along. */
async function beginMigration(sql: Sql, locationId: string, version: VersionRecord, { fromVersions, moves, stepMap }: NonNullable<WorkflowChange['migrate']>): Promise<void> {
  await sql.rows(
    'INSERT INTO workflow_migrations (id, location_id, workflow_id, version_id, from_versions, moves, step_map) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [uuidv7(), locationId, version.workflowId, version.id, fromVersions, jsonText(moves), jsonText(stepMap)],
  );
}

/** `paused_at` is journey time: a shift moves timers by journey milliseconds. */
async function writeWorkflow(sql: Sql, id: string, change: WorkflowChange, published: VersionRecord | null): Promise<WorkflowRecord> {
  const row = await sql.row(
    `UPDATE workflows_v2 SET
       status = COALESCE($2, status),
       entry_stopped = COALESCE($3, entry_stopped),
       published_version_id = COALESCE($4, published_version_id),
       published_at = CASE WHEN $4::uuid IS NULL THEN published_at ELSE now() END,
       paused_at = CASE WHEN $2 = 'paused' THEN COALESCE(paused_at, journey_now()) WHEN $2 IS NULL THEN paused_at END,
       revision = revision + 1, updated_at = now()
     WHERE id = $1 RETURNING ${WORKFLOW}`,
    [id, change.status ?? null, change.entryStopped ?? null, published?.id ?? null],
  );
  return recordOf<WorkflowRecord>(row as object);
}

async function writeContent(sql: Sql, id: string, content: VersionContent, version: VersionRecord | null): Promise<void> {
  await sql.rows(
    'UPDATE workflows_v2 SET name = $2, description = $3, trigger_type = $4, trigger_config = $5, definition = $6, yaml_source = $7, version = COALESCE($8, version) WHERE id = $1',
    [id, ...contentValues(content), version?.number ?? null],
  );
}

const concernsEntry = (change: WorkflowChange): boolean =>
  change.publish !== undefined || change.goBack !== undefined || change.status !== undefined || change.entryStopped !== undefined;
