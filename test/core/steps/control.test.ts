import { describe, expect, it } from 'vitest';
import { DAY, given, HOUR, locationOf, START } from '../../support/given.ts';

describe('wait', () => {
  it.each([
    ['1d', DAY],
    ['1d12h', 1.5 * DAY],
    ['PT30M', HOUR / 2],
    ['2w', 14 * DAY],
  ])('%s runs its full length', (duration, ms) => {
    expect(given(`steps:\n  - { id: pause, type: wait, config: { duration: ${duration} } }`).start().last.timer?.at).toBe(START + ms);
  });

  it('then rolls forward to the next open minute, in the contact\'s zone', () => {
    const location = locationOf({ timezone: 'America/New_York', calendar: { weekly: { tue: [['09:00', '17:00']] }, holidays: ['2026-03-03'] } });
    const run = given('steps:\n  - { id: pause, type: wait, config: { duration: 1h, business_hours_only: true } }', { scene: { location } }).start();
    // Tuesday the 3rd is a holiday, so the 10th; New York has changed its clocks on the 8th.
    expect(run.last.timer?.at).toBe(Date.UTC(2026, 2, 10, 13));
    expect(run.trail[0]?.input).toEqual({ duration: '1h', zone: 'America/New_York' });
  });

  it('remembers when it ended', () => {
    const run = given('steps:\n  - { id: pause, type: wait, config: { duration: 1h } }').start().timer();
    expect(run.run.state.data.steps['pause']).toEqual({ waited_until: '2026-03-02T10:00:00.000Z', result: '2026-03-02T10:00:00.000Z' });
  });
});

describe('condition', () => {
  const yaml = 'steps:\n  - { id: vip, type: condition, config: { if: [{ field: tags, operator: contains, value: vip }], then: exit_yes, else: exit_no } }';
  it.each([
    [['vip'], 'then', 'yes:vip'],
    [['x'], 'else', 'no:vip'],
  ])('of a contact with the tags %j goes %s', (tags, outcome, reason) => {
    const run = given(yaml, { contact: { tags } }).start();
    expect(run.trail[0]).toMatchObject({ outcome, decision: { verdict: outcome === 'then', checks: [{ actual: tags }] } });
    expect(run.run.state.exitReason).toBe(reason);
  });
});

it('condition: the result holds what each clause saw, in their order', () => {
  const run = given(
    'steps:\n  - { id: c, type: condition, config: { if: [{ any: [{ field: tags, operator: contains, value: vip }, { field: custom_fields.plan, operator: equals, value: pro }] }, { expression: "length(tags) > 0" }] } }\n',
  ).start();
  expect(run.run.state.data.steps['c']).toEqual({ matched: false, saw: [['new-lead'], null, { tags: ['new-lead'] }], result: false });
});

describe('ab_split', () => {
  const split = (weights: number[], more = '') =>
    `steps:\n  - { id: ab, type: ab_split, config: { variants: [${weights.map((weight, i) => `{ name: V${i}, weight: ${weight}, next: end }`).join(', ')}]${more} } }`;

  it('gives the same contact the same variant, and stores the first exposure', () => {
    const first = given(split([50, 50])).start();
    expect(given(split([50, 50])).start().trail).toEqual(first.trail);
    expect(first.last.assignments).toEqual([{ stepId: 'ab', key: 'ab', variant: first.trail[0]?.outcome }]);
  });

  it('is even over many contacts', () => {
    const counts = [0, 0, 0];
    for (let i = 0; i < 3_000; i += 1) {
      const variant = given(split([50, 30, 20]), { contact: { id: `contact-${i}` } }).start().trail[0]?.outcome ?? '';
      counts[Number(variant.slice(1))]! += 1;
    }
    expect(counts.map((count) => Math.round(count / 300))).toEqual([5, 3, 2]);
  });

  it('never draws a weight of 0', () => {
    for (let i = 0; i < 50; i += 1) expect(given(split([0, 1]), { contact: { id: `c${i}` } }).start().trail[0]?.outcome).toBe('V1');
  });

  it('draws by its own key when it has one', () => {
    const run = given(split([1, 1], ', key: "{{contact.email}}"')).start();
    expect(run.last.assignments[0]?.key).toBe('ana@example.com');
  });
});

describe('goal', () => {
  const yaml =
    'steps:\n  - { id: booked, type: goal, config: { condition: { field: tags, operator: contains, value: booked }, on_success: exit_success, timeout: 7d, on_timeout: exit_timeout } }';

  it('lets through at once whoever has reached it', () => {
    const run = given(yaml, { contact: { tags: ['booked'] } }).start();
    expect(run.run.state).toMatchObject({ status: 'completed', exitReason: 'goal:booked' });
    expect(run.run.state.data.steps['booked']).toMatchObject({ reached: true, result: true });
  });

  it('waits for any event of the contact, then looks again', () => {
    const run = given(yaml).start();
    expect(run.last.timer?.at).toBe(START + 7 * DAY);
    run.event('tag_added', { tag: 'else' });
    expect(run.last.changed).toBe(false);
    run.contact = { ...run.contact, tags: ['booked'] };
    run.event('tag_added', { tag: 'booked' });
    expect(run.run.state).toMatchObject({ status: 'completed', exitReason: 'goal:booked' });
    expect(run.last.cancelTimers).toBe(true);
  });

  it('times out', () => {
    const run = given(yaml).start().timer();
    expect(run.run.state).toMatchObject({ status: 'exited', exitReason: 'timeout:booked' });
    expect(run.run.state.data.steps['booked']).toMatchObject({ reached: false });
  });

  it('without a timeout waits for events alone', () => {
    const run = given('steps:\n  - { id: booked, type: goal, config: { condition: { field: tags, operator: contains, value: booked } } }').start();
    expect(run.last.timer).toBeNull();
    expect(run.run.state).toMatchObject({ status: 'active', position: { phase: 'waiting', open: { until: null } } });
  });
});

describe('exit and set', () => {
  it.each([
    ['{}', { status: 'exited', exitReason: 'stop' }],
    ['{ status: completed, reason: done }', { status: 'completed', exitReason: 'done' }],
    ['{ reason: "left by {{contact.first_name}}" }', { status: 'exited', exitReason: 'left by Ana' }],
    ['{ reason: "{{contact.custom_fields.why}}" }', { status: 'exited', exitReason: 'stop' }],
  ])('exit %s', (config, state) => {
    const run = given(`steps:\n  - { id: stop, type: exit, config: ${config} }\n  - { id: never, type: set, config: { values: {} } }`).start();
    expect(run.run.state).toMatchObject(state);
    expect(run.path()).toEqual(['stop:completed:next']);
  });

  it('set keeps typed values that later steps read', () => {
    const yaml =
      'steps:\n  - { id: keep, type: set, config: { values: { tags: "{{contact.tags}}", n: 3, hi: "Hi {{contact.first_name}}" } } }\n  - { id: see, type: condition, config: { if: [{ field: "{{enrollment.n}}", operator: greater_than, value: 2 }], then: exit_big } }';
    const run = given(yaml).start();
    expect(run.run.state.data.enrollment).toEqual({ tags: ['new-lead'], n: 3, hi: 'Hi Ana' });
    expect(run.run.state.exitReason).toBe('big:see');
  });
});
