import type { Pool } from 'pg';
import { compileStored } from '../../src/core/definition/compile.ts';
import type { Lane } from '../../src/core/ports/hot-path.ts';
import type { LiveMessage } from '../../src/core/ports/outside.ts';
import type { Data } from '../../src/core/state.ts';
import { uuidv7 } from '../../src/ids.ts';
import { createLogger } from '../../src/logger.ts';
import { createAssetStore } from '../../src/store/assets.ts';
import { createEventStore } from '../../src/store/event-store.ts';
import { createPool } from '../../src/store/pool.ts';
import { createRunStore } from '../../src/store/run-store.ts';
import { createScheduleStore } from '../../src/store/schedule-store.ts';
import { createVersionStore } from '../../src/store/versions.ts';
import { createTestDatabase } from './database.ts';

export type Stage = Awaited<ReturnType<typeof createStage>>;

/** The hot path over a database of its own, with a queue and a bus that only keep a history, and short ways to set a scene. */
export async function createStage() {
  const database = await createTestDatabase();
  const onError = (): void => undefined;
  const pool = createPool({ url: database.url, role: 'millrace_worker', max: 8, name: 'test', onError });
  const owner = createPool({ url: database.url, role: null, max: 2, name: 'test-owner', onError });
  const history = createHistory();
  const ctx = {
    logger: createLogger('test', 'silent'),
    runs: createRunStore(pool),
    events: createEventStore(pool),
    schedules: createScheduleStore(pool),
    versions: createVersionStore(pool),
    assets: createAssetStore(pool),
    queue: history.queue,
    bus: history.bus,
  };
  const locationId = await one(owner, 'INSERT INTO locations (name) VALUES ($1) RETURNING id', ['Somewhere']);
  return {
    url: database.url,
    pool,
    owner,
    ctx,
    history,
    locationId,
    ...scenes(owner, locationId),
    async close(): Promise<void> {
      await Promise.all([pool.end(), owner.end()]);
      await database.drop();
    },
  };
}

/** The doorbells and hints of a stage, kept instead of rung. */
export function createHistory() {
  const rung = { runs: [] as { lane: Lane; ids: string[] }[], sends: [] as { lane: Lane; ids: string[] }[], events: 0 };
  const messages: LiveMessage[] = [];
  return {
    rung,
    messages,
    queue: {
      nudgeRuns: async (lane: Lane, ids: string[]) => void rung.runs.push({ lane, ids }),
      nudgeSends: async (lane: Lane, ids: string[]) => void rung.sends.push({ lane, ids }),
      nudgeEvents: async () => void (rung.events += 1),
      ping: async () => undefined,
      depths: async () => ({}),
      close: async () => undefined,
    },
    bus: {
      publish: (message: LiveMessage) => void messages.push(message),
      subscribe: () => () => undefined,
      close: async () => undefined,
    },
  };
}

export async function one(pool: Pool, text: string, values: unknown[] = []): Promise<string> {
  const { rows } = await pool.query({ text, values, rowMode: 'array' });
  return rows[0]?.[0];
}

export const rowsOf = async (pool: Pool, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => (await pool.query(text, values)).rows;

export interface PublishedWorkflow {
  workflowId: string;
  versionId: string;
}

function scenes(owner: Pool, locationId: string) {
  return {
    /** A published, active workflow. `definition` is the source as JSON. */
    async publish(definition: { name: string } & Data): Promise<PublishedWorkflow> {
      const json = JSON.stringify(definition);
      const listens = compileStored(definition).listens;
      const workflowId = await one(
        owner,
        `INSERT INTO workflows_v2 (location_id, slug, name, status, trigger_type, trigger_config, definition)
          VALUES ($1, gen_random_uuid(), $2, 'active', 'x', '{}', $3) RETURNING id`,
        [locationId, definition.name, json],
      );
      const versionId = await one(
        owner,
        `INSERT INTO workflow_versions (location_id, workflow_id, number, format, source, definition, checksum, listens, published_at)
          VALUES ($1, $2, 1, 'json', $3::text, $3::text::jsonb, 'x', $4, now()) RETURNING id`,
        [locationId, workflowId, json, listens],
      );
      await owner.query('UPDATE workflows_v2 SET published_version_id = $2 WHERE id = $1', [workflowId, versionId]);
      await owner.query('UPDATE workflow_registry SET revision = revision + 1');
      return { workflowId, versionId };
    },
    /** Another version of it, which takes the first one's place. */
    async publishAgain({ workflowId }: PublishedWorkflow, definition: Data): Promise<PublishedWorkflow> {
      const json = JSON.stringify(definition);
      const versionId = await one(
        owner,
        `INSERT INTO workflow_versions (location_id, workflow_id, number, format, source, definition, checksum, listens, published_at)
          SELECT $1, $2, max(number) + 1, 'json', $3::text, $3::text::jsonb, 'x', $4, now() FROM workflow_versions WHERE workflow_id = $2 RETURNING id`,
        [locationId, workflowId, json, compileStored(definition).listens],
      );
      await owner.query('UPDATE workflows_v2 SET published_version_id = $2 WHERE id = $1', [workflowId, versionId]);
      await owner.query('UPDATE workflow_registry SET revision = revision + 1');
      return { workflowId, versionId };
    },
    contact({ email = null, phone = null, custom_fields = {}, tags = [] }: Data = {}): Promise<string> {
      const text = 'INSERT INTO contacts (location_id, email, phone, custom_fields, tags) VALUES ($1, $2, $3, $4, $5) RETURNING id';
      return one(owner, text, [locationId, email, phone, JSON.stringify(custom_fields), tags]);
    },
    /** An enrollment that waits for its first step. */
    async enroll({ workflowId, versionId }: PublishedWorkflow, contactId: string): Promise<string> {
      return one(
        owner,
        `WITH e AS (INSERT INTO workflow_enrollments (id, location_id, workflow_id, version_id, contact_id, enrolled_at)
            VALUES ($1, $2, $3, $4, $5, journey_now()) RETURNING id, location_id),
          s AS (INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, scheduled_for) SELECT id, location_id, 'start', journey_now() FROM e)
        SELECT id FROM e`,
        [uuidv7(), locationId, workflowId, versionId, contactId],
      );
    },
    /** A row of the outbox. */
    event(contactId: string, type: string, data: Data = {}, depth = 0): Promise<string> {
      const text = `INSERT INTO contact_events (id, location_id, contact_id, type, source, event_key, data, depth, occurred_at)
        VALUES ($1::text::uuid, $2, $3, $4, 'test', $1::text, $5, $6, journey_now()) RETURNING id`;
      return one(owner, text, [uuidv7(), locationId, contactId, type, JSON.stringify(data), depth]);
    },
    /** A mailbox row that is due now. */
    mail(enrollmentId: string, kind: string, payload: Data = {}, place: { stepId?: string; visit?: number } = {}): Promise<string> {
      const text = `INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, kind, payload, step_id, visit, scheduled_for)
        VALUES ($1, $2, $3, $4, $5, $6, journey_now()) RETURNING id`;
      return one(owner, text, [enrollmentId, locationId, kind, JSON.stringify(payload), place.stepId ?? '', place.visit ?? 0]);
    },
    enrollment: async (id: string) => (await rowsOf(owner, 'SELECT * FROM workflow_enrollments WHERE id = $1', [id]))[0] ?? {},
    logs: (id: string) => rowsOf(owner, 'SELECT * FROM workflow_step_logs WHERE enrollment_id = $1 ORDER BY seq', [id]),
    mailbox: (id: string) => rowsOf(owner, 'SELECT * FROM workflow_scheduled_actions WHERE enrollment_id = $1 ORDER BY scheduled_for, id', [id]),
  };
}
