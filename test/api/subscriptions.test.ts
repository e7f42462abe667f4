import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, type Client } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createEntrance } from '../../src/api/authenticate.ts';
import { attachWebSocket, type WebSocketLimits } from '../../src/api/websocket.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { createAdmission } from '../../src/http/auth.ts';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';
import { until } from '../support/until.ts';

let stage: ApiStage;
let server: Server;
let sockets: { close(): Promise<void> };
let url: string;
const clients: Client[] = [];

beforeAll(async () => {
  stage = await createApiStage();
  server = createServer((request, response) => void stage.yoga(request, response));
  sockets = attachWebSocket(server, { ...stage, logger: stage.ctx.logger }, { subscriptions: 3, initMs: 60_000 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});
afterEach(() => {
  for (const client of clients.splice(0)) void client.dispose();
});
afterAll(async () => {
  await sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await stage.close();
});

const connect = (key: string = stage.here.admin): Client => {
  const client = createClient({ url: `ws://${url}`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${key}` }, retryAttempts: 0, lazyCloseTimeout: 0 });
  clients.push(client);
  return client;
};

/** Twelve steps, so that a run has many events; each wait parks it until its timer is fired. */
const STEPS = 12;
const FLOW = `name: Long\ntrigger: { type: manual }\nsteps:\n${Array.from({ length: STEPS }, (_, n) => `  - { id: tag_${n}, type: add_tag, config: { tag: t${n} } }\n  - { id: wait_${n}, type: wait, config: { duration: 1d } }\n`).join('')}`;

async function startRun(): Promise<{ workflow: string; enrollment: string; uuid: string }> {
  const { data } = await stage.gql(
    `mutation($y: String!, $e: String!) { createWorkflow(input: { source: { yaml: $y } }) { ... on CreateWorkflowPayload { workflow { id } } } upsertContact(input: { email: $e }) { ... on UpsertContactPayload { contact { id } } } }`,
    { y: FLOW, e: `${Math.random()}@example.com` },
  );
  const workflow = data.createWorkflow.workflow.id;
  await stage.gql('mutation($id: ID!) { publishWorkflow(input: { id: $id }) { __typename } }', { id: workflow });
  const made = await stage.gql(
    'mutation($w: ID!, $c: ID!) { enrollContact(input: { workflowId: $w, contactId: $c }) { ... on EnrollContactPayload { enrollment { id uuid } } } }',
    { w: workflow, c: data.upsertContact.contact.id },
  );
  return { workflow, enrollment: made.data.enrollContact.enrollment.id, uuid: made.data.enrollContact.enrollment.uuid };
}

/** Takes the run to its next wait: whatever it waits for is due now. */
async function push(uuid: string): Promise<void> {
  await stage.workers.query(`UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() - interval '1 second' WHERE enrollment_id = $1`, [uuid]);
  await runBatch(stage.ctx, [uuid], 'interactive');
}
async function pushToTheEnd(uuid: string): Promise<void> {
  for (let n = 0; n <= STEPS; n += 1) await push(uuid);
}

const EVENTS = `subscription($id: ID!, $after: Cursor) { enrollmentEvents(enrollmentId: $id, after: $after) { __typename
  ... on StepStarted { cursor at stepKey stepType seq visit } ... on StepEnded { cursor at stepKey outcome seq log { status output } } ... on TrackingFact { cursor name stepKey } ... on StatusChanged { cursor status exitReason } } }`;
interface Event {
  __typename: string;
  cursor: string;
  stepKey?: string;
  status?: string;
}

/** Subscribes over WebSocket; `until` ends it after so many events. */
function watch(enrollment: string, after: string | null, most = Infinity, client = connect()): { seen: Event[]; done: Promise<void> } {
  const seen: Event[] = [];
  const done = (async () => {
    const results = client.iterate<{ enrollmentEvents: Event }>({ query: EVENTS, variables: { id: enrollment, after } });
    for await (const { data, errors } of results) {
      if (errors) throw errors[0];
      seen.push(data!.enrollmentEvents);
      if (seen.length >= most) break;
    }
  })();
  return { seen, done };
}

const told = (events: Event[]): string[] => events.map((event) => `${event.__typename} ${event.stepKey ?? event.status}`);
const WHOLE = [
  ...Array.from({ length: STEPS }, (_, n) => [`tag_${n}`, `wait_${n}`])
    .flat()
    .flatMap((key) => [`StepStarted ${key}`, `StepEnded ${key}`]),
  'StatusChanged COMPLETED',
];

describe('enrollmentEvents over WebSocket', () => {
  it('tells a whole run as it happens and ends with it', async () => {
    const run = await startRun();
    const { seen, done } = watch(run.enrollment, null);
    await pushToTheEnd(run.uuid);
    await done;
    expect(told(seen)).toEqual(WHOLE);
  });

  it('misses nothing and doubles nothing when it is cut off again and again', async () => {
    const run = await startRun();
    const all: Event[] = [];
    const pushing = pushToTheEnd(run.uuid);
    while (all.at(-1)?.__typename !== 'StatusChanged') {
      const { seen, done } = watch(run.enrollment, all.at(-1)?.cursor ?? null, 5);
      await done;
      all.push(...seen);
    }
    await pushing;
    expect(told(all)).toEqual(WHOLE);
    expect(new Set(all.map((event) => event.cursor)).size).toBe(all.length);
  });

  it('goes on when the socket itself is torn', async () => {
    const run = await startRun();
    const client = connect();
    const first = watch(run.enrollment, null, Infinity, client);
    await push(run.uuid);
    await until('the first events', () => first.seen.length >= 3);
    client.terminate();
    await expect(first.done).rejects.toBeDefined();
    await pushToTheEnd(run.uuid);
    const second = watch(run.enrollment, first.seen.at(-1)!.cursor);
    await second.done;
    expect(told([...first.seen, ...second.seen])).toEqual(WHOLE);
  });

  it('replays a run that is over, from its start or behind its snapshot', async () => {
    const run = await startRun();
    await pushToTheEnd(run.uuid);
    const replay = watch(run.enrollment, null);
    await replay.done;
    expect(told(replay.seen)).toEqual(WHOLE);
    const { lastCursor } = (await stage.gql('query($id: ID!) { enrollment(id: $id) { lastCursor } }', { id: run.enrollment })).data.enrollment;
    const rest = watch(run.enrollment, lastCursor);
    await rest.done;
    expect(rest.seen).toEqual([]);
  });

  it('needs no hints', async () => {
    const run = await startRun();
    const { seen, done } = watch(run.enrollment, null);
    const silent = { ...stage.ctx, bus: { ...stage.bus, publish: () => undefined } };
    for (let n = 0; n <= STEPS; n += 1) {
      await stage.workers.query(`UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() - interval '1 second' WHERE enrollment_id = $1`, [run.uuid]);
      await runBatch(silent, [run.uuid], 'interactive');
    }
    await done;
    expect(told(seen)).toEqual(WHOLE);
  });

  it('is refused for what is not there, and for a cursor of another kind, on a socket that lives on', async () => {
    const client = connect();
    await expect(watch('00000000-0000-4000-8000-000000000000', null, 1, client).done).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    const run = await startRun();
    await expect(watch(run.enrollment, 'nonsense', 1, client).done).rejects.toMatchObject({ extensions: { code: 'INVALID_INPUT' } });
    const { seen, done } = watch(run.enrollment, null, 1, client);
    await push(run.uuid);
    await done;
    expect(seen).toHaveLength(1);
  });

  it('shows nothing to another location', async () => {
    const run = await startRun();
    const there = await stage.location('There');
    await expect(watch(run.enrollment, null, 1, connect(there.admin)).done).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
  });
});

describe('enrollmentEvents over Server-Sent Events', () => {
  it('tells the same, and goes on behind a cursor', async () => {
    const run = await startRun();
    await push(run.uuid);
    const first = await sse(run.enrollment, null, 3);
    const pushing = pushToTheEnd(run.uuid);
    const second = await sse(run.enrollment, first.at(-1)!.cursor, Infinity);
    await pushing;
    expect(told([...first, ...second])).toEqual(WHOLE);
  });
});

/** Reads events of an SSE answer until it ends or there are `most`. */
async function sse(id: string, after: string | null, most: number): Promise<Event[]> {
  const leaving = new AbortController();
  const response = await fetch(`http://${url}`, {
    method: 'POST', signal: leaving.signal, body: JSON.stringify({ query: EVENTS, variables: { id, after } }),
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${stage.here.admin}` },
  });
  const seen: Event[] = [];
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const data = /^data: (.+)$/m.exec(block)?.[1];
      if (/^event: next$/m.test(block) && data && seen.length < most) seen.push((JSON.parse(data) as { data: { enrollmentEvents: Event } }).data.enrollmentEvents);
    }
    if (seen.length >= most) break;
  }
  leaving.abort();
  return seen;
}

describe('workflowLive', () => {
  const LIVE =
    'subscription($id: ID!, $fps: Int) { workflowLive(workflowId: $id, maxFps: $fps) { snapshot totals { enrolled active completed } nodes { stepKey waiting passed } edges { from outcome count } moves { enrollmentId from to } omittedMoves asOf } }';

  it('begins with a snapshot and tells what changed', async () => {
    const run = await startRun();
    const frames = connect().iterate<{
      workflowLive: { snapshot: boolean; totals: object; nodes: { stepKey: string; waiting: number }[]; moves: { enrollmentId: string; to: string }[] };
    }>({ query: LIVE, variables: { id: run.workflow, fps: 20 } });
    const first = (await frames.next()).value;
    expect(first.data.workflowLive).toMatchObject({ snapshot: true, totals: { enrolled: 1, active: 1, completed: 0 }, moves: [] });
    const steps = Array.from({ length: STEPS }, (_, n) => [`tag_${n}`, `wait_${n}`]).flat();
    expect(first.data.workflowLive.nodes).toEqual(steps.map((stepKey) => ({ stepKey, waiting: 0, passed: 0 })));
    await push(run.uuid);
    const second = (await frames.next()).value;
    expect(second.data.workflowLive.snapshot).toBe(false);
    expect(second.data.workflowLive.nodes).toContainEqual({ stepKey: 'wait_0', waiting: 1, passed: 0 });
    expect(second.data.workflowLive.moves.map((move: { to: string }) => move.to)).toContain('wait_0');
    expect(second.data.workflowLive.moves[0].enrollmentId).toBe(run.enrollment);
    await frames.return!();
  });

  it('refuses frames that nobody could see', async () => {
    const { workflow } = await startRun();
    const frames = connect().iterate({ query: LIVE, variables: { id: workflow, fps: 1_000 } });
    expect((await frames.next()).value).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
  });
});

describe('a socket', () => {
  const closed = (connectionParams: Record<string, unknown>, at = url): Promise<number> => new Promise((resolve) => {
    const client = createClient({
      url: `ws://${at}`,
      webSocketImpl: WebSocket,
      connectionParams,
      retryAttempts: 0,
      lazy: false,
      onNonLazyError: () => undefined,
      on: { closed: (event) => resolve((event as CloseEvent).code) },
    });
    clients.push(client);
  });

  /** A server of its own, with other limits. */
  async function another(limits: Partial<WebSocketLimits>, enter = stage.enter): Promise<{ at: string; close(): Promise<void> }> {
    const own = createServer();
    const doors = attachWebSocket(own, { yoga: stage.yoga, enter, logger: stage.ctx.logger }, limits);
    await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
    const close = async (): Promise<void> => {
      await doors.close();
      await new Promise((resolve) => own.close(resolve));
    };
    return { at: `127.0.0.1:${(own.address() as AddressInfo).port}/graphql`, close };
  }

  it('is closed without a key or with a wrong one', async () => {
    expect(await closed({})).toBe(4403);
    expect(await closed({ authorization: 'Bearer wrong-wrong-wrong' })).toBe(4403);
  });

  it('is closed when its key is revoked', async () => {
    const { data } = await stage.gql('mutation { createApiKey(input: { name: "short", scopes: [READ] }) { ... on CreateApiKeyPayload { secret apiKey { id } } } }');
    const code = closed({ authorization: `Bearer ${data.createApiKey.secret}` });
    await stage.gql('mutation($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }', { id: data.createApiKey.apiKey.id });
    expect(await code).toBe(4403);
  });

  it('is closed when it operates before connection_init', async () => {
    const raw = new WebSocket(`ws://${url}`, 'graphql-transport-ws');
    const code = new Promise((resolve) => raw.on('close', resolve));
    raw.on('open', () => raw.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ system { clockSpeed } }' } })));
    expect(await code).toBe(4401);
  });

  it('is closed when it never sends a connection_init', async () => {
    const { at, close } = await another({ initMs: 1 });
    const idle = new WebSocket(`ws://${at}`, 'graphql-transport-ws');
    expect(await new Promise((resolve) => idle.on('close', resolve))).toBe(4408);
    await close();
  });

  it('serves queries and mutations too, and refuses bad documents', async () => {
    const client = connect();
    const answer = await client.iterate({ query: '{ system { clockSpeed } }' }).next();
    expect(answer.value).toEqual({ data: { system: { clockSpeed: 1 } } });
    const change = 'mutation { upsertContact(input: { email: "socket@example.com", firstName: "Over" }) { ... on UpsertContactPayload { contact { firstName } } } }';
    expect((await client.iterate({ query: change }).next()).value).toEqual({ data: { upsertContact: { contact: { firstName: 'Over' } } } });
    const complaintOf = (query: string): Promise<unknown> =>
      client
        .iterate({ query })
        .next()
        .then(
          ({ value }) => (value as { errors?: unknown } | undefined)?.errors,
          (errors: unknown) => errors,
        );
    const deep = `{ workflow { enrollments { nodes ${'{ workflow { enrollments { nodes '.repeat(5)} { id } ${'} } }'.repeat(5)} } } }`;
    const codes = {
      '{ nothing }': 'GRAPHQL_VALIDATION_FAILED', '{ system {': 'GRAPHQL_PARSE_FAILED', '{ contacts(after: "x") { nodes { id } } }': 'INVALID_INPUT',
      [deep.replace('{ workflow', '{ workflow(by: { slug: "x" })')]: 'INVALID_INPUT', [`subscription { definitionChanged(workflowId: "x") ${deep} }`]: 'INVALID_INPUT',
    };
    for (const [query, code] of Object.entries(codes)) expect(await complaintOf(query)).toEqual([expect.objectContaining({ extensions: { code } })]);
  });

  it('counts its operations as requests of its key, and is asked to come back later when none is left', async () => {
    const enter = createEntrance(stage.ctx, createAdmission(stage.ctx, createRateLimit(() => 0, 1, 2)));
    const { at, close } = await another({}, enter);
    const connectionParams = { authorization: `Bearer ${stage.here.admin}` };
    const client = createClient({ url: `ws://${at}`, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0, lazyCloseTimeout: 60_000 });
    clients.push(client);
    const ask = () => client.iterate({ query: '{ __typename }' }).next();
    expect((await ask()).value).toEqual({ data: { __typename: 'Query' } });
    await expect(ask()).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    expect(await closed(connectionParams, at)).toBe(1013);
    await close();
  });

  it('runs so many operations at once and no more', async () => {
    const client = connect();
    const { enrollment, uuid } = await startRun();
    await push(uuid);
    const running = [1, 2, 3].map(() => watch(enrollment, null, Infinity, client));
    for (const each of running) each.done.catch(() => undefined);
    await until('three subscriptions', () => running.every(({ seen }) => seen.length > 0));
    await expect(watch(enrollment, null, Infinity, client).done).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  });
});
