import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Channel, Data } from '../../src/core/state.ts';
import { createContact, deleteContact, setConsent, updateContact } from '../../src/services/contacts.ts';
import { exitEnrollment } from '../../src/services/enrollments.ts';
import { archiveWorkflow, pauseWorkflow, resumeWorkflow } from '../../src/services/lifecycle.ts';
import { receiveEmailReport } from '../../src/services/inbound-email.ts';
import { receiveSms } from '../../src/services/inbound-sms.ts';
import { unsubscribe } from '../../src/services/unsubscribe.ts';
import { createPool } from '../../src/store/pool.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import { createDeskStage, type DeskStage } from '../support/desk-stage.ts';
import { insertSend, type Ledger } from '../support/ledger.ts';
import { until } from '../support/until.ts';

let stage: DeskStage;
let pool: Pool;
let ledger: Ledger;
beforeAll(async () => {
  stage = await createDeskStage();
  pool = createPool({ url: stage.url, role: 'millrace_worker', max: 4, name: 'test-delivery', onError: () => undefined });
});
afterAll(async () => {
  await pool.end();
  await stage.close();
});
let count = 0;
beforeEach(async () => {
  count += 1;
  const { locationId } = stage.here;
  const contact = await createContact(stage.ctx, stage.here, { contact: { email: `ana${count}@example.com`, phone: `+155512301${String(count).padStart(2, '0')}` } });
  const [workflow] = await stage.rows<{ id: string }>(
    "INSERT INTO workflows_v2 (location_id, slug, name, status, trigger_type, trigger_config, definition) VALUES ($1, $2, 'W', 'active', 'manual', '{}', '{}') RETURNING id",
    [locationId, `w${count}`],
  );
  const [run] = await stage.rows<{ id: string }>('INSERT INTO workflow_enrollments (location_id, workflow_id, version_id, contact_id) VALUES ($1, $2, $2, $3) RETURNING id', [
    locationId,
    workflow!.id,
    contact.id,
  ]);
  ledger = { locationId, contactId: contact.id, workflowId: workflow!.id, enrollmentId: run!.id };
});

const claim = async (ids: string[]) => (await createSendStore(pool).claim(ids, 25_000)).claimed.map(({ id }) => id);
const statusOf = async (id: string) => (await stage.rows<{ status: string }>('SELECT status FROM sends WHERE id = $1', [id]))[0]!.status;

/** A message in each state that it can wait in; the one that is on its way is not called back. */
async function waiting(channel: Channel): Promise<{ ids: string[]; underway: string }> {
  const ids = [
    await insertSend(pool, ledger, { stepId: 'pending', channel }),
    await insertSend(pool, ledger, { stepId: 'delayed', channel, inMs: 3_600_000 }),
    await insertSend(pool, ledger, { stepId: 'quiet', channel, inMs: 7_200_000 }),
  ];
  await pool.query(`UPDATE sends SET quiet_hours = '{"from": "00:00", "to": "23:59", "channels": ["sms", "email", "voice", "webhook"]}', error = 'quiet hours' WHERE id = $1`, [
    ids[2],
  ]);
  const underway = await insertSend(pool, ledger, { stepId: 'underway', channel });
  expect(await claim([underway])).toEqual([underway]);
  return { ids, underway };
}

/** As the owner: a role sees what its own sessions wait for, and no other's. */
const somebodyWaits = () =>
  until(
    'somebody who waits for the row',
    async () => (await stage.pool.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rowCount,
  );

/** As a claim takes a message. */
const TAKE = "UPDATE sends SET status = 'executing', attempt = 1, lease_until = now() + interval '1 minute' WHERE id = $1";

/** Holds that `change` answers only once a transaction that took something before it has committed. */
async function answersBehind(take: (client: PoolClient) => Promise<unknown>, change: () => Promise<unknown>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await take(client);
    let answered = false;
    const done = change().then(() => (answered = true));
    await somebodyWaits();
    expect(answered).toBe(false);
    await client.query('COMMIT');
    await done;
  } finally {
    client.release();
  }
}

const person = () => ({ locationId: ledger.locationId, contactId: ledger.contactId });
const phone = async () => (await stage.rows<{ phone: string }>('SELECT phone FROM contacts WHERE id = $1', [ledger.contactId]))[0]!.phone;

const doors: [string, Channel, (underway: string) => Promise<unknown>][] = [
  ['the word STOP', 'sms', async () => receiveSms(stage.ctx, { messageId: `SM${count}`, from: await phone(), to: '+15550000000', text: 'STOP', media: 0 })],
  ['the page to unsubscribe', 'email', (underway) => unsubscribe(stage.ctx, underway)],
  ['a complaint', 'email', (underway) => receiveEmailReport(stage.ctx, person().locationId, { type: 'complained', message_id: `<${underway}@a.example>` }, `c${count}`)],
  ['setConsent', 'voice', () => setConsent(stage.ctx, stage.here, { id: ledger.contactId, channel: 'voice', consent: 'withdrawn' })],
  ['a change of the contact', 'webhook', () => updateContact(stage.ctx, stage.here, { id: ledger.contactId, contact: { consent: { webhook: 'withdrawn' } } })],
  ['the deletion of the contact', 'sms', () => deleteContact(stage.ctx, stage.here, { id: ledger.contactId })],
  ['an exit', 'email', () => exitEnrollment(stage.ctx, stage.here, { id: ledger.enrollmentId })],
];

describe('an opt-out holds at once', () => {
  it.each(doors)('by %s (%s): nothing that waits leaves, whatever it waits for', async (_name, channel, optOut) => {
    const { ids, underway } = await waiting(channel);
    await optOut(underway);
    const rung = stage.queue.rung.filter(({ bell }) => bell === 'sends').flatMap(({ ids: told = [] }) => told);
    expect(rung, 'delivery is told to look at once').toEqual(expect.arrayContaining(ids));
    expect(await claim([...ids, underway])).toEqual([]);
    expect(await Promise.all(ids.map(statusOf))).toEqual(['skipped', 'skipped', 'skipped']);
    await pool.query("UPDATE sends SET lease_until = now() - interval '1 minute' WHERE id = $1", [underway]);
    expect(await claim([underway]), 'not even after its worker died').toEqual([]);
    expect(await statusOf(underway)).toBe('unknown');
  });

  it('leaves other channels alone', async () => {
    const email = await insertSend(pool, ledger, { stepId: 'mail', channel: 'email' });
    await setConsent(stage.ctx, stage.here, { id: ledger.contactId, channel: 'sms', consent: 'withdrawn' });
    expect(await claim([email])).toEqual([email]);
  });

  it('catches a claim that looked before the commit and takes after it', async () => {
    const id = await insertSend(pool, ledger, { channel: 'email' });
    const blocker = await pool.connect();
    try {
      await blocker.query('BEGIN');
      await blocker.query('UPDATE sends SET next_attempt_at = clock_timestamp() WHERE id = $1', [id]); // what an opt-out does once it is committed
      const claimed = claim([id]);
      await somebodyWaits();
      await pool.query(`UPDATE contacts SET consent = '{"email": "withdrawn"}' WHERE id = $1`, [ledger.contactId]);
      await blocker.query('COMMIT');
      expect(await claimed, 'it saw consent, but not the row that it judged').toEqual([]);
    } finally {
      blocker.release();
    }
    expect(await claim([id])).toEqual([]);
    expect(await statusOf(id)).toBe('skipped');
  });

  it('answers only when a claim under way has its message', async () => {
    const id = await insertSend(pool, ledger, { channel: 'email' });
    await answersBehind((claimer) => claimer.query(TAKE, [id]), () => setConsent(stage.ctx, stage.here, { id: ledger.contactId, channel: 'email', consent: 'withdrawn' }));
    expect(await statusOf(id)).toBe('executing');
  });
});

describe('an address that is removed', () => {
  it.each<[Channel, Data]>([
    ['email', { email: null }],
    ['sms', { phone: null }],
    ['voice', { phone: null }],
  ])("leaves the hands of a claim that looked before it was (%s), and waits for the gate's next look", async (channel, contact) => {
    const ids = [
      await insertSend(pool, ledger, { stepId: 'due', channel }),
      await insertSend(pool, ledger, { stepId: 'later', channel, inMs: 3_600_000 }),
      await insertSend(pool, ledger, { stepId: 'hook', channel: 'webhook' }),
    ];
    const wishes = () => stage.rows<{ at: string }>('SELECT next_attempt_at::text AS at FROM sends WHERE id = ANY($1) ORDER BY array_position($1, id)', [ids]);
    const before = await wishes();
    await updateContact(stage.ctx, stage.here, { id: ledger.contactId, contact });
    expect((await wishes()).map(({ at }, place) => at === before[place]!.at)).toEqual([false, true, true]);
    expect((await createSendStore(pool).claim([ids[0]!], 25_000)).claimed).toMatchObject([{ id: ids[0], unaddressed: true }]);
  });
});

describe('a pause or an archiving holds at once', () => {
  const pause = () => pauseWorkflow(stage.ctx, stage.here, { id: ledger.workflowId });
  const archive = () => archiveWorkflow(stage.ctx, stage.here, { id: ledger.workflowId, force: true });
  const wishOf = async (id: string) => (await stage.rows<{ at: string }>('SELECT next_attempt_at::text AS at FROM sends WHERE id = $1', [id]))[0]!.at;

  it.each([['a pause', pause], ['an archiving', archive]])('%s answers only when a claim under way has its message', async (_name, close) => {
    const id = await insertSend(pool, ledger, { channel: 'email' });
    await answersBehind((claimer) => claimer.query(TAKE, [id]), close);
    expect(await statusOf(id)).toBe('executing');
  });

  it.each([
    ['a pause', pause],
    ['an archiving', archive],
  ])('%s answers only when a commit that claims its own sends is through, and the next one finds the door closed', async (_name, close) => {
    const hold = async (by: Pick<PoolClient, 'query'>) => (await by.query<{ open: boolean }>('SELECT hold_door_open($1) AS open', [ledger.workflowId])).rows[0]?.open;
    await answersBehind(async (holder) => expect(await hold(holder)).toBe(true), close);
    expect(await hold(pool)).toBe(false);
  });

  it('a claim that looked before the pause and takes after it lets go; the message waits, and leaves on resuming', async () => {
    const id = await insertSend(pool, ledger, { channel: 'email' });
    const blocker = await pool.connect();
    try {
      await blocker.query('BEGIN');
      await blocker.query("SELECT 1 FROM sends WHERE id = $1 FOR UPDATE", [id]);
      const claimed = claim([id]);
      await somebodyWaits();
      await stage.rows("UPDATE workflows_v2 SET status = 'paused', paused_at = journey_now() WHERE id = $1", [ledger.workflowId]);
      await blocker.query("UPDATE sends SET next_attempt_at = next_attempt_at + interval '1 microsecond' WHERE id = $1", [id]); // what a pause does once it is committed
      await blocker.query('COMMIT');
      expect(await claimed).toEqual([]);
    } finally {
      blocker.release();
    }
    expect([await claim([id]), await statusOf(id)]).toEqual([[], 'pending']);
    await resumeWorkflow(stage.ctx, stage.here, { id: ledger.workflowId });
    expect(await claim([id])).toEqual([id]);
  });

  it('a pause gives what is due a new wish, and leaves its time to what waits for one', async () => {
    const ids = [await insertSend(pool, ledger, { stepId: 'due' }), await insertSend(pool, ledger, { stepId: 'later', inMs: 3_600_000 })];
    const before = await Promise.all(ids.map(wishOf));
    await pause();
    const after = await Promise.all(ids.map(wishOf));
    expect([after[0] === before[0], after[1] === before[1]]).toEqual([false, true]);
    expect(Math.abs(Date.parse(after[0]!) - Date.parse(before[0]!))).toBeLessThanOrEqual(1);
  });

  it('whoever is exited with the workflow gets nothing that waits, whatever it waits for', async () => {
    const { ids } = await waiting('sms');
    await archive();
    expect(stage.queue.rung.filter(({ bell }) => bell === 'sends').flatMap(({ ids: told = [] }) => told)).toEqual(expect.arrayContaining(ids));
    expect(await claim(ids)).toEqual([]);
    expect(await Promise.all(ids.map(statusOf))).toEqual(['skipped', 'skipped', 'skipped']);
  });
});
