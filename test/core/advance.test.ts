import { describe, expect, it } from 'vitest';
import { MAX_VISITS } from '../../src/core/advance.ts';
import { DAY, given, HOUR, START } from '../support/given.ts';

const mail = (id: string, more = '') => `  - { id: ${id}, type: send_email, config: { subject: Hi, text: Hello }${more} }\n`;

describe('a run', () => {
  it('walks until it blocks, in one transition', () => {
    const run = given(`steps:\n  - { id: tag, type: add_tag, config: { tag: seen } }\n  - { id: keep, type: set, config: { values: { a: 1 } } }\n${mail('hello')}`).start();
    expect(run.path()).toEqual(['tag:completed:next', 'keep:completed:next', 'hello:executing']);
    expect(run.last.effect).toMatchObject({ channel: 'email', stepId: 'hello', visit: 1, seq: 3, request: { to: 'ana@example.com', subject: 'Hi' } });
    expect(run.last.contact?.tags).toEqual(['new-lead', 'seen']);
    expect(run.last.events).toEqual([{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), type: 'tag_added', data: { tag: 'seen' }, depth: 1 }]);
    expect(run.run.state).toMatchObject({ status: 'active', currentStep: 'hello', position: { phase: 'performing', seq: 3, taken: 3 } });
  });

  it('goes on when the provider accepts, and completes after the last step', () => {
    const run = given(`steps:\n${mail('hello')}`).start().accepted();
    expect(run.run.state).toMatchObject({ status: 'completed', exitReason: null });
    expect(run.run.state.data.steps['hello']).toEqual({ message_id: 'm1', result: 'm1' });
    expect(run.last.logs).toMatchObject([{ began: false, seq: 1, status: 'completed', outcome: 'next', output: { message_id: 'm1' } }]);
  });

  it('leaves its arguments as they were', () => {
    const run = given('steps:\n  - { id: tag, type: add_tag, config: { tag: seen } }\n  - { id: keep, type: set, config: { values: { a: 1 } } }');
    const before = JSON.stringify([run.run, run.contact]);
    const same = run.run;
    run.start();
    expect(JSON.stringify([same, { ...run.contact, tags: ['new-lead'] }])).toBe(before);
  });

  it('gives the same transition for the same arguments', () => {
    const yaml = `steps:\n  - { id: split, type: ab_split, config: { variants: [{ name: A, weight: 1 }, { name: B, weight: 1 }] } }\n${mail('hello')}`;
    expect(given(yaml).start().last).toEqual(given(yaml).start().last);
  });

  it('waits for its timer and is not moved by a late or foreign one', () => {
    const run = given(`steps:\n  - { id: pause, type: wait, config: { duration: 1d } }\n${mail('hello')}`).start();
    expect(run.last.timer).toEqual({ stepId: 'pause', visit: 1, at: START + DAY, relative: true });
    run.input({ kind: 'timer', stepId: 'pause', visit: 2 });
    expect(run.last.changed).toBe(false);
    run.timer();
    expect(run.last.cancelTimers).toBe(true);
    expect(run.path()).toEqual(['pause:completed:next', 'hello:executing']);
    run.input({ kind: 'timer', stepId: 'pause', visit: 1 });
    expect(run.last.changed).toBe(false);
  });

  it('takes an outcome once', () => {
    const run = given(`steps:\n${mail('one')}${mail('two')}`).start().accepted();
    run.input({ kind: 'outcome', stepId: 'one', visit: 1, attempt: 1, outcome: { status: 'accepted', result: {} } });
    expect(run.last.changed).toBe(false);
    expect(run.run.state.currentStep).toBe('two');
  });

  it('starts once', () => {
    const run = given(`steps:\n${mail('one')}`).start().start();
    expect(run.last).toMatchObject({ changed: false, effect: null });
  });

  it('takes several inputs of one batch in their order', () => {
    const run = given(`exit_conditions: [{ id: gone, on: tag_added, reason: gone }]\nsteps:\n  - { id: pause, type: wait, config: { duration: 1d } }`);
    run.input({ kind: 'start' }, { kind: 'event', event: { id: 'e', type: 'tag_added', contactId: 'c', at: START, data: { tag: 'x' }, source: 't', depth: 0 } });
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'gone' });
    expect(run.last.logs).toMatchObject([{ began: true, status: 'completed', output: { interrupted_by: 'gone' } }]);
    expect(run.last.timer).toBeNull();
  });
});

describe('a step', () => {
  it('is skipped when its `if` does not hold, and the run goes on', () => {
    const run = given(`steps:\n${mail('vip', ', if: [{ field: tags, operator: contains, value: vip }]')}${mail('all')}`).start();
    expect(run.path()).toEqual(['vip:skipped:next', 'all:executing']);
    expect(run.trail[0]?.decision?.verdict).toBe(false);
  });

  it('with a delay waits first and sends afterwards', () => {
    const run = given('steps:\n  - { id: late, type: send_email, config: { subject: Hi, text: Hello, delay: 2h } }').start();
    expect(run.last).toMatchObject({ effect: null, timer: { at: START + 2 * HOUR } });
    run.timer();
    expect(run.last.effect?.stepId).toBe('late');
    expect(run.path()).toEqual(['late:executing']);
  });

  it.each([
    ['an exit rule', 'exit_conditions: [{ id: gone, if: [{ field: "{{now}}", operator: after, value: "2026-03-02T10:30:00Z" }] }]', 'gone'],
    ['its age', 'settings: { max_run_age: 1h }', 'max_run_age'],
  ])('with a delay sends nothing when %s ends the run meanwhile', (_name, head, reason) => {
    const run = given(`${head}\nsteps:\n  - { id: late, type: send_email, config: { subject: Hi, text: Hello, delay: 2h } }`).start().timer();
    expect(run.last.effect).toBeNull();
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: reason });
    expect(run.trail).toMatchObject([{ stepId: 'late', status: 'completed', output: { interrupted_by: reason } }]);
  });

  it.each([
    ['fail', '', { status: 'failed', exitReason: 'step_failed:one' }],
    ['continue', ', on_error: continue', { status: 'active', currentStep: 'two' }],
    ['a step', ', on_error: three', { status: 'active', currentStep: 'three' }],
  ])('that fails with on_error %s', (_name, more, state) => {
    const run = given(`steps:\n${mail('one', more)}${mail('two')}${mail('three')}`).start().outcome({ status: 'failed', error: 'refused' });
    expect(run.run.state).toMatchObject(state);
    expect(run.trail[0]).toMatchObject({ status: 'failed', error: 'refused' });
    expect(run.run.state.data.steps['one']).toMatchObject({ error: 'refused', result: null });
  });

  it.each([
    ['skipped by the gate', { status: 'skipped', reason: 'opted_out' } as const, 'one:skipped:next'],
    ['of unknown outcome', { status: 'unknown', error: 'no answer' } as const, 'one:completed:next'],
  ])('%s lets the run go on', (_name, outcome, row) => {
    const run = given(`steps:\n${mail('one')}${mail('two')}`).start().outcome(outcome);
    expect(run.path()[0]).toBe(row);
    expect(run.run.state.currentStep).toBe('two');
  });


  it('visited again shows its latest result', () => {
    const run = given(`steps:\n${mail('one')}  - { id: pause, type: wait, config: { duration: 1h }, next: one }`).start().accepted({ message_id: 'first' }).timer();
    expect(run.run.state.data.steps['one']).toBeUndefined();
    run.accepted({ message_id: 'second' });
    expect(run.run.state.data.steps['one']).toMatchObject({ message_id: 'second' });
    expect(run.run.state.position.visits).toMatchObject({ one: 2, pause: 2 });
  });
});

describe('§5 what a template has no value for', () => {
  const missing = (yaml: string, contact = {}) => given(`steps:\n${yaml}`, { contact }).start().trail.at(-1)?.input?.['missing'];

  it.each([
    [
      'a message',
      '  - { id: a, type: send_sms, config: { message: "Hi {{contact.custom_fields.nick}} {{contact.first_name}}, {{steps.a.x}}" } }',
      ['contact.custom_fields.nick', 'steps.a.x'],
    ],
    ['values', '  - { id: a, type: set, config: { values: { x: "{{enrollment.none}}" } } }', ['enrollment.none']],
    ['a wait, beside what it says itself', '  - { id: a, type: wait, config: { until: "{{contact.custom_fields.ends}}" } }', ['contact.custom_fields.ends']],
    ['a step that fails for it', '  - { id: a, type: send_sms, config: { message: "{{contact.custom_fields.nick}}" } }', ['contact.custom_fields.nick']],
  ])('is noted in the log: %s', (_name, yaml, paths) => expect(missing(yaml)).toEqual(paths));

  it.each([
    ['a default', '  - { id: a, type: set, config: { values: { x: "{{enrollment.none | default: 1}}" } } }'],
    [
      'a condition, which says what it saw itself',
      '  - { id: a, type: condition, config: { if: [{ field: "{{enrollment.none}}", operator: equals, value: "{{enrollment.other}}" }] } }',
    ],
  ])('is not noted where there is %s', (_name, yaml) => expect(missing(yaml)).toBeUndefined());

  it('is noted behind a delay too, and once for each step', () => {
    const run = given(
      `steps:\n  - { id: a, type: set, config: { values: { x: "{{enrollment.none}}" } } }\n  - { id: b, type: send_sms, config: { message: "Hi {{contact.custom_fields.nick}}", delay: 1h } }`,
    ).start();
    expect(run.trail.map(({ input }) => input)).toEqual([{ missing: ['enrollment.none'] }, null]);
    expect(run.timer().trail[1]?.input).toMatchObject({ body: 'Hi ', missing: ['contact.custom_fields.nick'] });
  });
});

describe('§5 `now`', () => {
  it('is the same on a retry, and the moment itself in the step behind it', () => {
    const message = (id: string) =>
      `  - { id: ${id}, type: send_sms, retry: { attempts: 3, backoff: 1h }, config: { message: "{{contact.custom_fields.text}} at {{now}}", to: "{{contact.custom_fields.to}}" } }\n`;
    const run = given(`steps:\n${message('a')}${message('b')}`, { contact: { custom_fields: { text: 'Hi', to: 'a\u0000b' } } }).start();
    expect(run.timer().path()).toEqual(['a:pending']);
    run.contact = { ...run.contact, custom_fields: { text: 'Hi', to: '+15551230001' } };
    expect(run.timer().last.effect?.request['body']).toBe('Hi at 2026-03-02T09:00:00Z');
    expect(run.accepted().last.effect?.request['body']).toBe('Hi at 2026-03-02T12:00:00Z');
  });
});

describe('§5 `event`', () => {
  const yaml =
    '  - { id: answer, type: wait, config: { for: { event: sms_received }, timeout: 1d } }\n  - { id: keep, type: set, config: { values: { heard: "{{event.data.text}}", kept: "{{steps.answer.event.data.text}}" } } }\n';

  it('is what a wait heard while it looks, and nothing to the steps behind it', () => {
    const run = given(`steps:\n${yaml}`).start().event('sms_received', { text: 'Yes' });
    expect(run.run.state.data.enrollment).toEqual({ kept: 'Yes' });
  });

  it('is what a goal heard that drew the run to itself, and nothing behind it', () => {
    const goal = '  - { id: g, type: goal, config: { mode: magnet, condition: [{ field: "{{event.data.text}}", operator: equals, value: Yes }] } }\n';
    const run = given(
      `steps:\n  - { id: nap, type: wait, config: { duration: 1d } }\n${goal}  - { id: keep, type: set, config: { values: { heard: "{{event.data.text}}" } } }\n`,
    )
      .start()
      .event('paid', { text: 'Yes' });
    expect(run.path()).toEqual(['nap:completed', 'g:completed:success', 'keep:completed:next']);
    expect(run.run.state.data.enrollment).toEqual({});
  });
});

describe('limits', () => {
  it(`end a run instead of the ${MAX_VISITS + 1}th visit`, () => {
    const run = given('steps:\n  - { id: pause, type: wait, config: { duration: 1h } }\n  - { id: again, type: set, config: { values: {} }, next: pause }').start();
    while (run.run.state.status === 'active') run.timer();
    expect(run.run.state).toMatchObject({ status: 'failed', exitReason: 'loop_limit' });
    expect(run.run.state.position.visits['pause']).toBe(MAX_VISITS);
  });

  it('end a run instead of its 1,001st step', () => {
    const steps = Array.from({ length: 45 }, (_, n) => `  - { id: s${n}, type: set, config: { values: {} }${n === 44 ? ', next: s0' : ''} }\n`).join('');
    const run = given(`steps:\n${steps}`).start();
    expect(run.run.state).toMatchObject({ status: 'failed', exitReason: 'loop_limit', position: { taken: 1_000 } });
  });

  it('end a run that grew too old at its next boundary', () => {
    const run = given(`settings: { max_run_age: 1d }\nsteps:\n  - { id: pause, type: wait, config: { duration: 2d } }\n${mail('late')}`).start().timer();
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'max_run_age' });
    expect(run.last.effect).toBeNull();
  });
});

describe('exit conditions', () => {
  const yaml = (rule: string) => `exit_conditions: [${rule}]\nsteps:\n  - { id: pause, type: wait, config: { duration: 1d } }\n${mail('hello')}`;

  it('end a run in the middle of a wait, on their event', () => {
    const run = given(
      yaml(
        '{ id: booked, on: tag_added, if: [{ field: event.tag, operator: equals, value: yes }], reason: got it, status: completed }'.replace(
          'event.tag',
          '"{{event.data.tag}}"',
        ),
      ),
    ).start();
    run.event('tag_added', { tag: 'no' });
    expect(run.last.changed).toBe(false);
    run.event('tag_added', { tag: 'yes' });
    expect(run.run.state).toMatchObject({ status: 'completed', exitReason: 'got it' });
    expect(run.last).toMatchObject({ cancelTimers: true, timer: null, logs: [{ status: 'completed', output: { interrupted_by: 'got it' } }] });
  });

  it('without `on` are looked at on arrival at every step too', () => {
    const run = given(yaml('{ id: left, if: [{ field: tags, operator: contains, value: left }] }'), { contact: { tags: ['left'] } }).start();
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'left' });
    expect(run.last.logs).toEqual([]);
  });

  it.each([
    ['the end of the list', ''],
    ['an end that it names', ', next: exit_lost'],
  ])('are looked at between the last step and %s', (_name, more) => {
    const rule = 'exit_conditions: [{ id: left, if: [{ field: tags, operator: contains, value: left }], reason: gone }]';
    const run = given(`${rule}\nsteps:\n  - { id: tag, type: add_tag, config: { tag: left }${more} }`).start();
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'gone' });
    expect(run.trail).toMatchObject([{ stepId: 'tag', status: 'completed', decision: { text: expect.stringContaining('exit rule left') } }]);
  });

  it('of a paused workflow wait for the resume', () => {
    const text = yaml('{ id: left, if: [{ field: tags, operator: contains, value: left }] }');
    const paused = given(text, { contact: { tags: ['left'] }, scene: { paused: true } }).start();
    expect(paused.last).toMatchObject({ held: true, state: { status: 'active' } });
    const resumed = given(text, { contact: { tags: ['left'] } });
    resumed.run = paused.run;
    expect(resumed.start().run.state).toMatchObject({ status: 'exited', exitReason: 'left' });
  });

  it('with `on` alone wait for that event', () => {
    const run = given(yaml('{ id: gone, on: contact_updated }')).start();
    run.event('tag_added', { tag: 'x' });
    expect(run.run.state.status).toBe('active');
    run.event('contact_updated', {});
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'gone' });
  });
});

describe('a forced exit', () => {
  it('ends a waiting run and is taken once', () => {
    const run = given('steps:\n  - { id: pause, type: wait, config: { duration: 1d } }').start().input({ kind: 'exit', reason: 'manual', status: 'exited' });
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'manual' });
    run.input({ kind: 'exit', reason: 'again', status: 'exited' });
    expect(run.last.changed).toBe(false);
  });

  it('lets the message in flight end and logs it, but takes no further step', () => {
    const run = given(`steps:\n${mail('one')}${mail('two')}`).start().input({ kind: 'exit', reason: 'manual', status: 'exited' });
    expect(run.path()).toEqual(['one:executing']);
    run.input({ kind: 'outcome', stepId: 'one', visit: 1, attempt: 1, outcome: { status: 'accepted', result: { message_id: 'm' } } });
    expect(run.path()).toEqual(['one:completed:next']);
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'manual' });
    expect(run.last.effect).toBeNull();
  });

  it.each([
    ['fails', { status: 'failed', error: 'refused' } as const, 'one:failed'],
    ['is skipped', { status: 'skipped', reason: 'opted_out' } as const, 'one:skipped:next'],
    ['stays unknown', { status: 'unknown', error: 'no answer' } as const, 'one:completed:next'],
  ])('stands though the message in flight %s afterwards', (_name, outcome, row) => {
    const run = given(`steps:\n${mail('one', ', on_error: two')}${mail('two')}`).start().input({ kind: 'exit', reason: 'manual', status: 'exited' }).outcome(outcome);
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'manual' });
    expect(run.path()).toEqual([row]);
    expect(run.last).toMatchObject({ effect: null, timer: null, held: false });
  });

  it('stands though the last message in flight fails afterwards', () => {
    const run = given(`steps:\n${mail('one')}`).start().input({ kind: 'exit', reason: 'manual', status: 'exited' }).outcome({ status: 'failed', error: 'refused' });
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'manual' });
  });

  it('in the same batch as the start lets nothing leave', () => {
    const run = given(`steps:\n${mail('one')}`).input({ kind: 'start' }, { kind: 'exit', reason: 'manual', status: 'exited' });
    expect(run.last.effect).toBeNull();
    expect(run.path()).toEqual(['one:skipped']);
  });
});

describe('a paused workflow', () => {
  it('takes an outcome, then stands still at the next boundary until it is started again', () => {
    const running = given(`steps:\n${mail('one')}${mail('two')}`).start();
    const paused = given(`steps:\n${mail('one')}${mail('two')}`, { scene: { paused: true } });
    paused.run = running.run;
    paused.accepted();
    expect(paused.last).toMatchObject({ held: true, effect: null });
    expect(paused.run.state).toMatchObject({ status: 'active', currentStep: 'two', position: { phase: 'ready' } });
    running.run = paused.run;
    running.start();
    expect(running.last.effect?.stepId).toBe('two');
  });
});

describe('a failed run', () => {
  it('is retried from its step, as a new visit', () => {
    const run = given(`steps:\n${mail('one')}${mail('two')}`).start().outcome({ status: 'failed', error: 'refused' }).input({ kind: 'retry' });
    expect(run.run.state).toMatchObject({ status: 'active', exitReason: null, currentStep: 'one' });
    expect(run.last.effect).toMatchObject({ stepId: 'one', visit: 2 });
  });

  it('is retried from the start when it never reached a step', () => {
    const run = given(`steps:\n${mail('one')}`);
    run.run = { ...run.run, state: { ...run.run.state, status: 'failed', exitReason: 'its version could not be read' } };
    run.input({ kind: 'retry' });
    expect(run.last.effect).toMatchObject({ stepId: 'one', visit: 1 });
  });

  it('is not retried while it is active', () => {
    const run = given(`steps:\n${mail('one')}`).start().input({ kind: 'retry' });
    expect(run.last.changed).toBe(false);
  });
});

describe('facts', () => {
  const opened = (run: ReturnType<typeof given>, more = {}) => run.event('email_opened', { enrollment_id: run.run.id, step_id: 'one', visit: 1, ...more });

  it('about a send are kept in steps.<id>, the first time only', () => {
    const run = given(`steps:\n${mail('one')}  - { id: pause, type: wait, config: { duration: 1d } }`).start().accepted();
    opened(run);
    expect(run.run.state.data.steps['one']).toMatchObject({ message_id: 'm1', opened: true });
    expect(run.last.facts).toEqual([{ stepId: 'one', visit: 1, name: 'opened', at: START }]);
    opened(run);
    expect(run.last.changed).toBe(false);
  });

  it('about an earlier visit are told, but are no fact of the latest one', () => {
    const run = given(`steps:\n${mail('one')}  - { id: pause, type: wait, config: { duration: 1h }, next: one }`)
      .start()
      .accepted({ message_id: 'first' })
      .timer()
      .accepted({ message_id: 'second' });
    opened(run);
    expect(run.last.facts).toEqual([{ stepId: 'one', visit: 1, name: 'opened', at: run.now }]);
    expect(run.run.state.data.steps['one']).toEqual({ message_id: 'second', result: 'second' });
  });

  it('that come before the outcome survive it', () => {
    const run = given(`steps:\n${mail('one')}  - { id: pause, type: wait, config: { duration: 1d } }`).start();
    opened(run).accepted();
    expect(run.run.state.data.steps['one']).toMatchObject({ message_id: 'm1', opened: true });
  });

  it('seen by a machine do not count as opened', () => {
    const run = given(`steps:\n${mail('one')}  - { id: pause, type: wait, config: { duration: 1d } }`).start().accepted();
    opened(run, { machine: true });
    expect(run.run.state.data.steps['one']).not.toHaveProperty('opened');
    expect(run.run.state.data.steps['one']).toMatchObject({ machine_opened: true });
  });

  it('about another run are not ours', () => {
    const run = given(`steps:\n${mail('one')}`).start();
    opened(run, { enrollment_id: 'somebody else' });
    expect(run.last.facts).toEqual([]);
  });

  it('reach a run that has ended', () => {
    const run = given(`steps:\n${mail('one')}`).start().accepted();
    opened(run);
    expect(run.run.state).toMatchObject({ status: 'completed', data: { steps: { one: { opened: true } } } });
  });
});
