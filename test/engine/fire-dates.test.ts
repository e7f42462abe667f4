import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Data } from '../../src/core/state.ts';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { fireDates } from '../../src/engine/fire-dates.ts';
import { fireSchedules } from '../../src/engine/fire-schedules.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { walkContacts } from '../../src/engine/walk-contacts.ts';
import { createStage, one, rowsOf, type Stage } from '../support/engine-stage.ts';
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
  await stage.owner.query('DELETE FROM date_field_plans');
  await stage.owner.query("UPDATE contact_walks SET status = 'done'");
  await stage.owner.query('UPDATE contact_events SET dispatched_at = now() WHERE dispatched_at IS NULL');
  await stage.owner.query('UPDATE contacts SET deleted_at = now()');
  await stage.owner.query("UPDATE locations SET timezone = 'UTC'");
  await time.set('2026-03-02T09:00:00Z');
});

const nap = [{ id: 'nap', type: 'wait', config: { duration: '30d' } }];
const note = [{ id: 'note', type: 'set', config: { values: { x: 1 } } }];
const birthday = (more: Data = {}, steps: Data[] = note) => ({
  name: 'Birthday', trigger: { type: 'date_field', field: 'custom_fields.birthday', at: '09:00', anniversary: true, ...more }, settings: { reentry: 'after_exit' }, steps,
});

const publish: TimeTravel['publish'] = (definition) => time.publish(definition);
/** What the scheduling worker does in a round, until there is nothing left to do. */
async function round(ctx: Partial<typeof stage.ctx> = {}, pageSize?: number): Promise<void> {
  const all = { ...stage.ctx, ...ctx, clock: time.clock };
  await fireSchedules(all);
  while (await walkContacts(all, pageSize));
  await fireDates(all);
}
const at = async (iso: string): Promise<void> => {
  await time.set(iso);
  await round();
};
/** Changes a contact as the API does: the row, and the event that tells of it. */
async function change(contact: string, fields: Data, timezone: string | null = null): Promise<void> {
  await stage.owner.query('UPDATE contacts SET custom_fields = $2, timezone = $3, revision = revision + 1 WHERE id = $1', [contact, JSON.stringify(fields), timezone]);
  await stage.event(contact, 'contact_updated', { changes: { 'custom_fields.birthday': { from: null, to: fields['birthday'] ?? null } } });
  await dispatchEvents(stage.ctx);
}
const planOf = async (contact: string) =>
  (
    await rowsOf(
      stage.owner,
      `SELECT to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI') AS due, to_char(occurrence, 'YYYY-MM-DD') AS day FROM date_field_plans WHERE contact_id = $1`,
      [contact],
    )
  )[0] ?? null;
const runsOf = (contact: string) => rowsOf(stage.owner, 'SELECT status, trigger_data, current_step FROM workflow_enrollments WHERE contact_id = $1 ORDER BY occurrence', [contact]);
const born = (date: string | null, more: Data = {}) => stage.contact({ custom_fields: date === null ? {} : { birthday: date }, ...more });

describe('a date_field trigger', () => {
  it('fires at its moment, every year with anniversary, once', async () => {
    const contact = await born('1990-05-01');
    await publish(birthday());
    await round();
    expect(await planOf(contact)).toEqual({ due: '2026-05-01T09:00', day: '2026-05-01' });
    await at('2026-05-01T08:59:59Z');
    expect(await runsOf(contact)).toEqual([]);
    for (const moment of ['2026-05-01T09:00:01Z', '2026-05-01T09:00:02Z', '2026-08-01T00:00:00Z']) await at(moment);
    expect(await runsOf(contact)).toMatchObject([
      {
        status: 'completed',
        trigger_data: { type: 'date_field', data: { field: 'custom_fields.birthday', value: '1990-05-01', occurrence: '2026-05-01', due_at: '2026-05-01T09:00:00Z' } },
      },
    ]);
    expect(await planOf(contact)).toEqual({ due: '2027-05-01T09:00', day: '2027-05-01' });
    await at('2027-05-01T09:00:01Z');
    expect(await runsOf(contact)).toHaveLength(2);
  });

  it('fires days before a date, once and never again, without anniversary', async () => {
    const contact = await born('2026-05-01');
    await publish(birthday({ anniversary: false, offset: '-2d' }));
    await round();
    for (const moment of ['2026-04-29T08:59:59Z', '2026-04-29T09:00:01Z', '2027-04-29T09:00:01Z']) await at(moment);
    expect(await runsOf(contact)).toHaveLength(1);
    expect(await planOf(contact)).toEqual({ due: null, day: null });
  });

  it('29 February is 28 February in other years', async () => {
    const contact = await born('2000-02-29');
    await publish(birthday());
    await round();
    expect(await planOf(contact)).toEqual({ due: '2027-02-28T09:00', day: '2027-02-28' });
    await at('2027-02-28T09:00:01Z');
    expect(await planOf(contact)).toEqual({ due: '2028-02-29T09:00', day: '2028-02-29' });
  });

  it('plans contacts that are created later, and leaves those without a date alone', async () => {
    await publish(birthday());
    await round();
    const [dated, undated] = [await born('1990-05-01'), await born(null)];
    for (const contact of [dated, undated]) await stage.event(contact, 'contact_created');
    await dispatchEvents(stage.ctx);
    expect(await planOf(dated)).toEqual({ due: '2026-05-01T09:00', day: '2026-05-01' });
    expect(await planOf(undated)).toBeNull();
  });

  it.each([
    ['earlier', '1990-04-01', '2026-04-01T09:00'],
    ['later', '1990-06-01', '2026-06-01T09:00'],
    ['away', null, null],
  ])('plans anew when the date moves %s', async (_where, date, due) => {
    const contact = await born('1990-05-01');
    await publish(birthday());
    await round();
    await change(contact, date === null ? {} : { birthday: date });
    expect(await planOf(contact)).toMatchObject({ due });
    await at('2026-05-01T09:00:01Z');
    expect(await runsOf(contact)).toHaveLength(date === '1990-04-01' ? 1 : 0);
  });

  it('plans anew when the zone of the contact changes, and fires no day twice for it', async () => {
    const contact = await born('1990-05-01');
    await publish(birthday());
    await round();
    await change(contact, { birthday: '1990-05-01' }, 'Asia/Tokyo');
    expect(await planOf(contact)).toMatchObject({ due: '2026-05-01T00:00' });
    await at('2026-05-01T00:00:01Z');
    await change(contact, { birthday: '1990-05-01' }, 'America/New_York');
    await at('2026-05-01T13:00:01Z');
    expect(await runsOf(contact)).toHaveLength(1);
    expect(await planOf(contact)).toMatchObject({ due: '2027-05-01T13:00' });
  });

  it('looks at the contact again when it fires: a date that moved unnoticed only moves on', async () => {
    const contact = await born('1990-05-01');
    await publish(birthday());
    await round();
    await stage.owner.query(`UPDATE contacts SET custom_fields = '{"birthday": "1990-07-01"}' WHERE id = $1`, [contact]);
    await at('2026-05-01T09:00:01Z');
    expect(await runsOf(contact)).toEqual([]);
    expect(await planOf(contact)).toMatchObject({ due: '2026-07-01T09:00' });
  });

  it('does not let an older view of a contact replace a newer one', async () => {
    const workflow = await publish(birthday());
    await round();
    const contact = await born('1990-06-01');
    await stage.event(contact, 'contact_created');
    const slow = {
      ...stage.ctx.events,
      async dispatch(...given: Parameters<typeof stage.ctx.events.dispatch>) {
        await stage.owner.query(
          `INSERT INTO date_field_plans (workflow_id, place, contact_id, location_id, due_at, occurrence, contact_revision) VALUES ($1, 0, $2, $3, '2026-04-01T09:00Z', '2026-04-01', 2)`,
          [workflow.workflowId, contact, stage.locationId],
        );
        return stage.ctx.events.dispatch(...given);
      },
    };
    await dispatchEvents({ ...stage.ctx, events: slow });
    expect(await planOf(contact)).toMatchObject({ due: '2026-04-01T09:00' });
  });

  it('fires once however many schedulers look at once', async () => {
    const contacts = await Promise.all(Array.from({ length: 30 }, () => born('1990-05-01')));
    await publish(birthday({}, nap));
    await round({}, 7);
    await time.set('2026-05-01T09:00:01Z');
    await Promise.all(Array.from({ length: 5 }, () => round()));
    expect(await one(stage.owner, 'SELECT count(*)::int FROM workflow_enrollments WHERE contact_id = ANY($1)', [contacts])).toBe(30);
    expect(await one(stage.owner, 'SELECT count(*)::int FROM enrollment_refusals WHERE contact_id = ANY($1)', [contacts])).toBe(0);
  });

  it('keeps whom the filters refused, with the clause', async () => {
    const contact = await born('1990-05-01', { tags: ['quiet'] });
    await publish(birthday({ filters: [{ field: 'tags', operator: 'not_contains', value: 'quiet' }] }));
    await round();
    await at('2026-05-01T09:00:01Z');
    expect(await runsOf(contact)).toEqual([]);
    expect(await rowsOf(stage.owner, 'SELECT reason, event_id FROM enrollment_refusals WHERE contact_id = $1', [contact])).toEqual([{ reason: 'filters', event_id: null }]);
  });

  it('keeps that somebody was inside already', async () => {
    const contact = await born('1990-05-01');
    await publish({ ...birthday({}, nap), settings: {} });
    await round();
    for (const moment of ['2026-05-01T09:00:01Z', '2027-05-01T09:00:01Z']) await at(moment);
    expect(await runsOf(contact)).toHaveLength(1);
    expect(await rowsOf(stage.owner, 'SELECT reason FROM enrollment_refusals WHERE contact_id = $1', [contact])).toEqual([{ reason: 'already_enrolled' }]);
  });

  it('decides again when the contact changed between the look and the write', async () => {
    const contact = await born('1990-05-01', { tags: ['vip'] });
    await publish(birthday({ filters: [{ field: 'tags', operator: 'contains', value: 'vip' }] }));
    await round();
    await time.set('2026-05-01T09:00:01Z');
    let looks = 0;
    const changing: typeof stage.ctx.schedules = {
      ...stage.ctx.schedules,
      async dueDates(limit) {
        const due = await stage.ctx.schedules.dueDates(limit);
        if ((looks += 1) === 1) await stage.owner.query("UPDATE contacts SET tags = '{}', revision = revision + 1 WHERE id = $1", [contact]);
        return due;
      },
    };
    await round({ schedules: changing });
    expect(await rowsOf(stage.owner, 'SELECT 1 FROM enrollment_refusals WHERE contact_id = $1', [contact])).toEqual([]);
    await round();
    expect(await runsOf(contact)).toEqual([]);
    expect(await rowsOf(stage.owner, 'SELECT reason FROM enrollment_refusals WHERE contact_id = $1', [contact])).toEqual([{ reason: 'filters' }]);
  });

  it('lets two workflows that change the contact on the same day see each other', async () => {
    const counting = (name: string) => ({ ...birthday({}, [{ id: 'count', type: 'update_contact', config: { increment: { 'custom_fields.n': 1 } } }]), name });
    const contact = await born('1990-05-01');
    await publish(counting('One'));
    await publish(counting('Two'));
    await round();
    await at('2026-05-01T09:00:01Z');
    await runBatch(stage.ctx, stage.history.rung.runs.at(-1)?.ids ?? [], 'bulk');
    expect(await rowsOf(stage.owner, "SELECT custom_fields->'n' AS n FROM contacts WHERE id = $1", [contact])).toEqual([{ n: 2 }]);
  });

  it('forgets a contact that was deleted', async () => {
    const contact = await born('1990-05-01');
    await publish(birthday());
    await round();
    await stage.owner.query('UPDATE contacts SET deleted_at = now() WHERE id = $1', [contact]);
    await at('2026-05-01T09:00:01Z');
    expect(await planOf(contact)).toEqual({ due: null, day: null });
    expect(await runsOf(contact)).toEqual([]);
  });

  it('leaves out the one contact whose data cannot be written', async () => {
    const random = Array.from({ length: 4000 }, () => String.fromCharCode(0x4e00 + Math.floor(Math.random() * 20_000))).join('');
    const contacts = [await born('1990-05-01'), await stage.contact({ custom_fields: { birthday: '1990-05-01', key: random } }), await born('1990-05-01')];
    await publish({ ...birthday(), settings: { entry_key: '{{contact.custom_fields.key}}' } });
    await round();
    await at('2026-05-01T09:00:01Z');
    expect((await Promise.all(contacts.map(runsOf))).map((runs) => runs.length)).toEqual([1, 0, 1]);
    expect(await rowsOf(stage.owner, 'SELECT reason FROM enrollment_refusals WHERE contact_id = $1', [contacts[1]])).toEqual([{ reason: 'error' }]);
  });
});

describe('a door that is closed, with date fields', () => {
  it.each(["status = 'paused'", "status = 'archived'", 'entry_stopped = true'])('fires nothing, and plans anew when it opens: %s', async (closed) => {
    const [during, after] = [await born('1990-05-01'), await born('1990-06-01')];
    const { workflowId } = await publish(birthday());
    await round();
    await stage.owner.query(`UPDATE workflows_v2 SET ${closed} WHERE id = $1`, [workflowId]);
    await time.turn(workflowId);
    await at('2026-05-01T09:00:01Z');
    await at('2026-05-10T09:00:00Z');
    await stage.owner.query("UPDATE workflows_v2 SET status = 'active', entry_stopped = false WHERE id = $1", [workflowId]);
    await time.turn(workflowId);
    await round();
    expect(await planOf(during)).toMatchObject({ due: '2027-05-01T09:00' });
    await at('2026-06-01T09:00:01Z');
    expect([await runsOf(during), await runsOf(after)].map((runs) => runs.length)).toEqual([0, 1]);
  });

  it('fires nothing that became due while it was closed and is found only after it opened', async () => {
    const contact = await born('1990-05-01');
    const { workflowId } = await publish(birthday());
    await round();
    await time.set('2026-05-02T09:00:00Z');
    await time.turn(workflowId);
    await fireDates(stage.ctx);
    expect(await runsOf(contact)).toEqual([]);
    expect(await planOf(contact)).toMatchObject({ due: '2027-05-01T09:00' });
  });

  it('opens with nothing decided yet, to the microsecond', async () => {
    const { workflowId } = await publish(birthday());
    for (let turn = 0; turn < 20; turn += 1) {
      await time.turn(workflowId);
      expect(await one(stage.owner, 'SELECT decided_until = opened_at FROM workflow_schedules WHERE workflow_id = $1', [workflowId])).toBe(true);
    }
  });

  it('plans by the version that is published', async () => {
    const contact = await born('1990-05-01');
    const workflow = await publish(birthday());
    await round();
    await stage.publishAgain(workflow, birthday({ offset: '-7d' }));
    await time.turn(workflow.workflowId);
    await round();
    expect(await planOf(contact)).toMatchObject({ due: '2026-04-24T09:00', day: '2026-05-01' });
    await stage.publishAgain(workflow, { ...birthday(), trigger: { type: 'manual' } });
    await time.turn(workflow.workflowId);
    await round();
    await at('2026-04-24T09:00:01Z');
    expect(await runsOf(contact)).toEqual([]);
    expect(await planOf(contact)).toMatchObject({ due: null });
  });
});
