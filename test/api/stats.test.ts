import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';

let stage: ApiStage;
beforeAll(async () => void (stage = await createApiStage()));
afterAll(() => stage.close());

const YAML = `
name: Trial
trigger: { type: manual }
steps:
  - { id: ab, type: ab_split, config: { variants: [{ name: A, weight: 50 }, { name: B, weight: 50 }] } }
  - { id: won, type: goal, config: { condition: { field: tags, operator: contains, value: won }, timeout: 7d } }
`;
const STATS = `query($slug: String!) { workflow(by: { slug: $slug }) { stats {
  enrolled
  funnel { stepKey entered completed skipped failed waiting droppedOff dropOffRate timeInStep { visits medianMs p90Ms } }
  goals { stepKey reached rate { value low high } }
  experiments { key stepKey variants { name weight exposures conversions rate { value low high } lift { value low high } } sampleRatio { pValue mismatch } }
} } }`;

describe('a workflow in numbers', () => {
  it('shows funnel, goals and experiments before anybody was there', async () => {
    const created = await stage.gql('mutation($y: String!) { createWorkflow(input: { source: { yaml: $y } }) { ... on CreateWorkflowPayload { workflow { id } } } }', { y: YAML });
    const { id } = (created.data as { createWorkflow: { workflow: { id: string } } }).createWorkflow.workflow;
    await stage.gql('mutation($id: ID!) { publishWorkflow(input: { id: $id }) { __typename } }', { id });
    const { data, errors } = await stage.gql(STATS, { slug: 'trial' });
    expect(errors).toBeUndefined();
    const nobody = { entered: 0, completed: 0, skipped: 0, failed: 0, waiting: 0, droppedOff: 0, dropOffRate: null, timeInStep: null };
    const variant = (name: string) => ({ name, weight: 50, exposures: 0, conversions: 0, rate: null, lift: null });
    expect(data).toEqual({
      workflow: {
        stats: {
          enrolled: 0,
          funnel: [{ stepKey: 'ab', ...nobody }, { stepKey: 'won', ...nobody }],
          goals: [{ stepKey: 'won', reached: 0, rate: null }],
          experiments: [{ key: 'ab', stepKey: 'ab', variants: [variant('A'), variant('B')], sampleRatio: null }],
        },
      },
    });
  });

  it('refuses a window that ends before it begins, as REST does', async () => {
    const created = await stage.gql('mutation($y: String!) { createWorkflow(input: { source: { yaml: $y } }) { ... on CreateWorkflowPayload { workflow { slug } } } }', { y: YAML });
    const { slug } = (created.data as { createWorkflow: { workflow: { slug: string } } }).createWorkflow.workflow;
    const window = { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' };
    const { errors } = await stage.gql('query($slug: String!, $window: StatsWindow) { workflow(by: { slug: $slug }) { stats(window: $window) { enrolled } } }', { slug, window });
    expect(errors).toMatchObject([{ message: expect.stringContaining('not before from'), extensions: { code: 'INVALID_INPUT' } }]);
  });
});
