import { describe, expect, it, test } from 'vitest';
import { readDefinition } from '../../src/core/definition/read.ts';
import { runScenarios } from '../../src/core/scenarios.ts';
import { scriptedEvent } from '../../src/core/scripted-event.ts';
import { simulate, type Simulation } from '../../src/core/simulate.ts';
import { contactOf, DAY, locationOf, programOf, someAssets, START } from '../support/given.ts';
import { mustRead } from './definition/source.ts';

function play(steps: string, ...answers: object[]): Simulation {
  const events = answers.map((answer) => scriptedEvent.parse({ after: 0, type: 'provider_answers', step: 'a', ...answer }));
  return simulate({ program: programOf(`steps:\n${steps}`), contact: contactOf(), events, start: START, location: locationOf(), assets: someAssets });
}

const SMS = '  - { id: a, type: send_sms, config: { message: Hi } }\n';
const MAIL = '  - { id: a, type: send_email, config: { subject: Hi, text: Hi } }\n';
const CALL = '  - { id: a, type: make_call, config: { say: Hi } }\n';
const HOOK = '  - { id: a, type: webhook, config: { url: "https://x.test", save: { order: data.id } } }\n';
const caught = (step: string, more = ', on_error: b') =>
  `${step.replace(' }\n', `${more} }\n`)}  - { id: done, type: exit }\n  - { id: b, type: set, config: { values: { seen: "{{steps.a.error}}" } }, next: end }\n`;

describe('a scripted provider', () => {
  test.each([
    ['refuses for good', SMS, [{ fails: 'no such number' }], { status: 'failed', error: 'no such number', attempt: 1 }],
    ['refuses once, and is asked again', SMS, [{ fails: 'busy', retryable: true, times: 1 }], { status: 'completed', attempt: 2 }],
    ['refuses until its attempts are spent', SMS, [{ fails: 'busy', retryable: true }], { status: 'failed', error: 'busy', attempt: 5 }],
    [
      "refuses as often as the step's retry allows",
      SMS.replace('config', 'retry: { attempts: 2 }, config'),
      [{ fails: 'busy', retryable: true }],
      { status: 'failed', attempt: 2 },
    ],
    ['gives its own result', SMS, [{ result: { message_id: 'm-1', segments: 3 } }], { status: 'completed', output: { message_id: 'm-1', segments: 3 } }],
    [
      'accepts after the first of one moment is used up',
      SMS,
      [{ fails: 'busy', retryable: true, times: 2 }, { result: { segments: 9 } }],
      { status: 'completed', attempt: 3, output: { message_id: 'simulated-1', segments: 9 } },
    ],
    ['is silent: an e-mail goes once more, then its fate is unknown', MAIL, [{ silent: true }], { status: 'completed', attempt: 2, output: { unknown: true } }],
    ['is silent once: a text message is looked up, not found, and sent', SMS, [{ silent: true, times: 1 }], { status: 'completed', attempt: 2, output: { segments: 1 } }],
    ['is silent: nobody is rung twice', CALL, [{ silent: true, times: 1 }], { status: 'completed', output: { unknown: true } }],
    ['is silent: a webhook fails when its attempts are spent', HOOK, [{ silent: true }], { status: 'failed', attempt: 5 }],
    [
      'answers a webhook',
      HOOK,
      [{ status: 201, headers: { 'x-a': '1' }, body: { data: { id: 'o-1' } } }],
      { status: 'completed', output: { status: 201, headers: { 'x-a': '1' }, body: { data: { id: 'o-1' } }, order: 'o-1' } },
    ],
    [
      'answers a webhook 4xx, which fails at once',
      HOOK,
      [{ status: 402, body: { error: 'declined' } }],
      { status: 'failed', attempt: 1, error: expect.stringContaining('answered 402'), output: { status: 402, headers: {}, body: { error: 'declined' } } },
    ],
    [
      'answers a webhook 5xx, which is tried again',
      HOOK,
      [{ status: 503, times: 3 }],
      { status: 'completed', attempt: 4, output: { status: 200, headers: {}, body: null, order: null } },
    ],
    ['asks for patience, which costs no attempt', HOOK, [{ status: 429, times: 30 }], { status: 'completed', attempt: 1 }],
  ])('%s', (_name, steps, answers, row) => {
    expect(play(steps, ...answers).log[0]).toMatchObject(row);
  });

  it('that asks for patience without end leaves the step on its way', () => {
    expect(play(HOOK, { status: 429 })).toMatchObject({ status: 'active', waitingFor: { stepId: 'a', until: null }, sent: [] });
  });

  it('shows a failure to on_error and to what reads it', () => {
    const { path, steps, sent, status } = play(caught(HOOK), { status: 500, body: 'down' });
    expect(path).toEqual(['a', 'b']);
    expect(steps['a']).toMatchObject({ status: 500, body: 'down', error: expect.stringContaining('answered 500'), result: 500 });
    expect([sent, status]).toEqual([[], 'completed']);
    expect(play(caught(HOOK, ', on_error: continue'), { status: 500 }).path).toEqual(['a', 'done']);
    expect(play(HOOK, { status: 500 })).toMatchObject({ status: 'failed', exitReason: 'step_failed:a' });
  });

  it('answers from its moment on, the newest rule first', () => {
    const loop =
      '  - { id: a, type: webhook, on_error: continue, config: { url: "https://x.test" } }\n  - { id: w, type: wait, config: { duration: 1d } }\n  - { id: c, type: condition, config: { if: { expression: "a.n < 1 or now < \'2026-03-06\'" }, then: a, else: end } }\n';
    const trace = play(loop, { status: 500 }, { after: '1d', status: 200 }, { after: '2d', status: 404, times: 1 });
    expect(trace.log.filter(({ stepId }) => stepId === 'a').map(({ status, startedAt }) => [(startedAt - START) / DAY, status])).toEqual([
      [0, 'failed'],
      [1, 'completed'],
      [2, 'failed'],
      [3, 'completed'],
    ]);
  });

  it('is about its own step alone, and is nothing that the run hears', () => {
    const trace = play(`${SMS}${SMS.replace('id: a', 'id: b')}  - { id: w, type: wait, config: { for: { event: provider_answers }, timeout: 2d } }\n`, {
      step: 'b',
      after: '1d',
      fails: 'late',
    });
    expect(trace.log.map(({ stepId, status, outcome }) => [stepId, status, outcome])).toEqual([
      ['a', 'completed', 'next'],
      ['b', 'completed', 'next'],
      ['w', 'completed', 'timeout'],
    ]);
  });
});

describe('a script in which', () => {
  const read = (event: string) => {
    const { diagnostics } = readDefinition({
      format: 'yaml',
      text: `name: N\ntrigger: { type: manual }\nsteps: [{ id: a, type: webhook, config: { url: "https://x.test" } }]\ntests: [{ name: one, events: [{ after: 0, type: provider_answers, ${event} }], expect: { status: completed } }]\n`,
    });
    return diagnostics.map(({ rule, path, message, hint }) => `${rule} ${path.slice(4).join('.')}: ${message} ${hint ?? ''}`);
  };

  test.each([
    ['nothing is answered', 'step: a', 'provider_answer type: The provider answers nothing. Write exactly one of fails, silent, status, result.'],
    ['two things are answered', 'step: a, fails: x, status: 500', 'provider_answer status: The provider answers fails and status at once.'],
    ['a key is misspelt', 'step: a, stauts: 500', 'unknown_key stauts: There is no key "stauts" here. Did you mean "status"?'],
    ['a status is none', 'step: a, status: 42', 'provider_answer status: Too small'],
    ['a status is text', 'step: a, status: ok', 'provider_answer status: Expected a number, found string.'],
    ['a body has no status', 'step: a, fails: x, body: y', 'provider_answer body: "body" means nothing without "status".'],
    ['the step is missing', 'fails: x', 'required step: "step" is missing.'],
  ])('%s is refused', (_name, event, expected) => {
    expect(read(event).find((line) => line.startsWith(expected)) ?? read(event)).toContain(expected);
  });

  test.each([
    ['a tag without a name', 'tag_added', 'required tag: "tag_added" names no tag. Write tag: vip beside it.'],
    ['a field that there is not', 'contact_updated, set: { plan: pro }', 'unknown_field set.plan: A contact has no field "plan" that could be set.'],
    ['a misspelt field', 'contact_updated, set: { emial: x }', 'unknown_field set.emial: A contact has no field "emial" that could be set. Did you mean "email"?'],
    ['tags as a field', 'contact_updated, set: { tags: [a] }', 'unknown_field set.tags: A contact has no field "tags" that could be set. Tags have events of their own'],
  ])('an event does what it reports, so %s is refused', (_name, event, expected) => {
    const text = `name: N\ntrigger: { type: manual }\nsteps: [{ id: a, type: exit }]\ntests: [{ name: one, events: [{ after: 0, type: ${event} }], expect: { status: completed } }]\n`;
    const lines = readDefinition({ format: 'yaml', text }).diagnostics.map(({ rule, path, message, hint }) => `${rule} ${path.slice(4).join('.')}: ${message} ${hint ?? ''}`);
    expect(lines.join('\n')).toContain(expected);
  });

  test.each([
    ['a provider of no step', 'provider_answers, step: b, fails: x', /there is no step "b"/],
    ['a provider that its step never calls', 'provider_answers, step: w, fails: x', /"w" calls no provider/],
    ['the HTTP status of a message', 'provider_answers, step: a, status: 500', /"a" calls no webhook/],
    ['a fact about no step', 'email_opened, step: welcom', /there is no step "welcom"/],
  ])('%s is named fails', (_name, event, message) => {
    const text = `name: N\ntrigger: { type: manual }\nsteps: [{ id: a, type: send_sms, config: { message: Hi } }, { id: w, type: wait, config: { duration: 1d } }]\ntests: [{ name: one, events: [{ after: 0, type: ${event} }], expect: { status: completed } }]\n`;
    expect(runScenarios(mustRead(text), { assets: someAssets, location: locationOf() })[0]).toMatchObject({
      passed: false,
      difference: { path: ['events', 0, 'step'], message: expect.stringMatching(message) },
    });
  });
});
