import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createYogaServer } from '../../src/api/yoga.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';

let stage: ApiStage;
let yoga: ReturnType<typeof createYogaServer>;
let workflow: { id: string; uuid: string; revision: number };
beforeAll(async () => {
  stage = await createApiStage();
  yoga = createYogaServer(stage.enter, stage.ctx.logger);
  const yaml =
    'name: Feed\ntrigger: { type: manual }\nsteps:\n  - { id: one, type: set, config: { values: { a: 1 } } }\n  - { id: two, type: set, config: { values: { a: 2 } } }\n';
  const made = await stage.gql('mutation($yaml: String!) { createWorkflow(input: { source: { yaml: $yaml } }) { ... on CreateWorkflowPayload { workflow { id } } } }', { yaml });
  const { id } = made.data.createWorkflow.workflow;
  workflow = (await stage.gql('mutation($id: ID!) { publishWorkflow(input: { id: $id }) { ... on PublishWorkflowPayload { workflow { id uuid revision } } } }', { id })).data
    .publishWorkflow.workflow;
});
afterAll(() => stage.close());

/** Results of a subscription over Server-Sent Events, as they come. */
async function* subscribe(query: string, variables: object = {}, key = stage.here.admin) {
  const response = await yoga.fetch('http://test/graphql', {
    method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${key}` }, body: JSON.stringify({ query, variables }),
  });
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    const parts = text.split('\n\n');
    text = parts.pop()!;
    for (const part of parts) {
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
}
async function enrolled(): Promise<void> {
  const { rows } = await stage.workers.query('INSERT INTO contacts (location_id) VALUES ($1) RETURNING id', [stage.here.who.locationId]);
  const made = await stage.gql(
    'mutation($w: ID!, $c: ID!) { enrollContact(input: { workflowId: $w, contactId: $c }) { ... on EnrollContactPayload { enrollment { uuid } } } }',
    { w: workflow.id, c: rows[0].id },
  );
  await runBatch(stage.ctx, [made.data.enrollContact.enrollment.uuid], 'interactive');
}

const FEED = `subscription($filter: WorkflowEventFilter, $after: Cursor) { workflowEvents(filter: $filter, after: $after) { __typename
  ... on ContactEntered { cursor to } ... on ContactMoved { cursor from outcome to workflowId } ... on RunEnded { cursor status } ... on ActivityGap { cursor reason } } }`;

describe('workflowEvents', () => {
  it('tells who enters, moves and ends, and goes on behind a cursor', async () => {
    const seen: { __typename: string; cursor: string }[] = [];
    const running = subscribe(FEED, { filter: { workflowIds: [workflow.id] } });
    const first = running.next();
    await new Promise((resolve) => setImmediate(resolve));
    const people = setInterval(() => void enrolled(), 50);
    seen.push((await first).value.data.workflowEvents);
    clearInterval(people);
    while (seen.length < 4) seen.push((await running.next()).value.data.workflowEvents);
    expect(seen).toMatchObject([
      { __typename: 'ContactEntered', to: 'one' }, { __typename: 'ContactMoved', from: 'one', outcome: 'next', to: 'two', workflowId: workflow.id },
      { __typename: 'ContactMoved', from: 'two', to: '' }, { __typename: 'RunEnded', status: 'COMPLETED' },
    ]);
    await running.return(undefined);
    const again = subscribe(FEED, { after: seen[1]!.cursor });
    expect((await again.next()).value.data.workflowEvents).toEqual(seen[2]);
    await again.return(undefined);
  });

  it('names a gap for a cursor of another process, and refuses what is none', async () => {
    const gap = subscribe(FEED, { after: 'old-3.0' });
    expect((await gap.next()).value.data.workflowEvents).toMatchObject({ __typename: 'ActivityGap', reason: expect.stringContaining('another server process') });
    await gap.return(undefined);
    expect((await subscribe(FEED, { after: 'x' }).next()).value.errors[0].extensions.code).toBe('INVALID_INPUT');
    const { admin } = await stage.location('Elsewhere');
    expect((await subscribe(FEED, { filter: { workflowIds: [workflow.id] } }, admin).next()).value.errors[0].extensions.code).toBe('NOT_FOUND');
  });
});

describe('definitionChanged', () => {
  it('tells the revision now, and each change', async () => {
    const stream = subscribe('subscription($id: ID!) { definitionChanged(workflowId: $id) { revision workflow { status } } }', { id: workflow.id });
    expect((await stream.next()).value.data.definitionChanged).toEqual({ revision: workflow.revision, workflow: { status: 'ACTIVE' } });
    const next = stream.next();
    await stage.gql('mutation($id: ID!) { pauseWorkflow(input: { id: $id }) { __typename } }', { id: workflow.id });
    expect((await next).value.data.definitionChanged).toEqual({ revision: workflow.revision + 1, workflow: { status: 'PAUSED' } });
    await stage.gql('mutation($id: ID!) { resumeWorkflow(input: { id: $id }) { __typename } }', { id: workflow.id });
    await stream.return(undefined);
  });
});

describe('systemStatus', () => {
  it('tells the clocks', async () => {
    const stream = subscribe('subscription { systemStatus { clockSpeed journeyNow } }');
    expect((await stream.next()).value.data.systemStatus).toMatchObject({ clockSpeed: 1 });
    await stream.return(undefined);
  });
});

describe('a stream over HTTP', () => {
  it('ends when its key is revoked', async () => {
    const made = await stage.gql('mutation { createApiKey(input: { name: "short", scopes: [READ] }) { ... on CreateApiKeyPayload { secret apiKey { id } } } }');
    const { secret, apiKey } = made.data.createApiKey;
    const stream = subscribe(FEED, {}, secret);
    const last = stream.next();
    await stage.gql('mutation($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }', { id: apiKey.id });
    const told = (await last).value;
    expect(told.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    expect((await stream.next()).done).toBe(true);
  });
});
