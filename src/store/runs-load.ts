import type { Pool } from 'pg';
import { z } from 'zod';
import type { LoadedBatch, LoadedRun, MailboxRow } from '../core/ports/hot-path.ts';
import type { Data, EnrollmentStatus, RunState } from '../core/state.ts';
import { messageOf } from '../errors.ts';
import { CONTACT_COLUMNS, readContact, toMs, type ContactRow } from './contact-row.ts';
import type { LocationCache, LocationStamp } from './locations.ts';
import { readInput, type RawMail } from './mailbox.ts';

/**
 * Loads runs with all that `advance` needs, in one query. Runs of any status: an outcome that arrives after a run ended still
 * completes its log row. `due` gives those with due mailbox rows, `standing` the others too. A paused workflow's runs get outcomes and exits only; their other rows stay where they are.
 * A run whose contact's row was removed by hand is poisoned: left out, its rows would be found due again and again.
 */
export async function loadRuns(pool: Pool, locations: LocationCache, which: 'due' | 'standing', ids: string[]): Promise<LoadedBatch> {
  const { rows } = await pool.query<LoadRow>({ name: `load_${which}_runs`, text: LOAD[which], values: [ids] });
  const batch: LoadedBatch = { now: Math.floor((rows[0]?.now ?? 0) * 1000), runs: [], locations: new Map(), poisoned: [] };
  for (const inbox of inboxes(rows)) {
    try {
      batch.runs.push(readRun(inbox));
    } catch (error) {
      batch.poisoned.push({ enrollmentId: inbox[0].id, mailboxIds: mailOf(inbox).map(({ mail_id }) => mail_id), error: messageOf(error) });
    }
  }
  batch.locations = await locations.gather(rows);
  return batch;
}

/** The same without the mailboxes: what is read here consumes nothing. A run that cannot be read is left out. */
export async function lookAtRuns(pool: Pool, locations: LocationCache, ids: string[]): Promise<LoadedBatch> {
  const { rows } = await pool.query<LoadRow>({ name: 'look_at_runs', text: LOOK, values: [ids] });
  const runs = rows.flatMap((row): LoadedRun[] => {
    try {
      return [{ ...readBare(row), inbox: [] }];
    } catch {
      return [];
    }
  });
  return { now: Math.floor((rows[0]?.now ?? 0) * 1000), runs, locations: await locations.gather(rows), poisoned: [] };
}

/** A run's due rows; each carries the run, which a run without any does once. */
type Inbox = [LoadRow, ...LoadRow[]];

const mailOf = (inbox: Inbox): (LoadRow & RawMail)[] => inbox.filter((row): row is LoadRow & RawMail => row.mail_id !== null);

/** The rows come as the mailbox orders them; hardly a run has more than one. */
function inboxes(rows: LoadRow[]): Iterable<Inbox> {
  const found = new Map<string, Inbox>();
  for (const row of rows) {
    const inbox = found.get(row.id);
    if (inbox) inbox.push(row);
    else found.set(row.id, [row]);
  }
  return found.values();
}

type LoadRow = ContactRow &
  LocationStamp &
  (RawMail | { mail_id: null }) & {
    now: number;
    id: string;
    revision: number;
    version_id: string;
    workflow_id: string;
    entry_key: string;
    workflow_name: string;
    paused: boolean;
    status: EnrollmentStatus;
    current_step: string | null;
    step_data: unknown;
    position: unknown;
    trigger_data: Data;
    depth: number;
    enrolled_at: number;
    exit_reason: string | null;
  };

// Timers are whole milliseconds, so a timer that is due by the microsecond is due by the floored `now` that `advance` sees.
const RUNS = (more: string): string => `WITH clock AS MATERIALIZED (SELECT journey_now() AS now)
SELECT (SELECT date_part('epoch', now) FROM clock) AS now, e.id, e.revision, e.location_id, e.version_id, e.workflow_id, e.entry_key, e.status, e.current_step,
  e.step_data, e.position, e.trigger_data, e.depth, date_part('epoch', e.enrolled_at) AS enrolled_at, e.exit_reason,
  w.name AS workflow_name, w.status = 'paused' AS paused, l.xmin::text AS location_stamp, ${CONTACT_COLUMNS}${more}
FROM unnest($1::uuid[]) AS i(id)
JOIN workflow_enrollments e ON e.id = i.id
JOIN workflows_v2 w ON w.id = e.workflow_id
LEFT JOIN contacts c ON c.id = e.contact_id
JOIN locations l ON l.id = e.location_id`;

const LOOK = RUNS('');

const mailed = (join: 'JOIN' | 'LEFT JOIN'): string => `${RUNS(', a.id AS mail_id, a.kind AS mail_kind, a.step_id AS mail_step, a.visit AS mail_visit, a.payload AS mail_payload')}
${join} workflow_scheduled_actions a ON a.enrollment_id = e.id AND a.status = 'pending' AND a.scheduled_for <= (SELECT now FROM clock)
  AND (w.status <> 'paused' OR a.kind IN ('outcome', 'exit'))
ORDER BY a.scheduled_for, a.id`;

const LOAD = { due: mailed('JOIN'), standing: mailed('LEFT JOIN') };

const readRun = (inbox: Inbox): LoadedRun => ({ ...readBare(inbox[0]), inbox: mailOf(inbox).map((mail): MailboxRow => ({ id: mail.mail_id, input: readInput(mail) })) });

function readBare(row: LoadRow): Omit<LoadedRun, 'inbox'> {
  if (row.contact_id === null) throw new Error('The contact of this run is gone from the database. Somebody removed its row: delete contacts through the API.');
  return {
    run: {
      id: row.id,
      contactId: row.contact_id,
      workflowId: row.workflow_id,
      enrolledAt: toMs(row.enrolled_at),
      trigger: row.trigger_data,
      depth: row.depth,
      state: readState(row),
    },
    revision: row.revision,
    locationId: row.location_id,
    versionId: row.version_id,
    entryKey: row.entry_key,
    workflowName: row.workflow_name,
    paused: row.paused,
    contact: readContact(row),
  };
}

function readState(row: LoadRow): RunState {
  return {
    status: row.status,
    currentStep: row.current_step,
    position: positionSchema.parse(row.position),
    data: stepDataSchema.parse(row.step_data),
    exitReason: row.exit_reason,
  };
}

const dataSchema = z.record(z.string(), z.unknown());

const openSchema = z.object({
  seq: z.number(), stepId: z.string(), visit: z.number(), attempt: z.number(), startedAt: z.number(), until: z.number().nullable(), memo: dataSchema,
});

/** An enrollment that was inserted bare (`{}`) stands before its first step. */
const positionSchema = z.object({
  phase: z.enum(['ready', 'waiting', 'performing']).default('ready'),
  seq: z.number().default(0),
  taken: z.number().default(0),
  visits: z.record(z.string(), z.number()).default({}),
  open: openSchema.optional(),
  left: z.array(openSchema).optional(),
  exposed: z.array(z.string()).optional(),
  goals: z.array(z.string()).optional(),
  leaving: z.boolean().optional(),
  renamed: z.record(z.string(), z.string()).optional(),
  trace: z.string().optional(),
});

const stepDataSchema = z.object({ enrollment: dataSchema.default({}), steps: z.record(z.string(), dataSchema).default({}) });
