import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBatch } from '../../src/engine/run-batch.ts';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';

/** Lists cost as many statements as one row: relations are joined (one statement for a whole tree of them), and loaders read the rest for all rows at once. */

const YAML = (name: string): string => `
name: ${name}
triggers: [{ type: manual }, { type: webhook, config: { match_by: email } }]
steps:
  - { id: ab, type: ab_split, config: { variants: [{ name: A, weight: 50 }, { name: B, weight: 50 }] } }
  - { id: nap, type: wait, config: { duration: 2d } }
`;
const WORKFLOWS = 3;
const CONTACTS = 4;

let stage: ApiStage;
beforeAll(async () => {
  stage = await createApiStage();
  stage.ctx.queue.nudgeRuns = (lane, ids) => runBatch(stage.ctx, ids, lane);
  const contactIds: string[] = [];
  for (let n = 0; n < CONTACTS; n += 1) {
    const { data } = await stage.gql(`mutation { upsertContact(input: { email: "c${n}@example.com" }) { ... on UpsertContactPayload { contact { id } } } }`);
    contactIds.push(data.upsertContact.contact.id);
  }
  for (let n = 0; n < WORKFLOWS; n += 1) {
    const made = await stage.gql('mutation($yaml: String!) { createWorkflow(input: { source: { yaml: $yaml } }) { ... on CreateWorkflowPayload { workflow { id } } } }', {
      yaml: YAML(`Number ${n}`),
    });
    const { id } = made.data.createWorkflow.workflow;
    const { data } = await stage.gql(`mutation($id: ID!, $contactIds: [ID!]!) {
      publishWorkflow(input: { id: $id }) { ... on PublishWorkflowPayload { workflow { revision } } }
      enrollContacts(input: { workflowId: $id, contactIds: $contactIds }) { ... on EnrollContactsPayload { created } } }`, { id, contactIds });
    if (data.enrollContacts.created !== CONTACTS) throw new Error(`${JSON.stringify(data)}: not everybody is in`);
    const yaml = YAML(`Number ${n}`).replace('2d', '3d');
    await stage.gql('mutation($id: ID!, $yaml: String!, $r: Int!) { updateWorkflow(input: { id: $id, source: { yaml: $yaml }, expectedRevision: $r }) { __typename } }', {
      id,
      yaml,
      r: data.publishWorkflow.workflow.revision,
    });
  }
});
afterAll(() => stage.close());

/** The tables that each statement of an answer reads first, sorted: how many statements, and of what shape. */
async function tablesRead(query: string): Promise<string[]> {
  stage.statements.reset();
  const { errors } = await stage.gql(query);
  expect(errors).toBeUndefined();
  return stage.statements.texts.filter((text) => !text.includes('find_api_key')).map((text) => /FROM (?:"public"\.)?"?(\w+)/.exec(text)?.[1] ?? text).toSorted();
}

const LISTS: [what: string, query: (first: number) => string, tables: string[]][] = [
  [
    'workflows { published draft }',
    (first) => `{ workflows(first: ${first}) { nodes { published { number } draft { number steps { key } } } } }`,
    ['workflow_versions', 'workflows_v2'],
  ],
  [
    'workflows { versions draft }',
    (first) => `{ workflows(first: ${first}) { nodes { draft { number } versions(first: 5) { nodes { number steps { key outcomes { target } } } } } } }`,
    ['workflow_versions', 'workflows_v2'],
  ],
  [
    'workflows { stats }',
    (first) => `{ workflows(first: ${first}) { nodes { stats { enrolled active nodes { stepKey waiting } edges { count } goals { reached } } } } }`,
    ['SELECT journey_now() AS now', 'workflow_stat_totals', 'workflows_v2'],
  ],
  [
    'workflows { stats(version) { funnel experiments } }',
    (first) => `{ workflows(first: ${first}) { nodes { stats(version: 1) { enrolled funnel { entered timeInStep { medianMs } } experiments { variants { exposures } } } } } }`,
    ['SELECT journey_now() AS now', 'experiment_assignments', 'unnest', 'workflow_stat_totals', 'workflow_versions', 'workflow_versions', 'workflows_v2'],
  ],
  [
    'workflows { enrollments { contact } refusals { contact } }',
    (first) =>
      `{ workflows(first: ${first}) { nodes { enrollments(first: 3) { nodes { contact { email } currentStep { key } } } refusals { nodes { contact { email } } } } } }`,
    ['workflows_v2'],
  ],
  ['workflows { webhookUrl webhookSigned }', (first) => `{ workflows(first: ${first}) { nodes { webhookUrl webhookSigned } } }`, ['workflow_hooks', 'workflows_v2']],
  [
    'enrollments { contact workflow version path stepLogs { send } }',
    (first) =>
      `{ enrollments(first: ${first}) { nodes { contact { email } workflow { name } version { number } currentStep { label } path lastCursor stepLogs { nodes { stepKey scheduledFor send { status } } } } } }`,
    ['workflow_enrollments', 'workflow_step_logs'],
  ],
  [
    'contacts { enrollments { workflow } events }',
    (first) => `{ contacts(first: ${first}) { nodes { consent { state } enrollments { nodes { workflow { name published { number } } } } events { nodes { type } } } } }`,
    ['contacts'],
  ],
];

describe('a list', () => {
  it.each(LISTS)('%s is read in the same statements for one row and for many', async (_what, query, tables) => {
    await stage.gql(query(1)); // programs are compiled once a process
    const many = await tablesRead(query(WORKFLOWS));
    expect(many).toEqual(tables);
    expect(await tablesRead(query(1))).toEqual(many);
  });

  it('versions { diagnostics } looks at the location once', async () => {
    const read = await tablesRead('{ workflows { nodes { versions { nodes { diagnostics { rule } } } } } }');
    const repeated = ['workflow_versions', 'templates', 'voicemails', 'locations'].filter((table) => read.filter((one) => one === table).length > 2);
    expect({ read, repeated }).toEqual({ read, repeated: [] });
  });

  it('under two aliases costs two readings, however many rows it has', async () => {
    const read = await tablesRead('{ workflows { nodes { all: stats { enrolled } first: stats(version: 1) { enrolled } } } }');
    expect(read.filter((table) => table === 'workflow_stat_totals')).toHaveLength(2);
  });
});
