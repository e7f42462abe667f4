import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { webhookHeaders } from '../../src/providers/webhook-signature.ts';
import { putSecret } from '../../src/services/secrets.ts';
import { createDoorStage, type Answer, type DoorStage } from '../support/door-stage.ts';

const TOKEN = 'the auth token';
const PUBLIC = 'https://journeys.example.com';
let stage: DoorStage;
beforeAll(async () => {
  stage = await createDoorStage();
  Object.assign(stage.ctx.environment, { publicUrl: PUBLIC, publicUrlGiven: true, twilio: { accountSid: 'AC1', authToken: TOKEN, from: '+15550000000', apiBaseUrl: null } });
});
afterAll(() => stage.close());
beforeEach(async () => void (await stage.rows('DELETE FROM contact_events')));

const events = () =>
  stage.rows<{ type: string; contact_id: string; data: Record<string, unknown> }>(
    "SELECT type, contact_id, data FROM contact_events WHERE type NOT LIKE 'contact_%' ORDER BY id",
  );
const form = (path: string, params: Record<string, string>, headers: Record<string, string>): Promise<Answer> =>
  fetch(stage.base + path, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: new URLSearchParams(params) }).then(
    async (response) => {
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : null };
    },
  );
const signature = (path: string, params: Record<string, string>, token = TOKEN) =>
  createHmac('sha1', token).update(PUBLIC + path + Object.keys(params).sort().map((key) => key + params[key]).join('')).digest('base64');
const twilio = (path: string, params: Record<string, string>) => form(path, params, { 'x-twilio-signature': signature(path, params) });

let count = 0;
const contactOf = async (more: object = {}) =>
  (await stage.ask('POST', '/api/contacts', { body: { email: `p${(count += 1)}@example.com`, phone: `+155512300${String(count).padStart(2, '0')}`, ...more } })).json;
const consentOf = async (id: string) => (await stage.ask('GET', `/api/contacts/${id}`)).json.consent;

/** A message that the contact's run has sent. */
async function sendTo(contactId: string, channel: string, more: { providerId?: string; template?: string } = {}): Promise<{ sendId: string; enrollmentId: string }> {
  const [row] = await stage.rows<{ id: string; enrollment_id: string }>(
    `WITH e AS (INSERT INTO workflow_enrollments (location_id, workflow_id, version_id, contact_id) VALUES ($1, gen_random_uuid(), gen_random_uuid(), $2) RETURNING id, workflow_id)
     INSERT INTO sends (id, location_id, enrollment_id, workflow_id, contact_id, step_id, visit, seq, channel, status, request, ended_at, provider, provider_id)
     SELECT gen_random_uuid(), $1, e.id, e.workflow_id, $2, 'hello', 1, 1, $3, 'accepted', $4, now(), 'twilio', $5 FROM e RETURNING id, enrollment_id`,
    [stage.here.locationId, contactId, channel, JSON.stringify({ template_id: more.template ?? null }), more.providerId ?? null],
  );
  return { sendId: row!.id, enrollmentId: row!.enrollment_id };
}

describe('/hooks/twilio/sms', () => {
  const path = '/hooks/twilio/sms';

  it('keeps a message as the contact\'s answer to the last one, once however often it comes', async () => {
    const contact = await contactOf();
    const { enrollmentId } = await sendTo(contact.id, 'sms');
    const params = { MessageSid: 'SM1', From: contact.phone, To: '+15550000000', Body: 'Yes please', NumMedia: '0' };
    for (let i = 0; i < 3; i += 1) {
      const answer = await twilio(path, params);
      expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([200, 'text/xml; charset=utf-8', expect.stringContaining('<Response/>')]);
    }
    expect(await events()).toMatchObject([
      { type: 'sms_received', contact_id: contact.id, data: { text: 'Yes please', reply_text: 'Yes please', step: 'hello', enrollment_id: enrollmentId, visit: 1 } },
    ]);
  });

  it.each([['STOP'], [' stop. '], ['Stop texting me'], ['STOPALL'], ['arrêt'], ['Unsubscribe'], ['please STOP!!']])('takes "%s" for an opt-out at once', async (text) => {
    const contact = await contactOf();
    await twilio(path, { MessageSid: `SM-${contact.id}`, From: contact.phone, Body: text });
    expect(await consentOf(contact.id)).toEqual({ sms: 'withdrawn' });
  });

  it('takes START for the contrary, and no repetition of it', async () => {
    const contact = await contactOf({ consent: { sms: 'withdrawn' } });
    const start = { MessageSid: 'SM-start', From: contact.phone, Body: 'Start' };
    await twilio(path, start);
    expect(await consentOf(contact.id)).toEqual({ sms: 'given' });
    await twilio(path, { MessageSid: 'SM-stop', From: contact.phone, Body: 'stop' });
    await twilio(path, start);
    expect(await consentOf(contact.id)).toEqual({ sms: 'withdrawn' });
  });

  it("takes Twilio's word for it, whatever the text says (Advanced Opt-Out)", async () => {
    const contact = await contactOf();
    const say = (MessageSid: string, Body: string, OptOutType: string) => twilio(path, { MessageSid, From: contact.phone, Body, OptOutType });
    await say('SM-basta', 'basta', 'STOP');
    expect(await consentOf(contact.id)).toEqual({ sms: 'withdrawn' });
    await say('SM-help', 'info', 'HELP');
    expect(await consentOf(contact.id)).toEqual({ sms: 'withdrawn' });
    await say('SM-vale', 'vale', 'START');
    expect(await consentOf(contact.id)).toEqual({ sms: 'given' });
  });

  it('keeps nothing of a number that nobody has', async () => {
    expect((await twilio(path, { MessageSid: 'SM9', From: '+15559999999', Body: 'STOP' })).status).toBe(200);
    expect(await events()).toEqual([]);
  });

  it.each<[string, (params: Record<string, string>) => Record<string, string>]>([
    ['no signature', () => ({})],
    ['a signature with another token', (params) => ({ 'x-twilio-signature': signature(path, params, 'guess') })],
    ['a signature of another address', (params) => ({ 'x-twilio-signature': signature('/hooks/twilio/voice', params) })],
    ['a signature of another body', (params) => ({ 'x-twilio-signature': signature(path, { ...params, Body: 'START' }) })],
  ])('refuses %s, and stores nothing', async (_what, headers) => {
    const contact = await contactOf();
    const params = { MessageSid: 'SM-forged', From: contact.phone, Body: 'STOP' };
    const answer = await form(path, params, headers(params));
    expect([answer.status, answer.json.code]).toEqual([403, 'FORBIDDEN']);
    expect([await events(), await consentOf(contact.id)]).toEqual([[], {}]);
  });
});

describe('/hooks/twilio/status and /voice', () => {
  it('a number that opted out at Twilio has opted out here (21610), whoever else failed has not', async () => {
    const [gone, away] = [await contactOf(), await contactOf()];
    const report = async (id: string, code: string) => {
      const { sendId } = await sendTo(id, 'sms', { providerId: `SM-${id}` });
      await twilio(`/hooks/twilio/status?send=${sendId}`, { MessageSid: `SM-${id}`, MessageStatus: 'undelivered', ErrorCode: code });
    };
    await report(gone.id, '21610');
    await report(away.id, '30003');
    expect([await consentOf(gone.id), await consentOf(away.id)]).toEqual([{ sms: 'withdrawn' }, {}]);
  });

  it.each([
    ['delivered', 'sms_delivered', {}],
    ['undelivered', 'sms_failed', { error_code: '30003' }],
    ['failed', 'sms_failed', { error_code: '30003' }],
  ])('tells %s as %s, by our id or by the provider\'s, once', async (status, type, data) => {
    const contact = await contactOf();
    const sid = `SM-${contact.id}`;
    const { sendId } = await sendTo(contact.id, 'sms', { providerId: sid });
    const params = { MessageSid: sid, MessageStatus: status, ErrorCode: '30003' };
    await twilio('/hooks/twilio/status', { ...params, MessageStatus: 'sent' });
    expect((await twilio(`/hooks/twilio/status?send=${sendId}`, params)).status).toBe(204);
    await twilio('/hooks/twilio/status', params);
    expect(await events()).toMatchObject([{ type, contact_id: contact.id, data: { ...data, step: 'hello', message_id: sid } }]);
  });

  it.each([
    ['completed', 'human', { outcome: 'answered', answered: true, duration: 42 }],
    ['completed', 'machine_end_beep', { outcome: 'voicemail', answered: false }],
    ['completed', '', { outcome: 'answered', answered: true }],
    ['busy', '', { outcome: 'busy', answered: false }],
    ['no-answer', '', { outcome: 'no_answer', answered: false }],
    ['failed', '', { outcome: 'failed', answered: false }],
    ['canceled', '', { outcome: 'canceled', answered: false }],
  ])('tells a call that is %s by %s', async (status, by, data) => {
    const contact = await contactOf();
    const { sendId } = await sendTo(contact.id, 'voice');
    const path = `/hooks/twilio/voice?send=${sendId}`;
    const params = { CallSid: `CA-${contact.id}`, CallStatus: status, CallDuration: '42', ...(by && { AnsweredBy: by }) };
    await twilio(path, { ...params, CallStatus: 'ringing' });
    for (let i = 0; i < 2; i += 1) expect((await twilio(path, params)).status).toBe(200);
    expect(await events()).toMatchObject([{ type: 'call_completed', contact_id: contact.id, data }]);
  });
});

describe('/hooks/email', () => {
  const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  beforeAll(async () => void (await putSecret(stage.ctx, stage.here, { name: 'email_hook', value: SECRET })));
  const report = (body: object, { secret = SECRET, id = 'msg_1', at = stage.ctx.clock.machineNow() } = {}) => {
    const text = JSON.stringify(body);
    return fetch(`${stage.base}/hooks/email?location=${stage.here.locationId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...webhookHeaders(id, text, secret, at) },
      body: text,
    });
  };

  it.each<[object, string, object]>([
    [{ type: 'delivered' }, 'email_delivered', {}],
    [{ type: 'bounced', bounce: 'hard', reason: 'no such user' }, 'email_bounced', { bounce: 'hard', reason: 'no such user' }],
    [{ type: 'complained' }, 'email_complained', {}],
  ])('tells %j as %s, once', async (body, type, data) => {
    const contact = await contactOf();
    const { sendId } = await sendTo(contact.id, 'email', { template: 'welcome' });
    for (let i = 0; i < 2; i += 1) expect((await report({ ...body, message_id: `<${sendId}@acme.example>` }, { id: `msg_${sendId}` })).status).toBe(202);
    expect(await events()).toMatchObject([{ type, contact_id: contact.id, data: { ...data, step: 'hello', template_id: 'welcome' } }]);
    expect(await consentOf(contact.id)).toEqual(type === 'email_complained' ? { email: 'withdrawn' } : {});
  });

  it('takes an answer for one to the mail that it names, and any other mail for its sender\'s', async () => {
    const contact = await contactOf();
    const { sendId } = await sendTo(contact.id, 'email');
    await report({ type: 'replied', in_reply_to: `<${sendId}@acme.example>`, from: 'Someone <other@example.com>', subject: 'Re: hello', text: 'Yes' }, { id: 'reply' });
    await report({ type: 'inbound', from: `Ana <${contact.email.toUpperCase()}>`, subject: 'A question', text: 'Why?' }, { id: 'inbound' });
    expect(await events()).toMatchObject([
      { type: 'email_received', contact_id: contact.id, data: { step: 'hello', reply_text: 'Yes', subject: 'Re: hello' } },
      { type: 'email_received', contact_id: contact.id, data: { subject: 'A question', text: 'Why?' } },
    ]);
  });

  it.each([
    ['another secret', { secret: 'whsec_AAAA' }],
    ['an old moment', { at: 1_000 }],
  ])('refuses %s, and stores nothing', async (_what, how) => {
    const contact = await contactOf();
    const answer = await report({ type: 'complained', email: contact.email }, how);
    expect(answer.status).toBe(403);
    expect([await events(), await consentOf(contact.id)]).toEqual([[], {}]);
  });

  it('names what it does not understand', async () => {
    const answer = await report({ type: 'vanished' });
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([422, expect.stringContaining('expected delivered, bounced')]);
  });
});

describe('/u/<token>', () => {
  it('shows a page to whoever looks, and acts only when asked to', async () => {
    const contact = await contactOf();
    const { sendId } = await sendTo(contact.id, 'email');
    const path = `/u/${stage.tokens.sign('unsubscribe', sendId)}`;
    const page = await stage.ask('GET', path, { key: null });
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('<form method="post">')]);
    expect(await consentOf(contact.id)).toEqual({});
    for (let i = 0; i < 2; i += 1) expect((await form(path, { 'List-Unsubscribe': 'One-Click' }, {})).status).toBe(200);
    expect(await consentOf(contact.id)).toEqual({ email: 'withdrawn' });
    expect(await events()).toMatchObject([{ type: 'email_unsubscribed', contact_id: contact.id, data: { step: 'hello' } }]);
  });

  it('refuses a forged token and one of another purpose', async () => {
    for (const token of ['bm8.bm8', stage.tokens.sign('open', '0193a000-0000-7000-8000-000000000001')]) expect((await form(`/u/${token}`, {}, {})).status).toBe(403);
  });
});
