import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import type { Data } from '../../src/core/state.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { createDesk } from '../../src/store/desk/desk.ts';
import { createEventStore } from '../../src/store/event-store.ts';
import { createPool } from '../../src/store/pool.ts';
import { createRunStore } from '../../src/store/run-store.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';
import { fakeProviders } from '../support/fake-providers.ts';

/** From a door to a run and back: each trigger that the world outside fires, through PostgreSQL, by the production's own path. */
const PUBLIC = 'https://journeys.example.com';
let stage: DoorStage;
let pool: ReturnType<typeof createPool>;
let worker: Context;
const fake = fakeProviders();
beforeAll(async () => {
  stage = await createDoorStage();
  Object.assign(stage.ctx.environment, {
    publicUrl: PUBLIC,
    publicUrlGiven: true,
    emailFrom: 'hello@acme.example',
    twilio: { accountSid: 'AC1', authToken: 'token', from: '+15550000000', apiBaseUrl: null },
  });
  pool = createPool({ url: stage.url, role: 'millrace_worker', max: 4, name: 'test-worker', onError: () => undefined });
  worker = { ...stage.ctx, desk: createDesk(pool, stage.prisma), runs: createRunStore(pool), sends: createSendStore(pool), events: createEventStore(pool), providers: fake };
});
afterAll(async () => {
  await pool.end();
  await stage.close();
});

/** Works until nothing is left to do: events, runs, sends. */
async function work(): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await dispatchEvents(worker);
    const runs = await stage.rows<{ id: string }>("SELECT DISTINCT enrollment_id AS id FROM workflow_scheduled_actions WHERE kind <> 'timer'");
    if (runs.length > 0) await runBatch(worker, runs.map(({ id }) => id), 'interactive');
    const sends = await stage.rows<{ id: string }>("SELECT id FROM sends WHERE status = 'pending'");
    await deliver(worker, sends.map(({ id }) => id), 'interactive');
  }
}

async function publish(name: string, trigger: string, steps: string): Promise<string> {
  const { id } = (await stage.ask('POST', '/api/workflows', { body: `name: ${name}\ntrigger: ${trigger}\nsteps:\n${steps}` })).json;
  const answer = await stage.ask('POST', `/api/workflows/${id}/publish`);
  if (answer.status !== 200) throw new Error(answer.text);
  return id;
}
const runOf = async (workflowId: string): Promise<Data> => (await stage.ask('GET', `/api/workflows/${workflowId}/enrollments`)).json.data[0];
const twilio = (path: string, params: Record<string, string>) => {
  const signed = PUBLIC + path + Object.keys(params).sort().map((key) => key + params[key]).join('');
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': createHmac('sha1', 'token').update(signed).digest('base64') };
  return fetch(stage.base + path, { method: 'POST', headers, body: new URLSearchParams(params) });
};
const NOTE = '  - { id: note, type: set, config: { values: { seen: "{{trigger.data.reply_text}}{{trigger.data.outcome}}{{trigger.data.url}}{{trigger.data.total}}" } } }\n';
const seen = async (workflowId: string) => ((await runOf(workflowId))?.['step_data'] as { enrollment: Data } | undefined)?.enrollment['seen'];

describe('from a door to a run', () => {
  it('sms_received, and delivered and replied as facts of the step that was answered', async () => {
    const replies = await publish('Replies', '{ type: sms_received, keyword: yes }', NOTE);
    const sender = await publish(
      'Sender',
      '{ type: event, name: go_sms }',
      '  - { id: ask, type: send_sms, config: { message: "Shall we?" } }\n  - { id: pause, type: wait, config: { duration: 2d } }\n',
    );
    await stage.ask('POST', '/api/contacts', { body: { email: 'sms@example.com', phone: '+15551230088' } });
    await stage.ask('POST', '/api/events', { body: { phone: '+15551230088', name: 'go_sms' } });
    await work();
    const callback = new URL(String(fake.messages.at(-1)?.statusCallback));
    await twilio(callback.pathname + callback.search, { MessageSid: 'SM1', MessageStatus: 'delivered' });
    await twilio('/hooks/twilio/sms', { MessageSid: 'SM2', From: '+15551230088', Body: 'Yes!' });
    await work();
    expect(await seen(replies)).toBe('Yes!');
    expect(await runOf(sender)).toMatchObject({ current_step: 'pause', step_data: { steps: { ask: { delivered: true, replied: true, reply_text: 'Yes!' } } } });
    const query = `query ($id: ID!) { workflow(by: { uuid: $id }) { enrollments(first: 1) { nodes { stepLogs { nodes { stepKey send { status } } } } } } }`;
    const { json } = await stage.ask('POST', '/graphql', { body: { query, variables: { id: sender } } });
    expect(json.data.workflow.enrollments.nodes[0].stepLogs.nodes[0]).toEqual({ stepKey: 'ask', send: { status: 'DELIVERED' } });
  });

  it('call_completed, with outcome and duration in the step that rang', async () => {
    const after = await publish('After', '{ type: call_completed, outcome: voicemail }', NOTE);
    const caller = await publish(
      'Caller',
      '{ type: event, name: go_call }',
      '  - { id: ring, type: make_call, config: { say: "Hello" } }\n  - { id: pause, type: wait, config: { duration: 2d } }\n',
    );
    await stage.ask('POST', '/api/contacts', { body: { email: 'call@example.com', phone: '+15551230089' } });
    await stage.ask('POST', '/api/events', { body: { email: 'call@example.com', name: 'go_call' } });
    await work();
    const callback = new URL(String(fake.calls.at(-1)?.statusCallback));
    await twilio(callback.pathname + callback.search, { CallSid: 'CA1', CallStatus: 'completed', AnsweredBy: 'machine_end_beep', CallDuration: '12' });
    await work();
    expect(await seen(after)).toBe('voicemail');
    expect(await runOf(caller)).toMatchObject({ step_data: { steps: { ring: { outcome: 'voicemail', answered: false, duration: 12 } } } });
  });

  it('email_opened and email_clicked by the links of the mail, and a withdrawn channel from its List-Unsubscribe', async () => {
    const clicks = await publish('Clicks', '{ type: email_clicked, url_contains: /offer }', NOTE);
    const opens = await publish('Opens', '{ type: email_opened }', NOTE);
    const mailer = await publish(
      'Mailer',
      '{ type: event, name: go_mail }',
      `  - { id: mail, type: send_email, config: { subject: Hi, html: '<a href="https://example.com/offer">x</a>' } }
  - { id: pause, type: wait, config: { duration: 2d } }\n`,
    );
    const contact = (await stage.ask('POST', '/api/contacts', { body: { email: 'mail@example.com' } })).json.id;
    await stage.ask('POST', '/api/events', { body: { contact_id: contact, name: 'go_mail' } });
    await work();
    const mail = fake.mails.at(-1)!;
    const path = (kind: string) => new URL(new RegExp(`https://journeys.example.com/t/${kind}/[^"]+`).exec(mail.html ?? '')![0]).pathname;
    const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
    await stage.ask('GET', path('o'), { key: null, headers: browser });
    await stage.ask('GET', path('c'), { key: null, headers: browser });
    const unsubscribe = /<(.+)>/.exec(mail.headers['List-Unsubscribe'] ?? '')![1]!;
    await fetch(stage.base + new URL(unsubscribe).pathname, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
    await work();
    expect([await seen(clicks), (await runOf(opens))?.['status']]).toEqual(['https://example.com/offer', 'completed']);
    expect(await runOf(mailer)).toMatchObject({ step_data: { steps: { mail: { opened: true, clicked: true, unsubscribed: true } } } });
    expect((await stage.ask('GET', `/api/contacts/${contact}`)).json.consent).toEqual({ email: 'withdrawn' });
  });

  it('webhook, and out again with a secret that no table holds', async () => {
    await stage.ask('PUT', '/api/secrets/crm_key', { body: { value: 'very hidden value' } });
    const id = await publish(
      'Orders',
      '{ type: webhook, create_contact: true }',
      `${NOTE}  - { id: tell, type: webhook, config: { url: "https://crm.example.com/hook", headers: { Authorization: "Bearer {{secrets.crm_key}}" }, body: { key: "{{secrets.crm_key}}", who: "{{contact.email}}" } } }\n`,
    );
    const { url } = (await stage.ask('GET', `/api/workflows/${id}/webhook`)).json;
    fake.onRequest = ({ body }) => ({ status: 200, headers: {}, body: String(body) });
    expect((await stage.ask('POST', new URL(url).pathname, { key: null, body: { email: 'order@example.com', total: 7 } })).status).toBe(202);
    await work();
    expect(await runOf(id)).toMatchObject({
      status: 'completed',
      step_data: { enrollment: { seen: '7' }, steps: { tell: { status: 200, body: { key: '[secret crm_key]', who: 'order@example.com' } } } },
    });
    expect(fake.requests.at(-1)).toMatchObject({ headers: { Authorization: 'Bearer very hidden value' }, body: '{"key":"very hidden value","who":"order@example.com"}' });
    for (const table of ['sends', 'workflow_enrollments', 'workflow_step_logs', 'workflow_scheduled_actions', 'contact_events', 'workflow_versions']) {
      expect(await stage.rows(`SELECT 1 FROM ${table} t WHERE t::text LIKE '%very hidden%'`)).toEqual([]);
    }
  });

  it('contact_deleted, whose webhook still leaves', async () => {
    const id = await publish(
      'Goodbye',
      '{ type: contact_deleted }',
      '  - { id: tell, type: webhook, config: { url: "https://crm.example.com/gone", body: { email: "{{contact.email}}" } } }\n',
    );
    const contact = (await stage.ask('POST', '/api/contacts', { body: { email: 'gone@example.com' } })).json.id;
    await stage.ask('DELETE', `/api/contacts/${contact}`);
    await work();
    expect(fake.requests.at(-1)).toMatchObject({ url: 'https://crm.example.com/gone', body: '{"email":"gone@example.com"}' });
    expect((await runOf(id))['status']).toBe('completed');
  });
});
