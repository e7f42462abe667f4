import { describe, expect, it } from 'vitest';
import { readAsk } from '../../src/core/asks.ts';
import { readDefinition } from '../../src/core/definition/read.ts';
import { stepTypes } from '../../src/core/steps/index.ts';
import type { Contact, Data, EffectOutcome } from '../../src/core/state.ts';
import { DAY, given, HOUR, START, type Driver } from '../support/given.ts';
import { testNames } from '../support/test-names.ts';

const LATER = '  - { id: later, type: wait, config: { duration: 30d } }\n';
const A_MAIL = '  - { id: mail, type: send_email, config: { subject: Hi, text: Hello } }\n';

/** A run whose first step is `it`; `later` holds it where it comes past. */
const enter = (type: string, config: string, contact: Partial<Contact> = {}, more = ''): Driver =>
  given(`steps:\n  - { id: it, type: ${type}, config: ${config}${more} }\n${LATER}`, { contact }).start();
const resultOf = (run: Driver): Data => run.run.state.data.steps['it'] ?? {};
const rulesOf = (type: string, config: string): string[] =>
  readDefinition({ format: 'yaml', text: `name: N\ntrigger: { type: manual }\nsteps:\n  - { id: it, type: ${type}, config: ${config} }\n` })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ rule }) => rule);
const answered = (run: Driver, result: Data): Driver => run.outcome({ status: 'accepted', result });
/** What a provider tells later of the step `it`. */
const told = (run: Driver, type: string, data: Data = {}): Driver => run.event(type, { enrollment_id: run.run.id, step_id: 'it', visit: 1, ...data });

describe('§4 send_email', () => {
  it.each([
    ['template_id', '{ template_id: "{{templates.welcome}}" }', { subject: 'Welcome Ana', html: '<p>Hello Ana</p>', template_id: 'welcome' }],
    ['subject, html and text', '{ subject: "Hi {{contact.first_name}}", html: <b>x</b>, text: x }', { subject: 'Hi Ana', html: '<b>x</b>', text: 'x', template_id: null }],
    [
      'to, from, reply_to',
      '{ subject: a, text: b, to: x@example.com, from: us@example.com, reply_to: "{{contact.email}}" }',
      { to: 'x@example.com', from: 'us@example.com', reply_to: 'ana@example.com' },
    ],
  ])('§4 send_email config: %s', (_name, config, request) => {
    expect(enter('send_email', config).last.effect).toMatchObject({ channel: 'email', request });
  });

  it('§4 send_email config: delay is a wait before it', () => {
    const run = enter('send_email', '{ subject: a, text: b, delay: 2h }');
    expect(run.last).toMatchObject({ effect: null, timer: { at: START + 2 * HOUR } });
    expect(run.timer().last.effect).toMatchObject({ channel: 'email' });
  });

  it('§4 send_email result: message_id, and delivered opened clicked bounced replied with their moments as they arrive', () => {
    const run = answered(enter('send_email', '{ subject: a, text: b }'), { message_id: 'm1' });
    expect(run.run.state.currentStep).toBe('later'); // accepted is enough to go on
    expect(resultOf(run)).toEqual({ message_id: 'm1', result: 'm1' });
    for (const type of ['email_delivered', 'email_opened', 'email_clicked', 'email_bounced', 'email_received']) told(run, type);
    const at = new Date(START).toISOString();
    expect(resultOf(run)).toMatchObject({
      delivered: true,
      delivered_at: at,
      opened: true,
      opened_at: at,
      clicked: true,
      clicked_at: at,
      bounced: true,
      bounced_at: at,
      replied: true,
      replied_at: at,
    });
  });

  it.each([['opened', 'email_opened'], ['clicked', 'email_clicked']])('§4 send_email: what a machine has %s, nobody has', (fact, type) => {
    const run = answered(enter('send_email', '{ subject: a, text: b }'), {});
    expect(resultOf(told(run, type, { machine: true }))).not.toHaveProperty(fact);
    expect(resultOf(told(run, type, { machine: false }))).toMatchObject({ [fact]: true });
  });
});

describe('§4 send_sms', () => {
  it.each([
    ['message', '{ message: "Hi {{contact.first_name}}" }', { to: '+15551230001', body: 'Hi Ana' }],
    ['template_id', '{ template_id: ping }', { body: 'Ping Ana' }],
    ['to and media_url', '{ message: a, to: "+15559990000", media_url: "https://example.com/a.png" }', { to: '+15559990000', media_url: 'https://example.com/a.png' }],
  ])('§4 send_sms config: %s', (_name, config, request) => {
    expect(enter('send_sms', config).last.effect).toMatchObject({ channel: 'sms', request });
  });

  it('§4 send_sms config: delay', () => expect(enter('send_sms', '{ message: a, delay: 1h }').last.timer).toMatchObject({ at: START + HOUR }));

  it('§4 send_sms result: message_id segments delivered replied reply_text', () => {
    const run = answered(enter('send_sms', '{ message: a }'), { message_id: 'm1', segments: 2 });
    told(told(run, 'sms_delivered'), 'sms_received', { reply_text: 'Yes' });
    expect(resultOf(run)).toMatchObject({ message_id: 'm1', result: 'm1', segments: 2, delivered: true, replied: true, reply_text: 'Yes' });
  });
});

describe('§4 make_call', () => {
  it.each([
    ['voicemail_drop_id', '{ voicemail_drop_id: "{{voicemails.intro}}" }', { audio_url: 'https://example.com/intro.mp3', say: null }],
    ['say', '{ say: "Hello {{contact.first_name}}" }', { say: 'Hello Ana', audio_url: null }],
    ['audio_url and to', '{ audio_url: "https://example.com/a.mp3", to: "+15559990000" }', { audio_url: 'https://example.com/a.mp3', to: '+15559990000' }],
  ])('§4 make_call config: %s', (_name, config, request) => {
    expect(enter('make_call', config).last.effect).toMatchObject({ channel: 'voice', request });
  });

  it('§4 make_call config: delay; two of the three is an error', () => {
    expect(enter('make_call', '{ say: a, delay: 1h }').last.timer).toMatchObject({ at: START + HOUR });
    expect(rulesOf('make_call', '{ say: a, audio_url: "https://example.com/a.mp3" }')).toHaveLength(1);
  });

  it('§4 make_call result: call_id answered outcome duration', () => {
    const run = answered(enter('make_call', '{ say: a }'), { call_id: 'c1' });
    told(run, 'call_completed', { answered: true, outcome: 'answered', duration: 42 });
    expect(resultOf(run)).toMatchObject({ call_id: 'c1', result: 'c1', answered: true, outcome: 'answered', duration: 42 });
  });
});

describe('§4 contact steps', () => {
  it('§4 update_contact: set, unset and increment of fields and custom fields; result changed', () => {
    const run = enter(
      'update_contact',
      '{ set: { first_name: "{{contact.first_name | upcase}}" }, unset: [phone, custom_fields.old], increment: { custom_fields.score: 5 } }',
      { custom_fields: { old: 1, score: 2 } },
    );
    expect(run.contact).toMatchObject({ first_name: 'ANA', phone: null, custom_fields: { score: 7 } });
    expect(resultOf(run)['changed']).toEqual(expect.arrayContaining(['first_name', 'phone', 'custom_fields.old', 'custom_fields.score']));
    expect(run.last.events).toMatchObject([{ type: 'contact_updated' }]);
  });

  it.each([
    ['add_tag', '{ tag: vip }', ['new-lead', 'vip'], ['vip']],
    ['add_tag', '{ tags: [new-lead, a, b] }', ['new-lead', 'a', 'b'], ['a', 'b']],
    ['remove_tag', '{ tag: new-lead }', [], ['new-lead']],
    ['remove_tag', '{ tags: [x, new-lead] }', [], ['new-lead']],
  ])('§4 %s: %s; result changed', (type, config, tags, changed) => {
    const run = enter(type, config);
    expect(run.contact.tags).toEqual(tags);
    expect(resultOf(run)).toMatchObject({ changed });
    expect(run.last.events.map((event) => event.data['tag'])).toEqual(changed); // an event tells of each that really changed
  });
});

describe('§4 webhook', () => {
  it.each(['webhook', 'http_request'])('§4 %s config: url method headers body timeout', (type) => {
    const run = enter(
      type,
      '{ url: "https://example.com/{{contact.first_name}}", method: PUT, headers: { x-a: "{{contact.email}}" }, body: { tags: "{{contact.tags}}" }, timeout: 5s }',
    );
    expect(run.last.effect).toMatchObject({
      channel: 'webhook',
      request: { url: 'https://example.com/Ana', method: 'PUT', headers: { 'x-a': 'ana@example.com' }, body: '{"tags":["new-lead"]}', timeout_ms: 5_000 },
    });
  });

  it('§4 webhook result: status headers body, and what `save` names', () => {
    const run = given(
      `steps:\n  - { id: it, type: webhook, config: { url: "https://example.com", save: { id: case.id } } }\n  - { id: next, type: set, config: { values: { id: "{{steps.it.id}}" } } }\n${LATER}`,
    ).start();
    answered(run, { status: 201, headers: { a: 'b' }, body: { case: { id: 7 } } });
    expect(resultOf(run)).toMatchObject({ status: 201, result: 201, headers: { a: 'b' }, body: { case: { id: 7 } }, id: 7 });
    expect(run.run.state.data.enrollment).toEqual({ id: 7 });
  });
});

describe('§4 wait', () => {
  const waits: [name: string, config: string, until: string, contact?: Partial<Contact>][] = [
    ['duration', '{ duration: 1d12h }', '2026-03-03T21:00:00Z'],
    ['until an instant', '{ until: "2026-03-05T07:00:00Z" }', '2026-03-05T07:00:00Z'],
    ['until a date, with an offset', '{ until: "2026-03-05", offset: -3h }', '2026-03-04T21:00:00Z'],
    ['until a template', '{ until: "{{contact.custom_fields.trial_ends}}" }', '2026-03-09T00:00:00Z', { custom_fields: { trial_ends: '2026-03-09' } }],
    ['at a time of day', '{ at: "08:30" }', '2026-03-03T07:30:00Z', { timezone: 'Europe/Madrid' }],
    ['at, on days', '{ at: "08:30", days: [sat] }', '2026-03-07T08:30:00Z'],
    ['for an event with a timeout', '{ for: { event: order_placed }, timeout: 3d }', '2026-03-05T09:00:00Z'],
  ];
  it.each(waits)('§4 wait: %s', (_name, config, until, contact = {}) => {
    expect(enter('wait', config, contact).last.timer?.at).toBe(Date.parse(until));
  });

  it('§4 wait: exactly one of the four', () => {
    expect(rulesOf('wait', '{ duration: 1d, at: "09:00" }')).toHaveLength(1);
    expect(rulesOf('wait', '{}')).toHaveLength(1);
  });

  it('§4 wait: business_hours_only runs its full length, then rolls to the next open minute', () => {
    const location = { id: 'l', name: 'L', timezone: 'UTC', defaults: {}, calendar: { weekly: { mon: [['09:00', '17:00']], thu: [['10:00', '17:00']] } } };
    const run = given('steps:\n  - { id: it, type: wait, config: { duration: 1d, business_hours_only: true } }\n', { scene: { location: location as never } }).start();
    expect(run.last.timer?.at).toBe(Date.parse('2026-03-05T10:00:00Z'));
  });

  it.each([
    ['continue', ['it completed', 'mail executing']],
    ['skip_next', ['it completed', 'mail skipped', 'later pending']],
    ['exit', ['it completed']],
  ])('§4 wait: on_past: %s', (onPast, path) => {
    const run = given(`steps:\n  - { id: it, type: wait, config: { until: "2026-03-01", on_past: ${onPast} } }\n${A_MAIL}${LATER}`).start();
    expect(run.trail.map(({ stepId, status }) => `${stepId} ${status}`)).toEqual(path);
    if (onPast === 'exit') expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'past:it' });
  });

  it('§4 wait for: `if` narrows the event; on_event and on_timeout lead on', () => {
    const yaml = `steps:\n  - { id: it, type: wait, config: { for: { event: order_placed, if: [{ field: "{{event.data.total}}", operator: gt, value: 10 }] }, timeout: 3d, on_event: a, on_timeout: b } }\n  - { id: a, type: exit }\n  - { id: b, type: exit }\n`;
    const small = given(yaml).start().event('order_placed', { total: 5 });
    expect(small.run.state.currentStep).toBe('it');
    expect(small.event('order_placed', { total: 50 }).path()).toEqual(['it:completed:event', expect.stringContaining('a:')]);
    expect(resultOf(small)).toMatchObject({ event: { type: 'order_placed', data: { total: 50 } } });
    expect(given(yaml).start().timer().path()[0]).toBe('it:completed:timeout');
  });

  it('§4 wait result: waited_until', () => {
    expect(resultOf(enter('wait', '{ duration: 1d }').timer())).toMatchObject({ waited_until: new Date(START + DAY).toISOString() });
  });
});

describe('§4 branches', () => {
  const ends = '  - { id: a, type: exit }\n  - { id: b, type: exit }\n';
  const wayOf = (run: Driver): string | undefined => run.trail.at(-1)?.stepId;

  it.each([['[new-lead]', 'a', true], ['[]', 'b', false]])('§4 condition: tags %s go to %s; result matched, and what each clause saw', (tags, way, matched) => {
    const run = given(`steps:\n  - { id: it, type: condition, config: { if: [{ field: tags, operator: contains, value: new-lead }], then: a, else: b } }\n${ends}`, {
      contact: { tags: JSON.parse(tags.replace('new-lead', '"new-lead"')) },
    }).start();
    expect([wayOf(run), resultOf(run)['matched'], resultOf(run)['result']]).toEqual([way, matched, matched]);
    expect(run.trail[0]?.decision?.checks).toMatchObject([{ path: 'tags', verdict: matched }]);
  });

  it.each([[5, 'a', 'low'], [50, 'b', 'high'], [500, 'later', 'default']])('§4 switch: a score of %s goes to %s; result case', (score, way, name) => {
    const cases =
      '[{ name: low, if: [{ field: custom_fields.score, operator: lt, value: 10 }], next: a }, { name: high, if: [{ field: custom_fields.score, operator: lt, value: 100 }], next: b }]';
    const run = given(`steps:\n  - { id: it, type: switch, config: { cases: ${cases}, default: later } }\n${ends}${LATER}`, { contact: { custom_fields: { score } } }).start();
    expect([wayOf(run), resultOf(run)['case'], resultOf(run)['result']]).toEqual([way, name, name]);
  });

  it('§4 ab_split: by weight, the same again for the same contact; result variant', () => {
    const yaml = `steps:\n  - { id: it, type: ab_split, config: { variants: [{ name: A, weight: 30, next: a }, { name: B, weight: 70, next: b }] } }\n${ends}`;
    const drawn = Array.from({ length: 400 }, (_, n) => given(yaml, { contact: { id: `c${n}` } }).start());
    const share = drawn.filter((run) => resultOf(run)['variant'] === 'A').length / drawn.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
    expect(drawn.every((run) => wayOf(run) === String(resultOf(run)['variant']).toLowerCase() && resultOf(run)['result'] === resultOf(run)['variant'])).toBe(true);
    expect(given(yaml, { contact: { id: 'c7' } }).start().last.assignments).toEqual(drawn[7]?.last.assignments); // sticky, and stored at first exposure
    const keyed = (id: string) =>
      resultOf(
        given(
          `steps:\n  - { id: ${id}, type: ab_split, config: { key: one, variants: [{ name: A, weight: 1 }, { name: B, weight: 1 }] } }\n  - { id: it, type: set, config: { values: { v: "{{steps.${id}.variant}}" } } }\n${LATER}`,
        ).start(),
      )['v'];
    expect(keyed('first')).toBe(keyed('second')); // `key` instead of the step's id
  });

  const goal = (more: string): string =>
    `steps:\n  - { id: w, type: wait, config: { duration: 30d } }\n  - { id: it, type: goal, config: { condition: { field: tags, operator: contains, value: booked }${more} } }\n${ends}`;
  const book = (run: Driver): Driver => {
    run.contact = { ...run.contact, tags: ['booked'] };
    return run.event('tag_added', { tag: 'booked' });
  };
  it('§4 goal gate: looked at on arrival, on every event, until its timeout; result reached and reached_at', () => {
    const more = ', on_success: a, timeout: 7d, on_timeout: b';
    const arrived = given(goal(more)).start().timer();
    expect(arrived.last.timer?.at).toBe(arrived.now + 7 * DAY);
    expect(wayOf(book(arrived))).toBe('a');
    expect(resultOf(arrived)).toMatchObject({ reached: true, reached_at: new Date(arrived.now).toISOString(), result: true });
    const late = given(goal(more)).start().timer().timer();
    expect([wayOf(late), resultOf(late)['reached']]).toEqual(['b', false]);
    const before = book(given(goal(more)).start());
    expect(before.run.state.currentStep).toBe('w'); // a gate is not watched before it is reached
    expect(wayOf(before.timer())).toBe('a');
  });

  it('§4 goal magnet: watched from entry; the step that it interrupts is completed with `interrupted_by`', () => {
    const run = book(given(goal(', mode: magnet, on_success: a')).start());
    expect(run.trail).toMatchObject([{ stepId: 'w', status: 'completed', output: { interrupted_by: 'it' } }, { stepId: 'it', outcome: 'success' }, { stepId: 'a' }]);
    expect(given(goal(', mode: magnet, on_success: a')).start().timer().path().slice(1, 2)).toEqual(['it:completed:next']); // without a timeout it holds nobody up
  });
});

describe('§4 workflows, events, notes and the end', () => {
  const asks: [string, string, string, Data][] = [
    ['start_workflow', '{ workflow_id: other }', 'workflow_start', { enrollment_id: 'e1', created: true }],
    ['start_workflow', '{ name: Other }', 'workflow_start', { enrollment_id: 'e1', created: true }],
    ['stop_workflow', '{ workflow_id: other }', 'workflow_stop', { stopped: true, count: 1 }],
    ['stop_workflow', '{ name: Other }', 'workflow_stop', { stopped: true, count: 1 }],
  ];
  it.each(asks)('§4 %s: %s', (type, config, event, result) => {
    const run = enter(type, config);
    expect(run.last.events).toMatchObject([{ type: event }]);
    expect(readAsk(run.last.events[0]!)?.workflow.toLowerCase()).toBe('other');
    const outcome: EffectOutcome = { status: 'accepted', result };
    expect(resultOf(run.outcome(outcome))).toMatchObject(result);
  });

  it('§4 emit_event: name and data; result event_id', () => {
    const run = enter('emit_event', '{ name: greeted, data: { who: "{{contact.first_name}}" } }');
    expect(run.last.events).toMatchObject([{ type: 'greeted', data: { who: 'Ana' }, depth: 1 }]);
    expect(resultOf(run)).toMatchObject({ event_id: run.last.events[0]!.id });
  });

  it('§4 set: values into the enrollment\'s own data, read as `enrollment.<name>`', () => {
    const run = given(
      `steps:\n  - { id: it, type: set, config: { values: { a: "{{contact.tags}}" } } }\n  - { id: more, type: set, config: { values: { b: "{{enrollment.a | first}}" } } }\n${LATER}`,
    ).start();
    expect(run.run.state.data.enrollment).toEqual({ a: ['new-lead'], b: 'new-lead' });
    expect(resultOf(run)).toMatchObject({ a: ['new-lead'] });
  });

  it.each([
    ['{ status: completed, reason: done }', 'completed', 'done'],
    ['{ status: exited, reason: gone }', 'exited', 'gone'],
    ['{}', 'exited', 'it'],
  ])('§4 exit: %s', (config, status, exitReason) => {
    expect(enter('exit', config).run.state).toMatchObject({ status, exitReason });
  });
});

describe('§4 reach', () => {
  it.each([
    ['opted out', { consent: { sms: 'withdrawn' } }, 'opted_out'],
    ['without an address', { phone: null }, 'no_address'],
  ] as [string, Partial<Contact>, string][])('§4 a send to a contact %s is skipped with the reason', (_name, contact, reason) => {
    const run = enter('send_sms', '{ message: a }', contact);
    expect(run.trail[0]).toMatchObject({ status: 'skipped', output: { skipped: expect.stringContaining(reason) } });
    expect(run.last.effect).toBeNull();
  });
});

it('every step of the registry has a row that names it', ({ task }) => {
  const names = testNames(task);
  expect(stepTypes.filter((type) => !names.some((name) => new RegExp(`^§4 ${type}\\b`).test(name)))).toEqual([]);
});
