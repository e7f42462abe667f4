import { uuidv7 } from '../../ids.ts';
import type { AssetDesk, NewTemplate, NewVoicemail } from '../../core/ports/desk.ts';
import type { TemplateRecord, VoicemailRecord } from '../../core/ports/records.ts';
import type { Assets } from '../../core/state.ts';
import { bySlug } from '../by-slug.ts';
import { isTaken } from '../sqlstate.ts';
import type { Bench } from './bench.ts';
import { writeAudit } from './outbox.ts';
import { recordOf, timed } from './rows.ts';
import type { Sql, Transact } from './transaction.ts';

const TEMPLATE = 'id, slug, channel, name, subject, html, text, message, revision, created_at, updated_at';
const VOICEMAIL = 'id, slug, name, audio_url, created_at, updated_at';

export function assetDesk({ locationId, prisma, transact }: Bench): AssetDesk {
  const omit = { locationId: true } as const;
  return {
    async findTemplate(id) {
      const row = await prisma.template.findFirst({ where: { id, locationId }, omit });
      return row && (timed(row) as TemplateRecord);
    },
    async listTemplates({ channel }, { limit, after }) {
      const rows = await prisma.template.findMany({
        where: { locationId, ...(channel && { channel }), ...(after && { id: { lt: after } }) }, omit, orderBy: { id: 'desc' }, take: limit,
      });
      return rows.map((row) => timed(row) as TemplateRecord);
    },
    insertTemplate: (template, audit) => write(transact, locationId, audit, (sql) => insertTemplate(sql, locationId, template)),
    updateTemplate: (id, change, audit) => takenAsWord(() => write(transact, locationId, audit, (sql) => updateTemplate(sql, locationId, id, change))),
    async listVoicemails({ limit, after }) {
      const rows = await prisma.voicemail.findMany({ where: { locationId, ...(after && { id: { lt: after } }) }, omit, orderBy: { id: 'desc' }, take: limit });
      return rows.map(timed);
    },
    insertVoicemail: (voicemail, audit) => write(transact, locationId, audit, (sql) => insertVoicemail(sql, locationId, voicemail)),
    updateVoicemail: (id, change, audit) => takenAsWord(() => write(transact, locationId, audit, (sql) => updateVoicemail(sql, locationId, id, change))),
    readAssets: () => transact((sql) => readAssets(sql, locationId)),
  };
}

/** One write of an asset: the row, the location's `assets_revision` (caches go by it) and the audit line stand or fall together. */
function write<T extends object>(transact: Transact, locationId: string, audit: Parameters<typeof writeAudit>[2], work: (sql: Sql) => Promise<T | null>): Promise<T | null> {
  return transact(async (sql) => {
    const record = await work(sql);
    if (!record) return null;
    await sql.rows('UPDATE locations SET assets_revision = assets_revision + 1 WHERE id = $1', [locationId]);
    await writeAudit(sql, locationId, audit);
    return record;
  });
}

async function takenAsWord<T>(work: () => Promise<T | null>): Promise<T | 'taken' | null> {
  try {
    return await work();
  } catch (error) {
    if (isTaken(error)) return 'taken';
    throw error;
  }
}

async function insertTemplate(sql: Sql, locationId: string, template: NewTemplate): Promise<TemplateRecord | null> {
  const { slug, channel, name, subject, html, text, message } = template;
  const row = await sql.row(
    `INSERT INTO templates (id, location_id, slug, channel, name, subject, html, text, message) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (location_id, slug) DO NOTHING RETURNING ${TEMPLATE}`,
    [uuidv7(), locationId, slug, channel, name, subject, html, text, message],
  );
  return row && recordOf<TemplateRecord>(row);
}

async function updateTemplate(sql: Sql, locationId: string, id: string, change: Partial<NewTemplate>): Promise<TemplateRecord | null> {
  const before = await sql.row<NewTemplate>(`SELECT ${TEMPLATE} FROM templates WHERE location_id = $1 AND id = $2 FOR UPDATE`, [locationId, id]);
  if (!before) return null;
  const { slug, name, subject, html, text, message } = { ...before, ...change };
  const row = await sql.row(
    `UPDATE templates SET slug = $3, name = $4, subject = $5, html = $6, text = $7, message = $8, revision = revision + 1, updated_at = now()
     WHERE location_id = $1 AND id = $2 RETURNING ${TEMPLATE}`,
    [locationId, id, slug, name, subject, html, text, message],
  );
  return row && recordOf<TemplateRecord>(row);
}

async function insertVoicemail(sql: Sql, locationId: string, { slug, name, audioUrl }: NewVoicemail): Promise<VoicemailRecord | null> {
  const row = await sql.row(
    `INSERT INTO voicemails (id, location_id, slug, name, audio_url) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (location_id, slug) DO NOTHING RETURNING ${VOICEMAIL}`,
    [uuidv7(), locationId, slug, name, audioUrl],
  );
  return row && recordOf<VoicemailRecord>(row);
}

async function updateVoicemail(sql: Sql, locationId: string, id: string, change: Partial<NewVoicemail>): Promise<VoicemailRecord | null> {
  const row = await sql.row(
    `UPDATE voicemails SET slug = COALESCE($3, slug), name = COALESCE($4, name), audio_url = COALESCE($5, audio_url), updated_at = now()
     WHERE location_id = $1 AND id = $2 RETURNING ${VOICEMAIL}`,
    [locationId, id, change.slug ?? null, change.name ?? null, change.audioUrl ?? null],
  );
  return row && recordOf<VoicemailRecord>(row);
}

async function readAssets(sql: Sql, locationId: string): Promise<Assets> {
  const templates = await sql.rows<Assets['templates'][string]>('SELECT id, slug, channel, subject, html, text, message FROM templates WHERE location_id = $1', [locationId]);
  const voicemails = await sql.rows<Assets['voicemails'][string]>('SELECT id, slug, audio_url FROM voicemails WHERE location_id = $1', [locationId]);
  return { templates: bySlug(templates), voicemails: bySlug(voicemails) };
}
