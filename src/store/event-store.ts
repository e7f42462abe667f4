import type { Pool } from 'pg';
import type { EventBatch, EventStore } from '../core/ports/hot-path.ts';
import { CONTACT_COLUMNS, readContact, toMs, type ContactRow } from './contact-row.ts';
import { dispatchEvents } from './events-dispatch.ts';
import { recallEvents } from './events-recall.ts';
import { LocationCache, type LocationStamp } from './locations.ts';
import { limited } from './statement.ts';

/** The outbox's half of the hot path over a pool that took the workers' role. */
export function createEventStore(pool: Pool): EventStore {
  const locations = new LocationCache(pool);
  return {
    undispatched: (limit) => undispatched(pool, locations, limit),
    dispatch: (batch, enrollments, refusals, asks, plans) => dispatchEvents(pool, batch, enrollments, refusals, asks, plans),
    recall: (requests) => recallEvents(pool, requests),
    activeWorkflows: () => activeWorkflows(pool),
  };
}

async function undispatched(pool: Pool, locations: LocationCache, limit: number): Promise<EventBatch> {
  const { rows } = await pool.query<EventRow>(limited('undispatched', OLDEST, limit, []));
  return {
    now: Math.floor((rows[0]?.now ?? 0) * 1000),
    registryRevision: rows[0]?.registry_revision ?? 0,
    events: rows.map((row) => ({
      id: row.id,
      type: row.type,
      contactId: row.event_contact_id,
      at: toMs(row.occurred_at),
      data: row.data,
      source: row.source,
      depth: row.depth,
      locationId: row.location_id,
      contact: row.contact_id === null ? null : readContact(row),
    })),
    locations: await locations.gather(rows),
  };
}

interface EventRow extends ContactRow, LocationStamp {
  now: number;
  registry_revision: number;
  id: string;
  type: string;
  event_contact_id: string;
  occurred_at: number;
  data: Record<string, unknown>;
  source: string;
  depth: number;
}

const OLDEST = `WITH clock AS MATERIALIZED (SELECT date_part('epoch', journey_now()) AS now)
  SELECT (SELECT now FROM clock) AS now, (SELECT revision::float8 FROM workflow_registry) AS registry_revision,
    e.id, e.type, e.contact_id AS event_contact_id, date_part('epoch', e.occurred_at) AS occurred_at, e.data, e.source, e.depth, e.location_id,
    l.xmin::text AS location_stamp, ${CONTACT_COLUMNS}
  FROM contact_events e
  JOIN locations l ON l.id = e.location_id
  LEFT JOIN contacts c ON c.id = e.contact_id AND (c.deleted_at IS NULL OR e.type = 'contact_deleted')
  WHERE e.dispatched_at IS NULL ORDER BY e.id`;

async function activeWorkflows(pool: Pool): ReturnType<EventStore['activeWorkflows']> {
  const { rows } = await pool.query<WorkflowRow>({ name: 'active_workflows', text: ACTIVE, values: [] });
  return {
    revision: rows[0]?.revision ?? 0,
    workflows: rows.flatMap(({ id, location_id, slug, name, version_id }) => (id === null ? [] : [{ id, locationId: location_id, slug, name, versionId: version_id }])),
  };
}

interface WorkflowRow {
  revision: number;
  /** Null in the one row that comes when no workflow is active. */
  id: string | null;
  location_id: string;
  slug: string;
  name: string;
  version_id: string;
}

// One statement, so that the revision is the one of the list.
const ACTIVE = `SELECT r.revision::float8 AS revision, w.id, w.location_id, w.slug, w.name, w.published_version_id AS version_id
  FROM workflow_registry r LEFT JOIN workflows_v2 w ON w.status = 'active' AND NOT w.entry_stopped AND w.published_version_id IS NOT NULL`;
