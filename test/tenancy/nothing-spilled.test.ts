import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { ProviderError } from '../../src/errors.ts';
import { createLogger } from '../../src/logger.ts';
import { createEventStore } from '../../src/store/event-store.ts';
import { createPool } from '../../src/store/pool.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';
import { type FakeProviders, fakeProviders } from '../support/fake-providers.ts';

const SECRET = 'hunter2-the-hidden-value';
const PHONE = '+15551230977';
const BODY = 'a private word to Ana';
const definition = `name: Tells a secret
trigger: { type: manual }
steps:
  - { id: text, type: send_sms, config: { message: "${BODY}" } }
  - { id: mail, type: send_email, config: { subject: "${BODY}", html: "<p>${BODY}</p>" } }
  - id: hook
    type: webhook
    config: { url: "https://crm.example/{{secrets.crm_key}}", method: POST, headers: { authorization: "Bearer {{secrets.crm_key}}" }, body: { key: "{{secrets.crm_key}}" } }
    on_error: continue
`;

let stage: DoorStage;
let pool: Pool;
let fake: FakeProviders;
let ctx: Context;
const lines: string[] = [];
const told: unknown[] = [];
let workflow: string;

beforeAll(async () => {
  stage = await createDoorStage();
  pool = createPool({ url: stage.url, role: 'millrace_worker', max: 4, name: 'test-worker', onError: () => undefined });
  fake = fakeProviders();
  const logger = createLogger('test', 'trace', { write: (line) => void lines.push(line) });
  Object.assign(stage.ctx, { logger });
  Object.assign(stage.ctx.environment, { emailFrom: 'Acme <hello@acme.example>' });
  ctx = { ...stage.ctx, logger, sends: createSendStore(pool), events: createEventStore(pool), providers: fake };
  stage.ctx.bus.subscribe((message) => void told.push(message));
  await stage.ask('PUT', '/api/secrets/crm_key', { body: { value: SECRET } });
  workflow = (await stage.ask('POST', '/api/workflows', { body: definition })).json.id;
  await stage.ask('POST', `/api/workflows/${workflow}/publish`, { body: {} });
});
afterAll(async () => {
  await pool.end();
  await stage.close();
});

/** Lets somebody in and takes them to the end, as the workers would. */
async function play(email: string): Promise<string> {
  const contact = (await stage.ask('POST', '/api/contacts', { body: { email, phone: PHONE } })).json.id;
  const id = (await stage.ask('POST', `/api/workflows/${workflow}/enroll`, { body: { contact_id: contact } })).json.id;
  for (let turn = 0; turn < 8; turn += 1) {
    await runBatch(ctx, [id], 'interactive');
    const due = await stage.rows<{ id: string }>('SELECT id FROM sends WHERE enrollment_id = $1 AND ended_at IS NULL', [id]);
    await deliver(ctx, due.map((send) => send.id), 'interactive');
  }
  return id;
}

/** Every row of every table as text, bytes as they are. */
async function dump(): Promise<string> {
  const tables = await stage.rows<{ t: string }>("SELECT tablename AS t FROM pg_tables WHERE schemaname = current_schema()");
  const texts = await Promise.all(tables.map(async ({ t }) => (await stage.pool.query(`SELECT x::text FROM ${t} x`)).rows.map(({ x }) => x).join('\n')));
  return texts.join('\n');
}
const disguises = (value: string): string[] => [value, Buffer.from(value).toString('base64').replace(/=+$/, ''), Buffer.from(value).toString('hex'), encodeURIComponent(value)];
const found = (text: string, value: string): string[] => disguises(value).filter((one) => text.includes(one));

describe('a run with a secret, a text message and a mail', () => {
  const answers: [string, () => void][] = [
    ['takes it and repeats it', () => { fake.onRequest = () => ({ status: 200, headers: { 'x-key': SECRET }, body: JSON.stringify({ you_sent: SECRET }) }); }],
    ['refuses it and repeats it', () => { fake.onRequest = () => ({ status: 400, headers: {}, body: `bad key ${SECRET}` }); }],
    ['breaks off with it in the error', () => { fake.onRequest = () => { throw new ProviderError(`cannot reach https://crm.example/${SECRET}`, { retryable: false }); }; }],
  ];

  it.each(answers)('leaves the secret nowhere but sealed when the receiver %s', async (name, behave) => {
    behave();
    const before = fake.requests.length;
    const id = await play(`${name.replaceAll(' ', '-')}@example.com`);
    expect(JSON.stringify(fake.requests.slice(before)), 'the receiver itself got it').toContain(SECRET);
    const logs = await stage.ask('GET', `/api/enrollments/${id}/logs`);
    expect(logs.json.data.map(({ step_id }: { step_id: string }) => step_id)).toEqual(expect.arrayContaining(['text', 'mail', 'hook']));
    const shown = await stage.ask('POST', '/graphql', {
      body: {
        query: `{ enrollment(id: "${id}") { status data stepLogs { nodes { stepKey input output error decision { text } } } } secrets { name } workflow(by: { id: "${workflow}" }) { published { yaml json } } }`,
      },
    });
    expect(shown.json.errors ?? []).toEqual([]);
    expect(found(logs.text + shown.text, SECRET)).toEqual([]);
    expect(found(await dump(), SECRET)).toEqual([]);
    expect(found(JSON.stringify(told), SECRET)).toEqual([]);
    expect(found(lines.join(''), SECRET)).toEqual([]);
  });

  it('writes nobody\'s number, address or message into a log', async () => {
    fake.onSms = () => { throw new ProviderError('the provider is away', { retryable: true }); };
    await play('logged@example.com');
    await stage.ask('GET', `/api/contacts?q=${encodeURIComponent(PHONE)}`);
    const text = lines.join('');
    expect(fake.messages[0]?.body).toContain(BODY);
    for (const value of [PHONE, BODY, 'logged@example.com', stage.admin]) expect(found(text, value)).toEqual([]);
  });
});
