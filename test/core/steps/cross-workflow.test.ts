import { describe, expect, it } from 'vitest';
import { readAsk } from '../../../src/core/asks.ts';
import { lintDefinition } from '../../../src/core/definition/lint/index.ts';
import { readDefinition } from '../../../src/core/definition/read.ts';
import { isCustomEvent } from '../../../src/core/event-types.ts';
import { simulate } from '../../../src/core/simulate.ts';
import { contactOf, given, locationOf, programOf, someAssets, START } from '../../support/given.ts';

const step = (type: string, config: string, more = '') => `  - { id: it, type: ${type}, config: ${config}${more} }\n`;
const after = '  - { id: after, type: set, config: { values: { got: "{{steps.it.result}}" } } }\n';

describe('start_workflow and stop_workflow', () => {
  it.each([
    ['start_workflow', 'workflow_start', '{ workflow_id: onboarding }', 'onboarding', { enrollment_id: 'e9', created: true }, 'e9'],
    ['start_workflow by name', 'workflow_start', '{ name: "For {{contact.first_name}}" }', 'For Ana', { enrollment_id: 'e9', created: false }, 'e9'],
    ['stop_workflow', 'workflow_stop', '{ workflow_id: onboarding }', 'onboarding', { stopped: true, count: 2 }, true],
  ])('%s asks by an event of the same commit, and goes on with the answer', (name, type, config, meant, result, main) => {
    const run = given(`steps:\n${step(name.split(' ')[0]!, config)}${after}`, { scene: { workflow: { id: 'w', name: 'Asking' } } }).start();
    expect(run.path()).toEqual(['it:executing']);
    expect(run.last).toMatchObject({ effect: null, timer: null, events: [{ type, depth: 1 }] });
    expect(readAsk(run.last.events[0]!)).toMatchObject({ workflow: meant, by: 'Asking', asker: { enrollmentId: run.run.id, stepId: 'it', visit: 1 } });
    run.outcome({ status: 'accepted', result });
    expect(run.path()).toEqual(['it:completed:next', 'after:completed:next']);
    expect(run.run.state.data.steps['it']).toEqual({ ...result, result: main });
    expect(run.run.state.data.enrollment).toEqual({ got: main });
  });

  it('fails clearly when the answer is a failure, and is skipped when a chain of workflows became too long', () => {
    const failing = given(`steps:\n${step('start_workflow', '{ name: gone }')}`).start().outcome({ status: 'failed', error: 'There is no workflow "gone" in this location.' });
    expect(failing.run.state).toMatchObject({ status: 'failed', exitReason: 'step_failed:it' });
    const skipped = given(`steps:\n${step('start_workflow', '{ name: again }')}`).start().outcome({ status: 'skipped', reason: 'depth' });
    expect(skipped.path()).toEqual(['it:skipped:next']);
  });

  it('fails when the name is empty once its variables are filled in', () => {
    const run = given(`steps:\n${step('start_workflow', '{ name: "{{contact.custom_fields.next}}" }')}`).start();
    expect(run.run.state.status).toBe('failed');
    expect(run.last.events).toEqual([]);
  });

  it('counts the chain: the event that asks is one deeper than its run', () => {
    const run = given(`steps:\n${step('start_workflow', '{ name: other }')}`);
    run.run = { ...run.run, depth: 4 };
    expect(run.start().last.events).toMatchObject([{ depth: 5 }]);
  });

  it('are shown by the simulator', () => {
    const program = programOf(`steps:\n${step('start_workflow', '{ name: other }')}  - { id: stop, type: stop_workflow, config: { name: other } }\n`);
    const trace = simulate({ program, contact: contactOf(), events: [], start: START, location: locationOf(), assets: someAssets });
    expect(trace).toMatchObject({ status: 'completed', path: ['it', 'stop'] });
    expect(trace.log).toMatchObject([
      { input: { workflow: 'other' }, output: { enrollment_id: expect.any(String), created: true } },
      { input: { workflow: 'other' }, output: { stopped: false } },
    ]);
  });

  it.each([
    ['neither key', '{}'],
    ['both keys', '{ workflow_id: a, name: b }'],
  ])('refuse %s', (_name, config) => {
    expect(readDefinition({ format: 'yaml', text: `name: T\ntrigger: { type: manual }\nsteps:\n${step('start_workflow', config)}` }).definition).toBeNull();
  });

  it('that name an unknown workflow are an error of reference, with the nearest name', () => {
    const workflows = [{ id: '0190a000-0000-7000-8000-000000000077', slug: 'onboarding', name: 'Onboarding of new people' }];
    const check = (config: string) => {
      const { definition } = readDefinition({ format: 'yaml', text: `name: Itself\ntrigger: { type: manual }\nsteps:\n${step('start_workflow', config)}` });
      return lintDefinition(definition!, { workflows }).filter(({ rule }) => rule === 'unknown_workflow');
    };
    expect(check('{ workflow_id: onbording }')).toMatchObject([{ severity: 'error', path: ['steps', 0, 'config', 'workflow_id'], hint: 'Did you mean "onboarding"?', line: 4 }]);
    for (const known of [
      '{ workflow_id: onboarding }',
      '{ name: Onboarding of new people }',
      `{ workflow_id: ${workflows[0]!.id} }`,
      '{ name: Itself }',
      '{ name: "{{contact.city}}" }',
    ])
      expect(check(known)).toEqual([]);
  });
});

describe('emit_event', () => {
  it('tells a custom event in the same commit; event_id is its id', () => {
    const run = given(`steps:\n${step('emit_event', '{ name: "cart.rescued", data: { total: "{{contact.custom_fields.total}}", who: "{{contact.first_name}}" } }')}${after}`, {
      contact: { custom_fields: { total: 7 } },
    }).start();
    const { event_id } = run.run.state.data.steps['it'] as { event_id: string };
    expect(event_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(run.last.events).toEqual([{ id: event_id, type: 'cart.rescued', data: { total: 7, who: 'Ana' }, depth: 1 }]);
    expect(run.run.state.data.enrollment).toEqual({ got: event_id });
  });

  it('gives events of one commit ids in the order in which they were caused', () => {
    const run = given(
      `steps:\n  - { id: tags, type: add_tag, config: { tags: [a, b] } }\n${step('emit_event', '{ name: one }')}  - { id: two, type: emit_event, config: { name: two } }\n`,
    ).start();
    const ids = run.last.events.map(({ id }) => id!);
    expect(run.last.events.map(({ type }) => type)).toEqual(['tag_added', 'tag_added', 'one', 'two']);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(4);
  });

  it.each(['contact_created', 'email_opened', 'workflow_start', '1st', 'two words'])('refuses the name %s', (name) => {
    expect(readDefinition({ format: 'yaml', text: `name: T\ntrigger: { type: manual }\nsteps:\n${step('emit_event', `{ name: "${name}" }`)}` }).definition).toBeNull();
  });

  it('keeps what workflows ask of one another to the engine', () => expect(['workflow_start', 'workflow_stop'].map(isCustomEvent)).toEqual([false, false]));
});

it('set: the values are its result, and its main value', () => {
  const run = given('steps:\n  - { id: it, type: set, config: { values: { n: 3, hi: "{{contact.first_name}}" } } }\n').start();
  expect(run.run.state.data).toEqual({ enrollment: { n: 3, hi: 'Ana' }, steps: { it: { n: 3, hi: 'Ana', result: { n: 3, hi: 'Ana' } } } });
});
