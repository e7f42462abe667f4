import { describe, expect, it } from 'vitest';
import type { Program, ProgramStep } from '../../../src/core/program.ts';
import { stepDefinitions } from '../../../src/core/steps/index.ts';
import { given, HOUR, programOf, START } from '../../support/given.ts';

const MINUTE = 60_000;
const types = stepDefinitions.map(({ type }) => type);

/** A step of the type with a config that makes it throw, then `two`, then `three`: what is tested here must hold whatever the step does. */
function broken(type: string, more: Partial<ProgramStep>): Program {
  const program = programOf('steps:\n  - { id: one, type: set, config: { values: {} } }\n  - { id: two, type: exit, config: {} }\n  - { id: three, type: exit, config: {} }\n');
  Object.assign(program.steps.get('one')!, { type, config: null }, more);
  return program;
}

describe.each(types)('§4 every step: %s', (type) => {
  it('`if` that is false skips it, and the run goes on', () => {
    const run = given(broken(type, { if: [{ field: 'tags', operator: 'contains', value: 'vip' }] })).start();
    expect(run.path().slice(0, 2)).toEqual(['one:skipped:next', 'two:completed:next']);
    expect(run.trail[0]?.decision?.verdict).toBe(false);
  });

  it.each([
    ['fail', { onError: 'fail' }, { status: 'failed', exitReason: 'step_failed:one' }],
    ['continue', { onError: 'continue' }, { exitReason: 'two' }],
    ['a step', { onError: { stepId: 'three' } }, { exitReason: 'three' }],
  ] as [string, Partial<ProgramStep>, object][])('`on_error`: %s', (_name, more, state) => {
    const run = given(broken(type, more)).start();
    expect(run.trail[0]).toMatchObject({ status: 'failed', error: expect.any(String) });
    expect(run.run.state).toMatchObject(state);
  });

  it('`retry` enters it again after its backoff, then fails it', () => {
    const run = given(broken(type, { retry: { attempts: 3, backoffMs: MINUTE } })).start();
    expect(run.trail).toMatchObject([{ status: 'pending', attempt: 2, error: expect.any(String) }]);
    expect(run.last.timer).toMatchObject({ at: START + MINUTE, relative: true });
    run.timer();
    expect(run.last.timer?.at).toBe(START + 3 * MINUTE);
    expect(run.trail).toMatchObject([{ status: 'pending', attempt: 3 }]);
    expect(run.timer().run.state).toMatchObject({ status: 'failed', exitReason: 'step_failed:one' });
    expect(run.trail).toMatchObject([{ seq: 1, status: 'failed', attempt: 3 }]);
  });
});

const messages: [string, string, string][] = [
  ['send_email', 'subject: Hi, text: Hello', 'email'],
  ['send_sms', 'message: Hi', 'sms'],
  ['make_call', 'say: Hello', 'voice'],
];

describe('§4 `delay`', () => {
  it.each(messages)('of a %s is a wait before it', (type, config) => {
    const run = given(`steps:\n  - { id: one, type: ${type}, config: { ${config}, delay: 2h } }\n`).start();
    expect(run.last).toMatchObject({ effect: null, timer: { at: START + 2 * HOUR, relative: true } });
    expect(run.timer().path()).toEqual(['one:executing']);
  });

  it.each(messages)('of a %s that is 0 is none', (type, config) => {
    expect(given(`steps:\n  - { id: one, type: ${type}, config: { ${config}, delay: 0 } }\n`).start().path()).toEqual(['one:executing']);
  });
});

describe('§4 `retry` of what leaves the house', () => {
  it.each([...messages, ['webhook', 'url: "https://example.com"', 'webhook']])('%s: attempts at the provider', (type, config, channel) => {
    const run = given(`steps:\n  - { id: one, type: ${type}, config: { ${config} }, retry: { attempts: 7, backoff: 1m } }\n`).start();
    expect(run.last.effect).toMatchObject({ channel, retry: { attempts: 7, backoffMs: MINUTE } });
    expect(run.outcome({ status: 'failed', error: 'refused' }).run.state).toMatchObject({ status: 'failed', exitReason: 'step_failed:one' });
  });

  it('a step that could not be composed is tried again, and then leaves', () => {
    const run = given('steps:\n  - { id: one, type: send_sms, config: { message: "{{contact.custom_fields.text}}" }, retry: { attempts: 2, backoff: 1h } }\n').start();
    expect(run.path()).toEqual(['one:pending']);
    run.contact = { ...run.contact, custom_fields: { text: 'Hello' } };
    expect(run.timer().last.effect?.request['body']).toBe('Hello');
    expect(run.trail).toMatchObject([{ status: 'executing', attempt: 2, error: null }]);
  });
});
