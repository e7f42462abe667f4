import { getNamedType, isInputObjectType, type GraphQLInputObjectType, type GraphQLInterfaceType, type GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeId } from '../../src/api/ids.ts';
import { schema } from '../../src/api/schema.ts';
import { routes } from '../../src/rest/routes.ts';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';
import { fillHouse, type House } from '../support/full-house.ts';
import { argumentsOf, literalOf, type Say, selectionOf, valueOf, waysTo } from '../support/walk-schema.ts';

/**
 * Two locations with the same kinds of data. Whoever has a key of `near` walks every door: the texts and ids of `far` must come out of none.
 * Generated from the schema and from the table of routes: what is new is walked by itself, or fails with how to say what it needs.
 */
let stage: DoorStage;
let near: House;
let far: House;
/** Every uuid of the other location's rows, and their node ids: from the catalogue, so that a new table counts at once. */
let secrets: string[];
const MARK = 'faraway';

beforeAll(async () => {
  stage = await createDoorStage();
  near = await fillHouse(stage.ctx, stage.rows, stage.here, 'nearby');
  far = await fillHouse(stage.ctx, stage.rows, stage.there, MARK);
  const columns = await stage.rows<{ t: string; c: string }>(`
    SELECT c.table_name AS t, c.column_name AS c FROM information_schema.columns c JOIN information_schema.columns l ON l.table_name = c.table_name AND l.column_name = 'location_id' AND l.table_schema = c.table_schema
    WHERE c.table_schema = current_schema() AND c.data_type = 'uuid'`);
  const found = await Promise.all(columns.map(({ t, c }) => stage.rows<{ id: string }>(`SELECT DISTINCT ${c} AS id FROM ${t} WHERE location_id = $1 AND ${c} IS NOT NULL`, [stage.there.locationId])));
  const uuids = [...new Set(found.flat().map(({ id }) => id))];
  const nodes = uuids.flatMap((id) => ['Workflow', 'WorkflowVersion', 'Enrollment', 'Contact', 'Template', 'Voicemail', 'ApiKey', 'Send', 'Event', 'Location', 'TestRun'].map((type) => nodeId(type, id)));
  secrets = [MARK, ...uuids, ...nodes, nodeId('StepLog', `["${far.enrollment}",1]`)];
});
afterAll(() => stage.close());

/** What of the other location is in a text. Ids that the caller sent may be named in the answer's complaint. */
const leaks = (text: string, sent: string[] = []): string[] => secrets.filter((secret) => text.includes(secret) && !sent.includes(secret));

const gql = async (query: string, key = stage.admin) => (await stage.ask('POST', '/graphql', { body: { query }, key })).json as { data: Record<string, unknown> | null; errors?: { message: string; extensions?: { code?: string } }[] };

/** What to say where a value is needed: `house` is whose ids are given. */
const sayFor = (house: () => House): Say => (place, name, type) => {
  const ids: Record<string, string> = { contactId: house().contact, contactIds: house().contact, enrollmentId: house().enrollment, workflowId: house().workflow, workflowIds: house().workflow };
  const SAY: Record<string, unknown> = {
    'Query.contact.id': house().contact, 'Query.testRun.id': house().testRun, 'Subscription.testRunEvents.id': house().testRun, 'Query.enrollment.id': house().enrollment, 'Query.node.id': nodeId('Workflow', house().workflow), 'WorkflowRefInput.id': house().workflow,
    'Query.nodes.ids': [...Object.entries({ Workflow: house().workflow, Contact: house().contact, Enrollment: house().enrollment, Template: house().template, Voicemail: house().voicemail, ApiKey: house().apiKey, Send: house().send, TestRun: house().testRun }).map(([node, id]) => nodeId(node, id)), nodeId('StepLog', `["${house().enrollment}",1]`)],
    'SimulateWorkflowInput.contactId': house().contact, 'SimulateWorkflowInput.workflowId': house().workflow, 'Query.exploreWorkflow.workflowId': house().workflow, 'Query.runScenarios.workflowId': house().workflow,
    'Workflow.version.number': 1, 'WorkflowVersion.diff.to': 1, 'WorkflowSourceInput.yaml': 'name: X\ntrigger: { type: manual }\nsteps: [{ id: a, type: exit }]\n',
    'Query.contacts.search': house().mark, 'Query.contacts.tag': house().mark, 'WorkflowFilter.search': house().mark,
  };
  if (place in SAY) return SAY[place];
  return type === 'ID' ? ids[name] : undefined;
};

const queryType = schema.getQueryType()!;
const ways = waysTo(schema, queryType);

/** A document that goes the shortest way to a type and there reads every field, two levels deep. */
function documentFor(typeName: string, say: Say): string {
  const way = ways.get(typeName)!;
  const type = schema.getType(typeName);
  const open = way.map(({ parent, field }, index) => {
    const next = way[index + 1]?.parent.name ?? typeName;
    return `${field.name}${argumentsOf(field, parent.name, say)} { ... on ${next} {`;
  });
  const at = (depth: number): string => `{ ${open.join(' ')} ${selectionOf(schema, type as never, say, depth)} ${'} }'.repeat(way.length)} }`;
  const wide = at(2);
  return wide.split(':').length > MOST_FIELDS ? at(1) : wide;
}

/** Below the breadth that a document may have. */
const MOST_FIELDS = 250;

const objectTypes = [...ways.keys()].filter((name) => name !== 'Query' && !name.startsWith('__'));

describe('GraphQL queries', () => {
  const own = sayFor(() => near);
  const foreign = sayFor(() => far);

  it.each(objectTypes)('every field of %s, with ids of one\'s own and with foreign ones', async (name) => {
    const mine = await gql(documentFor(name, own));
    expect(mine.errors ?? []).toEqual([]);
    expect(leaks(JSON.stringify(mine))).toEqual([]);
    const theirs = await gql(documentFor(name, foreign));
    expect(leaks(JSON.stringify(theirs.data))).toEqual([]);
    const document = documentFor(name, foreign);
    expect(leaks(JSON.stringify(theirs.errors ?? []), secrets.filter((secret) => document.includes(secret)))).toEqual([]);
  });

  it.each(Object.values(queryType.getFields()).filter((field) => field.args.some(({ name }) => name === 'after')).map((field) => field.name))('%s: a cursor of another location leads nowhere', async (name) => {
    const { data } = await gql(`{ list: ${name}(first: 1) { pageInfo { endCursor } } }`, stage.foreign);
    const cursor = (data as { list: { pageInfo: { endCursor: string } } }).list.pageInfo.endCursor;
    expect(cursor).toBeTruthy();
    for (const where of ['after', 'before']) {
      const page = await gql(`{ list: ${name}(${where === 'after' ? 'first' : 'last'}: 50, ${where}: ${JSON.stringify(cursor)}) { edges { cursor node { __typename ${selectionOf(schema, schema.getType(connectionNode(name)) as never, sayFor(() => near), 0)} } } } }`);
      expect(leaks(JSON.stringify(page), [cursor])).toEqual([]);
    }
  });

  it('node and nodes find nothing by any id of another location', async () => {
    const ids = secrets.filter((secret) => /^[A-Za-z0-9+/]+=*$/.test(secret) && secret !== MARK);
    for (let n = 0; n < ids.length; n += 100) {
      const page = ids.slice(n, n + 100);
      const { data } = await gql(`{ node(id: ${JSON.stringify(page[0])}) { id } nodes(ids: ${JSON.stringify(page)}) { id } }`);
      expect(data).toEqual({ node: null, nodes: page.map(() => null) });
    }
  });

  it('what the walk reads is really there: the owner meets every kind of row', async () => {
    const missed: string[] = [];
    for (const { name } of [...schema.getPossibleTypes(schema.getType('Node') as GraphQLInterfaceType), { name: 'AuditEntry' }, { name: 'Secret' }]) {
      if (!JSON.stringify(await gql(documentFor(name, own))).includes(`"__typename":"${name}"`)) missed.push(name);
    }
    expect(missed, 'have fillHouse make one').toEqual([]);
  });
});

/** The type of the nodes that a connection field gives. */
const connectionNode = (field: string): string => {
  const connection = getNamedType(queryType.getFields()[field]!.type) as GraphQLObjectType;
  return getNamedType(connection.getFields()['nodes']!.type).name;
};

describe('GraphQL mutations', () => {
  const SCALARS: Record<string, unknown> = { String: 'x1', JSON: {}, Int: 1, DateTime: '2030-01-01T00:00:00Z' };
  const VALUES: Record<string, unknown> = {
    'CreateApiKeyInput.name': 'walked', 'PutSecretInput.value': 'a long value', 'CreateVoicemailInput.audioUrl': 'https://a.example/v.mp3', 'CreateTemplateInput.message': 'Hi', 'CreateTemplateInput.channel': { enum: 'SMS' },
    'WorkflowSourceInput.yaml': 'name: Walked\ntrigger: { type: manual }\nsteps: [{ id: a, type: exit }]\n', 'ImportSourceInput.yaml': 'name: Walked\ntrigger: { type: manual }\nsteps: [{ id: a, type: exit }]\n',
  };
  /** Ids that an input names: those called `id` may be anything's, the others say what they are. */
  const idsIn = (type: GraphQLInputObjectType, seen = new Set<string>()): string[] => Object.values(type.getFields()).flatMap((field) => {
    const named = getNamedType(field.type);
    if (named.name === 'ID') return [`${type.name}.${field.name}`];
    return isInputObjectType(named) && !seen.has(named.name) ? idsIn(named, seen.add(named.name)) : [];
  });
  const kindsOf = (place: string, house: House): string[] => {
    const name = place.split('.')[1]!;
    if (name === 'id') return [house.workflow, house.contact, house.enrollment, house.template, house.voicemail, house.apiKey];
    const one = { contactId: house.contact, contactIds: house.contact, workflowId: house.workflow, enrollmentId: house.enrollment }[name];
    if (one === undefined) throw new Error(`say what ${place} is the id of: add it to kindsOf in this test`);
    return [one];
  };
  const mutations = Object.values(schema.getMutationType()!.getFields());
  const withIds = mutations.map((field) => [field.name, getNamedType(field.args[0]!.type) as GraphQLInputObjectType] as const).filter(([, input]) => idsIn(input).length > 0);

  it.each(withIds)('%s finds nothing of another location by any id', async (name, input) => {
    const before = await stateOf(stage.there.locationId);
    const calls = idsIn(input).flatMap((place) => kindsOf(place, far).map((id) => {
      const say: Say = (at, called, type) => at === place ? id : type === 'ID' ? (called === 'id' ? undefined : kindsOf(at, near)[0]) : (VALUES[at] ?? (isRequired(at) ? SCALARS[type] : undefined));
      return [id, literalOf(valueOf(schema.getMutationType()!.getFields()[name]!.args[0]!, name, say)), place === 'BulkEnrollmentFilter.contactId'] as const;
    }));
    const { data, errors = [] } = await gql(`mutation { ${calls.map(([, text], n) => `a${n}: ${name}(input: ${text}) { __typename ... on UserError { message } ${name.startsWith('bulk') ? `... on B${name.slice(1)}Payload { matched }` : ''} }`).join(' ')} }`);
    for (const [n, [id]] of calls.entries()) {
      const answer = data?.[`a${n}`] as { __typename: string; matched?: number } | undefined;
      if (calls[n]![2] && answer?.matched === 0) continue; // a filter that lets nobody through
      expect(answer?.__typename ?? errors[0]?.extensions?.code, `${name} by ${calls[n]![1]}`).toMatch(/^(NotFound|NOT_FOUND)$/);
      expect(leaks(JSON.stringify(answer ?? {}), [id])).toEqual([]);
    }
    expect(await stateOf(stage.there.locationId), 'nothing there has changed').toEqual(before);
  });

  const isRequired = (place: string): boolean => {
    const [type, field] = place.split('.') as [string, string];
    const input = schema.getType(type);
    return isInputObjectType(input) && String(input.getFields()[field]?.type).endsWith('!') && input.getFields()[field]!.defaultValue === undefined;
  };
});

/** A fingerprint of every row of a location, table by table; when its keys were last used is written beside what uses them. */
async function stateOf(locationId: string): Promise<Record<string, string>> {
  const tables = await stage.rows<{ t: string }>("SELECT table_name AS t FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = 'location_id' ORDER BY 1");
  const text = tables.map(({ t }) => `SELECT '${t}' AS t, md5(coalesce(string_agg(r, '' ORDER BY r), '')) AS sum FROM ${t} x, LATERAL (SELECT (to_jsonb(x) - 'last_used_at')::text AS r) one WHERE location_id = $1`).join(' UNION ALL ');
  return Object.fromEntries((await stage.rows<{ t: string; sum: string }>(text, [locationId])).map(({ t, sum }) => [t, sum]));
}

describe('REST routes', () => {
  const yaml = 'name: Walked\ntrigger: { type: manual }\nsteps: [{ id: a, type: exit }]\n';
  const ids = (path: string, house: House): string => (path.startsWith('/api/enrollments') ? house.enrollment : path.startsWith('/api/contacts') ? house.contact : house.workflow);
  const PARAMS: Record<string, (house: House) => string> = { version: () => '1', a: () => '1', b: () => '1', name: (house) => house.mark };
  const BODIES: Record<string, (house: House) => unknown> = {
    'POST /api/workflows/{id}/enroll': (house) => ({ contact_id: house.contact }), 'POST /api/contacts': () => ({ email: 'walked@example.com' }), 'POST /api/contacts/{id}/consent': () => ({ channel: 'voice', consent: 'given' }),
    'POST /api/events': (house) => ({ contact_id: house.contact, name: 'walked' }), 'POST /api/templates': () => ({ slug: 'walked', channel: 'sms', message: 'Hi' }), 'POST /api/voicemails': () => ({ slug: 'walked', audio_url: 'https://a.example/v.mp3' }),
    'POST /api/enrollments/{id}/move': () => ({ step_id: 'bye' }), 'POST /api/workflows/{id}/enrollments/move': () => ({ step_id: 'bye' }), 'PUT /api/secrets/{name}': () => ({ value: 'a long value' }),
    'POST /api/workflows/{id}/test': (house) => ({ mode: 'simulate', contact: house.contact }),
  };
  /** Query parameters that name things: the other location's are given. */
  const QUERIES: Record<string, (house: House) => string> = { contact_id: (house) => house.contact, q: (house) => house.mark, tag: (house) => house.mark, email: (house) => `${house.mark}@example.com`, workflow: (house) => house.workflow };
  const pathOf = (path: string, house: House): string => path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    if (name === 'id') return ids(path, house);
    if (!PARAMS[name]) throw new Error(`say what {${name}} of ${path} is: add it to PARAMS in this test`);
    return PARAMS[name](house);
  });
  const shapeOf = (row: (typeof routes)[number]): string[] => Object.keys((row.query as { shape?: Record<string, unknown> } | null)?.shape ?? {});
  const bodyOf = (row: (typeof routes)[number], house: House): unknown => (row.body === null ? undefined : row.body === 'definition' ? yaml : (BODIES[`${row.method} ${row.path}`]?.(house) ?? {}));
  const rows = routes.map((row) => [`${row.method} ${row.path}`, row] as const);

  it.each(rows.filter(([, row]) => row.path.includes('{')))('%s answers ids of another location with 404, in every type that it speaks', async (_name, row) => {
    const before = await stateOf(stage.there.locationId);
    for (const accept of row.produces) {
      if (row.path.includes('{name}') && row.method === 'PUT') continue; // a name of one's own
      const answer = await stage.ask(row.method, pathOf(row.path, far), { body: bodyOf(row, near), headers: { accept } });
      expect(answer.status).toBe(404);
      expect(leaks(answer.text, [ids(row.path, far), MARK])).toEqual([]);
    }
    expect(await stateOf(stage.there.locationId)).toEqual(before);
  });

  it.each(rows.filter(([, row]) => row.method === 'GET' && !row.produces.every((type) => type === 'text/event-stream')))('%s shows nothing of another location, whatever its query names', async (_name, row) => {
    const plain = await stage.ask('GET', `${pathOf(row.path, near)}${row.path.endsWith('/explain') ? `?contact_id=${near.contact}` : ''}`);
    expect(plain.status).toBeLessThan(300);
    expect(leaks(plain.text)).toEqual([]);
    for (const key of shapeOf(row).filter((name) => QUERIES[name])) {
      const value = QUERIES[key]!(far);
      const answer = await stage.ask('GET', `${pathOf(row.path, near)}?${key}=${encodeURIComponent(value)}`);
      expect(leaks(answer.text, [value, MARK, far.contact])).toEqual([]);
      if (answer.status === 200 && Array.isArray(answer.json?.data)) expect(answer.json.data).toEqual([]);
    }
    if (!shapeOf(row).includes('cursor')) return;
    const theirs = await stage.ask('GET', `${pathOf(row.path, far)}?limit=1`, { key: stage.foreign });
    const cursor = theirs.json?.next_cursor ?? far.contact;
    expect(leaks((await stage.ask('GET', `${pathOf(row.path, near)}?cursor=${encodeURIComponent(cursor)}`)).text, [cursor])).toEqual([]);
  });

  it.each(rows.filter(([name]) => JSON.stringify(BODIES[name]?.({ contact: 'THE-CONTACT' } as House) ?? {}).includes('THE-CONTACT')))('%s does not take a contact of another location', async (name, row) => {
    const answer = await stage.ask(row.method, pathOf(row.path, near), { body: BODIES[name]!(far) });
    expect(answer.status).toBe(404);
    expect(leaks(answer.text, [far.contact])).toEqual([]);
  });

  it('an Idempotency-Key is a location\'s own', async () => {
    const headers = { 'idempotency-key': 'the same key' };
    const body = { email: 'once@example.com' };
    const theirs = await stage.ask('POST', '/api/contacts', { body, headers, key: stage.foreign });
    const ours = await stage.ask('POST', '/api/contacts', { body, headers });
    expect([theirs.status, ours.status]).toEqual([201, 201]);
    expect(ours.json.id).not.toBe(theirs.json.id);
  });
});

describe('hooks and links', () => {
  const linksOf = () => stage.tokens;

  it('a workflow\'s address takes contacts of its own location alone', async () => {
    const { json } = await stage.ask('GET', `/api/workflows/${near.workflow}/webhook`);
    const path = new URL(json.url).pathname;
    const before = await stateOf(stage.there.locationId);
    const foreign = await stage.ask('POST', path, { body: { contact_id: far.contact }, key: null });
    expect([foreign.status, leaks(foreign.text, [far.contact])]).toEqual([404, []]);
    expect((await stage.ask('POST', path, { body: { contact_id: near.contact }, key: null })).status).toBe(202);
    expect(await stateOf(stage.there.locationId)).toEqual(before);
  });

  it.each(['open', 'click', 'unsubscribe'] as const)('a link (%s) touches the location of its message alone', async (purpose) => {
    const before = await stateOf(stage.there.locationId);
    const token = linksOf().sign(purpose, purpose === 'click' ? `${near.send} https://example.com/` : near.send);
    await stage.ask(purpose === 'unsubscribe' ? 'POST' : 'GET', { open: `/t/o/${token}.gif`, click: `/t/c/${token}`, unsubscribe: `/u/${token}` }[purpose], { key: null });
    expect(await stateOf(stage.there.locationId)).toEqual(before);
    for (const other of (['open', 'click', 'unsubscribe', 'hook'] as const).filter((name) => name !== purpose)) {
      const path = { open: `/t/o/${linksOf().sign(other, near.send)}.gif`, click: `/t/c/${linksOf().sign(other, near.send)}`, unsubscribe: `/u/${linksOf().sign(other, near.send)}` }[purpose];
      expect((await stage.ask('GET', path, { key: null })).status, `a token for ${other} opens no ${purpose}`).toBe(403);
    }
  });

  it('a mail report is signed with the secret of the location that it is about', async () => {
    const answer = await stage.ask('POST', `/hooks/email?location=${stage.there.locationId}`, { body: { type: 'complained', email: `${MARK}@example.com` }, key: null });
    expect([answer.status, leaks(answer.text)]).toEqual([403, []]);
  });
});

describe('subscriptions', () => {
  const fields = Object.values(schema.getSubscriptionType()!.getFields());
  /** What makes a subscription that needs no id speak; others speak of themselves at once. */
  const far_moves = () => stage.ctx.bus.publish({ locationId: stage.there.locationId, workflowId: far.workflow, at: 1, runs: [{ id: far.enrollment, rev: 2, status: 'active', moves: [['', 'entered', `${MARK}_hello`]] }], counts: { enrolled: 1 } });
  const near_moves = () => stage.ctx.bus.publish({ locationId: stage.here.locationId, workflowId: near.workflow, at: 1, runs: [{ id: near.enrollment, rev: 2, status: 'active', moves: [['', 'entered', 'nearby_hello']] }], counts: { enrolled: 1 } });

  async function listen(name: string, house: House): Promise<string> {
    const field = schema.getSubscriptionType()!.getFields()[name]!;
    const say: Say = (place, called, type) => (type === 'ID' ? sayFor(() => house)(place, called, type) : type === 'WorkflowEventFilter' && house === far ? { workflowIds: [far.workflow] } : undefined);
    const type = getNamedType(field.type);
    const text = `subscription { ${name}${argumentsOf(field, 'Subscription', say)} { __typename ${'getFields' in type && !('getTypes' in type) ? selectionOf(schema, type as never, sayFor(() => near), 1) : ''} } }`;
    const gone = new AbortController();
    const response = await fetch(`${stage.base}/graphql`, { method: 'POST', signal: gone.signal, headers: { authorization: `Bearer ${stage.admin}`, 'content-type': 'application/json', accept: 'text/event-stream' }, body: JSON.stringify({ query: text }) });
    let heard = '';
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const bell = setInterval(() => { far_moves(); if (house === near) near_moves(); }, 20);
    const patience = setTimeout(() => gone.abort(), house === near ? 40_000 : 1_000);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        heard += value;
        if (/event: complete/.test(heard) || (house === near && /"data":\{/.test(heard))) break;
      }
    } catch {
      // nothing came within the time that was given: a stream about things that are not there may be silent
    } finally {
      clearInterval(bell);
      clearTimeout(patience);
      gone.abort();
    }
    return heard;
  }

  it.each(fields.map(({ name }) => name))('%s tells one\'s own, and nothing of another location', async (name) => {
    const own = await listen(name, near);
    expect(own).toContain('"data":{');
    expect(leaks(own)).toEqual([]);
    const foreign = await listen(name, far);
    expect(leaks(foreign, [far.workflow, far.enrollment, far.testRun]), 'a complaint may name the id that was asked for').toEqual([]);
    if (fields.find((field) => field.name === name)!.args.some((argument) => String(argument.type) === 'ID!')) expect(foreign).not.toContain('"data":{');
  });
});
