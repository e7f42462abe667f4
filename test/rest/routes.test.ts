import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../src/rest/routes.ts';
import { DEFINITION } from '../support/desk-stage.ts';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';

let stage: DoorStage;
/** One of each thing, in the first location. */
let made: { workflow: string; contact: string; enrollment: string };

beforeAll(async () => {
  stage = await createDoorStage();
  const workflow = (await stage.ask('POST', '/api/workflows', { body: DEFINITION })).json.id;
  await stage.ask('POST', `/api/workflows/${workflow}/publish`, { body: {} });
  const contact = (await stage.ask('POST', '/api/contacts', { body: { first_name: 'Ana', email: 'ana@example.com', tags: ['vip'] } })).json.id;
  const enrollment = (await stage.ask('POST', `/api/workflows/${workflow}/enroll`, { body: { contact_id: contact } })).json.id;
  made = { workflow, contact, enrollment };
});
afterAll(() => stage.close());

const NOBODY = '00000000-0000-4000-8000-000000000000';
const idFor = (path: string): string => (path.includes('/enrollments/{') ? made.enrollment : path.includes('/contacts/{') ? made.contact : made.workflow);
const bodies: Record<string, unknown> = {
  '/api/workflows': DEFINITION, '/api/workflows/import': DEFINITION, '/api/workflows/{id}': DEFINITION, '/api/validate': DEFINITION,
  '/api/contacts/{id}/consent': { channel: 'sms', consent: 'given' }, '/api/workflows/{id}/enroll': { contact_id: NOBODY },
  '/api/enrollments/{id}/move': { step_id: 'bye' }, '/api/workflows/{id}/enrollments/move': { step_id: 'bye' }, '/api/events': { contact_id: NOBODY, name: 'paid' }, '/api/templates': { slug: 'a', channel: 'sms', message: 'Hi' }, '/api/voicemails': { slug: 'a', audio_url: 'https://example.com/a.mp3' },
};
const bodyFor = (row: { method: string; path: string }): unknown => (row.method === 'GET' || row.method === 'DELETE' ? undefined : (bodies[row.path] ?? {}));

describe('every route', () => {
  const rows = routes.map((row) => [`${row.method} ${row.path}`, row] as const);

  it.each(rows)('%s asks for a key, and says how', async (_name, row) => {
    const path = row.path.replace('{id}', NOBODY);
    for (const key of [null, 'mr_wrong-key-0123456789']) {
      const answer = await stage.ask(row.method, path, { body: bodyFor(row), key });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(answer.json.code).toBe('UNAUTHENTICATED');
    }
  });

  it.each(rows.filter(([, row]) => row.scope !== 'read'))('%s refuses a key that may only read', async (_name, row) => {
    const key = await stage.keyOf(stage.here, 'read');
    const answer = await stage.ask(row.method, row.path.replace('{id}', idFor(row.path)), { body: bodyFor(row), key });
    expect(answer.status).toBe(403);
    expect(answer.json.code).toBe('FORBIDDEN');
  });

  it.each(rows.filter(([, row]) => row.path.includes('{id}')))('%s answers a foreign id as a missing one', async (_name, row) => {
    const at = (id: string) => row.path.replace('{id}', id);
    const [foreign, missing, nonsense] = await Promise.all([
      stage.ask(row.method, at(idFor(row.path)), { body: bodyFor(row), key: stage.foreign }),
      stage.ask(row.method, at(NOBODY), { body: bodyFor(row) }),
      stage.ask(row.method, at('no-uuid'), { body: bodyFor(row) }),
    ]);
    expect([foreign.status, missing.status, nonsense.status]).toEqual([404, 404, 404]);
    const withoutId = (text: string, id: string) => text.replaceAll(id, '');
    expect(withoutId(foreign.text, idFor(row.path))).toBe(withoutId(missing.text, NOBODY));
  });

  it.each(rows)('%s answers 405 with Allow to another method, and 406 to a type that it does not speak', async (_name, row) => {
    const path = row.path.replace('{id}', NOBODY);
    const other = await stage.ask('OPTIONS', path);
    expect(other.status).toBe(204);
    expect(other.headers.get('allow')).toContain(row.method);
    const wrong = await stage.ask(row.method, path, { body: bodyFor(row), headers: { accept: 'image/png' } });
    expect(wrong.status).toBe(406);
  });

  it.each(rows.filter(([, row]) => row.body !== null))('%s refuses a body of another type', async (_name, row) => {
    const answer = await stage.ask(row.method, row.path.replace('{id}', idFor(row.path)), { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(answer.status).toBe(415);
    expect(answer.headers.get('accept')).toContain('application/json');
  });

  it.each(rows)('%s refuses an unknown query key', async (_name, row) => {
    const answer = await stage.ask(row.method, `${row.path.replace('{id}', idFor(row.path))}?nonsense=1`, { body: bodyFor(row) });
    expect(answer.status).toBe(422);
    expect(answer.json.errors[0]).toMatchObject({ pointer: '/nonsense', rule: 'unknown_key' });
  });

  it('of a foreign path or method is answered with what there is', async () => {
    expect((await stage.ask('GET', '/api/nothing')).status).toBe(404);
    const answer = await stage.ask('PATCH', '/api/workflows');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
  });
});

describe('workflows', () => {
  it('are created with a place, a tag and the columns of the specification', async () => {
    const answer = await stage.ask('POST', '/api/workflows', { body: DEFINITION });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/api/workflows/${answer.json.id}`);
    expect(answer.headers.get('etag')).toBe(`"r${answer.json.revision}"`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.json).toMatchObject({ name: 'Hello there', status: 'draft', trigger_type: 'manual', version: 1, location_id: stage.here.locationId, yaml_source: DEFINITION, published_at: null });
    expect(answer.json.created_at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('are read with a tag, and not sent again to whoever has them', async () => {
    const first = await stage.ask('GET', `/api/workflows/${made.workflow}`);
    const again = await stage.ask('GET', `/api/workflows/${made.workflow}`, { headers: { 'if-none-match': first.headers.get('etag')! } });
    expect([first.status, again.status, again.text]).toEqual([200, 304, '']);
  });

  it('change only upon the revision that was read, once they are published', async () => {
    const path = `/api/workflows/${made.workflow}`;
    const tag = (await stage.ask('GET', path)).headers.get('etag')!;
    expect((await stage.ask('PUT', path, { body: DEFINITION })).status).toBe(428);
    expect((await stage.ask('PUT', path, { body: DEFINITION, headers: { 'if-match': '"r9999"' } })).status).toBe(412);
    expect((await stage.ask('PUT', path, { body: DEFINITION, headers: { 'if-match': 'nonsense' } })).status).toBe(412);
    expect((await stage.ask('PUT', path, { body: DEFINITION, headers: { 'if-match': tag } })).status).toBe(200);
    expect((await stage.ask('PUT', path, { body: DEFINITION, headers: { 'if-match': '*' } })).status).toBe(200);
  });

  it('are listed in pages that link to the next', async () => {
    await stage.ask('POST', '/api/workflows', { body: DEFINITION });
    const first = await stage.ask('GET', '/api/workflows?limit=1');
    expect(first.json.data).toHaveLength(1);
    const next = /<(.+)>; rel="next"/.exec(first.headers.get('link') ?? '')![1]!;
    const second = await stage.ask('GET', next);
    expect(second.json.data[0].id).not.toBe(first.json.data[0].id);
    expect((await stage.ask('GET', '/api/workflows?limit=101')).status).toBe(422);
  });

  it('pause twice, resume, and archive once nobody is inside or force is given', async () => {
    const { id } = (await stage.ask('POST', '/api/workflows', { body: DEFINITION })).json;
    await stage.ask('POST', `/api/workflows/${id}/publish`);
    await stage.ask('POST', `/api/workflows/${id}/enroll`, { body: { contact_id: made.contact } });
    const steps = ['pause', 'pause', 'resume'];
    for (const step of steps) expect((await stage.ask('POST', `/api/workflows/${id}/${step}`)).status).toBe(200);
    expect((await stage.ask('DELETE', `/api/workflows/${id}`)).status).toBe(409);
    expect((await stage.ask('DELETE', `/api/workflows/${id}?force=true`)).status).toBe(204);
    expect((await stage.ask('GET', `/api/workflows/${id}`)).json.status).toBe('archived');
  });

  it('are imported and exported as YAML and JSON', async () => {
    const imported = await stage.ask('POST', '/api/workflows/import', { body: DEFINITION });
    expect(imported.status).toBe(201);
    const path = `/api/workflows/${imported.json.id}/export`;
    const yaml = await stage.ask('GET', path);
    expect([yaml.headers.get('content-type'), yaml.text]).toEqual(['application/yaml', DEFINITION]);
    expect((await stage.ask('GET', path, { headers: { accept: 'application/json' } })).json.name).toBe('Hello there');
    expect((await stage.ask('GET', `${path}?format=json&version=1`)).json.steps).toHaveLength(3);
    expect((await stage.ask('POST', '/api/workflows/import?dryRun=true', { body: DEFINITION })).json).toMatchObject({ valid: true });
    expect((await stage.ask('POST', '/api/validate', { body: DEFINITION })).json).toMatchObject({ valid: true, storable: true });
  });

  it('are exported with every inferred next written out, on request', async () => {
    const example = readFileSync(new URL('../workflows/example.workflow.yaml', import.meta.url), 'utf8');
    const imported = await stage.ask('POST', '/api/workflows/import', { body: example });
    const path = `/api/workflows/${imported.json.id}/export`;
    const { steps } = (await stage.ask('GET', `${path}?explicit=true&format=json`)).json as { steps: { id: string; next?: string }[] };
    expect(Object.fromEntries(steps.filter(({ next }) => next).map(({ id, next }) => [id, next]))).toEqual({
      welcome_email: 'wait_1_day', wait_1_day: 'check_opened', send_followup_sms: 'ab_test', send_reminder_email: 'ab_test', call_immediately: 'goal_check', wait_then_call: 'call_immediately',
    });
    expect((await stage.ask('GET', `${path}?explicit=true`)).text).toMatch(/next: ab_test/);
    expect((await stage.ask('GET', path)).text).toBe(example);
    expect((await stage.ask('GET', `${path}?explicit=maybe`)).status).toBe(422);
  });

  it('are tested under a virtual clock; a persona needs a provider', async () => {
    const path = `/api/workflows/${made.workflow}/test`;
    const trace = await stage.ask('POST', path, { body: { mode: 'simulate', contact: { first_name: 'Bo' }, start: '2026-03-02T09:00:00Z' } });
    expect(trace.status).toBe(200);
    expect(trace.json).toMatchObject({ status: 'completed', path: ['hello', 'pause', 'bye'], sent: [], started_at: expect.stringMatching(/^2026-03-02T09:00/), ended_at: expect.stringMatching(/^2026-03-04/) });
    expect((await stage.ask('POST', path, { body: { mode: 'persona' } })).status).toBe(501);
  });

  it('count', async () => {
    const { json } = await stage.ask('GET', `/api/workflows/${made.workflow}/stats`);
    expect(json).toMatchObject({ enrolled: 1, active: 1, completed: 0, exited: 0, failed: 0 });
    expect(json.nodes).toEqual(['hello', 'pause', 'bye'].map((step_id) => ({ step_id, waiting: 0, passed: 0, failed: 0 })));
    expect(json.funnel[0]).toEqual({ step_id: 'hello', entered: 0, completed: 0, skipped: 0, failed: 0, waiting: 0, dropped_off: 0, drop_off_rate: null, time_in_step: null });
    expect(json).toMatchObject({ edges: [], goals: [], experiments: [] });
  });
});

describe('enrollments', () => {
  it('are there once, and the second asker is led to the first', async () => {
    const again = await stage.ask('POST', `/api/workflows/${made.workflow}/enroll`, { body: { contact_id: made.contact } });
    expect(again.status).toBe(409);
    expect(again.headers.get('location')).toBe(`/api/enrollments/${made.enrollment}`);
    expect(again.json).toMatchObject({ code: 'ALREADY_ENROLLED', enrollment_id: made.enrollment, existing: `/api/enrollments/${made.enrollment}` });
  });

  it('take many at once, or a contact that is described', async () => {
    const bulk = await stage.ask('POST', `/api/workflows/${made.workflow}/enroll`, { body: { contact_ids: [made.contact] } });
    expect([bulk.status, bulk.json]).toEqual([201, { results: [{ contact_id: made.contact, enrollment_id: made.enrollment, created: false }] }]);
    const described = await stage.ask('POST', `/api/workflows/${made.workflow}/enroll`, { body: { contact: { email: 'cy@example.com' }, initial_data: { plan: 'pro' } } });
    expect(described.json.step_data.enrollment).toEqual({ plan: 'pro' });
    expect((await stage.ask('POST', `/api/workflows/${made.workflow}/enroll`, { body: {} })).status).toBe(422);
  });

  it('are listed, read, and ended twice with one effect', async () => {
    const { json } = await stage.ask('POST', `/api/workflows/${made.workflow}/enroll`, { body: { contact: { email: 'di@example.com' } } });
    const listed = await stage.ask('GET', `/api/workflows/${made.workflow}/enrollments?status=active&contact_id=${json.contact_id}`);
    expect(listed.json.data.map((one: { id: string }) => one.id)).toEqual([json.id]);
    const exits = [await stage.ask('POST', `/api/enrollments/${json.id}/exit`, { body: { reason: 'enough' } }), await stage.ask('POST', `/api/enrollments/${json.id}/exit`, { body: { reason: 'again' } })];
    expect(exits.map((one) => [one.status, one.json.status, one.json.exit_reason])).toEqual([[200, 'exited', 'enough'], [200, 'exited', 'enough']]);
    expect((await stage.ask('GET', `/api/enrollments/${json.id}`)).json.completed_at).toMatch(/Z$/);
    expect((await stage.ask('GET', `/api/enrollments/${json.id}/logs`)).json).toEqual({ data: [], next_cursor: null });
  });

  it('stream until the run has ended, and a reader who heard all is sent away', async () => {
    const { json } = await stage.ask('POST', `/api/workflows/${made.workflow}/enroll`, { body: { contact: { email: 'ed@example.com' } } });
    await stage.ask('POST', `/api/enrollments/${json.id}/exit`);
    const accept = 'text/event-stream';
    const stream = await stage.ask('GET', `/api/enrollments/${json.id}/logs`, { headers: { accept } });
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(stream.text).toContain('event: status_changed');
    const cursor = /id: (.+)\nevent: status_changed/.exec(stream.text)![1]!;
    expect((await stage.ask('GET', `/api/enrollments/${json.id}/logs`, { headers: { accept, 'last-event-id': cursor } })).status).toBe(204);
    expect((await stage.ask('GET', `/api/enrollments/${json.id}/logs`, { headers: { accept, 'last-event-id': '' } })).text).toBe(stream.text); // heard nothing yet
  });
});

describe('what cannot be taken', () => {
  it.each([
    ['/api/events', { name: 'viewed', email: 'x@example.com', occurred_at: '2999-01-01T00:00:00Z' }, '/occurred_at'],
    ['/api/voicemails', { slug: 'hello', audio_url: 'nowhere' }, '/audio_url'],
    ['/api/workflows/{id}/publish', { policy: 'finish_on_old', step_map: { pause: 'bye' } }, '/step_map'],
    ['/api/workflows/{id}/enroll', { contact: { email: 'nobody' } }, '/contact/email'],
    ['/api/workflows/{id}/test', { contact: { emial: 'a@example.com' } }, '/contact/emial'],
    ['/api/workflows/{id}/test', { start: 'monday' }, '/start'],
    ['/api/workflows/{id}/webhook/secret', { secret: 'short' }, '/secret'],
  ])('%s %j is shown at %s, where the body has it', async (path, body, pointer) => {
    const { status, json } = await stage.ask('POST', path.replace('{id}', made.workflow), { body });
    expect([status, json.errors]).toEqual([422, [expect.objectContaining({ pointer, line: 1, column: expect.any(Number), detail: expect.stringMatching(/expected|Did you mean|is only for/) })]]);
    expect(json.detail).toContain(pointer.slice(1).replaceAll('/', '.'));
  });

  it('a window that ends before it begins', async () => {
    const { status, json } = await stage.ask('GET', `/api/workflows/${made.workflow}/stats?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z`);
    expect([status, json.errors]).toEqual([422, [expect.objectContaining({ pointer: '/to' })]]);
  });
});

describe('a live stream', () => {
  it('goes on from the last event, tells what happens meanwhile, and ends with the run', async () => {
    const { json } = await stage.ask('POST', `/api/workflows/${made.workflow}/enroll`, { body: { contact: { email: 'jo@example.com' } } });
    const leaving = new AbortController();
    const open = (signal?: AbortSignal) => fetch(`${stage.base}/api/enrollments/${json.id}/logs`, { headers: { authorization: `Bearer ${stage.admin}`, accept: 'text/event-stream' }, signal });
    const left = await open(leaving.signal);
    await left.body!.getReader().read();
    leaving.abort();
    const stream = await open();
    const heard = stream.text();
    await stage.ask('POST', `/api/enrollments/${json.id}/exit`, { body: { reason: 'enough' } });
    expect(await heard).toMatch(/id: .+\nevent: status_changed\ndata: .*"exit_reason":"enough"/);
  });
});

describe('contacts', () => {
  it('with a taken e-mail are led to the first one, or update it', async () => {
    const taken = await stage.ask('POST', '/api/contacts', { body: { email: 'ANA@example.com' } });
    expect([taken.status, taken.headers.get('location')]).toEqual([409, `/api/contacts/${made.contact}`]);
    const updated = await stage.ask('POST', '/api/contacts?upsert=true', { body: { email: 'ana@example.com', last_name: 'Ruiz' } });
    expect([updated.status, updated.json.id, updated.json.last_name]).toEqual([200, made.contact, 'Ruiz']);
  });

  it('change, agree, withdraw, are found and go', async () => {
    const { json } = await stage.ask('POST', '/api/contacts', { body: { email: 'flo@example.com', tags: ['a'] } });
    const path = `/api/contacts/${json.id}`;
    expect((await stage.ask('PATCH', path, { body: { tags: ['b'] } })).json.tags).toEqual(['b']);
    expect((await stage.ask('POST', `${path}/consent`, { body: { channel: 'sms', consent: 'withdrawn' } })).json.consent).toEqual({ sms: 'withdrawn' });
    expect((await stage.ask('GET', '/api/contacts?tag=b')).json.data.map((one: { id: string }) => one.id)).toEqual([json.id]);
    expect((await stage.ask('DELETE', path)).status).toBe(204);
    expect((await stage.ask('GET', path)).status).toBe(404);
  });

  it.each([
    ['an unknown key', { frist_name: 'x' }, '/frist_name', 'unknown_key'],
    ['a wrong type', { tags: 'x' }, '/tags', 'invalid_type'],
    ['__proto__', JSON.parse('{"custom_fields":{"a":{"__proto__":{"b":1}}}}'), '/custom_fields/a/__proto__', 'forbidden_key'],
  ])('are refused with %s', async (_what, body, pointer, rule) => {
    const answer = await stage.ask('POST', '/api/contacts', { body });
    expect(answer.status).toBe(422);
    expect(answer.json.errors[0]).toMatchObject({ pointer, rule });
  });

  it('hear of an event once', async () => {
    const body = { contact_id: made.contact, name: 'paid', data: { amount: 3 }, event_id: 'order-1' };
    const [first, second] = [await stage.ask('POST', '/api/events', { body }), await stage.ask('POST', '/api/events', { body })];
    expect([first.status, second.status, second.json.id]).toEqual([201, 200, first.json.id]);
  });
});

describe('templates, voicemails and the location', () => {
  it('are created, listed and changed', async () => {
    const template = await stage.ask('POST', '/api/templates', { body: { slug: 'hello', channel: 'email', subject: 'Hi', html: '<p>Hi</p>' } });
    expect([template.status, template.json.slug]).toEqual([201, 'hello']);
    expect((await stage.ask('POST', '/api/templates', { body: { slug: 'hello', channel: 'email', subject: 'Hi', html: '<p>Hi</p>' } })).status).toBe(409);
    expect((await stage.ask('GET', '/api/templates?channel=email')).json.data).toHaveLength(1);
    expect((await stage.ask('POST', '/api/voicemails', { body: { slug: 'intro', audio_url: 'https://example.com/intro.mp3' } })).json.audio_url).toBe('https://example.com/intro.mp3');
    expect((await stage.ask('GET', '/api/voicemails')).json.data).toHaveLength(1);
    expect((await stage.ask('PATCH', '/api/location', { body: { timezone: 'Europe/Madrid', calendar: { weekly: { mon: [['09:00', '17:00']] }, holidays: ['2026-12-25'] } } })).status).toBe(200);
    expect((await stage.ask('GET', '/api/location')).json).toMatchObject({ timezone: 'Europe/Madrid', calendar: { holidays: ['2026-12-25'] } });
  });
});

describe('an Idempotency-Key', () => {
  it('gets one effect and the same answer twice, and refuses another body', async () => {
    const headers = { 'idempotency-key': 'one' };
    const first = await stage.ask('POST', '/api/contacts', { body: { email: 'gil@example.com' }, headers });
    const second = await stage.ask('POST', '/api/contacts', { body: { email: 'gil@example.com' }, headers });
    expect([second.status, second.text, second.headers.get('location')]).toEqual([201, first.text, first.headers.get('location')]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const other = await stage.ask('POST', '/api/contacts', { body: { email: 'hal@example.com' }, headers });
    expect([other.status, other.json.code]).toEqual([422, 'IDEMPOTENCY_CONFLICT']);
  });

  it('is in use while the first request runs', async () => {
    const body = { email: 'ida@example.com' };
    const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    await stage.rows("INSERT INTO idempotency_keys (location_id, key, route, body_hash) VALUES ($1, 'slow', 'POST /api/contacts', $2)", [stage.here.locationId, hash]);
    const answer = await stage.ask('POST', '/api/contacts', { body, headers: { 'idempotency-key': 'slow' } });
    expect([answer.status, answer.json.reason]).toEqual([409, 'running']);
  });
});

describe('text that cannot be', () => {
  it.each(['/api/contacts?q=a%00', '/api/contacts?email=%00', '/api/contacts?tag=%00', '/api/workflows?q=%00'])('is refused where it is looked for: %s', async (path) => {
    const { status, json } = await stage.ask('GET', path);
    expect([status, json.errors[0].pointer]).toEqual([422, `/${/[?](.*)=/.exec(path)![1]}`]);
  });
});

describe('the description', () => {
  it('is open to everybody and has every route', async () => {
    const { status, json } = await stage.ask('GET', '/api/openapi.json', { key: null });
    expect([status, json.openapi]).toEqual([200, '3.1.0']);
    for (const row of routes) expect(json.paths[row.path][row.method.toLowerCase()]).toBeDefined();
  });
});
