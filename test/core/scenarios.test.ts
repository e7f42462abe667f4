import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { readDefinition } from '../../src/core/definition/read.ts';
import { runScenarios, scenarioFindings, type ScenarioResult } from '../../src/core/scenarios.ts';
import { mustRead } from './definition/source.ts';
import { locationOf, someAssets } from '../support/given.ts';

const example = readFileSync(new URL('../workflows/example.workflow.yaml', import.meta.url), 'utf8');
const stage = { assets: someAssets, location: locationOf() };
const WALK = `steps:
  - { id: hello, type: send_email, config: { template_id: welcome } }
  - { id: pause, type: wait, config: { duration: 1d } }
  - { id: keen, type: condition, config: { if: [{ field: tags, operator: contains, value: keen }], then: text, else: end } }
  - { id: text, type: send_sms, config: { message: "Hi {{contact.first_name}} of {{trigger.data.city}}" } }
`;

/** Plays one scenario, written as the lines of a YAML map. */
function play(scenario: string, steps = WALK): ScenarioResult {
  const text = `name: N\ntrigger: { type: manual }\n${steps}tests:\n  - { name: one, ${scenario} }\n`;
  return runScenarios(mustRead(text), stage)[0]!;
}

const ANA = 'contact: { first_name: Ana, email: ana@example.com, phone: "+15551230001", tags: [keen] }';

describe('a scenario passes', () => {
  test.each([
    ['by its whole path', 'expect: { path: [hello, pause, keen, text] }'],
    ['by a path with a gap at the end', 'expect: { path: [hello, …] }'],
    ['by a path with a gap at the beginning', 'expect: { path: [..., text] }'],
    ['by a path with gaps within', 'expect: { path: [hello, …, keen, …] }'],
    ['when a gap stands for nothing', 'expect: { path: [hello, …, pause, keen, text, …] }'],
    ['by what was sent, in its order', 'expect: { sent: [{ channel: email, contains: "hello ana" }, { channel: sms, to: "+15551230001" }] }'],
    ['when others are sent between', 'expect: { sent: [{ step: text, contains: Hi Ana }] }'],
    ['by what was not sent', 'expect: { not_sent: [{ channel: voice }] }'],
    ['by its status', 'expect: { status: completed }'],
    ['by a missing exit reason', 'expect: { exit_reason: null }'],
    ["by the contact's fields", 'expect: { contact: { tags: [keen], first_name: Ana } }'],
    ['by what triggered it', 'trigger: { data: { city: Rome } }, expect: { sent: [{ contains: of Rome }] }'],
  ])('%s', (_name, scenario) => {
    expect(play(`${ANA}, ${scenario}`)).toMatchObject({ passed: true, difference: null });
  });

  it('where it still waits', () => {
    expect(
      play(`${ANA}, expect: { waiting_at: g, status: active }`, 'steps:\n  - { id: g, type: goal, config: { condition: { field: tags, operator: contains, value: x } } }\n'),
    ).toMatchObject({ passed: true });
  });

  it('with a script', () => {
    expect(play('events: [{ after: 2h, type: tag_added, tag: keen }], expect: { path: [pause, keen], status: completed }', WALK)).toMatchObject({ passed: true });
  });
});

describe('a scenario fails and says where the two part', () => {
  test.each([
    ['a skipped step', 'expect: { path: [hello, pause, keen] }', 'path', /should go to "hello", but the run went to "pause" \("hello" was skipped: no_address/],
    [
      'another way',
      'expect: { path: [pause, keen, text] }',
      'path',
      /^after .*pause → keen it should go to "text", but the run ended there \(completed\) \(at "keen": .*tags.*keen/,
    ],
    ['a longer path', 'expect: { path: [pause] }', 'path', /^after pause the path should end, but the run went to "keen"/],
    ['the wrong first step', 'expect: { path: [text] }', 'path', /^at the beginning it should go to "text", but the run went to "pause"/],
    ['a gap that nothing follows', 'expect: { path: [pause, …, text] }', 'path', /it should go to "text"/],
    ['a message that was not sent', 'expect: { sent: [{ channel: sms }] }', 'sent', /a message with channel "sms" was not sent; sent were none/],
    [
      'the wrong order',
      `${ANA}, expect: { sent: [{ channel: sms }, { channel: email }] }`,
      'sent',
      /was not sent after the one before it; sent were email by "hello", sms by "text"/,
    ],
    ['a message too many', `${ANA}, expect: { sent: [] }`, 'sent', /nothing should be sent; sent were email/],
    ['an unwanted message', `${ANA}, expect: { not_sent: [{ contains: hi ana }] }`, 'not_sent', /should not be sent, but "text" sent it/],
    ['another status', 'expect: { status: exited }', 'status', /the status should be "exited", but is "completed"/],
    ['another reason', 'expect: { exit_reason: gone }', 'exit_reason', /the exit reason should be "gone", but is nothing/],
    ['another contact', 'expect: { contact: { custom_fields.plan: pro } }', 'contact', /the contact's custom_fields.plan should be "pro", but is nothing/],
    ['not waiting', 'expect: { waiting_at: pause }', 'waiting_at', /should be "pause", but is nothing/],
  ])('%s', (_name, scenario, key, message) => {
    const { passed, difference } = play(scenario);
    expect(passed).toBe(false);
    expect(difference?.path.slice(0, 2)).toEqual(['expect', key]);
    expect(difference?.message).toMatch(message);
  });

  it('and names the step that failed', () => {
    const { difference } = play(`${ANA}, expect: { status: completed }`, 'steps:\n  - { id: a, type: send_email, config: { template_id: none } }\n');
    expect(difference?.message).toMatch(/the status should be "completed", but is "failed" \("a" failed: /);
  });

  it('as a finding with its place in the text', () => {
    const text = `name: N\ntrigger: { type: manual }\nsteps:\n  - { id: a, type: exit }\ntests:\n  - name: one\n    expect:\n      path: [a]\n      status: completed\n`;
    const definition = mustRead(text);
    const [finding] = scenarioFindings(runScenarios(definition, stage));
    expect(finding).toMatchObject({
      path: ['tests', 0, 'expect', 'status'],
      message: expect.stringContaining('The scenario "one" fails: the status should be "completed", but is "exited"'),
    });
    expect(definition.place(finding!.path)).toMatchObject({ line: 9, column: 15 });
  });
});

describe('draws', () => {
  const split =
    'steps:\n  - { id: ab, type: ab_split, config: { variants: [{ name: A, weight: 50, next: a }, { name: B, weight: 50, next: b }] } }\n  - { id: a, type: exit }\n  - { id: b, type: exit }\n';

  test.each(['A', 'B'])('can be decided by the scenario: %s', (variant) => {
    expect(play(`variants: { ab: ${variant} }, expect: { path: [ab, ${variant.toLowerCase()}] }`, split)).toMatchObject({ passed: true });
  });

  test.each([
    ['a step that draws none', 'variants: { a: A }', /no lots are drawn at "a"/],
    ['a step that is not there', 'variants: { aa: A }', /no lots are drawn at "aa"/],
    ['a variant that is not there', 'variants: { ab: C }', /"ab" has no variant "C"/],
  ])('%s fails the scenario', (_name, scenario, message) => {
    expect(play(`${scenario}, expect: { status: exited }`, split)).toMatchObject({ passed: false, trace: null, difference: { message: expect.stringMatching(message) } });
  });
});

describe('the shape of tests', () => {
  test.each([
    ['an unknown key', '{ name: a, expext: { status: completed } }', 'error unknown_key tests[0].expext'],
    ['an unknown expectation', '{ name: a, expect: { statis: completed } }', 'error unknown_key tests[0].expect.statis'],
    ['no expectation', '{ name: a, expect: {} }', 'error empty_expectation tests[0].expect'],
    ['a bad duration', '{ name: a, events: [{ after: 1 day, type: x }], expect: { status: completed } }', 'error invalid_duration tests[0].events[0].after'],
    ['a bad moment', '{ name: a, start: tomorrow, expect: { status: completed } }', 'error invalid_moment tests[0].start'],
    ['a bad status', '{ name: a, expect: { status: done } }', 'error unknown_value tests[0].expect.status'],
  ])('%s is refused', (_name, scenario, expected) => {
    const { diagnostics } = readDefinition({ format: 'yaml', text: `name: N\ntrigger: { type: manual }\nsteps: [{ id: a, type: exit }]\ntests: [ ${scenario} ]\n` });
    expect(
      diagnostics.map(
        ({ severity, rule, path }) =>
          `${severity} ${rule} ${path
            .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
            .join('')
            .slice(1)}`,
      ),
    ).toContain(expected);
  });
});

it("the specification's example books after an opened mail", () => {
  const tests = `
tests:
  - name: an opener gets the SMS and books
    contact: { first_name: Ana, email: ana@example.com, phone: "+15551230001", tags: [new-lead] }
    start: 2026-03-02T09:00:00Z
    variants: { ab_test: A }
    events:
      - { after: 3h, type: email_opened, step: welcome_email }
      - { after: 2d, type: tag_added, tag: booked-appointment }
    expect:
      path: [welcome_email, wait_1_day, check_opened, send_followup_sms, ab_test, …]
      sent: [ { channel: sms, contains: "Hi Ana" } ]
      status: completed
`;
  expect(runScenarios(mustRead(example + tests), stage)).toMatchObject([{ passed: true, difference: null }]);
});

it('many long scenarios stop at a budget of steps', () => {
  const chain = Array.from({ length: 38 }, (_, index) => `  - { id: t${index}, type: add_tag, config: { tag: x } }\n`).join('');
  const steps = `steps:\n  - { id: w, type: wait, config: { duration: 1h } }\n${chain}  - { id: c, type: condition, config: { if: [{ field: email, operator: is_set }], then: end, else: w } }\n`;
  const tests = Array.from({ length: 200 }, (_, index) => `  - { name: t${index}, expect: { exit_reason: loop_limit } }\n`).join('');
  const results = runScenarios(mustRead(`name: N\ntrigger: { type: manual }\n${steps}tests:\n${tests}`), stage);
  expect(results.filter(({ passed }) => passed)).toHaveLength(51);
  expect(results.at(-1)).toMatchObject({ passed: false, trace: null, difference: { message: expect.stringContaining('not played') } });
});
