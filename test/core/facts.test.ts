import { describe, expect, it } from 'vitest';
import type { Data } from '../../src/core/state.ts';
import { findStep } from '../../src/core/steps/index.ts';
import { given, START } from '../support/given.ts';

const steps: Record<string, string> = {
  send_email: '{ subject: Hi, text: Hello }',
  send_sms: '{ message: Hello }',
  make_call: '{ say: Hello }',
};
const at = new Date(START).toISOString();
const sent = (type: string) =>
  given(`steps:\n  - { id: it, type: ${type}, config: ${steps[type]} }\n  - { id: nap, type: wait, config: { duration: 1d } }\n`)
    .start()
    .accepted({ message_id: 'm1', call_id: 'c1' });
const tell = (run: ReturnType<typeof given>, event: string, data: Data = {}) => run.event(event, { enrollment_id: run.run.id, step_id: 'it', visit: 1, ...data });

describe('what a provider reports later is merged into steps.<id> as it arrives', () => {
  it.each<[step: string, event: string, data: Data, kept: Data]>([
    ['send_email', 'email_delivered', {}, { delivered: true, delivered_at: at }],
    ['send_email', 'email_opened', { machine: false }, { opened: true, opened_at: at }],
    ['send_email', 'email_clicked', { url: 'https://example.com' }, { clicked: true, clicked_at: at, url: 'https://example.com' }],
    ['send_email', 'email_bounced', { bounce: 'hard' }, { bounced: true, bounced_at: at, bounce: 'hard' }],
    ['send_email', 'email_received', { reply_text: 'Thanks' }, { replied: true, replied_at: at, reply_text: 'Thanks' }],
    ['send_sms', 'sms_delivered', {}, { delivered: true, delivered_at: at }],
    ['send_sms', 'sms_received', { reply_text: 'Yes' }, { replied: true, replied_at: at, reply_text: 'Yes' }],
    ['make_call', 'call_completed', { answered: true, outcome: 'answered', duration: 42 }, { answered: true, outcome: 'answered', duration: 42 }],
    ['make_call', 'call_completed', { answered: false, outcome: 'voicemail', duration: 9 }, { answered: false, outcome: 'voicemail', duration: 9 }],
  ])('%s hears %s %j', (step, event, data, kept) => {
    const run = tell(sent(step), event, data);
    expect(run.run.state.data.steps['it']).toMatchObject({ message_id: 'm1', ...kept });
    expect(run.last).toMatchObject({ changed: true, logs: [], facts: [{ stepId: 'it', visit: 1, at: START }] });
    for (const name of Object.keys(kept)) if (name !== 'url' && name !== 'bounce') expect(findStep(step)?.results).toContain(name.replace(/_at$/, ''));
  });

  it('a machine that opens does not set opened, and the person who opens afterwards does', () => {
    const run = tell(sent('send_email'), 'email_opened', { machine: true });
    expect(run.run.state.data.steps['it']).not.toHaveProperty('opened');
    tell(run, 'email_opened', { machine: false });
    expect(run.run.state.data.steps['it']).toMatchObject({ machine_opened: true, opened: true });
  });

  it('a step that another version calls otherwise keeps them under every id that it had, whatever its other visits', () => {
    const run = sent('send_email');
    const { position, data } = run.run.state;
    Object.assign(position, { renamed: { it: 'mail', mail: 'hello' }, visits: { ...position.visits, mail: 1, hello: 2 } });
    data.steps['mail'] = { ...data.steps['it'] };
    tell(run, 'email_opened');
    expect(run.run.state.data.steps).toMatchObject({ it: { opened: true }, mail: { message_id: 'm1', opened: true } });
    expect(run.run.state.data.steps).not.toHaveProperty('hello');
    expect(run.last.facts).toMatchObject([{ stepId: 'it', visit: 1 }]);
    expect(tell(run, 'email_opened').last.changed).toBe(false);
  });

  it('a step that is no longer current keeps its facts, and the run stays where it is', () => {
    const run = sent('send_email');
    tell(run, 'email_delivered');
    expect(run.run.state).toMatchObject({ currentStep: 'nap', position: { phase: 'waiting' } });
    expect(run.last).toMatchObject({ cancelTimers: false, timer: null, effect: null });
  });
});

describe('.result is the main value of each step', () => {
  it.each([
    ['send_email', 'message_id'], ['send_sms', 'message_id'], ['make_call', 'call_id'], ['update_contact', 'changed'], ['add_tag', 'changed'], ['remove_tag', 'changed'],
    ['webhook', 'status'], ['http_request', 'status'], ['wait', 'waited_until'], ['condition', 'matched'], ['switch', 'case'], ['ab_split', 'variant'], ['goal', 'reached'],
    ['start_workflow', 'enrollment_id'], ['stop_workflow', 'stopped'], ['emit_event', 'event_id'], ['set', '*'],
  ])('%s: %s', (type, main) => expect(findStep(type)?.main).toBe(main));
});

describe('§5 what was not reported yet of a message that was made', () => {
  const mail = '  - { id: mail, type: send_email, config: { subject: Hi, text: Hi } }\n';
  const ask = (operator: string) => `steps:\n${mail}  - { id: c, type: condition, config: { if: [{ field: "{{steps.mail.opened}}", ${operator} }] } }\n`;

  it.each([
    ['equals false', 'operator: equals, value: false', true],
    ['is_false', 'operator: is_false', true],
    ['equals true', 'operator: equals, value: true', false],
    ['not_equals true', 'operator: not_equals, value: true', true],
  ])('is false, and no text: %s', (_name, operator, matched) => {
    expect(given(ask(operator)).start().accepted().trail[1]).toMatchObject({ output: { matched, saw: [false] } });
  });

  it('is nothing for a message that was not made', () => {
    expect(given(ask('operator: is_false'), { contact: { email: null } }).start().trail[1]).toMatchObject({ output: { matched: false, saw: [null] } });
  });

  it('keeps its type in a value', () => {
    const run = given(`steps:\n${mail}  - { id: keep, type: set, config: { values: { opened: "{{steps.mail.opened}}", at: "{{steps.mail.opened_at}}" } } }\n`).start().accepted();
    expect(run.run.state.data.enrollment).toEqual({ opened: false });
  });
});
