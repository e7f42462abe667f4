import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { explore } from '../../src/core/explore.ts';
import { DAY, HOUR, locationOf, programOf, someAssets, START } from '../support/given.ts';

const example = readFileSync(new URL('../workflows/example.workflow.yaml', import.meta.url), 'utf8');
const walk = (yaml: string) => explore({ program: programOf(yaml), assets: someAssets, location: locationOf(), start: START });
const IF = 'if: [{ field: email, operator: is_set }]';

describe("the specification's example", () => {
  const found = walk(example);

  it('is walked to its end on every path', () => {
    expect(found).toMatchObject({ complete: true, unreached: [], openEnded: [], loopLimited: [] });
  });

  it('takes ten days at most: the call that waits, then the goal', () => {
    expect(found.longest.ms).toBe(10 * DAY);
    expect(found.longest.path.slice(-4)).toEqual(['ab_test', 'wait_then_call', 'call_immediately', 'goal_check']);
  });

  it('sends at most two messages within a day', () => {
    expect(found.mostMessages).toMatchObject({ count: 2, messages: [{ channel: expect.any(String) }, { stepId: 'call_immediately', channel: 'voice', at: START + DAY }] });
  });
});

describe('exploring finds', () => {
  test.each([
    [
      'what lies behind an end that a date passes over',
      'steps:\n  - { id: w, type: wait, config: { until: "{{contact.custom_fields.x}}", on_past: skip_next } }\n  - { id: e, type: exit }\n  - { id: b, type: wait, config: { duration: 1d } }',
      { unreached: [], longest: { path: ['w', 'e', 'b'], ms: DAY } },
    ],
    ['a step that nothing leads to', 'steps:\n  - { id: a, type: exit }\n  - { id: b, type: exit }', { unreached: ['b'] }],
    [
      'a goal that never times out',
      'steps:\n  - { id: g, type: goal, config: { condition: { field: tags, operator: contains, value: x } } }',
      { openEnded: ['g'], longest: { path: ['g'], ms: 0 } },
    ],
    [
      'a loop that only its limit ends',
      `steps:\n  - { id: w, type: wait, config: { duration: 1d } }\n  - { id: c, type: condition, config: { ${IF}, then: w, else: end } }`,
      { loopLimited: ['w'], longest: { ms: 25 * DAY } },
    ],
    [
      'the longer arm',
      `steps:\n  - { id: c, type: condition, config: { ${IF}, then: a, else: b } }\n  - { id: a, type: wait, config: { duration: 3d }, next: end }\n  - { id: b, type: wait, config: { duration: 1d } }`,
      { longest: { path: ['c', 'a'], ms: 3 * DAY } },
    ],
    [
      'a goal that is reached at its last moment',
      'steps:\n  - { id: g, type: goal, config: { condition: { field: tags, operator: contains, value: x }, timeout: 2d, on_success: w, on_timeout: end } }\n  - { id: w, type: wait, config: { duration: 1d } }',
      { longest: { path: ['g', 'w'], ms: 3 * DAY } },
    ],
    [
      'the day with the most messages',
      'steps:\n  - { id: a, type: send_sms, config: { message: A } }\n  - { id: w, type: wait, config: { duration: 23h } }\n  - { id: b, type: send_sms, config: { message: B, delay: 30m } }\n  - { id: v, type: wait, config: { duration: 1h } }\n  - { id: d, type: send_sms, config: { message: D } }',
      { mostMessages: { count: 2, messages: [{ at: START }, { at: START + 23.5 * HOUR }] } },
    ],
    ['no message in a webhook', 'steps:\n  - { id: a, type: webhook, config: { url: "https://x.test" } }', { mostMessages: { count: 0 } }],
    ['what a guard jumps over', `steps:\n  - { id: w, type: wait, ${IF}, config: { duration: 1d } }\n  - { id: e, type: exit }`, { longest: { path: ['w', 'e'], ms: DAY } }],
    [
      'both ends of a wait for an event',
      'steps:\n  - { id: p, type: wait, config: { for: { event: order_placed }, timeout: 2d, on_event: w, on_timeout: end } }\n  - { id: w, type: wait, config: { duration: 1d } }',
      { openEnded: [], longest: { path: ['p', 'w'], ms: 3 * DAY } },
    ],
    [
      'an event that may never come',
      'steps:\n  - { id: p, type: wait, config: { for: { event: order_placed } } }\n  - { id: w, type: wait, config: { duration: 1d } }',
      { openEnded: ['p'], longest: { path: ['p', 'w'], ms: DAY } },
    ],
    [
      'what comes behind a date that is past for some',
      'steps:\n  - { id: p, type: wait, config: { until: "{{contact.custom_fields.ends}}", on_past: exit } }\n  - { id: w, type: wait, config: { duration: 1d } }',
      { unreached: [], longest: { path: ['p', 'w'], ms: DAY } },
    ],
    [
      'every case of a switch',
      `steps:\n  - { id: s, type: switch, config: { cases: [{ name: a, ${IF}, next: a }], default: b } }\n  - { id: a, type: wait, config: { duration: 1d }, next: end }\n  - { id: b, type: wait, config: { duration: 3d } }`,
      { unreached: [], longest: { path: ['s', 'b'], ms: 3 * DAY } },
    ],
    [
      'no way by a variant of weight 0, and what only it leads to',
      `steps:\n  - { id: s, type: ab_split, config: { variants: [{ name: a, weight: 100, next: a }, { name: b, weight: 0, next: b }] } }\n  - { id: a, type: wait, config: { duration: 1d }, next: end }\n  - { id: b, type: wait, config: { duration: 3d } }`,
      { unreached: ['b'], longest: { path: ['s', 'a'], ms: DAY } },
    ],
    [
      'messages that quiet hours put off until the morning',
      'settings: { quiet_hours: { from: "21:00", to: "08:00" } }\nsteps:\n  - { id: a, type: send_sms, config: { message: A } }\n  - { id: w, type: wait, config: { duration: 13h } }\n  - { id: b, type: send_sms, config: { message: B } }',
      { longest: { ms: 23 * HOUR }, mostMessages: { count: 2, messages: [{ at: START }, { at: START + 23 * HOUR }] } },
    ],
    [
      'what handles a failure',
      'steps:\n  - { id: a, type: send_sms, on_error: b, next: end, config: { message: A } }\n  - { id: b, type: wait, config: { duration: 2d } }',
      { unreached: [], longest: { path: ['a', 'b'], ms: 2 * DAY } },
    ],
  ])('%s', (_name, yaml, expected) => {
    expect(walk(yaml)).toMatchObject({ complete: true, ...expected });
  });
});

describe('exploring walks', () => {
  const BOOKED = '{ field: tags, operator: contains, value: booked }';
  const sms = (id: string, more = '') => `  - { id: ${id}, type: send_sms, config: { message: Hi }${more} }\n`;
  const nap = (id: string, more = '') => `  - { id: ${id}, type: wait, config: { duration: 2d }${more} }\n`;
  const magnet = (more = '') => `  - { id: g, type: goal, next: late, config: { mode: magnet, condition: ${BOOKED}, on_success: thanks${more} } }\n`;
  const endsOf = (yaml: string) => walk(yaml).ends.map(({ status, reason, path }) => `${status} ${reason} ${path.join(',')}`);

  test.each([
    [
      'the end of the list, and ends that are named',
      `steps:\n  - { id: c, type: condition, config: { ${IF}, then: exit_success, else: exit_lost } }\n`,
      ['completed success c', 'exited lost:c c'],
    ],
    ['an exit step', 'steps:\n  - { id: bye, type: exit, config: { reason: done } }\n', ['exited done bye']],
    ['an exit rule that holds at entry', `exit_conditions: [{ id: out, if: [${BOOKED}] }]\nsteps:\n${nap('w')}`, ['exited out ', 'completed null w']],
    [
      'an exit rule for an event, in a wait',
      `exit_conditions: [{ id: paid, on: paid, status: completed }]\nsteps:\n  - { id: t, type: add_tag, config: { tag: x } }\n${nap('w')}`,
      ['completed paid t,w', 'completed null t,w'],
    ],
    [
      'no exit rule for an event where no run ever stands still',
      'exit_conditions: [{ id: paid, on: paid }]\nsteps:\n  - { id: t, type: add_tag, config: { tag: x } }\n',
      ['completed null t'],
    ],
    ['the age of a run', `settings: { max_run_age: 3d }\nsteps:\n${nap('w')}${nap('v')}${sms('s')}`, ['exited max_run_age w,v']],
    [
      'a goal and its timeout',
      `steps:\n  - { id: g, type: goal, config: { condition: ${BOOKED}, timeout: 7d, on_success: exit_success, on_timeout: exit_timeout } }\n`,
      ['completed goal:g g', 'exited timeout:g g'],
    ],
  ])('%s', (_name, yaml, expected) => expect(endsOf(yaml).toSorted()).toEqual(expected.toSorted()));

  it('a run no longer than its age', () => {
    expect(walk(`settings: { max_run_age: 3d }\nsteps:\n${nap('w')}${nap('v')}${sms('s')}`)).toMatchObject({
      longest: { path: ['w', 'v'], ms: 4 * DAY },
      mostMessages: { count: 0 },
    });
  });

  it('the jump to a magnet out of a wait, which brings messages of two days into one', () => {
    const yaml = `steps:\n${sms('a')}${nap('w')}${magnet()}${sms('late', ', next: end')}${sms('thanks')}`;
    expect(walk(yaml)).toMatchObject({
      complete: true,
      mostMessages: {
        count: 2,
        path: ['a', 'g', 'thanks'],
        messages: [
          { stepId: 'a', at: START },
          { stepId: 'thanks', at: START },
        ],
      },
    });
    expect(walk(yaml.replace('mode: magnet, ', 'timeout: 2d, ')).mostMessages.count).toBe(1);
  });

  it('a magnet at entry, and only once', () => {
    const { ends, longest, complete } = walk(`steps:\n${nap('w')}${magnet().replace('next: late', 'next: end').replace('thanks', 'w')}`);
    expect(complete).toBe(true);
    expect(ends.map(({ path }) => path)).toContainEqual(['w', 'g']);
    expect(longest.ms).toBeGreaterThanOrEqual(4 * DAY);
  });

  it('no magnet from where it cannot be reached', () => {
    expect(walk(`steps:\n${magnet()}${nap('late', ', next: end')}${nap('thanks')}`).longest.ms).toBe(2 * DAY);
  });

  it('past the step that skip_next passes over, and through it', () => {
    const until = '  - { id: u, type: wait, config: { until: "{{contact.custom_fields.ends}}", on_past: skip_next } }\n';
    expect(walk(`steps:\n${sms('a')}${until}${nap('w')}${sms('b')}`)).toMatchObject({ longest: { ms: 2 * DAY }, mostMessages: { count: 2, path: ['a', 'u', 'w', 'b'] } });
  });

  it('on behind a step that fails with on_error: continue', () => {
    expect(walk(`steps:\n  - { id: c, type: condition, on_error: continue, next: w, config: { ${IF}, then: end, else: end } }\n${nap('w')}`).longest).toEqual({
      path: ['c', 'w'],
      ms: 2 * DAY,
    });
  });
});

describe('exploring is bounded', () => {
  it('by walking on once from where paths meet', () => {
    const forks = Array.from(
      { length: 60 },
      (_, i) => `  - { id: c${i}, type: condition, config: { ${IF}, then: t${i} } }\n  - { id: t${i}, type: add_tag, config: { tag: x } }\n`,
    ).join('');
    const { complete, walked } = walk(`steps:\n${forks}`);
    expect(complete).toBe(true);
    expect(walked).toBeLessThan(200);
  });

  it('by a budget where they do not, and says so', () => {
    const goals = Array.from(
      { length: 30 },
      (_, i) => `  - { id: g${i}, type: goal, config: { condition: { field: tags, operator: contains, value: x }, timeout: ${i + 1}d${i}h } }\n`,
    ).join('');
    const { complete, walked, longest } = walk(`steps:\n${goals}`);
    expect(complete).toBe(false);
    expect(walked).toBeLessThanOrEqual(40_000);
    expect(longest.ms).toBe((30 * 31) / 2 * DAY + (29 * 30) / 2 * HOUR);
  });
});
