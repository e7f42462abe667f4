import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFINITION } from '../support/desk-stage.ts';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';

let stage: ApiStage;
beforeAll(async () => void (stage = await createApiStage()));
afterAll(() => stage.close());

const OK = (type: string) => `__typename ... on ${type} { workflow { uuid revision published { number } draft { number } } version { number } }`;

async function twoVersions(): Promise<{ id: string; revision: number }> {
  const create = await stage.gql(`mutation($yaml: String!) { createWorkflow(input: { source: { yaml: $yaml } }) { ... on CreateWorkflowPayload { workflow { uuid } } } }`, {
    yaml: DEFINITION,
  });
  const id = create.data.createWorkflow.workflow.uuid;
  const published = await stage.gql(`mutation($id: ID!) { publishWorkflow(input: { id: $id }) { ${OK('PublishWorkflowPayload')} } }`, { id });
  const { revision } = published.data.publishWorkflow.workflow;
  const update = await stage.gql(
    `mutation($id: ID!, $yaml: String!, $revision: Int!) { updateWorkflow(input: { id: $id, source: { yaml: $yaml }, expectedRevision: $revision }) { ${OK('UpdateWorkflowPayload')} } }`,
    { id, yaml: DEFINITION.replace('2d', '3d').replace('id: bye', 'id: farewell'), revision },
  );
  return { id, revision: update.data.updateWorkflow.workflow.revision };
}

describe('versions in GraphQL', () => {
  it('tells what leads from one to another', async () => {
    const { id } = await twoVersions();
    const diff =
      '{ fromVersion toVersion identical stepsAdded { key type } stepsRemoved { key } stepsChanged { key changes { path kind from to } } edges { from outcome before after } changes { path } text }';
    const { data, errors } = await stage.gql(
      `query($id: ID!) { workflow(by: { uuid: $id }) { published { diff(to: 2) ${diff} same: diff(to: 1) { identical } } draft { uuid } } }`,
      { id },
    );
    expect(errors).toBeUndefined();
    expect(data.workflow.published.diff).toMatchObject({
      fromVersion: 1, toVersion: 2, identical: false, stepsAdded: [{ key: 'farewell', type: 'remove_tag' }], stepsRemoved: [{ key: 'bye' }],
      stepsChanged: [{ key: 'pause', changes: [{ path: 'config.duration', kind: 'CHANGED', from: '2d', to: '3d' }] }],
      edges: [{ from: 'pause', outcome: 'next', before: 'bye', after: 'farewell' }], text: expect.stringContaining('"2d" → "3d"'),
    });
    expect(data.workflow.published.same.identical).toBe(true);
    const byId = await stage.gql(`query($id: ID!, $to: ID!) { workflow(by: { uuid: $id }) { published { diff(to: $to) { toVersion } } } }`, { id, to: data.workflow.draft.uuid });
    expect(byId.data.workflow.published.diff.toVersion).toBe(2);
  });

  it('plans, publishes, takes back and restores', async () => {
    const { id, revision } = await twoVersions();
    const plan = await stage.gql(
      `query($id: ID!) { publishPlan(workflowId: $id, policy: MIGRATE, stepMap: { bye: "farewel" }) { policy toVersion people steps { stepKey people fate } faults { path message } } }`,
      { id },
    );
    expect(plan.data.publishPlan).toMatchObject({
      policy: 'MIGRATE',
      toVersion: 2,
      people: 0,
      faults: [{ path: ['stepMap', 'bye'], message: expect.stringContaining('"farewell"') }],
    });
    const none = await stage.gql(`query($id: ID!) { publishPlan(workflowId: "00000000-0000-4000-8000-000000000000") { people } back: publishPlan(workflowId: $id, toVersion: 9) { people } }`, { id });
    expect(none).toEqual({ data: { publishPlan: null, back: null } });
    const refused = await stage.gql(
      `mutation($id: ID!) { publishWorkflow(input: { id: $id, policy: MIGRATE, stepMap: { bye: "farewel" } }) { __typename ... on InvalidInput { faults { path } } } }`,
      { id },
    );
    expect(refused.data.publishWorkflow).toEqual({ __typename: 'InvalidInput', faults: [{ path: ['stepMap', 'bye'] }] });
    const published = await stage.gql(
      `mutation($id: ID!, $revision: Int) { publishWorkflow(input: { id: $id, expectedRevision: $revision, policy: MIGRATE }) { ${OK('PublishWorkflowPayload')} ... on PublishWorkflowPayload { moved ended } } }`,
      { id, revision },
    );
    expect(published.data.publishWorkflow).toMatchObject({ version: { number: 2 }, moved: 0, ended: 0, workflow: { published: { number: 2 }, draft: null } });
    const back = await stage.gql(`mutation($id: ID!) { rollbackPublish(input: { id: $id }) { ${OK('RollbackPublishPayload')} } }`, { id });
    expect(back.data.rollbackPublish).toMatchObject({ version: { number: 1 }, workflow: { published: { number: 1 } } });
    const restored = await stage.gql(
      `mutation($id: ID!, $revision: Int!) { restoreWorkflowVersion(input: { id: $id, version: 2, expectedRevision: $revision }) { ${OK('RestoreWorkflowVersionPayload')} } }`,
      { id, revision: back.data.rollbackPublish.workflow.revision },
    );
    expect(restored.data.restoreWorkflowVersion).toMatchObject({ version: { number: 3 }, workflow: { draft: { number: 3 }, published: { number: 1 } } });
    const again = await stage.gql(`mutation($id: ID!) { rollbackPublish(input: { id: $id }) { __typename ... on UserError { message } } }`, { id });
    expect(again.data.rollbackPublish.__typename).toBe('InvalidState');
  });
});
