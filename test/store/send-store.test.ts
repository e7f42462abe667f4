import { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPool } from '../../src/store/pool.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { insertSend, outcomesOf, sendRow, seedLedger, type Ledger } from '../support/ledger.ts';

let database: TestDatabase;
let pool: Pool;
let workers: Pool;
let ledger: Ledger;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url, max: 6 });
  workers = createPool({ url: database.url, role: 'millrace_worker', max: 6, name: 'test', onError: () => {} });
});
beforeEach(async () => {
  ledger = await seedLedger(pool);
});
afterAll(async () => {
  await Promise.all([pool.end(), workers.end()]);
  await database.drop();
});
const store = () => createSendStore(workers);
const countsOf = async ({ workflowId }: Ledger) => (await pool.query('SELECT kind, step_id, outcome, n FROM workflow_stat_deltas WHERE workflow_id = $1', [workflowId])).rows;

describe('claim', () => {
  test('marks due sends and tells all about them', async () => {
    const id = await insertSend(pool, ledger, { channel: 'sms', request: { to: '+15550001', body: 'hi' } });
    const { claimed, nudge, left } = await store().claim([id], 25_000);
    expect(claimed).toMatchObject([
      { id, channel: 'sms', attempt: 1, maxAttempts: 5, unknownBefore: false, unknowns: 0, request: { body: 'hi' }, enrollmentId: ledger.enrollmentId, rateLimits: {} },
    ]);
    expect([nudge, left]).toEqual([[], []]);
    expect(await sendRow(pool, id)).toMatchObject({ status: 'executing', attempt: 1 });
  });

  test('never gives one send to two workers', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, (_, n) => insertSend(pool, ledger, { stepId: `s${n}` })));
    const answers = await Promise.all(Array.from({ length: 6 }, () => store().claim(ids, 25_000)));
    const claimed = answers.flatMap((answer) => answer.claimed.map(({ id }) => id));
    expect(claimed.toSorted()).toEqual(ids.toSorted());
  });

  test('leaves alone what is beyond the room, not yet due, or leased', async () => {
    const ids = await Promise.all(['a', 'b', 'c'].map((stepId) => insertSend(pool, ledger, { stepId, channel: 'email' })));
    const later = await insertSend(pool, ledger, { stepId: 'later', inMs: 60_000 });
    const { claimed, left } = await store().claim([...ids, later], 25_000, { email: 1 });
    expect(claimed.map(({ id }) => id)).toEqual([ids[0]]);
    expect(left).toEqual([{ id: ids[1], channel: 'email' }, { id: ids[2], channel: 'email' }]);
    expect((await store().claim([ids[0]!], 25_000)).claimed).toEqual([]);
  });

  test('takes over a send whose worker died, remembers it, and counts no attempt for it', async () => {
    const id = await insertSend(pool, ledger, {});
    await store().claim([id], -1);
    const { claimed } = await store().claim([id], 25_000);
    expect(claimed).toMatchObject([{ attempt: 1, unknownBefore: true, unknowns: 1 }]);
  });

  test.each([
    ['the contact withdrew', `UPDATE contacts SET consent = '{"email": "withdrawn"}'`, 'withdrew from email'],
    ['the contact is gone', 'UPDATE contacts SET deleted_at = now()', 'deleted'],
    ['the workflow is archived', `UPDATE workflows_v2 SET status = 'archived'`, 'archived'],
  ])('skips a send when %s, and wakes its run', async (_name, change, reason) => {
    const id = await insertSend(pool, ledger, { channel: 'email' });
    await pool.query(change);
    const { claimed, nudge } = await store().claim([id], 25_000, { email: 0 });
    expect([claimed, nudge]).toEqual([[], [ledger.enrollmentId]]);
    expect(await sendRow(pool, id)).toMatchObject({ status: 'skipped', error: expect.stringContaining(reason) });
    expect(await outcomesOf(pool, ledger)).toMatchObject([{ step_id: 'send', payload: { outcome: { status: 'skipped' } } }]);
  });

  test('a send that may be out already ends unknown, not skipped', async () => {
    const id = await insertSend(pool, ledger, { channel: 'email' });
    await store().claim([id], -1);
    await pool.query(`UPDATE contacts SET consent = '{"email": "withdrawn"}'`);
    await store().claim([id], 25_000);
    expect(await sendRow(pool, id)).toMatchObject({ status: 'unknown' });
  });

  test('a pause holds a send untouched', async () => {
    const id = await insertSend(pool, ledger, {});
    await pool.query(`UPDATE workflows_v2 SET status = 'paused'`);
    expect(await store().claim([id], 25_000)).toEqual({ claimed: [], nudge: [], left: [], postponed: [] });
    expect(await sendRow(pool, id)).toMatchObject({ status: 'pending', attempt: 0 });
    expect(await store().unfinished(-1, 10)).toEqual([]);
  });

  test('an ended run ends its send and its open log row, and is not woken', async () => {
    const id = await insertSend(pool, ledger, {});
    await pool.query(`UPDATE workflow_enrollments SET status = 'exited'`);
    expect(await store().claim([id], 25_000)).toMatchObject({ claimed: [], nudge: [] });
    expect(await sendRow(pool, id)).toMatchObject({ status: 'skipped' });
    expect(await outcomesOf(pool, ledger)).toEqual([]);
    expect((await pool.query('SELECT status, ended_rev FROM workflow_step_logs WHERE enrollment_id = $1', [ledger.enrollmentId])).rows).toEqual([
      { status: 'skipped', ended_rev: 1 },
    ]);
    expect(await countsOf(ledger)).toEqual([{ kind: 'ended', step_id: 'send', outcome: 'skipped', n: 1 }]);
  });
});

/** Claims one send, and gives what proves it. */
const leaseOf = async (id: string, leaseMs = 25_000): Promise<string> => (await store().claim([id], leaseMs)).claimed[0]!.lease;

describe('finish', () => {
  test('writes the result, drops bodies and posts the outcome once', async () => {
    const id = await insertSend(pool, ledger, { request: { to: 'a@example.com', subject: 'S', html: '<p>long</p>' } });
    const lease = await leaseOf(id);
    const result = { id, lease, attempt: 1, end: { status: 'accepted' as const, result: { message_id: 'm' } }, provider: 'smtp', providerId: 'm' };
    expect(await store().finish([result])).toEqual({ nudge: [ledger.enrollmentId], moved: new Map() });
    expect(await store().finish([result])).toEqual({ nudge: [], moved: new Map() });
    expect(await sendRow(pool, id)).toMatchObject({ status: 'accepted', provider_id: 'm', request: { to: 'a@example.com', subject: 'S' }, result: { message_id: 'm' } });
    expect((await outcomesOf(pool, ledger)).map(({ payload }) => payload)).toEqual([{ attempt: 1, outcome: { status: 'accepted', result: { message_id: 'm' } } }]);
  });

  test('does not believe a worker that lost its lease', async () => {
    const id = await insertSend(pool, ledger, {});
    const lost = await leaseOf(id, -1);
    await store().claim([id], 25_000);
    expect(await store().finish([{ id, lease: lost, attempt: 1, end: { status: 'failed', error: 'late' }, provider: 'smtp', providerId: null }])).toEqual({
      nudge: [],
      moved: new Map(),
    });
    expect(await sendRow(pool, id)).toMatchObject({ status: 'executing', attempt: 1, unknown_before: true });
  });

  test('puts a send back, and gives the attempt back when it does not count', async () => {
    const id = await insertSend(pool, ledger, {});
    const first = await leaseOf(id);
    const back = { id, lease: first, attempt: 1, again: { inMs: 0, error: 'busy', countsAsAttempt: false } };
    await store().finish([back]);
    expect(await sendRow(pool, id)).toMatchObject({ status: 'pending', attempt: 0, unknown_before: false });
    const second = await leaseOf(id);
    await store().finish([back]); // said again by a worker that lost the answer: the number is the same, the lease is not
    expect(await sendRow(pool, id)).toMatchObject({ status: 'executing', attempt: 1 });
    await store().finish([{ id, lease: second, attempt: 1, again: { inMs: 0, error: 'silence', countsAsAttempt: true, unknown: true } }]);
    expect((await store().claim([id], 25_000)).claimed).toMatchObject([{ attempt: 2, unknowns: 1, unknownBefore: true }]);
  });

  test('a run that ended meanwhile gets its log row completed', async () => {
    const id = await insertSend(pool, ledger, {});
    const lease = await leaseOf(id);
    await pool.query(`UPDATE workflow_enrollments SET status = 'exited', revision = 7`);
    await store().finish([{ id, lease, attempt: 1, end: { status: 'accepted', result: { message_id: 'm' } }, provider: 'outbox', providerId: 'm' }]);
    const { rows } = await pool.query('SELECT status, ended_rev, output_data FROM workflow_step_logs WHERE enrollment_id = $1', [ledger.enrollmentId]);
    expect(rows).toEqual([{ status: 'completed', ended_rev: 7, output_data: { message_id: 'm' } }]);
    expect(await countsOf(ledger)).toEqual([{ kind: 'ended', step_id: 'send', outcome: 'completed', n: 1 }]);
  });
});

test('unfinished finds what waits too long, and abandoned what lost its worker', async () => {
  const [waits, died, fresh] = await Promise.all(['waits', 'died', 'leased'].map((stepId) => insertSend(pool, ledger, { stepId })));
  await store().claim([died!], -1);
  await store().claim([fresh!], 25_000);
  expect(await store().unfinished(-1, 10)).toEqual([waits]);
  expect(await store().unfinished(60_000, 10)).toEqual([]);
  expect(await store().abandoned(10)).toEqual([died]);
});

describe('claim, in quiet hours', () => {
  /** Hours around a moment of the database's journey clock, as "HH:MM" in UTC. */
  const around = async (fromHours: number, toHours: number): Promise<{ from: string; to: string }> => {
    const text = `SELECT to_char((journey_now() + make_interval(hours => $1)) AT TIME ZONE 'UTC', 'HH24:MI') AS "from", to_char((journey_now() + make_interval(hours => $2)) AT TIME ZONE 'UTC', 'HH24:MI') AS "to"`;
    return (await pool.query(text, [fromHours, toHours])).rows[0];
  };
  const setHours = (id: string, hours: object) => pool.query('UPDATE sends SET quiet_hours = $2 WHERE id = $1', [id, { channels: ['sms'], zone: 'contact', ...hours }]);
  const dueInHours = async (id: string): Promise<number> =>
    (await pool.query("SELECT date_part('epoch', next_attempt_at - now()) / 3600 AS hours FROM sends WHERE id = $1", [id])).rows[0].hours;

  test('puts a send off until they end, unharmed and with the zone', async () => {
    const id = await insertSend(pool, ledger, { channel: 'sms' });
    await setHours(id, await around(-2, 2));
    const { claimed, postponed, nudge } = await store().claim([id], 25_000);
    expect([claimed, nudge]).toEqual([[], []]);
    expect(postponed).toMatchObject([{ id }]);
    expect(await sendRow(pool, id)).toMatchObject({ status: 'pending', attempt: 0, error: 'It waits for the quiet hours to end (UTC).', first_attempt_at: null });
    expect(await dueInHours(id)).toBeGreaterThan(1.9);
    expect(await dueInHours(id)).toBeLessThanOrEqual(2);
  });

  test('a postponed send leaves when they have ended', async () => {
    const id = await insertSend(pool, ledger, { channel: 'sms' });
    await setHours(id, await around(-2, 2));
    await store().claim([id], 25_000);
    await setHours(id, await around(-4, -2));
    await pool.query('UPDATE sends SET next_attempt_at = now() WHERE id = $1', [id]);
    expect((await store().claim([id], 25_000)).claimed).toMatchObject([{ id, attempt: 1 }]);
  });

  test('counts journey time: at a thousandfold speed the night is short', async () => {
    const id = await insertSend(pool, ledger, { channel: 'sms' });
    await setHours(id, await around(-2, 2));
    await pool.query('UPDATE journey_clock SET journey_epoch = journey_now(), real_epoch = now(), speed = 1000');
    try {
      const [put] = (await store().claim([id], 25_000)).postponed;
      expect(put!.inMs).toBeGreaterThan(1.8 * 3_600);
      expect(put!.inMs).toBeLessThanOrEqual(2 * 3_600);
    } finally {
      await pool.query('UPDATE journey_clock SET journey_epoch = now(), real_epoch = now(), speed = 1');
    }
  });

  test.each([
    ["the contact's zone", 'Asia/Kolkata', 'America/New_York', {}, 'Asia/Kolkata'],
    ["the location's zone", null, 'Asia/Kolkata', {}, 'Asia/Kolkata'],
    ["the location's zone, when the contact's is none", 'Mars/Phobos', 'Asia/Kolkata', {}, 'Asia/Kolkata'],
    ["the workflow's own zone", 'America/New_York', 'America/New_York', { zone: 'Asia/Kolkata' }, 'Asia/Kolkata'],
  ])('reads them in %s', async (_name, contact, location, more, zone) => {
    const id = await insertSend(pool, ledger, { channel: 'sms' });
    await pool.query('UPDATE contacts SET timezone = $1', [contact]);
    await pool.query('UPDATE locations SET timezone = $1', [location]);
    await setHours(id, { from: '00:00', to: '23:59', ...more });
    await store().claim([id], 25_000);
    expect((await sendRow(pool, id))['error']).toBe(`It waits for the quiet hours to end (${zone}).`);
  });

  test("asks the location's defaults when the workflow sets none, for the channels that they name", async () => {
    await pool.query('UPDATE locations SET defaults = $1', [{ quiet_hours: await around(-2, 2) }]);
    const sms = await insertSend(pool, ledger, { stepId: 'sms', channel: 'sms' });
    const mail = await insertSend(pool, ledger, { stepId: 'mail', channel: 'email' });
    const { claimed, postponed } = await store().claim([sms, mail], 25_000);
    expect([claimed.map(({ id }) => id), postponed.map(({ id }) => id)]).toEqual([[mail], [sms]]);
  });

  test('nonsense in the defaults holds nothing back', async () => {
    await pool.query('UPDATE locations SET defaults = $1', [{ quiet_hours: { from: 'late', to: 9 } }]);
    const id = await insertSend(pool, ledger, { channel: 'sms' });
    expect((await store().claim([id], 25_000)).claimed).toMatchObject([{ id }]);
  });

  test('keeps to the room of the channel', async () => {
    const ids = await Promise.all(['a', 'b', 'c'].map((stepId) => insertSend(pool, ledger, { stepId, channel: 'sms' })));
    await setHours(ids[0]!, await around(-4, -2));
    await setHours(ids[1]!, await around(-4, -2));
    const { claimed, left } = await store().claim(ids, 25_000, { sms: 2 });
    expect([claimed.map(({ id }) => id), left.map(({ id }) => id)]).toEqual([ids.slice(0, 2), ids.slice(2)]);
  });
});
