import { afterAll, beforeAll, expect, it } from 'vitest';
import { ListWorkflowsDocument, type ListWorkflowsQuery } from '../../src/generated/operations/graphql.ts';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';

let stage: ApiStage;
beforeAll(async () => void (stage = await createApiStage()));
afterAll(() => stage.close());

it('serves the operations whose types were generated', async () => {
  await stage.gql('mutation($y: String!) { createWorkflow(input: { source: { yaml: $y } }) { __typename } }', {
    y: 'name: Typed\ntrigger: { type: manual }\nsteps:\n  - { id: rest, type: wait, config: { duration: 1d } }\n',
  });
  const { data } = await stage.gql(ListWorkflowsDocument.toString(), { first: 1 });
  const { workflows } = data as ListWorkflowsQuery;
  expect(workflows).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{ slug: 'typed', status: 'DRAFT', stats: { enrolled: 0, active: 0 } }] });
});
