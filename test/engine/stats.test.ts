import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from '../../src/store/desk/desk.ts';
import { createPrisma } from '../../src/store/desk/prisma.ts';
import { rollUpStats } from '../../src/store/stat-rollup.ts';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { createPool } from '../../src/store/pool.ts';
import type { StatsFilter, TenantDesk } from '../../src/core/ports/desk.ts';
import { createStage, rowsOf, type PublishedWorkflow, type Stage } from '../support/engine-stage.ts';

let stage: Stage;
let desk: TenantDesk;
let close: () => Promise<void>;
beforeAll(async () => {
  stage = await createStage();
  const pool = createPool({ url: stage.url, role: null, max: 2, name: 'test-desk', onError: () => undefined });
  const prisma = createPrisma(pool);
  desk = createDesk(pool, prisma)(stage.locationId);
  close = () => pool.end();
});
afterAll(async () => {
  await close();
  await stage.close();
});

/** A guard, a split, a step that fails for some and goes on, one that fails for good, waits, an exit rule, and a goal after it all. */
const BRANCHING = {
  name: 'Branching',
  trigger: { type: 'manual' },
  exit_conditions: [{ id: 'lost', on: 'gave_up' }],
  steps: [
    { id: 'note', type: 'set', if: [{ field: 'custom_fields.n', operator: 'gte', value: 20 }], config: { values: { a: 1 } } },
    {
      id: 'ab',
      type: 'ab_split',
      config: {
        variants: [
          { name: 'A', weight: 60, next: 'nap' },
          { name: 'B', weight: 40, next: 'raise' },
        ],
      },
    },
    { id: 'nap', type: 'wait', config: { duration: '1d' } },
    { id: 'raise', type: 'update_contact', config: { increment: { 'custom_fields.flaky': 1 } }, on_error: 'continue' },
    { id: 'strict', type: 'update_contact', config: { increment: { 'custom_fields.strict': 1 } } },
    {
      id: 'won',
      type: 'goal',
      config: { condition: { field: 'tags', operator: 'contains', value: 'won' }, timeout: '7d', on_timeout: 'exit_timeout', on_success: 'exit_success' },
    },
  ],
};

/** A store that fails in every way that a crash can: before the statement, and after it when only the answer is lost. */
function crashing(stage_: Stage) {
  let turn = 0;
  const runs: typeof stage_.ctx.runs = {
    ...stage_.ctx.runs,
    async commit(...given) {
      turn += 1;
      if (turn % 3 === 1) throw Object.assign(new Error('terminating connection'), { code: '57P01' });
      const answer = await stage_.ctx.runs.commit(...given);
      if (turn % 3 === 2) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      return answer;
    },
  };
  return { ...stage_.ctx, runs };
}

async function persist(ids: string[]): Promise<void> {
  const ctx = crashing(stage);
  for (let i = 0; i < ids.length; i += 40) {
    const part = ids.slice(i, i + 40);
    for (let tries = 0; tries < 6; tries += 1) await runBatch(ctx, part, 'bulk').catch(() => undefined);
  }
}

const letTimersCome = (share: string) =>
  stage.owner.query(
    `UPDATE workflow_scheduled_actions a SET scheduled_for = journey_now() FROM workflow_enrollments e JOIN contacts c ON c.id = e.contact_id WHERE e.id = a.enrollment_id AND a.kind = 'timer' AND ${share}`,
  );

/** Three hundred contacts through all of it; n is the contact's number. */
async function play(workflow: PublishedWorkflow): Promise<void> {
  const contacts: string[] = [];
  for (let n = 0; n < 300; n += 1) contacts.push(await stage.contact({ custom_fields: { n, flaky: n % 5 === 0 ? 'text' : 1, strict: n % 11 === 0 ? 'text' : 1 } }));
  const rows = contacts.map((contactId) => ({ contactId, entryKey: '', initial: {}, triggerData: {} }));
  const { answers } = await desk.enroll(workflow.workflowId, workflow.versionId, 'never', rows, {
    actor: 'test',
    action: 'enrollment.create',
    subject: workflow.workflowId,
    detail: {},
  });
  const runs = answers.map(({ enrollmentId }) => enrollmentId);
  await persist(runs);
  for (const contact of contacts.filter((_, n) => n % 7 === 0)) await stage.event(contact, 'gave_up');
  await dispatchEvents(stage.ctx);
  await persist(runs);
  await letTimersCome("(c.custom_fields ->> 'n')::int % 4 <> 0 AND a.step_id = 'nap'");
  await persist(runs);
  for (const contact of contacts.filter((_, n) => n % 3 === 0)) {
    await stage.owner.query("UPDATE contacts SET tags = '{won}', revision = revision + 1 WHERE id = $1", [contact]);
    await stage.event(contact, 'tag_added', { tag: 'won' });
  }
  await dispatchEvents(stage.ctx);
  await persist(runs);
  await letTimersCome("(c.custom_fields ->> 'n')::int % 10 = 1");
  await persist(runs);
}

/** The same numbers from nothing but the logs and the enrollments. */
async function recount({ workflowId }: PublishedWorkflow) {
  const steps = await rowsOf(
    stage.owner,
    `SELECT l.step_id AS "stepKey", count(*)::int AS entered,
      (count(*) FILTER (WHERE l.status = 'completed' AND l.outcome IS NOT NULL))::int AS completed,
      (count(*) FILTER (WHERE l.status = 'skipped' AND l.outcome IS NOT NULL))::int AS skipped,
      (count(*) FILTER (WHERE l.status = 'failed'))::int AS failed,
      (count(*) FILTER (WHERE l.completed_at IS NULL))::int AS waiting,
      (count(*) FILTER (WHERE l.completed_at IS NOT NULL AND l.outcome IS NULL))::int AS "droppedOff"
      FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id WHERE e.workflow_id = $1 GROUP BY 1 ORDER BY 1`,
    [workflowId],
  );
  const edges = await rowsOf(
    stage.owner,
    `SELECT l.step_id AS from, l.outcome, count(*)::int AS count FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id
      WHERE e.workflow_id = $1 AND l.completed_at IS NOT NULL AND l.outcome IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
    [workflowId],
  );
  const totals = await rowsOf(stage.owner, 'SELECT status, count(*)::int AS n FROM workflow_enrollments WHERE workflow_id = $1 GROUP BY 1', [workflowId]);
  const goals = await rowsOf(
    stage.owner,
    `SELECT l.step_id AS "stepKey", count(DISTINCT l.enrollment_id)::int AS reached FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id
      WHERE e.workflow_id = $1 AND l.step_type = 'goal' AND l.outcome = 'success' GROUP BY 1`,
    [workflowId],
  );
  const variants = await rowsOf(
    stage.owner,
    `SELECT first.step_id AS experiment, first.outcome AS variant, count(*)::int AS exposures, count(goal.at)::int AS conversions
      FROM (SELECT DISTINCT ON (e.contact_id, l.step_id) e.contact_id, l.step_id, l.outcome, l.completed_at AS at FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id
        WHERE e.workflow_id = $1 AND l.step_type = 'ab_split' AND l.completed_at IS NOT NULL ORDER BY e.contact_id, l.step_id, l.completed_at) first
      LEFT JOIN LATERAL (SELECT min(l.completed_at) AS at FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id
        WHERE e.workflow_id = $1 AND e.contact_id = first.contact_id AND l.step_type = 'goal' AND l.outcome = 'success' AND l.completed_at >= first.at) goal ON true
      GROUP BY 1, 2 ORDER BY 1, 2`,
    [workflowId],
  );
  return { steps, edges, totals: Object.fromEntries(totals.map(({ status, n }) => [String(status), n])), goals, variants };
}

type Workflow = { workflowId: string };
const readStats = async ({ workflowId }: Workflow, filter: StatsFilter) => (await desk.readStats([workflowId], filter)).get(workflowId)!;
const readStepTimes = async ({ workflowId }: Workflow, filter: StatsFilter) => (await desk.readStepTimes([workflowId], filter)).get(workflowId)!;
const readExposures = async ({ workflowId }: Workflow, filter: StatsFilter) => (await desk.readExposures([workflowId], filter)).get(workflowId)!;

const sorted = <Row extends object>(rows: Row[]): Row[] => rows.toSorted((a, b) => JSON.stringify(Object.values(a)).localeCompare(JSON.stringify(Object.values(b))));

describe('stats', () => {
  it('always equal what the logs say: three hundred contacts, every way through, with crashes', { timeout: 120_000 }, async () => {
    const workflow = await stage.publish(BRANCHING);
    await play(workflow);
    for (const rolledUp of [false, true]) {
      if (rolledUp) while ((await rollUpStats(stage.owner)) > 0);
      const [stats, exposures, logs] = [await readStats(workflow, {}), await readExposures(workflow, {}), await recount(workflow)];
      expect(sorted(stats.funnel.map(({ dropOffRate: _rate, ...step }) => step))).toEqual(sorted(logs.steps));
      expect(sorted(stats.edges)).toEqual(sorted(logs.edges as typeof stats.edges));
      expect({ active: stats.active, completed: stats.completed, exited: stats.exited, failed: stats.failed }).toEqual(logs.totals);
      expect(stats.enrolled).toBe(300);
      expect(stats.goals.map(({ stepKey, reached }) => ({ stepKey, reached }))).toEqual(logs.goals);
      expect(exposures).toEqual(logs.variants);
    }
    // Every kind of ending was there, or the comparison says little.
    const { funnel, edges, ...totals } = await readStats(workflow, {});
    expect(Math.min(totals.active, totals.completed, totals.exited, totals.failed)).toBeGreaterThan(0);
    expect(funnel.find(({ stepKey }) => stepKey === 'note')).toMatchObject({ entered: 300, skipped: 20, completed: 280, failed: 0, droppedOff: 0, waiting: 0 });
    expect(edges.filter(({ from }) => from === 'raise')).toEqual([{ from: 'raise', outcome: 'next', count: expect.any(Number) }]);
    expect(funnel.find(({ stepKey }) => stepKey === 'raise')!.failed).toBeGreaterThan(0);
    expect(funnel.find(({ stepKey }) => stepKey === 'strict')).toMatchObject({ failed: totals.failed, droppedOff: totals.failed });
    expect(funnel.find(({ stepKey }) => stepKey === 'nap')!.droppedOff).toBeGreaterThan(0);
  });

  it('tell how long people stay in a step', async () => {
    const workflow = await stage.publish({
      name: 'Timed',
      trigger: { type: 'manual' },
      steps: [
        { id: 'nap', type: 'wait', config: { duration: '1d' } },
        { id: 'off', type: 'set', if: [{ field: 'email', operator: 'is_set' }], config: { values: { a: 1 } } },
      ],
    });
    const runs: string[] = [];
    for (let n = 0; n < 10; n += 1) runs.push(await stage.enroll(workflow, await stage.contact()));
    await runBatch(stage.ctx, runs, 'bulk');
    await letTimersCome('true');
    await runBatch(stage.ctx, runs, 'bulk');
    for (const [n, run] of runs.entries())
      await stage.owner.query("UPDATE workflow_step_logs SET started_at = completed_at - make_interval(secs => $2) WHERE enrollment_id = $1 AND step_id = 'nap'", [run, n + 1]);
    expect(await readStepTimes(workflow, {})).toEqual([{ stepKey: 'nap', visits: 10, medianMs: 5_500, p90Ms: 9_100 }]);
    expect(await readStepTimes(workflow, { version: 2 })).toEqual([]);
    expect(await readStepTimes(workflow, { to: 0 })).toEqual([]);
  });

  it('count a goal in the same commit as the split as a conversion, and one before it as none', async () => {
    const split = { id: 'ab', type: 'ab_split', config: { variants: [{ name: 'A', weight: 1 }] } };
    const goal = { id: 'won', type: 'goal', config: { condition: { field: 'tags', operator: 'contains', value: 'won' }, timeout: '1d' } };
    const after = await stage.publish({ name: 'After', trigger: { type: 'manual' }, steps: [split, goal] });
    const before = await stage.publish({ name: 'Before', trigger: { type: 'manual' }, steps: [goal, split] });
    const contact = await stage.contact({ tags: ['won'] });
    await runBatch(stage.ctx, [await stage.enroll(after, contact), await stage.enroll(before, contact)], 'interactive');
    expect(await readExposures(after, {})).toEqual([{ experiment: 'ab', variant: 'A', exposures: 1, conversions: 1 }]);
    expect(await readExposures(before, {})).toEqual([{ experiment: 'ab', variant: 'A', exposures: 1, conversions: 0 }]);
    expect(await readExposures(after, { version: 1 })).toHaveLength(1);
    expect(await readExposures(after, { version: 2 })).toEqual([]);
    expect(await readExposures(after, { to: 0 })).toEqual([]);
  });
});
