import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiStage, type ApiStage, type Answer } from '../support/api-stage.ts';

let stage: ApiStage;
beforeAll(async () => void (stage = await createApiStage()));
afterAll(() => stage.close());

const YAML = `name: Two words
trigger: { type: manual }
steps:
  - { id: hello, type: send_sms, config: { message: "Hello {{contact.first_name}}" } }
  - { id: pause, type: wait, config: { duration: 1d } }
  - id: vip
    type: condition
    config: { if: [{ field: tags, operator: contains, value: vip }], then: bye, else: exit_plain }
  - { id: bye, type: send_sms, config: { message: Bye } }
tests:
  - { name: A plain one, contact: { first_name: Ana, phone: "+15551230001" }, expect: { path: [hello, pause, vip] } }
  - { name: Never so, contact: { first_name: Bo, phone: "+15551230002", tags: [vip] }, expect: { path: [hello] } }
`;
const EVENTS = `subscription($id: ID!, $after: Cursor) { testRunEvents(id: $id, after: $after) { __typename
  ... on TestStepPlayed { cursor seq stepKey stepType visit status outcome input output error decision { text verdict } startedAt completedAt }
  ... on TestMessageSent { cursor message { stepKey channel to message at } }
  ... on TestScenarioPlayed { cursor scenario { name passed difference { message } } }
  ... on TestRunEnded { cursor testRun { id mode } } } }`;

const test = async (input: object): Promise<Answer['data']> => {
  const { data, errors } = await stage.gql(
    `mutation($input: TestWorkflowInput!) { testWorkflow(input: $input) { __typename ... on UserError { code message } ... on TestWorkflowPayload { testRun {
    id uuid mode workflow { name } simulation { status exitReason path sent { message } } scenarios { passed scenarios { name } } exploration { complete unreached } createdAt } } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data.testWorkflow;
};

/** Everything that a subscription over HTTP tells until it ends by itself. */
async function told(id: string, after: string | null = null, key = stage.here.admin): Promise<Answer[]> {
  const response = await stage.yoga.fetch('http://test/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: EVENTS, variables: { id, after } }),
  });
  return (await response.text()).split('\n').filter((line) => line.startsWith('data: {')).map((line) => JSON.parse(line.slice(6)) as Answer);
}
const eventsOf = (answers: Answer[]): { __typename: string; cursor: string; stepKey?: string }[] => answers.map(({ data }) => data.testRunEvents);

describe('testWorkflow', () => {
  const contact = { first_name: 'Ana', phone: '+15551230001', tags: ['vip'] };

  it('takes a stored contact or a made-up one, not both', async () => {
    const both = { source: { yaml: YAML }, contact, contactId: '0190a000-0000-7000-8000-000000000000' };
    const message = expect.stringContaining('contact: give a contactId or a contact, not both');
    expect(await test(both)).toEqual({ __typename: 'InvalidInput', code: 'INVALID_INPUT', message });
    const { errors } = await stage.gql('query($input: SimulateWorkflowInput!) { simulateWorkflow(input: $input) { status } }', { input: both });
    expect(errors).toEqual([expect.objectContaining({ message, extensions: { code: 'INVALID_INPUT' } })]);
  });

  it('plays a contact through and keeps what happened, for whoever asks by id', async () => {
    const { __typename, testRun } = await test({ source: { yaml: YAML }, contact, start: '2026-03-02T09:00:00Z' });
    expect([__typename, testRun]).toEqual(['TestWorkflowPayload', {
      id: expect.any(String), uuid: expect.any(String), mode: 'SIMULATE', workflow: null, scenarios: null, exploration: null, createdAt: expect.any(String),
      simulation: { status: 'completed', exitReason: null, path: ['hello', 'pause', 'vip', 'bye'], sent: [{ message: 'Hello Ana' }, { message: 'Bye' }] },
    }]);
    for (const id of [testRun.id, testRun.uuid]) {
      expect((await stage.gql('query($id: ID!) { testRun(id: $id) { id simulation { path } } }', { id })).data.testRun).toEqual({
        id: testRun.id,
        simulation: { path: testRun.simulation.path },
      });
    }
    expect((await stage.gql('query($id: ID!) { node(id: $id) { id ... on TestRun { mode } } }', { id: testRun.id })).data.node).toEqual({ id: testRun.id, mode: 'SIMULATE' });
  });

  it('plays scenarios and walks every path of a stored draft', async () => {
    const { data } = await stage.gql('mutation($yaml: String) { createWorkflow(input: { source: { yaml: $yaml } }) { ... on CreateWorkflowPayload { workflow { id } } } }', {
      yaml: YAML,
    });
    const workflowId = data.createWorkflow.workflow.id;
    const scenarios = (await test({ workflowId, mode: 'SCENARIOS' })).testRun;
    expect([scenarios.workflow, scenarios.simulation, scenarios.scenarios]).toEqual([
      { name: 'Two words' },
      null,
      { passed: false, scenarios: [{ name: 'A plain one' }, { name: 'Never so' }] },
    ]);
    expect(eventsOf(await told(scenarios.id))).toEqual([
      { __typename: 'TestScenarioPlayed', cursor: '1', scenario: { name: 'A plain one', passed: true, difference: null } },
      { __typename: 'TestScenarioPlayed', cursor: '2', scenario: { name: 'Never so', passed: false, difference: { message: expect.any(String) } } },
      { __typename: 'TestRunEnded', cursor: '3', testRun: { id: scenarios.id, mode: 'SCENARIOS' } },
    ]);
    expect((await test({ workflowId, mode: 'EXPLORE' })).testRun.exploration).toEqual({ complete: true, unreached: [] });
  });

  it('answers a persona with NotImplemented, and what cannot be played with why', async () => {
    expect(await test({ source: { yaml: YAML }, mode: 'PERSONA' })).toEqual({
      __typename: 'NotImplemented',
      code: 'NOT_IMPLEMENTED',
      message: expect.stringContaining('AI provider'),
    });
    expect((await test({})).__typename).toBe('InvalidInput');
    expect((await test({ source: { yaml: 'name: [' } })).__typename).toBe('ValidationFailed');
    expect((await test({ workflowId: '00000000-0000-4000-8000-000000000000' })).__typename).toBe('NotFound');
  });
});

describe('testRunEvents', () => {
  it('tells a run step by step with its messages, to its end, and goes on behind a cursor', async () => {
    const { testRun } = await test({ source: { yaml: YAML }, contact: { first_name: 'Ana', phone: '+15551230001', tags: ['vip'] }, start: '2026-03-02T09:00:00Z' });
    const events = eventsOf(await told(testRun.id));
    expect(events.map(({ __typename, stepKey }) => stepKey ?? __typename)).toEqual(['TestMessageSent', 'hello', 'pause', 'vip', 'TestMessageSent', 'bye', 'TestRunEnded']);
    expect(events[0]).toMatchObject({ message: { stepKey: 'hello', channel: 'sms', to: '+15551230001', message: 'Hello Ana', at: '2026-03-02T09:00:00.000Z' } });
    expect(events[3]).toMatchObject({ stepType: 'condition', status: 'COMPLETED', outcome: 'then', visit: 1, decision: { verdict: true }, startedAt: '2026-03-03T09:00:00.000Z' });
    for (const { cursor } of events) expect(eventsOf(await told(testRun.id, cursor))).toEqual(events.slice(Number(cursor)));
  });

  it('is refused for what is not there, for a cursor of another kind, and for another location', async () => {
    const { testRun } = await test({ source: { yaml: YAML }, mode: 'EXPLORE' });
    const there = await stage.location('There');
    const codeOf = (answers: Answer[]): unknown => answers.map(({ errors }) => errors?.[0]?.extensions.code);
    expect(codeOf(await told('00000000-0000-4000-8000-000000000000'))).toEqual(['NOT_FOUND']);
    expect(codeOf(await told(testRun.id, 'x-1'))).toEqual(['INVALID_INPUT']);
    expect(codeOf(await told(testRun.id, null, there.admin))).toEqual(['NOT_FOUND']);
  });
});
