import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/core/definition/compile.ts';
import { lintDefinition } from '../../../src/core/definition/lint/index.ts';
import { readDefinition } from '../../../src/core/definition/read.ts';
import { toCanvas, fromCanvas } from '../../../src/core/definition/canvas.ts';
import { scriptedEvent } from '../../../src/core/scripted-event.ts';
import { simulate } from '../../../src/core/simulate.ts';
import type { Contact } from '../../../src/core/state.ts';
import { contactOf, DAY, given, HOUR, locationOf, programOf, someAssets, START, type Driver } from '../../support/given.ts';

const at = (iso: string): number => Date.parse(iso);
const wait = (config: string, more = ''): string => `steps:\n  - { id: pause, type: wait, config: ${config}${more} }\n`;
const tag = (id: string): string => `  - { id: ${id}, type: add_tag, config: { tag: ${id} } }\n`;
const due = (run: Driver): number | undefined => run.last.timer?.at;

/** Sets a custom field of the contact and lets the run hear of it. */
function change(run: Driver, fields: Record<string, unknown>): Driver {
  run.contact = { ...run.contact, custom_fields: { ...run.contact.custom_fields, ...fields } };
  const changes = Object.fromEntries(Object.entries(fields).map(([key, to]) => [`custom_fields.${key}`, { from: null, to }]));
  return run.event('contact_updated', { changes, fields: Object.keys(changes) });
}

/** Lets the contact live in another zone, and the run hear of it. */
function moveTo(run: Driver, timezone: string): Driver {
  const changes = { timezone: { from: run.contact.timezone, to: timezone } };
  run.contact = { ...run.contact, timezone };
  return run.event('contact_updated', { changes, fields: ['timezone'] });
}

describe('§4 wait: duration', () => {
  it.each([
    ['90s', 90_000],
    ['15m', HOUR / 4],
    ['2h', 2 * HOUR],
    ['1d', DAY],
    ['2w', 14 * DAY],
    ['1d12h', 1.5 * DAY],
    ['P1DT12H', 1.5 * DAY],
    ['1826d', 1826 * DAY],
  ])('%s runs its full length and moves with a pause', (duration, ms) => {
    expect(given(wait(`{ duration: ${duration} }`)).start().last.timer).toEqual({ stepId: 'pause', visit: 1, at: START + ms, relative: true });
  });

  it('0 is over at once', () => {
    expect(given(wait('{ duration: 0 }')).start().path()).toEqual(['pause:completed:next']);
  });

  it('1d is 24 hours also where the clocks change', () => {
    const run = given(wait('{ duration: 1d }'), { contact: { timezone: 'America/New_York' } });
    run.now = at('2026-03-07T20:00:00Z');
    expect(due(run.start())).toBe(at('2026-03-08T20:00:00Z'));
  });
});

describe('§4 wait: until', () => {
  it.each([
    ['an instant', '"2026-03-05T10:00:00Z"', {}, '2026-03-05T10:00:00Z'],
    ['a date is its first minute in the zone', '2026-03-05', { timezone: 'America/New_York' }, '2026-03-05T05:00:00Z'],
    ['a local time', '"2026-03-05T09:00"', { timezone: 'Europe/Madrid' }, '2026-03-05T08:00:00Z'],
    ['a template', '"{{contact.custom_fields.ends}}"', { custom_fields: { ends: '2026-03-09' } }, '2026-03-09T00:00:00Z'],
    ['a template with filters', '"{{now | add_days: 3}}"', {}, '2026-03-05T09:00:00Z'],
    ['a template in a text', '"{{contact.custom_fields.ends}}T18:30"', { custom_fields: { ends: '2026-03-09' } }, '2026-03-09T18:30:00Z'],
  ] as [string, string, Partial<Contact>, string][])('%s', (_name, until, contact, expected) => {
    const run = given(wait(`{ until: ${until} }`), { contact }).start();
    expect(run.last.timer).toMatchObject({ at: at(expected), relative: false });
    expect(run.trail[0]?.input).toMatchObject({ zone: contact.timezone ?? 'UTC' });
  });

  it.each([
    ['-3d', '2026-03-06T00:00:00Z'],
    ['2h', '2026-03-09T02:00:00Z'],
    ['+90m', '2026-03-09T01:30:00Z'],
    ['0', '2026-03-09T00:00:00Z'],
  ])('± offset %s', (offset, expected) => {
    expect(due(given(wait(`{ until: 2026-03-09, offset: ${offset} }`)).start())).toBe(at(expected));
  });

  it('remembers how long it waited', () => {
    const run = given(wait('{ until: 2026-03-05 }')).start().timer();
    expect(run.run.state.data.steps['pause']).toEqual({ waited_until: '2026-03-05T00:00:00.000Z', result: '2026-03-05T00:00:00.000Z' });
  });

  it('a date field is planned anew, later and sooner', () => {
    const run = given(wait('{ until: "{{contact.custom_fields.ends}}", offset: -1d }'), { contact: { custom_fields: { ends: '2026-03-09' } } }).start();
    expect(run.run.state.position.open?.until).toBe(at('2026-03-08T00:00:00Z'));
    change(run, { ends: '2026-04-01' });
    expect([due(run), run.last.cancelTimers, run.last.timer?.relative]).toEqual([at('2026-03-31T00:00:00Z'), true, false]);
    change(run, { ends: '2026-03-04' });
    expect(due(run)).toBe(at('2026-03-03T00:00:00Z'));
    expect(run.trail).toMatchObject([{ seq: 1, status: 'pending', input: { until: '2026-03-03T00:00:00Z', zone: 'UTC' } }]);
    change(run, { other: 'x' });
    expect(run.last.changed).toBe(false);
    expect(run.timer().path()).toEqual(['pause:completed:next']);
  });

  it('a date that the contact brings nearer than now is past', () => {
    const run = given(`${wait('{ until: "{{contact.custom_fields.ends}}", on_past: exit }')}${tag('never')}`, { contact: { custom_fields: { ends: '2026-03-09' } } }).start();
    change(run, { ends: '2026-03-01' });
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'past:pause' });
    expect(run.last.cancelTimers).toBe(true);
  });

  it('a date that the contact loses is past', () => {
    const run = given(`${wait('{ until: "{{contact.custom_fields.ends}}" }')}${tag('after')}`, { contact: { custom_fields: { ends: '2026-03-09' } } }).start();
    change(run, { ends: null });
    expect(run.path()).toEqual(['pause:completed:next', 'after:completed:next']);
    expect(run.run.state.data.steps['pause']).toMatchObject({ past: true, until: null });
  });

  it("a date without a zone follows the contact's", () => {
    const run = given(wait('{ until: "{{contact.custom_fields.ends}}" }'), { contact: { custom_fields: { ends: '2026-03-09' } } }).start();
    run.contact = { ...run.contact, timezone: 'Australia/Sydney' };
    run.event('contact_updated', { changes: { timezone: { from: null, to: 'Australia/Sydney' } } });
    expect(due(run)).toBe(at('2026-03-08T13:00:00Z'));
  });

  it.each([
    ['a date that is written', 'until: 2026-03-09', '2026-03-08T13:00:00Z'],
    ['a local time that is written', 'until: "2026-03-09T18:00"', '2026-03-09T07:00:00Z'],
    ['a date that the trigger brought', 'until: "{{trigger.data.day}}"', '2026-03-08T13:00:00Z'],
  ])("%s follows the contact's zone", (_name, config, expected) => {
    const run = given(wait(`{ ${config} }`));
    run.run.trigger = { type: 'event', event_id: null, data: { day: '2026-03-09' } };
    run.start();
    expect(due(moveTo(run, 'Australia/Sydney'))).toBe(at(expected));
  });

  it('an instant stays where it is, whatever the zone', () => {
    const run = given(wait('{ until: "2026-03-09T18:00:00Z" }')).start();
    expect(moveTo(run, 'Australia/Sydney').last.changed).toBe(false);
    expect(programOf(wait('{ until: "2026-03-09T18:00:00+02:00" }')).listens).toEqual([]);
  });

  it('what does not come from the contact is never planned anew', () => {
    const run = given(wait('{ until: "{{now | add_days: 3}}" }')).start();
    run.now += DAY;
    expect(change(run, { ends: '2026-04-01' }).last.changed).toBe(false);
    expect(programOf(wait('{ until: "{{now | add_days: 3}}" }')).listens).toEqual([]);
    expect(programOf(wait('{ until: "{{contact.custom_fields.ends}}" }')).listens).toEqual(['contact_updated']);
  });

  it('a field that holds no date fails the step and says so', () => {
    const run = given(wait('{ until: "{{contact.custom_fields.ends}}" }'), { contact: { custom_fields: { ends: 'next week' } } }).start();
    expect(run.run.state).toMatchObject({ status: 'failed', exitReason: 'step_failed:pause' });
    expect(run.trail[0]?.error).toMatch(/which is "next week": no date\. Correct it/);
  });
});

describe('§4 wait: on_past', () => {
  const yaml = (onPast: string): string => `${wait(`{ until: 2026-01-01${onPast} }`)}${tag('one')}${tag('two')}`;
  it.each([
    ['continue is the default', '', ['pause:completed:next', 'one:completed:next', 'two:completed:next'], 'completed'],
    ['continue', ', on_past: continue', ['pause:completed:next', 'one:completed:next', 'two:completed:next'], 'completed'],
    ['skip_next', ', on_past: skip_next', ['pause:completed:next', 'one:skipped:next', 'two:completed:next'], 'completed'],
    ['exit', ', on_past: exit', ['pause:completed:next'], 'exited'],
  ])('%s', (_name, onPast, path, status) => {
    const run = given(yaml(onPast)).start();
    expect(run.path()).toEqual(path);
    expect(run.run.state.status).toBe(status);
    expect(run.run.state.data.steps['pause']).toMatchObject({ past: true, until: '2026-01-01T00:00:00Z' });
  });

  it('skip_next says in the log why the step was passed over', () => {
    const run = given(yaml(', on_past: skip_next')).start();
    expect(run.trail[1]?.output).toEqual({ skipped: 'on_past: "pause" waits until 2026-01-01T00:00:00Z, which has passed' });
    expect(run.contact.tags).toEqual(['new-lead', 'two']);
  });

  it('skip_next skips nothing when the moment is still to come', () => {
    const run = given(`${wait('{ until: 2026-03-05, on_past: skip_next }')}${tag('one')}`).start().timer();
    expect(run.path()).toEqual(['pause:completed:next', 'one:completed:next']);
  });

  it('skip_next does not pass over a goal that draws the run to itself', () => {
    const goal = '  - { id: late, type: goal, config: { mode: magnet, condition: [{ field: "{{steps.pause.past}}", operator: is_true }], on_success: exit_success } }\n';
    const run = given(`${wait('{ until: 2026-01-01, on_past: skip_next }')}${tag('one')}${goal}`).start();
    expect(run.path()).toEqual(['pause:completed:next', 'late:completed:success']);
  });

  it('the very moment has not passed', () => {
    expect(given(`${wait('{ until: "2026-03-02T09:00:00Z", on_past: exit }')}${tag('one')}`).start().run.state.status).toBe('completed');
  });

  it('continue in business hours only waits for the next open minute', () => {
    const location = locationOf({ calendar: { weekly: { tue: [['09:00', '17:00']] } } });
    const run = given(wait('{ until: 2026-01-01, business_hours_only: true }'), { scene: { location } }).start();
    expect(due(run)).toBe(at('2026-03-03T09:00:00Z'));
  });
});

describe('§4 wait: at (+ days)', () => {
  it.each([
    ['the same day', '{ at: "18:30" }', {}, '2026-03-02T18:30:00Z'],
    ['the next day, once it has passed', '{ at: "08:00" }', {}, '2026-03-03T08:00:00Z'],
    ['the next day, at that very minute', '{ at: "09:00" }', {}, '2026-03-03T09:00:00Z'],
    ['a weekday', '{ at: "09:00", days: [fri, sun] }', {}, '2026-03-06T09:00:00Z'],
    ['today, when it is one of them', '{ at: "10:00", days: [mon] }', {}, '2026-03-02T10:00:00Z'],
    ["in the contact's zone", '{ at: "09:00" }', { timezone: 'America/New_York' }, '2026-03-02T14:00:00Z'],
    ['and over a change of clocks', '{ at: "09:00", days: [sun] }', { timezone: 'America/New_York' }, '2026-03-08T13:00:00Z'],
    ['also one that the clocks skip', '{ at: "02:30", days: [sun] }', { timezone: 'America/New_York' }, '2026-03-08T07:00:00Z'],
    ['then in business hours', '{ at: "06:00", business_hours_only: true }', {}, '2026-03-03T09:00:00Z'],
  ] as [string, string, Partial<Contact>, string][])('%s', (_name, config, contact, expected) => {
    const location = locationOf({ calendar: { weekly: { tue: [['09:00', '17:00']] } } });
    const run = given(wait(config), { contact, scene: { location } }).start();
    expect(run.last.timer).toMatchObject({ at: at(expected), relative: false });
    expect(run.trail[0]?.input).toMatchObject({ zone: contact.timezone ?? 'UTC' });
  });

  it.each([
    ['later, in the west', {}, 'America/New_York', '2026-03-02T23:30:00Z'],
    ['sooner, in the east', {}, 'Europe/Madrid', '2026-03-02T17:30:00Z'],
    ['tomorrow, where the time has passed', {}, 'Asia/Tokyo', '2026-03-03T09:30:00Z'],
    ['and then in business hours there', { business_hours_only: true }, 'Europe/Madrid', '2026-03-03T08:00:00Z'],
  ])("follows the contact's zone: %s", (_name, more, zone, expected) => {
    const location = locationOf({ calendar: { weekly: { mon: [['09:00', '18:00']], tue: [['09:00', '18:00']] } } });
    const run = given(wait(JSON.stringify({ at: '18:30', ...more })), { scene: { location } }).start();
    run.now += HOUR;
    moveTo(run, zone);
    expect([due(run), run.last.cancelTimers, run.last.timer?.relative]).toEqual([at(expected), true, false]);
    expect(run.trail).toMatchObject([{ seq: 1, status: 'pending', input: { at: '18:30', zone } }]);
  });

  it('a change of the contact that leaves the zone alone moves nothing, nor does one where the workflow has a zone of its own', () => {
    expect(change(given(wait('{ at: "18:30" }')).start(), { other: 'x' }).last.changed).toBe(false);
    const own = `name: Own\ntrigger: { type: manual }\nsettings: { timezone: Europe/Madrid }\n${wait('{ at: "18:30" }')}`;
    expect(moveTo(given(own).start(), 'Asia/Tokyo').last.changed).toBe(false);
  });

  it.each([
    ['contact', { contact: { timezone: 'Europe/Madrid' }, scene: { location: locationOf({ timezone: 'America/New_York' }) } }, '2026-03-02T17:30:00Z'],
    ['location', { scene: { location: locationOf({ timezone: 'America/New_York' }) } }, '2026-03-02T23:30:00Z'],
    [
      'location, when the contact has none that exists',
      { contact: { timezone: 'Mars/Phobos' }, scene: { location: locationOf({ timezone: 'America/New_York' }) } },
      '2026-03-02T23:30:00Z',
    ],
    ['UTC', { scene: { location: locationOf({ timezone: '' }) } }, '2026-03-02T18:30:00Z'],
  ])('zone order: %s', (_name, options, expected) => {
    expect(due(given(wait('{ at: "18:30" }'), options).start())).toBe(at(expected));
  });
});

describe('§4 wait: business_hours_only', () => {
  const calendar = { weekly: { mon: [['09:00', '17:00']], tue: [['09:00', '17:00']] } as Record<string, [string, string][]>, holidays: ['2026-03-03'] };
  const scene = { location: locationOf({ calendar }) };

  it('runs its full length, then rolls forward over a holiday', () => {
    const run = given(wait('{ duration: 9h, business_hours_only: true }'), { scene }).start();
    expect(run.last.timer).toMatchObject({ at: at('2026-03-09T09:00:00Z'), relative: true });
    expect(run.trail[0]?.input).toEqual({ duration: '9h', zone: 'UTC' });
  });

  it('looks again when it wakes, because a pause may have moved it', () => {
    const run = given(wait('{ duration: 2h, business_hours_only: true }'), { scene }).start();
    run.now = at('2026-03-02T20:00:00Z');
    expect(due(run.timer())).toBe(at('2026-03-09T09:00:00Z'));
    expect(run.timer().path()).toEqual(['pause:completed:next']);
  });
});

describe('§4 wait: for', () => {
  const mail = '  - { id: mail, type: send_email, config: { subject: Hi, text: Hello } }\n';
  const opened = (more = ''): string =>
    `steps:\n${mail}  - { id: pause, type: wait, config: { for: { event: email_opened, step: mail }, timeout: 3d, on_event: yes_, on_timeout: no_${more} } }\n${tag('yes_')}${tag('no_')}`;
  const about = (run: Driver, step = 'mail', visit = 1) => ({ enrollment_id: run.run.id, step_id: step, visit });

  it('the event goes to on_event and is kept as the result', () => {
    const run = given(`${wait('{ for: { event: order_placed }, timeout: 3d, on_event: yes_, on_timeout: no_ }')}${tag('yes_')}${tag('no_')}`).start();
    expect(run.last.timer).toMatchObject({ at: START + 3 * DAY, relative: true });
    expect(run.trail[0]?.input).toEqual({ event: 'order_placed' });
    run.now += HOUR;
    run.event('order_placed', { total: 80 });
    expect(run.path()).toEqual(['pause:completed:event', 'yes_:completed:next']);
    expect(run.run.state.data.steps['pause']).toMatchObject({
      waited_until: '2026-03-02T10:00:00.000Z',
      event: { type: 'order_placed', data: { total: 80 }, at: '2026-03-02T10:00:00.000Z' },
    });
  });

  it('later templates read the event', () => {
    const run = given(
      `${wait('{ for: { event: order_placed } }')}  - { id: keep, type: set, config: { values: { total: "{{steps.pause.event.data.total}}", what: "{{steps.pause.event.type}}" } } }\n`,
    ).start();
    expect(run.event('order_placed', { total: 80 }).run.state.data.enrollment).toEqual({ total: 80, what: 'order_placed' });
  });

  it('the timeout goes to on_timeout', () => {
    const run = given(`${wait('{ for: { event: order_placed }, timeout: 3d, on_event: yes_, on_timeout: no_ }')}${tag('yes_')}${tag('no_')}`).start().timer();
    expect(run.path()).toEqual(['pause:completed:timeout', 'no_:completed:next']);
    expect(run.run.state.data.steps['pause']).toMatchObject({ timed_out: true, waited_until: '2026-03-05T09:00:00.000Z' });
  });

  it('without a timeout it waits for ever', () => {
    const run = given(wait('{ for: { event: order_placed } }')).start();
    expect(run.last.timer).toBeNull();
    expect(run.event('order_placed').run.state.status).toBe('completed');
  });

  it('a timeout of 0 only looks at what is known', () => {
    expect(
      given(`${wait('{ for: { event: order_placed }, timeout: 0, on_timeout: no_ }')}${tag('no_')}`)
        .start()
        .path(),
    ).toEqual(['pause:completed:timeout', 'no_:completed:next']);
  });

  it('an event that is not meant leaves it waiting', () => {
    const run = given(wait('{ for: { event: order_placed, if: [{ field: "{{event.data.total}}", operator: greater_than, value: 50 }] } }')).start();
    expect(run.event('order_seen').last.changed).toBe(false);
    expect(run.event('order_placed', { total: 20 }).last.changed).toBe(false);
    run.event('order_placed', { total: 80 });
    expect(run.trail[0]).toMatchObject({ outcome: 'event', decision: { verdict: true, checks: [{ actual: 80 }] } });
  });

  it.each(['tag_added', 'sms_received', 'email_opened', 'my.own-event'])('listens for %s alone', (event) => {
    const program = programOf(wait(`{ for: { event: ${event} } }`));
    expect(program.listens).toEqual([event]);
    expect(given(program).start().event(event).run.state.status).toBe('completed');
  });

  it("step: the run's own send, and no other", () => {
    const run = given(opened()).start().accepted();
    expect(run.event('email_opened', { enrollment_id: 'other', step_id: 'mail', visit: 1 }).last.changed).toBe(false);
    expect(run.event('email_opened', about(run, 'elsewhere')).path()).toEqual(['mail:completed:next', 'pause:pending']);
    run.event('email_opened', { ...about(run), machine: true });
    expect(run.path()).toEqual(['mail:completed:next', 'pause:pending']);
    expect(run.event('email_opened', about(run)).path()).toEqual(['mail:completed:next', 'pause:completed:event', 'yes_:completed:next']);
  });

  it('without step an open by a machine is none either', () => {
    const run = given(wait('{ for: { event: email_opened } }')).start();
    expect(run.event('email_opened', { machine: true }).run.state.status).toBe('active');
    expect(run.event('email_opened').run.state.status).toBe('completed');
  });

  it('a fact that is known already goes on at once', () => {
    const run = given(`steps:\n${mail}  - { id: nap, type: wait, config: { duration: 1h } }\n${opened().slice('steps:\n'.length + mail.length)}`).start().accepted();
    run.event('email_opened', about(run), START + 60_000);
    run.timer();
    expect(run.path()).toEqual(['mail:completed:next', 'nap:completed:next', 'pause:completed:event', 'yes_:completed:next']);
    expect(run.run.state.data.steps['pause']).toMatchObject({ event: { type: 'email_opened', at: '2026-03-02T09:01:00.000Z', data: { step_id: 'mail' } } });
  });

  it('a known fact must satisfy `if`, too', () => {
    const yaml = `steps:\n${mail}  - { id: nap, type: wait, config: { duration: 1h } }\n  - { id: pause, type: wait, config: { for: { event: email_clicked, step: mail, if: [{ field: "{{event.data.url}}", operator: contains, value: pricing }] }, timeout: 1d } }\n`;
    const click = (url: string): Driver => {
      const run = given(yaml).start().accepted();
      return run.event('email_clicked', { ...about(run), url }).timer();
    };
    expect(click('https://x.example/pricing').path().at(-1)).toBe('pause:completed:event');
    expect(click('https://x.example/blog').path().at(-1)).toBe('pause:pending');
  });

  it('arms may stand inside `for`, and be written inline', () => {
    const yaml = `steps:\n  - id: pause\n    type: wait\n    config:\n      for:\n        event: order_placed\n        timeout: 1d\n        on_event:\n          - { id: yes_, type: add_tag, config: { tag: yes_ } }\n        on_timeout: exit_silence\n${tag('after')}`;
    expect(given(yaml).start().event('order_placed').path()).toEqual(['pause:completed:event', 'yes_:completed:next', 'after:completed:next']);
    expect(given(yaml).start().timer().run.state).toMatchObject({ status: 'exited', exitReason: 'silence:pause' });
  });

  it('an omitted arm goes behind the last one', () => {
    const yaml = `${wait('{ for: { event: order_placed }, timeout: 1d, on_timeout: late }')}${tag('late')}${tag('join')}`;
    expect(given(yaml).start().event('order_placed').path()).toEqual(['pause:completed:event', 'join:completed:next']);
    expect(given(yaml).start().timer().path()).toEqual(['pause:completed:timeout', 'late:completed:next', 'join:completed:next']);
  });

  it('the canvas has a handle for each arm, there and back again', () => {
    const { definition } = readDefinition({ format: 'yaml', text: `name: N\ntrigger: { type: manual }\n${opened()}` });
    const canvas = toCanvas(definition!);
    const handles = canvas.edges.filter(({ source }) => source === 'pause').map(({ sourceHandle, target }) => [sourceHandle, target]);
    expect(handles).toEqual([['event', 'yes_'], ['timeout', 'no_']]);
    const back = readDefinition({ format: 'json', value: fromCanvas(canvas) });
    expect(compile(back.definition!).steps.get('pause')?.edges).toEqual(compile(definition!).steps.get('pause')?.edges);
  });

  it('in the simulator scripted events are heard', () => {
    const play = (events: object[]) =>
      simulate({
        program: programOf(opened()),
        contact: contactOf(),
        events: events.map((event) => scriptedEvent.parse(event)),
        start: START,
        location: locationOf(),
        assets: someAssets,
      });
    expect(play([{ after: '2h', type: 'email_opened', step: 'mail' }])).toMatchObject({ path: ['mail', 'pause', 'yes_'], endedAt: START + 2 * HOUR });
    expect(play([])).toMatchObject({ path: ['mail', 'pause', 'no_'], endedAt: START + 3 * DAY });
  });
});

describe('a wait that is none', () => {
  const found = (config: string): string[] => {
    const { diagnostics } = readDefinition({ format: 'yaml', text: `name: N\ntrigger: { type: manual }\n${wait(config)}` });
    return diagnostics.map(({ rule, path, message, hint }) => `${rule} ${path.slice(3).join('.')}: ${message} ${hint}`);
  };
  it.each([
    ['{}', /^required duration: A wait has exactly one of duration, until, at and for; this one has none of them\. .*for: \{ event/],
    ['{ duration: 1d, until: 2026-12-24 }', /^invalid_wait until: .*this one has duration and until\. Keep one/],
    ['{ duration: 1d, offset: -1d }', /^invalid_wait offset: "offset" means nothing in a wait with "duration"\. It belongs to a wait with until/],
    ['{ duration: 1d, days: [mon] }', /belongs to a wait with at/],
    ['{ at: "09:00", on_past: exit }', /^invalid_wait on_past: .*belongs to a wait with until/],
    ['{ duration: 1d, on_timeout: end }', /^invalid_wait on_timeout: .*belongs to a wait with for/],
    ['{ for: { event: x }, business_hours_only: true }', /belongs to a wait with duration, until or at/],
    ['{ for: { event: x }, on_timeout: end }', /^invalid_wait on_timeout: "on_timeout" is never taken.*Add a timeout/],
    ['{ for: { event: x, timeout: 1d }, timeout: 2d }', /^invalid_wait for.timeout: "timeout" stands beside "for" and inside it/],
    ['{ for: { event: tag_added, step: pause } }', /^invalid_wait for.step: "tag_added" tells of no send.*email_opened/],
    ['{ for: email_opened }', /^wrong_type for: Expected a map/],
    ['{ for: { event: x, if: [] } }', /^empty_if for.if/],
    ['{ until: next week }', /^invalid_moment until: This is neither a date nor a template.*2026-12-24/],
    ['{ until: 2026-02-30 }', /^invalid_moment until/],
    ['{ until: 2026-12-24, offset: 3 }', /^invalid_duration offset: 3 is a duration without a unit/],
    ['{ until: 2026-12-24, offset: soon }', /^invalid_duration offset: /],
    ['{ at: "9 am" }', /^invalid_time at: .*"HH:MM"/],
    ['{ at: "09:00", days: [monday] }', /^unknown_value days.0: "monday" is not possible here\. .*mon/],
    ['{ duratoin: 1d }', /^unknown_key duratoin: .*Did you mean "duration"/],
    ['{ until: 2026-12-24, on_past: stop }', /^unknown_value on_past: /],
  ])('%s', (config, expected) => {
    expect(found(config)).toContainEqual(expect.stringMatching(expected));
  });

  it('names a step that does not exist, or has not run', () => {
    const lint = (step: string): string[] => {
      const text = `name: N\ntrigger: { type: manual }\nsteps:\n  - { id: pause, type: wait, config: { for: { event: email_opened, step: ${step} } } }\n  - { id: welcome, type: send_email, config: { subject: Hi, text: Hello } }\n`;
      const { definition } = readDefinition({ format: 'yaml', text });
      return lintDefinition(definition!).map(({ rule, severity, path, message, hint }) => `${rule} ${severity} ${path.join('.')}: ${message} ${hint}`);
    };
    expect(lint('welcom')).toEqual([expect.stringMatching(/^unread_step error steps.0.config.for.step: .*no step "welcom"\. Did you mean "welcome"/)]);
    expect(lint('welcome')).toEqual([expect.stringMatching(/^unread_step warning steps.0.config.for.step/)]);
  });

  it.each([
    ['{ until: 2026-12-24 }', true],
    ['{ duration: 0 }', true],
    ['{ for: { event: x }, timeout: 0 }', true],
    ['{ until: "{{contact.custom_fields.ends}}" }', false],
    ['{ at: "09:00" }', false],
    ['{ for: { event: x } }', false],
  ])('%s in a loop rushes: %s', (config, rushes) => {
    const { definition } = readDefinition({ format: 'yaml', text: `name: N\ntrigger: { type: manual }\nsettings: { max_run_age: 9d }\n${wait(config, ', next: pause')}` });
    expect(lintDefinition(definition!).some(({ rule }) => rule === 'endless_loop')).toBe(rushes);
  });
});
