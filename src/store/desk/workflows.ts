import type { ListRange, VersionContent, WorkflowDesk } from '../../core/ports/desk.ts';
import type { Standing } from '../../core/definition/publish-plan.ts';
import type { VersionRecord, WorkflowRecord } from '../../core/ports/records.ts';
import { searchText } from '../../core/search-text.ts';
import { uuidv7 } from '../../ids.ts';
import { jsonText } from '../json-text.ts';
import type { Bench } from './bench.ts';
import { changeWorkflow, contentValues, VERSION, WORKFLOW } from './workflow-change.ts';
import { writeAudit } from './outbox.ts';
import type { TenantPrisma } from './prisma.ts';
import { awaitDoor, recallSends, withholdSends } from './recall-sends.ts';
import { recordOf, timed } from './rows.ts';
import type { Sql } from './transaction.ts';

export function workflowDesk(bench: Bench): WorkflowDesk {
  const { locationId, prisma, transact } = bench;
  return {
    async findWorkflow(by) {
      const row = await prisma.workflow.findFirst({ where: { ...by, locationId }, omit: { locationId: true, stats: true } });
      return row && (timed(row) as WorkflowRecord);
    },
    listWorkflows: (filter, range) => listWorkflows(prisma, locationId, filter, range),
    workflowNames: () => prisma.workflow.findMany({ where: { locationId, status: { not: 'archived' } }, select: { id: true, slug: true, name: true } }),
    insertWorkflow: (slug, suffix, content, audit) =>
      transact(async (sql) => {
        const workflow = await insertWorkflow(sql, locationId, slug, suffix, content);
        if (!workflow) return null;
        const version = await insertVersion(sql, locationId, workflow.id, content);
        await writeAudit(sql, locationId, { ...audit, subject: workflow.id });
        return { workflow, version };
      }),
    async changeWorkflow(id, decide) {
      const changed = await transact((sql) => changeWorkflow(sql, locationId, id, decide));
      if (!changed) return null;
      if (changed.closed) {
        await transact((sql) => awaitDoor(sql, id));
        await transact((sql) => withholdSends(sql, locationId, { workflowId: id }));
      }
      const ended = changed.exited.map((run) => run.id);
      return { ...changed, recalled: ended.length > 0 ? await transact((sql) => recallSends(sql, locationId, { enrollmentIds: ended })) : [] };
    },
    ...versionReads(bench),
  };
}

type VersionReads = Pick<WorkflowDesk, 'findVersion' | 'findVersions' | 'findVersionsByNumber' | 'readStandings' | 'listVersions'>;

function versionReads({ locationId, prisma, transact }: Bench): VersionReads {
  return {
    async findVersion(workflowId, which) {
      // The one that people enter need not be the last one published: a publish can be taken back.
      const place = { draft: { publishedAt: null }, published: { publishedBy: { some: {} } }, newest: { OR: [{ publishedAt: null }, { publishedBy: { some: {} } }] } };
      const where = typeof which === 'number' ? { number: which } : place[which];
      const row = await prisma.workflowVersion.findFirst({ where: { locationId, workflowId, ...where }, omit: { locationId: true }, orderBy: { number: 'desc' } });
      return row && (timed(row) as VersionRecord);
    },
    async findVersions(ids) {
      const rows = await prisma.workflowVersion.findMany({ where: { locationId, id: { in: ids } }, omit: { locationId: true } });
      return rows.map((row) => timed(row) as VersionRecord);
    },
    async findVersionsByNumber(workflowIds, number) {
      const rows = await prisma.workflowVersion.findMany({ where: { locationId, workflowId: { in: workflowIds }, number }, omit: { locationId: true } });
      return rows.map((row) => timed(row) as VersionRecord);
    },
    readStandings: (workflowId) => transact(async (sql) => (await sql.rows(STANDINGS, [locationId, workflowId])).map((row) => recordOf<Standing>(row))),
    async listVersions(workflowId, { limit, after }) {
      const rows = await prisma.workflowVersion.findMany({
        where: { locationId, workflowId, ...(after && { id: { lt: after } }) },
        omit: { locationId: true },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map((row) => timed(row) as VersionRecord);
    },
  };
}

async function listWorkflows(
  prisma: TenantPrisma, locationId: string, filter: Parameters<WorkflowDesk['listWorkflows']>[0], { limit, after }: ListRange,
): Promise<WorkflowRecord[]> {
  const { status, search, archived } = filter;
  const contains = search ? { contains: searchText(search), mode: 'insensitive' as const } : null;
  const rows = await prisma.workflow.findMany({
    where: {
      locationId,
      ...(status ? { status } : archived ? {} : { status: { not: 'archived' } }),
      ...(contains && { OR: [{ name: contains }, { slug: contains }] }),
      ...(after && { id: { lt: after } }),
    },
    omit: { locationId: true, stats: true },
    orderBy: { id: 'desc' },
    take: limit,
  });
  return rows.map((row) => timed(row) as WorkflowRecord);
}

const STANDINGS = `
  SELECT version_id, current_step AS step_id, COALESCE(position->>'phase', 'ready') AS phase, position->'open'->>'until' IS NOT NULL AS timed, count(*)::int AS people
  FROM workflow_enrollments WHERE location_id = $1 AND workflow_id = $2 AND status = 'active' GROUP BY 1, 2, 3, 4`;

const SUFFIXES = 1_000;

/** The first free slug of `name`, `name-2`, `name-3` …: a look-up proposes, the unique index disposes. */
async function insertWorkflow(sql: Sql, locationId: string, slug: string, suffix: boolean, content: VersionContent): Promise<WorkflowRecord | null> {
  const taken = await sql.rows<{ slug: string }>('SELECT slug FROM workflows_v2 WHERE location_id = $1 AND (slug = $2 OR starts_with(slug, $2 || \'-\'))', [locationId, slug]);
  const used = new Set(taken.map((row) => row.slug));
  for (let number = 1; number <= SUFFIXES; number += 1) {
    const candidate = number === 1 ? slug : `${slug}-${number}`;
    if (used.has(candidate) && suffix) continue;
    const row = await sql.row(INSERT_WORKFLOW, [uuidv7(), locationId, candidate, ...contentValues(content)]);
    if (row) return recordOf<WorkflowRecord>(row);
    if (!suffix) return null;
  }
  return null;
}

async function insertVersion(sql: Sql, locationId: string, workflowId: string, content: VersionContent): Promise<VersionRecord> {
  const row = await sql.row(
    `INSERT INTO workflow_versions (id, location_id, workflow_id, number, format, source, definition, checksum, author)
     VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8) RETURNING ${VERSION}`,
    [uuidv7(), locationId, workflowId, content.format, content.source, jsonText(content.definition), content.checksum, content.author],
  );
  return recordOf<VersionRecord>(row as object);
}

const INSERT_WORKFLOW = `
  INSERT INTO workflows_v2 (id, location_id, slug, name, description, trigger_type, trigger_config, definition, yaml_source)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (location_id, slug) DO NOTHING
  RETURNING ${WORKFLOW}`;
