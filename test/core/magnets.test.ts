import { describe, expect, it } from 'vitest';
import { compile } from '../../src/core/definition/compile.ts';
import { readDefinition } from '../../src/core/definition/read.ts';
import { DAY, eventOf, given, START } from '../support/given.ts';

const mail = (id: string, more = '') => `  - { id: ${id}, type: send_email, config: { subject: Hi, text: Hello }${more} }\n`;
const wait = (id: string, more = '') => `  - { id: ${id}, type: wait, config: { duration: 1d }${more} }\n`;
const goal = (more = '', arms = ', on_success: thanks', own = '') =>
  `  - { id: booked, type: goal${own}, config: { mode: magnet, condition: { field: tags, operator: contains, value: booked }${arms}${more} } }\n`;
const journey = (more = '', head = '') =>
  `${head}steps:\n${mail('one')}${wait('nap')}${mail('two')}${goal(more, undefined, ', next: late')}${mail('late', ', next: end')}${mail('thanks')}`;
const book = (run: ReturnType<typeof given>) => {
  run.contact = { ...run.contact, tags: ['booked'] };
  return run.event('tag_added', { tag: 'booked' });
};

describe('a magnet', () => {
  it('is checked at entry, and then the run begins at the goal', () => {
    const run = given(journey(), { contact: { tags: ['booked'] } }).start();
    expect(run.path()).toEqual(['booked:completed:success', 'thanks:executing']);
    expect(run.run.state.data.steps['booked']).toMatchObject({ reached: true, reached_at: new Date(START).toISOString(), result: true });
  });

  it('takes the run out of a wait: the step is completed with interrupted_by and its timer is void', () => {
    const run = book(given(journey()).start().accepted());
    expect(run.path()).toEqual(['one:completed:next', 'nap:completed', 'booked:completed:success', 'thanks:executing']);
    expect(run.last).toMatchObject({ cancelTimers: true, timer: null, effect: { stepId: 'thanks' } });
    expect(run.trail[1]).toMatchObject({ output: { interrupted_by: 'booked' }, completedAt: START });
    expect(run.run.state.data.steps['nap']).toMatchObject({ interrupted_by: 'booked' });
    run.input({ kind: 'timer', stepId: 'nap', visit: 1 });
    expect(run.last.changed).toBe(false);
  });

  it.each([
    ['accepted', { status: 'accepted', result: { message_id: 'm1' } } as const, { status: 'completed', output: { message_id: 'm1', interrupted_by: 'booked' } }],
    ['failed', { status: 'failed', error: 'refused' } as const, { status: 'failed', error: 'refused', output: { interrupted_by: 'booked' } }],
    ['skipped', { status: 'skipped', reason: 'opted_out' } as const, { status: 'skipped', output: { skipped: 'opted_out', interrupted_by: 'booked' } }],
    ['unknown', { status: 'unknown', error: 'silence' } as const, { status: 'completed', output: { unknown: true, interrupted_by: 'booked' } }],
  ])('lets an effect on its way only complete its row: %s', (_name, outcome, row) => {
    const run = book(given(journey()).start());
    expect(run.path()).toEqual(['one:executing', 'booked:completed:success', 'thanks:executing']);
    expect(run.run.state.position).toMatchObject({ open: { stepId: 'thanks' }, left: [{ stepId: 'one', visit: 1, seq: 1 }] });
    run.input({ kind: 'outcome', stepId: 'one', visit: 1, attempt: 2, outcome });
    expect(run.last).toMatchObject({ effect: null, timer: null, logs: [{ began: false, seq: 1, attempt: 2, outcome: null, ...row }] });
    expect(run.run.state).toMatchObject({ status: 'active', currentStep: 'thanks', position: { phase: 'performing' } });
    expect(run.run.state.position.left).toBeUndefined();
    run.input({ kind: 'outcome', stepId: 'one', visit: 1, attempt: 2, outcome });
    expect(run.last.changed).toBe(false);
  });

  it('drops a message that was decided in the same commit', () => {
    const run = given(journey().replace('{ field: tags, operator: contains, value: booked }', '{ field: "{{event.data.tag}}", operator: equals, value: booked }'));
    run.input({ kind: 'start' }, { kind: 'event', event: eventOf('tag_added', { tag: 'booked' }) });
    expect(run.path()).toEqual(['one:skipped', 'booked:completed:success', 'thanks:executing']);
    expect(run.last.effect).toMatchObject({ stepId: 'thanks', seq: 3 });
    expect(run.run.state.position.left).toBeUndefined();
  });

  it('without a timeout proceeds also where on_timeout is named, which nobody takes', () => {
    const run = given(`steps:\n${goal(', on_timeout: exit_unreached', undefined, ', next: late')}${mail('late', ', next: end')}${mail('thanks')}`).start();
    expect(run.path()).toEqual(['booked:completed:next', 'late:executing']);
  });

  it('acts as a gate on plain arrival', () => {
    const run = given(`steps:\n${goal(', timeout: 7d, on_timeout: exit_timeout')}${mail('thanks')}`).start();
    expect(run.last.timer?.at).toBe(START + 7 * DAY);
    book(run);
    expect(run.path()).toEqual(['booked:completed:success', 'thanks:executing']);
    expect(
      given(`steps:\n${goal(', timeout: 7d, on_timeout: exit_timeout')}${mail('thanks')}`)
        .start()
        .timer().run.state,
    ).toMatchObject({ status: 'exited', exitReason: 'timeout:booked' });
  });

  it('without a timeout proceeds on plain arrival', () => {
    const run = given(`steps:\n${goal('', undefined, ', next: late')}${mail('late', ', next: end')}${mail('thanks')}`).start();
    expect(run.path()).toEqual(['booked:completed:next', 'late:executing']);
    expect(run.run.state.data.steps['booked']).toMatchObject({ reached: false, result: false });
    expect(run.trail[0]?.decision?.verdict).toBe(false);
  });

  it('does not draw a run from where it cannot be reached', () => {
    const run = given(journey()).start().accepted().timer().accepted();
    expect(run.run.state.currentStep).toBe('late');
    book(run);
    expect(run.last.changed).toBe(false);
  });

  it('draws from a step that a loop leads back from', () => {
    const run = given(`steps:\n${goal('', undefined, ', next: nap')}${wait('nap', ', next: booked')}${mail('thanks')}`).start();
    book(run);
    expect(run.path()).toEqual(['booked:completed:next', 'nap:completed', 'booked:completed:success', 'thanks:executing']);
  });

  it('is looked at between two steps too, so that what the run itself does counts at once', () => {
    const run = given(`steps:\n  - { id: tag, type: add_tag, config: { tag: booked } }\n${mail('two')}${goal()}${mail('thanks')}`).start();
    expect(run.path()).toEqual(['tag:completed:next', 'booked:completed:success', 'thanks:executing']);
  });

  it('is counted once per enrollment, and draws no more afterwards', () => {
    const loop = `steps:\n${wait('nap')}${goal('', ', on_success: rest')}  - { id: rest, type: wait, config: { duration: 1h }, next: nap }\n`;
    const run = book(given(loop).start());
    expect(run.last.goals).toEqual(['booked']);
    run.timer();
    expect(run.run.state.currentStep).toBe('nap');
    run.timer();
    expect(run.path().at(-2)).toBe('booked:completed:success');
    expect(run.last.goals).toEqual([]);
  });

  it('with an `if` that does not hold draws nobody', () => {
    const run = given(`steps:\n${wait('nap')}${goal().replace('id: booked', 'id: booked, if: [{ field: tags, operator: contains, value: vip }]')}${mail('thanks')}`).start();
    book(run);
    expect(run.last.changed).toBe(false);
  });

  it('that leads on into another effect is not taken for the first one', () => {
    const run = book(given(journey()).start());
    run.accepted({ message_id: 'thanks' });
    expect(run.run.state.status).toBe('completed');
    run.input({ kind: 'outcome', stepId: 'one', visit: 1, attempt: 1, outcome: { status: 'failed', error: 'late' } });
    expect(run.run.state).toMatchObject({ status: 'completed', exitReason: null });
    expect(run.trail[0]).toMatchObject({ stepId: 'one', status: 'failed' });
  });

  it('holds with a list of conditions when all of them do', () => {
    const yaml = `steps:\n${wait('nap')}  - { id: won, type: goal, config: { mode: magnet, condition: [{ field: tags, operator: contains, value: booked }, { field: first_name, operator: equals, value: Ana }], on_success: exit_success } }\n`;
    expect(book(given(yaml).start()).run.state).toMatchObject({ status: 'completed', exitReason: 'goal:won' });
    expect(book(given(yaml, { contact: { first_name: 'Bo' } }).start()).run.state.status).toBe('active');
  });
});

describe('on one event', () => {
  const rule =
    'exit_conditions: [{ id: gone, on: tag_added, if: [{ field: tags, operator: contains, value: gone }] }, { id: left, on: tag_added, if: [{ field: tags, operator: contains, value: gone }] }]\n';
  const gate = '  - { id: gate, type: goal, config: { condition: { field: tags, operator: contains, value: booked } } }\n';
  const yaml = `${rule}steps:\n${gate}${goal('', ', on_success: thanks')}${mail('thanks')}`;
  const hear = (tags: string[]) => {
    const run = given(yaml).start();
    run.contact = { ...run.contact, tags };
    return run.event('tag_added', { tag: tags[0] });
  };

  it('exit rules come first, in listed order', () => expect(hear(['booked', 'gone']).run.state).toMatchObject({ status: 'exited', exitReason: 'gone' }));
  it('then magnets, then the current step', () => expect(hear(['booked']).path()).toEqual(['gate:completed', 'booked:completed:success', 'thanks:executing']));

  it('of two magnets the first in the file draws', () => {
    const two = `steps:\n${wait('nap')}${goal().replace('booked,', 'first,').replace(', on_success: thanks', '')}${goal()}${mail('thanks')}`;
    expect(book(given(two).start()).path()).toEqual(['nap:completed', 'first:completed:success', 'booked:completed:success', 'thanks:executing']);
  });
});

it('is compiled into the program once, with the steps that it can be reached from', () => {
  const { definition } = readDefinition({ format: 'yaml', text: `name: T\ntrigger: { type: manual }\n${journey()}` });
  expect(compile(definition!).magnets).toEqual([{ stepId: 'booked', from: new Set(['one', 'nap', 'two']) }]);
  expect(compile(readDefinition({ format: 'yaml', text: `name: T\ntrigger: { type: manual }\nsteps:\n${mail('one')}` }).definition!).magnets).toEqual([]);
});
