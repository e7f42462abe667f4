import { wakeDue } from '../../src/engine/wake-due.ts';
import { measure, verify, type Ground, type Measured } from '../work.ts';
import { inHouse } from './house.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { publish, setScene } from './scene.ts';

/** Timers that are due in one measurement, and those that were woken before the first so that everything is warm. */
const DUE = 5_000;
const FEW = 10_000;
const ROUNDS = 4;

const WAITING = {
  name: 'A year',
  trigger: { type: 'manual' },
  settings: { reentry: 'after_exit' },
  steps: [
    { id: 'pause', type: 'wait', config: { duration: '365d' } },
    { id: 'done', type: 'set', config: { values: { waited: true } } },
  ],
};

/**
 * Claim and resume of due timers while few and while many others are pending: `wakeDue` takes 5,000 that are due, and each run
 * completes its wait and ends. The pending ones belong to runs of their own. `size` is how many the many are.
 */
export function timers(ground: Ground): Promise<Measured> {
  return inHouse(ground, 'worker', async ({ ctx }) => {
    const ledger = await openLedger(ground.databaseUrl);
    const { who } = await setScene(ctx, ground.databaseUrl, 1);
    const { workflowId } = await publish(ctx, who, WAITING);
    const wake = async (pending: number): Promise<Measured> => {
      await park(ledger, workflowId, DUE, '-1 second');
      const measured = await measure(`timers, ${pending} pending`, DUE, async () => verify('woken runs', await wakeDue(ctx), DUE), ground.databaseUrl);
      return { ...measured, steps: DUE * 2 };
    };
    await wake(0);
    await park(ledger, workflowId, FEW, '1 day');
    await ledger.settle();
    const few = await repeat(() => wake(FEW));
    await park(ledger, workflowId, ground.size - FEW, '1 day');
    await ledger.settle();
    const many = await repeat(() => wake(ground.size));
    const [left] = await ledger.query<{ n: number }>("SELECT count(*)::int AS n FROM workflow_scheduled_actions WHERE status = 'pending'");
    await ledger.close();
    verify('timers that wait on', left!.n, ground.size);
    return { ...many, contender: 'Millrace, due timers', figures: { fewMicros: microsOf(few), manyMicros: microsOf(many), fewCpuMicros: cpuMicrosOf(few), manyCpuMicros: cpuMicrosOf(many) } };
  });
}

/** The median run by time. */
async function repeat(run: () => Promise<Measured>): Promise<Measured> {
  const runs: Measured[] = [];
  for (let round = 0; round < ROUNDS + 1; round += 1) runs.push(await run());
  return runs.sort((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)]!;
}

const microsOf = ({ seconds, enrollments }: Measured): number => (seconds / enrollments) * 1e6;
const cpuMicrosOf = ({ cpuSeconds, postgres, enrollments }: Measured): number => ((cpuSeconds + (postgres?.cpuSeconds ?? 0)) / enrollments) * 1e6;

/** Contacts of their own, each parked in the wait with a timer that is due after `due`. */
async function park(ledger: Ledger, workflowId: string, count: number, due: string): Promise<void> {
  await ledger.query(PARK, [workflowId, count, due]);
}

/** Ids in the order of their making, as the product makes them (RFC 9562 version 7): `gen_random_uuid` would scatter what is due over every index page. */
const ORDERED_ID = `(lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid`;

const PARK = `WITH made AS (
    INSERT INTO contacts (id, location_id, first_name) SELECT ${ORDERED_ID}, w.location_id, 'Waiting' FROM workflows_v2 w, generate_series(1, $2::int) WHERE w.id = $1 RETURNING id, location_id),
  enrolled AS (
    INSERT INTO workflow_enrollments (id, location_id, workflow_id, version_id, contact_id, current_step, step_data, position, next_run_at)
    SELECT ${ORDERED_ID}, m.location_id, w.id, w.published_version_id, m.id, 'pause', '{"enrollment":{},"steps":{}}',
      jsonb_build_object('phase', 'waiting', 'seq', 1, 'taken', 1, 'visits', jsonb_build_object('pause', 1), 'open', jsonb_build_object('seq', 1, 'stepId', 'pause', 'visit', 1,
        'attempt', 1, 'startedAt', 0, 'until', floor(date_part('epoch', journey_now() + $3::interval) * 1000), 'memo', '{}'::jsonb)),
      journey_now() + $3::interval
    FROM made m, workflows_v2 w WHERE w.id = $1 RETURNING id, location_id, next_run_at),
  logged AS (
    INSERT INTO workflow_step_logs (enrollment_id, seq, location_id, step_id, step_type, status, started_rev) SELECT id, 1, location_id, 'pause', 'wait', 'pending', 1 FROM enrolled)
  INSERT INTO workflow_scheduled_actions (enrollment_id, location_id, step_id, visit, kind, scheduled_for) SELECT id, location_id, 'pause', 1, 'timer', next_run_at FROM enrolled`;
