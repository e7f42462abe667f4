import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Data } from '../../src/core/state.ts';
import { fireSchedules } from '../../src/engine/fire-schedules.ts';
import { walkContacts } from '../../src/engine/walk-contacts.ts';
import { createStage, one, rowsOf, type PublishedWorkflow, type Stage } from '../support/engine-stage.ts';
import { timeTravel, type TimeTravel } from '../support/time-travel.ts';

let stage: Stage;
let time: TimeTravel;
beforeAll(async () => {
  stage = await createStage();
  time = timeTravel(stage);
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.owner.query("UPDATE workflows_v2 SET status = 'archived'");
  await stage.owner.query('DELETE FROM workflow_schedules');
  await stage.owner.query("UPDATE contact_walks SET status = 'done'");
  await stage.owner.query('UPDATE contacts SET deleted_at = now()');
  await time.set('2026-03-02T08:59:50Z');
});

const daily = (more: Data = {}, steps: Data[] = [{ id: 'mail', type: 'send_email', config: { subject: 'Hi', text: 'Hello' } }]) => ({
  name: 'Daily', trigger: { type: 'schedule', cron: '0 9 * * *', timezone: 'UTC', ...more }, settings: { reentry: 'after_exit' }, steps,
});
const nap = [{ id: 'nap', type: 'wait', config: { duration: '30d' } }];

const publish: TimeTravel['publish'] = (definition) => time.publish(definition);
/** What a scheduling worker does in a round, until there is nothing left to do. */
async function round(pageSize?: number, ctx: Partial<typeof stage.ctx> = {}): Promise<void> {
  const all = { ...stage.ctx, ...ctx, clock: time.clock };
  await fireSchedules(all);
  while (await walkContacts(all, pageSize));
}
const contacts = (count: number, given: Data = {}): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => stage.contact({ ...given, email: `${index}-${Math.random()}@example.com` })));
const walksOf = ({ workflowId }: PublishedWorkflow) =>
  rowsOf(
    stage.owner,
    `SELECT to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI') AS due, status, looked, enrolled, filtered, turned_away FROM contact_walks WHERE workflow_id = $1 ORDER BY due_at, place`,
    [workflowId],
  );
const refusalsOf = ({ workflowId }: PublishedWorkflow) =>
  rowsOf(stage.owner, "SELECT contact_id, reason, detail->>'path' AS path FROM enrollment_refusals WHERE workflow_id = $1 ORDER BY contact_id", [workflowId]);
const inside = ({ workflowId }: PublishedWorkflow) => one(stage.owner, 'SELECT count(*)::int FROM workflow_enrollments WHERE workflow_id = $1', [workflowId]);

describe('a schedule trigger', () => {
  it('fires at its time over the contacts that match its filters, and takes each through its first segment', async () => {
    const workflow = await publish(daily({ filters: [{ field: 'tags', operator: 'contains', value: 'vip' }] }));
    const [vip] = await contacts(1, { tags: ['vip'] });
    const others = await contacts(2);
    await round();
    expect(await walksOf(workflow)).toEqual([]);
    await time.set('2026-03-02T09:00:01Z');
    await round();
    await round();
    expect(await walksOf(workflow)).toEqual([{ due: '2026-03-02T09:00', status: 'done', looked: 3, enrolled: 1, filtered: 2, turned_away: 0 }]);
    const [run] = await rowsOf(stage.owner, 'SELECT id, contact_id, current_step, trigger_data FROM workflow_enrollments WHERE workflow_id = $1', [workflow.workflowId]);
    expect(run).toMatchObject({ contact_id: vip, current_step: 'mail', trigger_data: { type: 'schedule', data: { due_at: '2026-03-02T09:00:00Z' } } });
    expect(await one(stage.owner, 'SELECT count(*)::int FROM sends WHERE workflow_id = $1', [workflow.workflowId])).toBe(1);
    expect(stage.history.rung.sends.at(-1)).toMatchObject({ lane: 'bulk' });
    expect(await refusalsOf(workflow)).toEqual(others.toSorted().map((contact_id) => ({ contact_id, reason: 'filters', path: 'tags' })));
  });

  it('keeps why it refused a contact, the newest of its looks alone', async () => {
    const workflow = await publish({ ...daily({ filters: [{ field: 'custom_fields.level', operator: 'equals', value: 1 }] }, nap), settings: { reentry: 'never' } });
    const [contact] = await contacts(1, { custom_fields: { level: 2 } });
    const kept = () => rowsOf(stage.owner, 'SELECT reason, place, event_id, detail->>\'actual\' AS saw FROM enrollment_refusals WHERE workflow_id = $1', [workflow.workflowId]);
    await time.set('2026-03-02T09:00:01Z');
    await round();
    expect(await kept()).toEqual([{ reason: 'filters', place: 0, event_id: null, saw: '2' }]);
    await stage.owner.query("UPDATE contacts SET custom_fields = '{\"level\": 3}' WHERE id = $1", [contact]);
    await time.set('2026-03-03T09:00:01Z');
    await round();
    expect(await kept()).toEqual([{ reason: 'filters', place: 0, event_id: null, saw: '3' }]);
    await stage.owner.query("UPDATE contacts SET custom_fields = '{\"level\": 1}' WHERE id = $1", [contact]);
    await time.set('2026-03-04T09:00:01Z');
    await round();
    expect(await inside(workflow)).toBe(1);
    await time.set('2026-03-05T09:00:01Z');
    await round();
    expect(await kept()).toEqual([{ reason: 'already_enrolled', place: 0, event_id: null, saw: null }]);
  });

  it('filters by what contacts did', async () => {
    const workflow = await publish(daily({ filters: [{ event: 'page_viewed', within: '3d', count: { gte: 2 } }] }, nap));
    const [keen, idle] = await contacts(2);
    for (const contact of [keen!, keen!, idle!]) await stage.event(contact, 'page_viewed');
    await time.set('2026-03-02T09:00:01Z');
    await round();
    await round();
    expect(await walksOf(workflow)).toMatchObject([{ looked: 2, enrolled: 1, filtered: 1 }]);
    expect(await one(stage.owner, 'SELECT contact_id FROM workflow_enrollments WHERE workflow_id = $1', [workflow.workflowId])).toBe(keen);
  });

  it('fires once with at, in its zone', async () => {
    const workflow = await publish(daily({ cron: undefined, at: '2026-03-02T10:00', timezone: 'Europe/Berlin' }));
    await contacts(1);
    for (const moment of ['2026-03-02T08:59:59Z', '2026-03-02T09:00:02Z', '2027-03-02T09:00:02Z']) {
      await time.set(moment);
      await round();
    }
    expect(await walksOf(workflow)).toMatchObject([{ due: '2026-03-02T09:00', enrolled: 1 }]);
  });

  it('fires each of several triggers', async () => {
    const { trigger: _one, ...definition } = daily({}, nap);
    const workflow = await publish({ ...definition, triggers: [{ type: 'manual' }, { type: 'schedule', cron: '0 9 * * *' }, { type: 'schedule', cron: '0 9 * * mon' }] });
    await contacts(1);
    await time.set('2026-03-02T09:00:01Z');
    await round();
    const walks = await walksOf(workflow);
    expect(walks.map(({ enrolled }) => enrolled).toSorted()).toEqual([0, 1]);
    expect(walks.map(({ turned_away }) => turned_away).toSorted()).toEqual([0, 1]);
  });

  it('fires once however many schedulers look at once, and enrolls each contact once', async () => {
    const workflow = await publish(daily({}, nap));
    const people = await contacts(60);
    await time.set('2026-03-02T09:00:01Z');
    await Promise.all(Array.from({ length: 5 }, () => round(7)));
    expect(await walksOf(workflow)).toEqual([{ due: '2026-03-02T09:00', status: 'done', looked: 60, enrolled: 60, filtered: 0, turned_away: 0 }]);
    expect(await inside(workflow)).toBe(people.length);
  });

  it('writes each page once when two workers are in the same walk', async () => {
    const workflow = await publish(daily({}, nap));
    await contacts(60);
    await time.set('2026-03-02T09:00:01Z');
    const shared = { ...stage.ctx.schedules, takeWalk: () => stage.ctx.schedules.takeWalk(-1_000) };
    await Promise.all(Array.from({ length: 4 }, () => round(7, { schedules: shared })));
    await round();
    expect(await walksOf(workflow)).toEqual([{ due: '2026-03-02T09:00', status: 'done', looked: 60, enrolled: 60, filtered: 0, turned_away: 0 }]);
  });

  it.each([false, true])('goes on between pages after a crash (page committed: %s)', async (committed) => {
    const workflow = await publish(daily({}, nap));
    await contacts(25);
    await time.set('2026-03-02T09:00:01Z');
    let pages = 0;
    const dying: typeof stage.ctx.schedules = {
      ...stage.ctx.schedules,
      async enrollStep(...given) {
        pages += 1;
        if (pages === 2 && !committed) throw new Error('killed');
        const answer = await stage.ctx.schedules.enrollStep(...given);
        if (pages === 2) throw new Error('killed');
        return answer;
      },
    };
    await expect(round(10, { schedules: dying })).rejects.toThrow('killed');
    expect(await inside(workflow)).toBe(committed ? 20 : 10);
    expect(await walkContacts(stage.ctx)).toBe(false);
    await stage.owner.query("UPDATE contact_walks SET lease_until = now() - interval '1 second'");
    await round(10);
    expect(await walksOf(workflow)).toMatchObject([{ status: 'done', looked: 25, enrolled: 25 }]);
    expect(await inside(workflow)).toBe(25);
  });

  it('decides again about contacts that changed between the look and the write', async () => {
    const workflow = await publish(daily({ filters: [{ field: 'tags', operator: 'contains', value: 'vip' }] }));
    const [first] = await contacts(2, { tags: ['vip'] });
    await time.set('2026-03-02T09:00:01Z');
    let reads = 0;
    const changing: typeof stage.ctx.schedules = {
      ...stage.ctx.schedules,
      async readPage(...given) {
        const page = await stage.ctx.schedules.readPage(...given);
        if ((reads += 1) === 1) await stage.owner.query("UPDATE contacts SET tags = '{}', revision = revision + 1 WHERE id = $1", [first]);
        return page;
      },
    };
    await round(10, { schedules: changing });
    expect(await walksOf(workflow)).toEqual([{ due: '2026-03-02T09:00', status: 'done', looked: 2, enrolled: 1, filtered: 1, turned_away: 0 }]);
  });

  it('enrolls contacts that never stand still before their first step', async () => {
    const workflow = await publish(daily({}, nap));
    const [restless] = await contacts(1);
    await time.set('2026-03-02T09:00:01Z');
    const changing: typeof stage.ctx.schedules = {
      ...stage.ctx.schedules,
      async readPage(...given) {
        const page = await stage.ctx.schedules.readPage(...given);
        await stage.owner.query('UPDATE contacts SET revision = revision + 1 WHERE id = $1', [restless]);
        return page;
      },
    };
    await round(10, { schedules: changing });
    expect(await rowsOf(stage.owner, 'SELECT contact_id, current_step FROM workflow_enrollments WHERE workflow_id = $1', [workflow.workflowId])).toEqual([
      { contact_id: restless, current_step: null },
    ]);
    expect(stage.history.rung.runs.at(-1)).toMatchObject({ lane: 'bulk', ids: [expect.any(String)] });
  });

  it.each([0, 3, 6])('leaves out the one contact whose data cannot be written (number %i of the page)', async (before) => {
    const workflow = await publish({ ...daily({}, nap), settings: { entry_key: '{{contact.custom_fields.key}}' } });
    const random = Array.from({ length: 4000 }, () => String.fromCharCode(0x4e00 + Math.floor(Math.random() * 20_000))).join('');
    const people = (await contacts(7)).toSorted();
    const bad = people[before];
    await stage.owner.query('UPDATE contacts SET custom_fields = $2 WHERE id = $1', [bad, { key: random }]);
    await time.set('2026-03-02T09:00:01Z');
    await round();
    expect(await walksOf(workflow)).toEqual([{ due: '2026-03-02T09:00', status: 'done', looked: 7, enrolled: 6, filtered: 0, turned_away: 1 }]);
    expect(await one(stage.owner, 'SELECT count(*)::int FROM workflow_enrollments WHERE contact_id = $1', [bad])).toBe(0);
  });
});

describe('catch_up, when nothing ran for three days', () => {
  it.each([
    ['none', []],
    ['last', ['2026-03-05T09:00']],
    ['all', ['2026-03-03T09:00', '2026-03-04T09:00', '2026-03-05T09:00']],
  ])('%s', async (catch_up, fired) => {
    const workflow = await publish(daily({ catch_up }));
    await contacts(1);
    await time.set('2026-03-02T09:00:01Z');
    await round();
    await time.set('2026-03-05T12:00:00Z');
    await round();
    await time.set('2026-03-06T09:00:02Z');
    await round();
    expect((await walksOf(workflow)).map(({ due }) => due)).toEqual(['2026-03-02T09:00', ...fired, '2026-03-06T09:00']);
  });
});

describe('a door that is closed', () => {
  it.each(["status = 'paused'", "status = 'archived'", 'entry_stopped = true'])('fires nothing: %s', async (closed) => {
    const workflow = await publish(daily({ catch_up: 'all' }));
    await contacts(1);
    await stage.owner.query(`UPDATE workflows_v2 SET ${closed} WHERE id = $1`, [workflow.workflowId]);
    await time.turn(workflow.workflowId);
    await time.set('2026-03-04T12:00:00Z');
    await round();
    expect(await walksOf(workflow)).toEqual([]);
    await stage.owner.query("UPDATE workflows_v2 SET status = 'active', entry_stopped = false WHERE id = $1", [workflow.workflowId]);
    await time.turn(workflow.workflowId);
    await round();
    await time.set('2026-03-05T09:00:01Z');
    await round();
    expect((await walksOf(workflow)).map(({ due }) => due)).toEqual(['2026-03-05T09:00']);
  });

  it('keeps what is left of a walk until it is opened again, and loses nobody', async () => {
    const workflow = await publish(daily({}, nap));
    await contacts(20);
    await time.set('2026-03-02T09:00:01Z');
    const pausing: typeof stage.ctx.schedules = {
      ...stage.ctx.schedules,
      async readPage(walk, limit) {
        const page = await stage.ctx.schedules.readPage(walk, limit);
        if (walk.cursor !== null) {
          await stage.owner.query("UPDATE workflows_v2 SET status = 'paused' WHERE id = $1", [workflow.workflowId]);
          await time.turn(workflow.workflowId);
        }
        return page;
      },
    };
    await round(10, { schedules: pausing });
    expect(await walksOf(workflow)).toMatchObject([{ status: 'walking', looked: 10, enrolled: 10 }]);
    await stage.owner.query("UPDATE workflows_v2 SET status = 'active' WHERE id = $1", [workflow.workflowId]);
    await time.turn(workflow.workflowId);
    await stage.owner.query("UPDATE contact_walks SET lease_until = now() - interval '1 second' WHERE status = 'walking'");
    await round(10);
    expect(await walksOf(workflow)).toMatchObject([{ status: 'done', looked: 20, enrolled: 20 }]);
  });

  it('ends a walk whose trigger the published version lacks', async () => {
    const workflow = await publish(daily({}, nap));
    await contacts(3);
    await time.set('2026-03-02T09:00:01Z');
    await fireSchedules({ ...stage.ctx, clock: time.clock });
    await stage.publishAgain(workflow, { ...daily({}, nap), trigger: { type: 'manual' } });
    await time.turn(workflow.workflowId);
    await round();
    expect(await walksOf(workflow)).toMatchObject([{ status: 'done', looked: 0, enrolled: 0 }]);
  });
});
