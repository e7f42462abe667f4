import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBatch } from '../../src/engine/run-batch.ts';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';
import { until } from '../support/until.ts';

let stage: ApiStage;
let workflowId: string;
beforeAll(async () => {
  stage = await createApiStage();
  stage.ctx.queue.nudgeRuns = (lane, ids) => runBatch(stage.ctx, ids, lane);
  const yaml = 'name: Doors\ntrigger: { type: manual }\nsteps:\n  - { id: nap, type: wait, config: { duration: 2d } }\n  - { id: rest, type: wait, config: { duration: 1d } }\n';
  const made = await stage.gql('mutation($yaml: String!) { createWorkflow(input: { source: { yaml: $yaml } }) { ... on CreateWorkflowPayload { workflow { id } } } }', { yaml });
  workflowId = made.data.createWorkflow.workflow.id;
  await stage.gql('mutation($id: ID!) { publishWorkflow(input: { id: $id }) { __typename } }', { id: workflowId });
});
afterAll(() => stage.close());

const standing = async (id: string) => (await stage.gql('query($id: ID!) { enrollment(id: $id) { status exitReason currentStepKey } }', { id })).data.enrollment;

let people = 0;
/** Somebody who stands at `nap`. Nobody waits for a doorbell's answer but this. */
async function enrolled(): Promise<{ id: string; uuid: string }> {
  const contact = await stage.gql(`mutation { upsertContact(input: { email: "ana${(people += 1)}@example.com" }) { ... on UpsertContactPayload { contact { id } } } }`);
  const made = await stage.gql(
    'mutation($w: ID!, $c: ID!) { enrollContact(input: { workflowId: $w, contactId: $c }) { ... on EnrollContactPayload { enrollment { id uuid } } } }',
    {
      w: workflowId,
      c: contact.data.upsertContact.contact.id,
    },
  );
  const { enrollment } = made.data.enrollContact;
  await until('the first step', async () => ((await standing(enrollment.id)).currentStepKey === 'nap' ? true : null));
  return enrollment;
}
const one = async (name: string, id: string, more = '') => {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Payload`;
  const query = `mutation($id: ID!) { ${name}(input: { id: $id ${more} }) { __typename ... on ${type} { enrollment { status currentStepKey } } ... on UserError { code message } } }`;
  return (await stage.gql(query, { id })).data[name];
};

describe('operations on one enrollment', () => {
  it('answer with the enrollment as it is afterwards', async () => {
    const { id, uuid } = await enrolled();
    expect(await one('runNow', id)).toEqual({ __typename: 'RunNowPayload', enrollment: { status: 'ACTIVE', currentStepKey: 'rest' } });
    expect(await one('moveEnrollment', id, 'stepKey: "nap"')).toMatchObject({ enrollment: { currentStepKey: 'nap' } });
    await stage.ctx.runs.poison(uuid, 'a fault');
    expect(await one('retryStep', uuid)).toMatchObject({ enrollment: { status: 'ACTIVE', currentStepKey: 'nap' } });
    expect(await one('skipStep', id)).toMatchObject({ enrollment: { currentStepKey: 'rest' } });
  });

  it('refuse in types', async () => {
    const { id } = await enrolled();
    expect(await one('retryStep', id)).toMatchObject({ __typename: 'InvalidState', code: 'INVALID_STATE' });
    expect(await one('moveEnrollment', id, 'stepKey: "rset"')).toMatchObject({ __typename: 'InvalidInput', message: expect.stringMatching(/stepKey: .* Did you mean "rest"\?$/) });
    expect(await one('moveEnrollment', id, 'stepKey: "elsewhere"')).toMatchObject({ message: expect.stringMatching(/Use one of: nap, rest\.$/) });
    expect(await one('skipStep', '00000000-0000-4000-8000-000000000000')).toMatchObject({ __typename: 'NotFound' });
  });
});

describe('operations in bulk', () => {
  it.each(['bulkRetryStep', 'bulkSkipStep', 'bulkRunNow', 'bulkMoveEnrollment', 'bulkExitEnrollment'])('%s counts first', async (name) => {
    await enrolled();
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Payload`;
    const more = name === 'bulkMoveEnrollment' ? 'stepKey: "rest"' : '';
    const query = `mutation($w: ID!) { ${name}(input: { filter: { workflowId: $w, currentStep: "nap" } dryRun: true ${more} }) {
      ... on ${type} { matched affected dryRun steps { stepKey count } refused { reason count } workflow { name } } } }`;
    const { matched, affected, dryRun, steps, refused, workflow } = (await stage.gql(query, { w: workflowId })).data[name];
    expect(dryRun).toBe(true);
    expect(workflow).toEqual({ name: 'Doors' });
    expect(matched).toBeGreaterThan(0);
    expect(name === 'bulkRetryStep' ? [affected, steps, refused.length] : [affected, steps[0].stepKey, refused]).toEqual(
      name === 'bulkRetryStep' ? [0, [], 1] : [matched, 'nap', []],
    );
  });

  it('take out all who stand at a step', async () => {
    const { id } = await enrolled();
    const done = await stage.gql(
      'mutation($w: ID!) { bulkExitEnrollment(input: { filter: { workflowId: $w, currentStep: "nap", status: ACTIVE } reason: "cleared" }) { ... on BulkExitEnrollmentPayload { matched affected } } }',
      { w: workflowId },
    );
    expect(done.data.bulkExitEnrollment.affected).toBe(done.data.bulkExitEnrollment.matched);
    const { status, exitReason } = await until('the exit', async () => {
      const now = await standing(id);
      return now.status === 'ACTIVE' ? null : now;
    });
    expect({ status, exitReason }).toEqual({ status: 'EXITED', exitReason: 'cleared' });
  });
});
