import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Context } from '../../src/context.ts';
import type { Lane } from '../../src/core/ports/hot-path.ts';
import { deliver, stopDelivering } from '../../src/engine/deliver.ts';
import { sweep, takeOver } from '../../src/engine/reconcile.ts';
import { secretMarks } from '../../src/core/templates/secret-marks.ts';
import { ProviderError } from '../../src/errors.ts';
import { createLogger } from '../../src/logger.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import { createVersionStore } from '../../src/store/versions.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { fakeProviders, type FakeProviders } from '../support/fake-providers.ts';
import { insertSend, outcomesOf, seedLedger, sendRow, type Ledger } from '../support/ledger.ts';
import { until } from '../support/until.ts';

const SMS = { channel: 'sms' as const, request: { to: '+15551230001', body: 'Hello' } };
const CALL = { channel: 'voice' as const, request: { to: '+15551230001', say: 'Hello' } };
const HOOK = { channel: 'webhook' as const, request: { url: 'https://example.com', method: 'POST', headers: {}, body: '{}', timeout_ms: 1_000 } };
const silence = () => new ProviderError('no answer', { retryable: true, unknown: true });
const throttled = (retryAfterMs: number) => new ProviderError('busy', { retryable: true, retryAfterMs, detail: { status: 429 } });

let database: TestDatabase;
let pool: Pool;
let ledger: Ledger;
let fake: FakeProviders;
/** What the location keeps; sealing is the vault's own test. */
const secrets = new Map<string, string>();
let rung: { kind: 'runs' | 'sends'; lane: Lane; ids: string[] }[];
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url, max: 6 });
});
beforeEach(async () => {
  ledger = await seedLedger(pool);
  fake = fakeProviders();
  rung = [];
  secrets.clear();
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** One process's context; its queue delivers what is rung for, as a worker would. */
function processOf(): Context {
  const ctx = {
    environment: { publicUrl: 'http://127.0.0.1:3000', emailFrom: 'Acme <hello@acme.example>' },
    logger: createLogger('test', 'silent'),
    clock: { machineNow: () => Date.now(), journeyNow: () => Date.now(), speed: 1 },
    sends: createSendStore(pool),
    versions: createVersionStore(pool),
    runs: { stranded: async () => [], loadStanding: async () => ({ now: 0, runs: [], locations: new Map(), poisoned: [] }) },
    desk: () => ({ readSecrets: async (names: string[]) => new Map([...secrets].filter(([name]) => names.includes(name)).map(([name, value]) => [name, Buffer.from(value)])) }),
    vault: { open: (_place: string, sealed: Uint8Array) => Buffer.from(sealed).toString() },
    providers: fake,
    tokens: { sign: (purpose: string, id: string) => Buffer.from(`${purpose} ${id}`).toString('base64url') },
    queue: {
      nudgeRuns: async (lane: Lane, ids: string[]) => void rung.push({ kind: 'runs', lane, ids }),
      nudgeSends: async (lane: Lane, ids: string[]) => {
        rung.push({ kind: 'sends', lane, ids });
        await deliver(ctx, ids, lane);
      },
    },
    // Only the ports that delivery uses.
  } as unknown as Context;
  return ctx;
}

const ended = (id: string) => until(`the end of ${id}`, async () => {
  const row = await sendRow(pool, id);
  return row['status'] !== 'pending' && row['status'] !== 'executing' ? row : null;
});
/** A worker that claimed and died. */
const abandon = (id: string) => createSendStore(pool).claim([id], -1);

describe('a plain send', () => {
  test('leaves once, its outcome is posted and its run nudged on the same lane', async () => {
    const id = await insertSend(pool, ledger, { request: { to: 'ana@example.com', subject: 'Hi', html: '<a href="https://x.example/?a=1&amp;b=2">x</a>' } });
    await deliver(processOf(), [id, id], 'interactive');
    expect(await sendRow(pool, id)).toMatchObject({ status: 'accepted', provider: 'fake', result: { message_id: `<${id}@acme.example>` } });
    expect(await outcomesOf(pool, ledger)).toMatchObject([{ payload: { attempt: 1, outcome: { status: 'accepted' } } }]);
    expect(rung).toEqual([{ kind: 'runs', lane: 'interactive', ids: [ledger.enrollmentId] }]);
    expect(fake.mails[0]?.html).toContain(`http://127.0.0.1:3000/t/c/${Buffer.from(`click ${id} https://x.example/?a=1&b=2`).toString('base64url')}`);
    expect(fake.mails[0]?.html).toContain('/t/o/');
  });

  test('two workers with the same ids send each once', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, (_, n) => insertSend(pool, ledger, { ...SMS, stepId: `s${n}` })));
    await Promise.all([deliver(processOf(), ids, 'bulk'), deliver(processOf(), ids.toReversed(), 'bulk')]);
    await Promise.all(ids.map(ended));
    expect(fake.messages.map(({ sendId }) => sendId).toSorted()).toEqual(ids.toSorted());
  });

  test('many fast sends become few statements', async () => {
    const ctx = processOf();
    const finish = vi.spyOn(ctx.sends, 'finish');
    const ids = await Promise.all(Array.from({ length: 100 }, (_, n) => insertSend(pool, ledger, { ...SMS, stepId: `s${n}` })));
    await deliver(ctx, ids, 'bulk');
    expect(fake.messages).toHaveLength(100);
    expect(finish.mock.calls.length).toBeLessThanOrEqual(20);
  });

  test('a request that cannot be read fails alone, with the reason', async () => {
    const bad = await insertSend(pool, ledger, { stepId: 'bad', channel: 'sms', request: { to: 7 } });
    const good = await insertSend(pool, ledger, { stepId: 'good', ...SMS });
    await deliver(processOf(), [bad, good], 'bulk');
    expect(await sendRow(pool, bad)).toMatchObject({ status: 'failed', error: expect.stringContaining('cannot be sent') });
    expect(await sendRow(pool, good)).toMatchObject({ status: 'accepted' });
  });
});

describe('refusals', () => {
  test('429 is tried again for as long as it takes, and costs no attempt', async () => {
    let refusals = 7;
    fake.onSms = () => {
      if (refusals-- > 0) throw throttled(10);
    };
    const id = await insertSend(pool, ledger, { ...SMS, maxAttempts: 2 });
    await deliver(processOf(), [id], 'bulk');
    expect(await ended(id)).toMatchObject({ status: 'accepted', attempt: 1 });
    expect(fake.messages).toHaveLength(8);
  });

  test('a passing refusal uses attempts and then fails', async () => {
    fake.onSms = () => {
      throw new ProviderError('later', { retryable: true });
    };
    const id = await insertSend(pool, ledger, { ...SMS, maxAttempts: 3 });
    await deliver(processOf(), [id], 'bulk');
    expect(await ended(id)).toMatchObject({ status: 'failed', attempt: 3, error: 'later' });
  });

  test('a lasting refusal is not repeated', async () => {
    fake.onSms = () => {
      throw new ProviderError('opted out', { retryable: false, detail: { code: 21610 } });
    };
    const id = await insertSend(pool, ledger, SMS);
    await deliver(processOf(), [id], 'bulk');
    expect(await ended(id)).toMatchObject({ status: 'failed', attempt: 1 });
  });

  test.each([[503, 3], [404, 1], [302, 1]])('a webhook that answers %i gets %i attempts, all with one id, and its answer is kept', async (status, attempts) => {
    fake.onRequest = () => ({ status, headers: {}, body: '{"why":"no"}' });
    const id = await insertSend(pool, ledger, { ...HOOK, maxAttempts: 3 });
    await deliver(processOf(), [id], 'bulk');
    expect(await ended(id)).toMatchObject({ status: 'failed', result: { status, body: { why: 'no' } } });
    expect(fake.requests.map(({ sendId }) => sendId)).toEqual(Array.from({ length: attempts }, () => id));
  });
});

describe('a webhook with secrets', () => {
  const mark = (name: string, kind: 'text' | 'json') => String(secretMarks(`{{secrets.${name}}}`, ledger.enrollmentId, kind)[name]);

  test('gets them as it leaves; neither ledger nor outcome ever holds one, also when the receiver sends them back', async () => {
    secrets.set('key', 'top"secret').set('webhook_signing', 'whsec_c2lnbmluZw==');
    const request = {
      ...HOOK.request,
      url: `https://example.com/${mark('key', 'text')}`,
      headers: { authorization: `Bearer ${mark('key', 'text')}` },
      body: `{"key":"${mark('key', 'json')}"}`,
    };
    fake.onRequest = ({ body, headers }) => ({ status: 200, headers: {}, body: JSON.stringify({ body, headers }) });
    const id = await insertSend(pool, ledger, { ...HOOK, request });
    await deliver(processOf(), [id], 'bulk');
    expect(fake.requests).toMatchObject([
      { url: 'https://example.com/top"secret', headers: { authorization: 'Bearer top"secret' }, body: '{"key":"top\\"secret"}', secret: 'whsec_c2lnbmluZw==' },
    ]);
    const row = JSON.stringify([await ended(id), await outcomesOf(pool, ledger)]);
    expect(row).toContain('[secret key]');
    expect(row).not.toContain('top');
    expect(row).not.toContain('c2lnbmluZw');
  });

  test('fails with the name of one that is missing, and says no value in an error', async () => {
    const id = await insertSend(pool, ledger, { ...HOOK, request: { ...HOOK.request, body: mark('absent', 'text') } });
    await deliver(processOf(), [id], 'bulk');
    expect(await ended(id)).toMatchObject({ status: 'failed', attempt: 1, error: expect.stringContaining('no secret "absent"') });
    secrets.set('host', 'hidden.example');
    fake.onRequest = ({ url }) => {
      throw new ProviderError(`cannot reach ${url}`, { retryable: false });
    };
    const other = await insertSend(pool, ledger, { ...HOOK, stepId: 'other', request: { ...HOOK.request, url: `https://${mark('host', 'text')}/` } });
    await deliver(processOf(), [other], 'bulk');
    expect(await ended(other)).toMatchObject({ status: 'failed', error: 'cannot reach https://[secret host]/' });
  });

  test("signs with the step's own secret before the location's", async () => {
    secrets.set('webhook_signing', 'the location').set('mine', 'the step');
    const id = await insertSend(pool, ledger, { ...HOOK, request: { ...HOOK.request, sign_with: 'mine' } });
    await deliver(processOf(), [id], 'bulk');
    expect(fake.requests[0]?.secret).toBe('the step');
  });
});

test('a provider is told where to report, once somebody has said how the world reaches us', async () => {
  const send = async (environment: object) => {
    const ctx = processOf();
    Object.assign(ctx.environment, environment);
    ledger = await seedLedger(pool);
    fake = fakeProviders();
    Object.assign(ctx.providers, fake);
    const ids = await Promise.all([insertSend(pool, ledger, SMS), insertSend(pool, ledger, { ...CALL, stepId: 'call' })]);
    await deliver(ctx, ids, 'bulk');
    return { ids, told: [fake.messages, fake.calls].flat().map(({ statusCallback }) => statusCallback) };
  };
  expect((await send({})).told).toEqual([null, null]);
  const { ids, told } = await send({ publicUrl: 'https://journeys.example.com', publicUrlGiven: true });
  expect(told).toEqual([`https://journeys.example.com/hooks/twilio/status?send=${ids[0]}`, `https://journeys.example.com/hooks/twilio/voice?send=${ids[1]}`]);
});

test('an e-mail says how to get no more of them with one click', async () => {
  const id = await insertSend(pool, ledger, { request: { to: 'ana@example.com', subject: 'Hi', text: 'Hi' } });
  await deliver(processOf(), [id], 'bulk');
  expect(fake.mails[0]?.headers).toEqual({
    'List-Unsubscribe': `<http://127.0.0.1:3000/u/${Buffer.from(`unsubscribe ${id}`).toString('base64url')}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  });
});

describe('a worker that died on the way', () => {
  test('an SMS is looked up, and not sent again when the provider has it', async () => {
    const id = await insertSend(pool, ledger, SMS);
    await abandon(id);
    fake.onFind = () => ({ providerId: 'SM1', result: { message_id: 'SM1' } });
    await deliver(processOf(), [id], 'bulk');
    expect(await sendRow(pool, id)).toMatchObject({ status: 'accepted', provider_id: 'SM1', attempt: 1 });
    expect(fake.messages).toEqual([]);
  });

  test('an SMS that the provider does not have is sent', async () => {
    const id = await insertSend(pool, ledger, SMS);
    await abandon(id);
    await deliver(processOf(), [id], 'bulk');
    expect(fake.messages).toHaveLength(1);
  });

  test('a call is never redialled', async () => {
    const id = await insertSend(pool, ledger, CALL);
    await abandon(id);
    await deliver(processOf(), [id], 'bulk');
    expect(await sendRow(pool, id)).toMatchObject({ status: 'unknown' });
    expect(fake.calls).toEqual([]);
  });

  test('an e-mail is sent once more under the same Message-ID, then no more', async () => {
    const id = await insertSend(pool, ledger, {});
    await abandon(id);
    fake.onEmail = () => {
      throw silence();
    };
    await deliver(processOf(), [id], 'bulk');
    expect(await ended(id)).toMatchObject({ status: 'unknown' });
    expect(fake.mails.map(({ messageId }) => messageId)).toEqual([`<${id}@acme.example>`]);
  });

  test('five deaths in a row cost no attempt', async () => {
    const id = await insertSend(pool, ledger, HOOK);
    for (let death = 0; death < 5; death += 1) await abandon(id);
    await deliver(processOf(), [id], 'bulk');
    expect(await sendRow(pool, id)).toMatchObject({ status: 'accepted', attempt: 1 });
  });

  test('more than twenty deaths in a row end it with a reason', async () => {
    const id = await insertSend(pool, ledger, SMS);
    for (let death = 0; death < 21; death += 1) await abandon(id);
    await deliver(processOf(), [id], 'bulk');
    expect(await sendRow(pool, id)).toMatchObject({ status: 'unknown', error: expect.stringContaining('21 interrupted attempts') });
    expect(fake.messages).toEqual([]);
  });
});

describe('quiet hours', () => {
  test('a message that comes to the gate in the night leaves by itself when it ends, at any speed of the clock', async () => {
    const id = await insertSend(pool, ledger, SMS);
    await pool.query('UPDATE journey_clock SET journey_epoch = journey_now(), real_epoch = now(), speed = 3600');
    try {
      const clock = (minutes: number): string => `to_char((journey_now() + interval '${minutes} minutes') AT TIME ZONE 'UTC', 'HH24:MI')`;
      await pool.query(
        `UPDATE sends SET quiet_hours = jsonb_build_object('from', ${clock(-60)}, 'to', ${clock(150)}, 'channels', '["sms"]'::jsonb, 'zone', 'contact') WHERE id = $1`,
        [id],
      );
      await deliver(processOf(), [id], 'interactive');
      expect([fake.messages.length, (await sendRow(pool, id))['status']]).toEqual([0, 'pending']);
      expect(await ended(id)).toMatchObject({ status: 'accepted', attempt: 1 });
      expect(rung).toContainEqual({ kind: 'sends', lane: 'interactive', ids: [id] });
    } finally {
      await pool.query('UPDATE journey_clock SET journey_epoch = now(), real_epoch = now(), speed = 1');
    }
  });
});

describe('silence', () => {
  test('an SMS without an answer is looked up before it is sent again', async () => {
    fake.onSms = () => {
      fake.onSms = () => {};
      throw silence();
    };
    let asked = 0;
    fake.onFind = () => (asked++, null);
    const id = await insertSend(pool, ledger, SMS);
    await deliver(processOf(), [id], 'bulk');
    expect(await ended(id)).toMatchObject({ status: 'accepted', attempt: 2 });
    expect([asked, fake.messages.length]).toEqual([1, 2]);
  });

  test('a call without an answer is looked up and ends unknown', async () => {
    fake.onCall = () => {
      throw silence();
    };
    const id = await insertSend(pool, ledger, CALL);
    await deliver(processOf(), [id], 'bulk');
    expect(await ended(id)).toMatchObject({ status: 'unknown' });
    expect(fake.calls).toHaveLength(1);
  });

  test('a provider that hangs holds up no other channel', async () => {
    let release = (): void => {};
    fake.onSms = () => new Promise((resolve) => (release = resolve));
    const hanging = await insertSend(pool, ledger, { stepId: 'sms', ...SMS });
    const mail = await insertSend(pool, ledger, { stepId: 'mail' });
    const done = deliver(processOf(), [hanging, mail], 'bulk');
    expect(await ended(mail)).toMatchObject({ status: 'accepted' });
    release();
    await done;
  });

  test('a process that slept past its lease does not send', async () => {
    const id = await insertSend(pool, ledger, SMS);
    const ctx = processOf();
    const real = performance.now.bind(performance);
    let asleep = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => real() + asleep);
    const claim = ctx.sends.claim;
    ctx.sends.claim = async (...given) => {
      const answer = await claim(...given);
      asleep = 60_000;
      return answer;
    };
    ctx.queue.nudgeSends = async () => {};
    await deliver(ctx, [id], 'bulk');
    expect(fake.messages).toEqual([]);
    expect(await sendRow(pool, id)).toMatchObject({ status: 'pending', attempt: 0 });
  });
});

test('a location\'s own ceiling spreads its sends', async () => {
  await pool.query(`UPDATE locations SET defaults = '{"rate_limits": {"sms": 20}}'`);
  const ids = await Promise.all(Array.from({ length: 30 }, (_, n) => insertSend(pool, ledger, { ...SMS, stepId: `s${n}` })));
  const ctx = processOf();
  await deliver(ctx, ids, 'bulk');
  await Promise.all(ids.map(ended));
  expect(fake.messages).toHaveLength(30);
  expect(rung.some(({ kind }) => kind === 'sends')).toBe(true);
});

test('a process that is about to end finishes what is under way, claims no more, and rings for the rest', async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  fake.onSms = () => held;
  const ids = await Promise.all(Array.from({ length: 25 }, (_, n) => insertSend(pool, ledger, { ...SMS, stepId: `s${n}` })));
  const ctx = processOf();
  ctx.queue.nudgeSends = async (lane, rest) => void rung.push({ kind: 'sends', lane, ids: rest });
  const done = deliver(ctx, ids, 'bulk');
  await until('all places to be taken', () => fake.messages.length === 20);
  stopDelivering(ctx);
  release();
  await done;
  const rows = await Promise.all(ids.map((id) => sendRow(pool, id)));
  expect(rows.filter(({ status }) => status === 'accepted')).toHaveLength(20);
  const waiting = ids.filter((_, n) => rows[n]!['status'] === 'pending');
  expect(rung.filter(({ kind }) => kind === 'sends').map(({ ids: rest }) => rest.toSorted())).toEqual([waiting.toSorted()]);
});

test('what a dead worker held is taken over on the interactive lane', async () => {
  const id = await insertSend(pool, ledger, SMS);
  await abandon(id);
  const ctx = processOf();
  await takeOver(ctx);
  await takeOver(ctx);
  expect(rung.filter(({ kind }) => kind === 'sends')).toEqual([{ kind: 'sends', lane: 'interactive', ids: [id] }]);
  expect(await sendRow(pool, id)).toMatchObject({ status: 'accepted' });
});

describe('a sweep', () => {
  /** Sweeps twice over as many waiting sends, with so many jobs in the bulk queue. Gives the lanes that were rung. */
  const lanes = async (waiting: number, depths: () => Promise<Record<string, number>>): Promise<string[]> => {
    const heard: string[] = [];
    const queue = { depths, nudgeSends: async (lane: string) => void heard.push(lane) };
    const found = Array.from({ length: waiting }, (_, n) => `send-${n}`);
    const ctx = { ...processOf(), runs: { stranded: async () => [] }, sends: { unfinished: async () => found }, queue } as unknown as Context; // all that a sweep asks
    await sweep(ctx);
    await sweep(ctx);
    return heard;
  };

  test.each<[string, number, () => Promise<Record<string, number>>, string[]]>([
    ['rings at once for a few that lost their nudge, and is quiet about them for a while', 3, async () => ({ 'sends-bulk': 99 }), ['interactive']],
    ['rings for a lost campaign behind the interactive work', 401, async () => ({ 'sends-bulk': 2 }), ['bulk']],
    ['rings for nobody who may wait in a long queue', 401, async () => ({ 'sends-bulk': 3 }), []],
    ['rings when it cannot tell how long the queue is', 401, () => Promise.reject(new Error('away')), ['bulk']],
  ])('%s', async (_name, waiting, depths, expected) => {
    expect(await lanes(waiting, depths)).toEqual(expected);
  });
});
