import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exploreWorkflow, playScenarios } from '../../src/services/exploration.ts';
import { publishWorkflow } from '../../src/services/publishing.ts';
import { validateWorkflow } from '../../src/services/validation.ts';
import { createWorkflow } from '../../src/services/workflows.ts';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';
import { DEFINITION } from '../support/desk-stage.ts';

let stage: DoorStage;
beforeAll(async () => {
  stage = await createDoorStage();
});
afterAll(() => stage.close());

const withTest = (expectation: string) => ({ format: 'yaml' as const, text: `${DEFINITION}tests:\n  - name: somebody passes\n    expect: ${expectation}\n` });
const PASSING = withTest('{ path: [hello, pause, bye], status: completed }');
const FAILING = withTest('{ path: [hello, bye] }');

describe('scenarios', () => {
  it('of a source are played', async () => {
    expect(await playScenarios(stage.ctx, stage.here, { source: PASSING })).toEqual({
      passed: true, scenarios: [{ name: 'somebody passes', passed: true, difference: null, path: ['hello', 'pause', 'bye'], status: 'completed', exit_reason: null }],
    });
  });

  it('of a stored workflow are played', async () => {
    const { workflow } = await createWorkflow(stage.ctx, stage.here, { source: FAILING });
    const report = await playScenarios(stage.ctx, stage.here, { workflowId: workflow.id });
    expect(report).toMatchObject({
      passed: false,
      scenarios: [{ passed: false, difference: { path: 'expect.path[1]', message: expect.stringContaining('it should go to "bye", but the run went to "pause"') } }],
    });
  });

  it('that fail block publishing, with their place', async () => {
    const { workflow } = await createWorkflow(stage.ctx, stage.here, { source: FAILING });
    await expect(publishWorkflow(stage.ctx, stage.here, { id: workflow.id })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED', faults: [{ path: ['tests', 0, 'expect', 'path', 1], line: 16, message: expect.stringContaining('The scenario "somebody passes" fails') }],
    });
  });

  it('that pass let it be published', async () => {
    const { workflow } = await createWorkflow(stage.ctx, stage.here, { source: PASSING });
    expect(await publishWorkflow(stage.ctx, stage.here, { id: workflow.id })).toMatchObject({ workflow: { status: 'active' } });
  });

  it('are told of by a validation', async () => {
    expect(await validateWorkflow(stage.ctx, stage.here, { source: FAILING })).toMatchObject({
      valid: false,
      storable: true,
      diagnostics: [{ rule: 'scenario_failed', severity: 'error', line: 16 }],
    });
  });
});

describe('exploring', () => {
  it('a source', async () => {
    expect(await exploreWorkflow(stage.ctx, stage.here, { source: PASSING })).toMatchObject({
      complete: true, unreached: [], longest: { duration: '2d', path: ['hello', 'pause', 'bye'] }, most_messages: { count: 0 },
    });
  });

  it('neither of the two, or both, is refused', async () => {
    await expect(exploreWorkflow(stage.ctx, stage.here, {})).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(playScenarios(stage.ctx, stage.here, { source: PASSING, workflowId: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('through the doors', () => {
  it('REST plays and explores', async () => {
    const { json } = await stage.ask('POST', '/api/workflows', { body: FAILING.text });
    const ask = (mode: string) => stage.ask('POST', `/api/workflows/${json.id}/test`, { body: { mode } });
    expect(await ask('scenarios')).toMatchObject({ status: 200, json: { passed: false, scenarios: [{ difference: { path: 'expect.path[1]' } }] } });
    expect(await ask('explore')).toMatchObject({ status: 200, json: { complete: true, longest: { duration: '2d' } } });
  });

  it('GraphQL plays and explores', async () => {
    const query = `query ($source: WorkflowSourceInput) {
      runScenarios(source: $source) { passed scenarios { name passed path status exitReason difference { path message expected actual } } }
      exploreWorkflow(source: $source) { complete unreached openEnded loopLimited longest { duration path } ends { status reason path } mostMessages { count path messages { stepKey channel after } } }
    }`;
    const { json } = await stage.ask('POST', '/graphql', { body: { query, variables: { source: { yaml: FAILING.text } } } });
    expect(json).toMatchObject({
      data: {
        runScenarios: { passed: false, scenarios: [{ difference: { expected: 'bye', actual: 'pause' } }] },
        exploreWorkflow: { complete: true, longest: { duration: '2d' } },
      },
    });
  });
});
