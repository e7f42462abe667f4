import { describe, expect, it } from 'vitest';
import { HOUR, given, type Driver } from '../support/given.ts';

const mail = (id: string, more = '') => `  - { id: ${id}, type: send_email, config: { subject: Hi, text: Hello }${more} }\n`;
const nap = (id: string) => `  - { id: ${id}, type: wait, config: { duration: 1h } }\n`;
const keep = (id: string) => `  - { id: ${id}, type: set, config: { values: { at: ${id} } } }\n`;

const skip = (run: Driver, stepId: string, visit = 1) => run.input({ kind: 'skip', stepId, visit, by: 'ana' });
const move = (run: Driver, to: string) => run.input({ kind: 'move', to, by: 'ana' });
const runNow = (run: Driver, stepId: string, visit = 1) => run.input({ kind: 'run_now', stepId, visit });
const failed = (yaml: string) => given(yaml).start().outcome({ status: 'failed', error: 'refused' });
const late = (run: Driver, stepId: string, outcome: Parameters<Driver['outcome']>[0]) => run.input({ kind: 'outcome', stepId, visit: 1, attempt: 1, outcome });

describe('skip', () => {
  it('ends a waiting step as skipped, with who did it, and goes on behind it', () => {
    const run = skip(given(`steps:\n${nap('pause')}${mail('hello')}`).start(), 'pause');
    expect(run.path()).toEqual(['pause:skipped:next', 'hello:executing']);
    expect(run.trail[0]!.output).toEqual({ skipped: 'skipped by ana' });
    expect(run.last).toMatchObject({ cancelTimers: true, timer: null });
  });

  it('completes the run when nothing follows', () => {
    expect(skip(given(`steps:\n${nap('pause')}`).start(), 'pause').run.state).toMatchObject({ status: 'completed' });
  });

  it.each([['condition', 'goal'], ['visit', 'pause']])('of another %s changes nothing', (_what, stepId) => {
    expect(skip(given(`steps:\n${nap('pause')}`).start(), stepId, 2).last.changed).toBe(false);
  });

  it('takes a message back that has not left, and keeps its row open for the outcome', () => {
    const run = skip(given(`steps:\n${mail('hello')}${nap('pause')}`).start(), 'hello');
    expect(run.last.withdrawn).toEqual([{ stepId: 'hello', visit: 1, reason: 'skipped by ana' }]);
    expect(run.path()).toEqual(['hello:executing', 'pause:pending']);
    late(run, 'hello', { status: 'skipped', reason: 'skipped by ana' });
    expect(run.path()).toEqual(['hello:skipped', 'pause:pending']);
    expect(run.run.state).toMatchObject({ currentStep: 'pause', position: { phase: 'waiting' } });
    expect(run.run.state.position.left).toBeUndefined();
  });

  it.each([
    [{ status: 'accepted', result: { message_id: 'm1' } }, 'completed'],
    [{ status: 'unknown', error: 'silence' }, 'completed'],
    [{ status: 'failed', error: 'refused' }, 'failed'],
  ] as const)('lets the outcome %o complete the row as %s and move nobody', (outcome, status) => {
    const run = late(skip(given(`steps:\n${mail('hello')}${nap('pause')}`).start(), 'hello'), 'hello', outcome);
    expect(run.trail[0]).toMatchObject({ stepId: 'hello', status, outcome: null });
    expect(run.run.state).toMatchObject({ status: 'active', currentStep: 'pause' });
    late(run, 'hello', outcome);
    expect(run.last.changed).toBe(false);
  });

  it('lets an outcome complete the row after the run has ended, too', () => {
    const run = late(skip(given(`steps:\n${mail('hello')}`).start(), 'hello'), 'hello', { status: 'accepted', result: {} });
    expect(run.run.state.status).toBe('completed');
    expect(run.path()).toEqual(['hello:completed']);
  });

  it('takes a failed run on behind its step, as a visit of its own', () => {
    const run = skip(failed(`steps:\n${mail('one')}${mail('two')}`), 'one');
    expect(run.path()).toEqual(['one:failed', 'one:skipped:next', 'two:executing']);
    expect(run.run.state).toMatchObject({ status: 'active', exitReason: null, position: { visits: { one: 2, two: 1 } } });
  });

  it('leaves an ended run alone', () => {
    const run = given(`steps:\n${keep('one')}`).start();
    expect(skip(run, 'one').last.changed).toBe(false);
  });

  it('drops an effect of the same transition', () => {
    const run = given(`steps:\n${mail('hello')}${nap('pause')}`).input({ kind: 'start' }, { kind: 'skip', stepId: 'hello', visit: 1, by: 'ana' });
    expect(run.last).toMatchObject({ effect: null, withdrawn: [] });
    expect(run.path()).toEqual(['hello:skipped:next', 'pause:pending']);
  });
});

describe('move', () => {
  const yaml = `steps:\n${nap('pause')}${mail('hello')}${keep('last')}`;

  it('interrupts a wait and enters the step named, forward and back', () => {
    const run = move(given(yaml).start(), 'hello');
    expect(run.path()).toEqual(['pause:completed', 'hello:executing']);
    expect(run.trail[0]!.output).toEqual({ interrupted_by: 'moved to "hello" by ana' });
    move(run, 'pause');
    expect(run.last.timer).toMatchObject({ stepId: 'pause', visit: 2 });
    expect(run.last.withdrawn).toMatchObject([{ stepId: 'hello', visit: 1 }]);
    late(run, 'hello', { status: 'accepted', result: { message_id: 'm1' } });
    expect(run.path()).toEqual(['pause:completed', 'hello:completed', 'pause:pending']);
  });

  it('enters the step that the run stands at once more', () => {
    expect(move(given(yaml).start(), 'pause').last.timer).toMatchObject({ stepId: 'pause', visit: 2 });
  });

  it('takes a run on that failed, and one that never began', () => {
    expect(move(failed(`steps:\n${mail('one')}${keep('two')}`), 'two').run.state.status).toBe('completed');
    expect(move(given(yaml), 'hello').path()).toEqual(['hello:executing']);
  });

  it('to a step that the version has not, or of an ended run, changes nothing', () => {
    expect(move(given(yaml).start(), 'gone').last.changed).toBe(false);
    expect(move(given(`steps:\n${keep('one')}`).start(), 'one').last.changed).toBe(false);
  });

  it('looks at the exit rules first', () => {
    const run = given(`name: T\ntrigger: { type: manual }\nexit_conditions:\n  - { id: vip, if: [{ field: tags, operator: contains, value: vip }] }\n${yaml}`).start();
    run.contact = { ...run.contact, tags: ['vip'] };
    expect(move(run, 'hello').run.state).toMatchObject({ status: 'exited', exitReason: 'vip' });
  });

  it('wins over an outcome that comes before it in the same batch, and over one behind it', () => {
    const accepted = { kind: 'outcome', stepId: 'hello', visit: 1, attempt: 1, outcome: { status: 'accepted', result: { message_id: 'm1' } } } as const;
    const moved = { kind: 'move', to: 'far', by: 'ana' } as const;
    const started = () => given(`steps:\n${mail('hello')}${nap('pause')}${nap('far')}`).start();
    expect(started().input(accepted, moved).path()).toEqual(['hello:completed:next', 'pause:completed', 'far:pending']);
    expect(started().input(moved, accepted).path()).toEqual(['hello:completed', 'far:pending']);
  });
});

describe('run now', () => {
  it('lets a timer come due at once', () => {
    const run = runNow(given(`steps:\n${nap('pause')}${keep('after')}`).start(), 'pause');
    expect(run.path()).toEqual(['pause:completed:next', 'after:completed:next']);
    expect(run.last.cancelTimers).toBe(true);
  });

  it('sends what waits for its delay', () => {
    const run = given('steps:\n  - { id: hello, type: send_email, config: { subject: Hi, text: Hello, delay: 2h } }').start();
    expect(runNow(run, 'hello').last.effect).toMatchObject({ stepId: 'hello' });
  });

  it.each([['another visit', 'pause', 2], ['another step', 'other', 1]])('of %s changes nothing', (_what, stepId, visit) => {
    expect(runNow(given(`steps:\n${nap('pause')}`).start(), stepId, visit).last.changed).toBe(false);
  });

  it('does nothing for a message on its way', () => {
    expect(runNow(given(`steps:\n${mail('hello')}`).start(), 'hello').last.changed).toBe(false);
  });
});

describe('retry', () => {
  it('takes back a message that waited when the run was failed from outside', () => {
    const run = given(`steps:\n${mail('hello')}`).start();
    run.run = { ...run.run, state: { ...run.run.state, status: 'failed', exitReason: 'a fault' } };
    run.input({ kind: 'retry' });
    expect(run.last.withdrawn).toMatchObject([{ stepId: 'hello', visit: 1 }]);
    expect(run.last.effect).toMatchObject({ stepId: 'hello', visit: 2 });
  });
});

describe('an overdue timer of a resume that skips', () => {
  const overdue = (run: Driver) => {
    const { stepId, visit } = run.run.state.position.open!;
    run.now += 5 * HOUR;
    return run.input({ kind: 'timer', stepId, visit, overdue: true });
  };

  it('ends the wait, skips the messages behind it, and does everything else up to the next wait', () => {
    const run = overdue(given(`steps:\n${nap('pause')}${mail('hello')}${keep('note')}${mail('again')}${nap('rest')}${mail('later')}`).start());
    expect(run.path()).toEqual(['pause:completed:next', 'hello:skipped:next', 'note:completed:next', 'again:skipped:next', 'rest:pending']);
    expect(run.trail[1]!.output).toMatchObject({ skipped: expect.stringContaining('paused') });
    expect(run.timer().path().at(-1)).toBe('later:executing');
  });

  it('skips a delayed message', () => {
    expect(overdue(given(`steps:\n  - { id: hello, type: send_email, config: { subject: Hi, text: Hello, delay: 2h } }\n${keep('note')}`).start()).path()).toEqual([
      'hello:skipped:next',
      'note:completed:next',
    ]);
  });

  it('lets a webhook out: that is no message to anybody', () => {
    expect(overdue(given(`steps:\n${nap('pause')}  - { id: hook, type: webhook, config: { url: 'https://example.com/' } }`).start()).last.effect).toMatchObject({
      channel: 'webhook',
    });
  });
});
