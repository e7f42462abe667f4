import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { simulate, type Simulation } from '../../src/core/simulate.ts';
import { scriptedEvent } from '../../src/core/scripted-event.ts';
import type { Contact } from '../../src/core/state.ts';
import { contactOf, DAY, HOUR, locationOf, programOf, someAssets, START } from '../support/given.ts';

const example = readFileSync(new URL('../workflows/example.workflow.yaml', import.meta.url), 'utf8');

function play(yaml: string, events: object[] = [], contact: Partial<Contact> = {}): Simulation {
  return simulate({
    program: programOf(yaml),
    contact: contactOf(contact),
    events: events.map((event) => scriptedEvent.parse(event)),
    start: START,
    location: locationOf(),
    assets: someAssets,
  });
}

/** Two contacts whose draw differs: one for each variant of the example. */
const ids = Array.from({ length: 20 }, (_, i) => `0190a000-0000-7000-8000-0000000001${String(i).padStart(2, '0')}`);
const drawn = (variant: string): string => ids.find((id) => play(example, [], { id }).log.find(({ stepId }) => stepId === 'ab_test')?.outcome === variant)!;

describe("the specification's example", () => {
  it.each([
    ['unopened, variant A', [], 'A', ['welcome_email', 'wait_1_day', 'check_opened', 'send_reminder_email', 'ab_test', 'call_immediately', 'goal_check'], 1],
    ['unopened, variant B', [], 'B', ['welcome_email', 'wait_1_day', 'check_opened', 'send_reminder_email', 'ab_test', 'wait_then_call', 'call_immediately', 'goal_check'], 3],
    [
      'opened, variant A',
      [{ after: '3h', type: 'email_opened', step: 'welcome_email' }],
      'A',
      ['welcome_email', 'wait_1_day', 'check_opened', 'send_followup_sms', 'ab_test', 'call_immediately', 'goal_check'],
      1,
    ],
    [
      'opened, variant B',
      [{ after: '3h', type: 'email_opened', step: 'welcome_email' }],
      'B',
      ['welcome_email', 'wait_1_day', 'check_opened', 'send_followup_sms', 'ab_test', 'wait_then_call', 'call_immediately', 'goal_check'],
      3,
    ],
  ])('%s times out after 7 days with exactly one call', (_name, events, variant, path, dayOfCall) => {
    const trace = play(example, events, { id: drawn(variant) });
    expect(trace.path).toEqual(path);
    expect(trace).toMatchObject({ status: 'exited', exitReason: 'timeout:goal_check' });
    expect(trace.sent.filter(({ channel }) => channel === 'voice').map(({ at }) => at)).toEqual([START + dayOfCall * DAY]);
    expect(trace.endedAt).toBe(START + (dayOfCall + 7) * DAY);
  });

  it('completes when the appointment is booked', () => {
    const trace = play(example, [{ after: '2d', type: 'tag_added', tag: 'booked-appointment' }], { id: drawn('A') });
    expect(trace).toMatchObject({ status: 'completed', exitReason: 'goal:goal_check', endedAt: START + 2 * DAY });
    expect(trace.contact.tags).toContain('booked-appointment');
  });

  it('says what was sent', () => {
    const trace = play(example, [{ after: '3h', type: 'email_opened', step: 'welcome_email' }], { id: drawn('A') });
    expect(trace.sent).toEqual([
      { stepId: 'welcome_email', channel: 'email', to: 'ana@example.com', subject: 'Welcome Ana', message: null, body: '<p>Hello Ana</p>', at: START },
      {
        stepId: 'send_followup_sms',
        channel: 'sms',
        to: '+15551230001',
        subject: null,
        message: 'Hi Ana, did you get a chance to read our welcome email?',
        body: null,
        at: START + DAY,
      },
      { stepId: 'call_immediately', channel: 'voice', to: '+15551230001', subject: null, message: null, body: null, at: START + DAY },
    ]);
  });
});

describe('a simulation', () => {
  it('that waits for what never comes ends as active, and says for what', () => {
    const trace = play('steps:\n  - { id: booked, type: goal, config: { condition: { field: tags, operator: contains, value: x } } }');
    expect(trace).toMatchObject({ status: 'active', waitingFor: { stepId: 'booked', until: null } });
  });

  it('leaves skipped steps out of the path and in the log', () => {
    const trace = play('steps:\n  - { id: one, type: send_sms, config: { message: Hi } }', [], { phone: null });
    expect(trace.path).toEqual([]);
    expect(trace.log).toMatchObject([{ stepId: 'one', status: 'skipped' }]);
  });

  it('lets a run hear the events of its own steps', () => {
    const trace = play(
      'exit_conditions: [{ id: tagged, on: tag_added }]\nsteps:\n  - { id: tag, type: add_tag, config: { tag: x } }\n  - { id: pause, type: wait, config: { duration: 1d } }',
    );
    expect(trace).toMatchObject({ status: 'exited', exitReason: 'tagged', endedAt: START });
  });

  it.each([
    [{ after: '1h', type: 'tag_removed', tag: 'new-lead' }, { tags: [] }],
    [{ after: '1h', type: 'contact_updated', set: { first_name: 'Bo', 'custom_fields.plan': 'pro' } }, { first_name: 'Bo', custom_fields: { plan: 'pro' } }],
    [{ after: '1h', type: 'something_else' }, { first_name: 'Ana' }],
  ])('lets a scripted event do what it reports: %j', (event, contact) => {
    const trace = play('steps:\n  - { id: pause, type: wait, config: { duration: 1d } }', [event]);
    expect(trace.contact).toMatchObject(contact);
  });

  it.each([
    ['answered', true],
    ['voicemail', false],
    ['no_answer', false],
  ])('tells of a call that ended as %s whether a person took it, as the provider does', (outcome, answered) => {
    const steps = 'steps:\n  - { id: ring, type: make_call, config: { say: Hi } }\n  - { id: heard, type: wait, config: { for: { event: call_completed, step: ring }, timeout: 1d } }';
    expect(play(steps, [{ after: '1m', type: 'call_completed', step: 'ring', outcome }]).steps['ring']).toMatchObject({ outcome, answered });
  });

  it('of a year of daily waits takes one step a day and nothing in between', () => {
    const days = Array.from({ length: 365 }, (_, day) => `  - { id: d${day}, type: wait, config: { duration: 1d } }`).join('\n');
    const trace = play(`steps:\n${days}`);
    expect(trace).toMatchObject({ status: 'completed', endedAt: START + 365 * DAY });
    expect(trace.log).toHaveLength(365);
  });

  it('covers years of waiting', () => {
    const trace = play('steps:\n  - { id: a, type: wait, config: { duration: 1000d } }\n  - { id: b, type: wait, config: { duration: 800d } }');
    expect(trace).toMatchObject({ status: 'completed', endedAt: START + 1_800 * DAY });
  });

  it('plays events of one moment in the order of the script', () => {
    const trace = play('exit_conditions: [{ id: first, on: a }, { id: second, on: b }]\nsteps:\n  - { id: pause, type: wait, config: { duration: 1h } }', [
      { after: '30m', type: 'b' },
      { after: '30m', type: 'a' },
    ]);
    expect(trace).toMatchObject({ exitReason: 'second', endedAt: START + HOUR / 2 });
  });
});

describe('§10 a scripted event also does what it reports', () => {
  const nap = (id: string) => `  - { id: ${id}, type: wait, config: { duration: 1d } }\n`;
  const sms = (id: string) => `  - { id: ${id}, type: send_sms, config: { message: Hi } }\n`;
  const mail = (id: string) => `  - { id: ${id}, type: send_email, config: { subject: Hi, text: Hi } }\n`;
  const steps = `steps:\n${mail('m1')}${sms('s1')}${nap('w1')}${mail('m2')}${sms('s2')}`;
  const skipped = (...events: object[]) => play(steps, events).log.filter(({ status }) => status === 'skipped').map(({ stepId }) => stepId);

  it.each([
    ['tag_added', { type: 'tag_added', tag: 'vip' }, { tags: ['new-lead', 'vip'] }],
    ['tag_removed', { type: 'tag_removed', tag: 'new-lead' }, { tags: [] }],
    ['contact_updated: fields', { type: 'contact_updated', set: { first_name: 'Bo', 'custom_fields.n': 1 } }, { first_name: 'Bo', custom_fields: { n: 1 } }],
    ['contact_updated: consent', { type: 'contact_updated', consent: { voice: 'withdrawn' } }, { consent: { voice: 'withdrawn' } }],
    ['email_unsubscribed', { type: 'email_unsubscribed', step: 'm1' }, { consent: { email: 'withdrawn' } }],
    ['email_complained', { type: 'email_complained', step: 'm1' }, { consent: { email: 'withdrawn' } }],
    ['sms_received: STOP', { type: 'sms_received', text: 'Stop.' }, { consent: { sms: 'withdrawn' } }],
    ['sms_received: any other word', { type: 'sms_received', text: 'Hello' }, { consent: {} }],
  ])('%s', (_name, event, contact) => expect(play(steps, [{ after: '1h', ...event }]).contact).toMatchObject(contact));

  it('and so no message follows where consent is withdrawn, until it is given again', () => {
    expect(skipped({ after: '1h', type: 'email_unsubscribed', step: 'm1' })).toEqual(['m2']);
    expect(skipped({ after: '1h', type: 'sms_received', text: 'stop' })).toEqual(['s2']);
    expect(skipped({ after: '1h', type: 'sms_received', text: 'stop' }, { after: '2h', type: 'sms_received', text: 'START' })).toEqual([]);
  });

  it('a withdrawal is told as a change of the contact, too', () => {
    const trace = play(`exit_conditions: [{ id: left, on: contact_updated, if: [{ field: consent.email, operator: changed_to, value: withdrawn }] }]\n${steps}`, [
      { after: '1h', type: 'email_unsubscribed', step: 'm1' },
    ]);
    expect(trace).toMatchObject({ status: 'exited', exitReason: 'left' });
  });

  it('a text message answers the latest one, unless it names another', () => {
    const { steps: results } = play(`steps:\n${sms('s1')}${sms('s2')}${nap('w')}`, [{ after: '1h', type: 'sms_received', text: 'Yes' }]);
    expect([results['s1']?.['replied'], results['s2']]).toMatchObject([undefined, { replied: true, reply_text: 'Yes' }]);
    expect(play(`steps:\n${sms('s1')}${sms('s2')}${nap('w')}`, [{ after: '1h', type: 'sms_received', step: 's1', text: 'Yes' }]).steps['s1']).toMatchObject({ replied: true });
  });

  it('nothing reaches a contact who was deleted', () => {
    const trace = play(steps, [{ after: '1h', type: 'contact_deleted' }]);
    expect(trace.sent.map(({ stepId }) => stepId)).toEqual(['m1', 's1']);
    expect(trace.log.slice(3)).toMatchObject([{ status: 'skipped', output: { skipped: 'The contact was deleted before this left.' } }, { status: 'skipped' }]);
  });
});
