import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pathText } from '../../../src/core/definition/diagnostic.ts';
import { lintDefinition, lintRules } from '../../../src/core/definition/lint/index.ts';
import type { Assets } from '../../../src/core/state.ts';
import { mustRead, sketch, withSteps } from './source.ts';

const template = (slug: string) => ({ id: `id-${slug}`, slug, channel: 'email' as const, subject: 's', html: null, text: 't', message: null });
const assets: Assets = {
  templates: { welcome: template('welcome'), reminder: template('reminder') },
  voicemails: { intro: { id: 'v1', slug: 'intro', audio_url: 'https://x.test/a.mp3' } },
};

const found = (text: string, options: Parameters<typeof lintDefinition>[1] = { assets }): string[] =>
  lintDefinition(mustRead(text), options).map(({ rule, severity, path, line }) => `${severity} ${rule} ${pathText(path)} ${line}`);
const hints = (text: string): (string | null)[] => lintDefinition(mustRead(text), { assets }).map(({ hint }) => hint);
const rulesOf = (text: string): string[] => lintDefinition(mustRead(text), { assets }).map(({ rule }) => rule);
const sms = (message: string): string => withSteps(`  - { id: a, type: send_sms, config: { message: ${JSON.stringify(message)} } }\n`);

describe('reference findings', () => {
  test('the example has only its two fall-throughs', () => {
    const text = readFileSync('test/workflows/example.workflow.yaml', 'utf8');
    expect(found(text)).toEqual(['info fall_through steps[3] 35', 'info fall_through steps[6] 56']);
    expect(found(text, { assets, strict: true })).toEqual(['error fall_through steps[3] 35', 'error fall_through steps[6] 56']);
  });

  test.each<[string, string, string]>([
    ['unknown next', sketch(['a next=bb', 'b']), 'error unknown_target steps[0].next 4'],
    ['unknown arm', sketch(['c if then=nope else=b', 'b']), 'error unknown_target steps[0].config.then 4'],
    ['unknown handler', sketch(['a on_error=nope']), 'error unknown_target steps[0].on_error 4'],
    ['an end as a handler', sketch(['a on_error=end']), 'error unknown_target steps[0].on_error 4'],
    ['a loop that nobody waits in', sketch(['a', 'b next=a']), 'error endless_loop steps[1].next 5'],
    ['a step that leads to itself', sketch(['a next=a']), 'error endless_loop steps[0].next 4'],
    ['a loop with no way out', sketch(['a', 'w wait next=a']), 'error endless_loop steps[1].next 5'],
    ['unreachable', sketch(['a next=end', 'b']), 'warning unreachable_step steps[1].id 5'],
    ['a far arm', sketch(['c if then=z', 'a', 'z', 'd']), 'warning fall_through steps[0] 4'],
    ['several steps beside several', sketch(['c if then=a else=b', 'a', 'a2', 'b', 'b2']), 'warning fall_through steps[2] 6'],
    ['an else that may be the join', sketch(['c if then=a else=j', 'a', 'j', 'd', 'w wait next=j']), 'warning fall_through steps[1] 5'],
    ['unknown root', sms('{{contcat.email}}'), 'error unknown_variable steps[0].config.message 4'],
    ['unknown filter', sms('{{contact.email | upcas}}'), 'error unknown_filter steps[0].config.message 4'],
    ['syntax', sms('{{contact.'), 'error template_syntax steps[0].config.message 4'],
    ['a secret in a message', sms('{{secrets.key}}'), 'error misplaced_secret steps[0].config.message 4'],
    ['a step that does not exist, in an expression', withSteps('  - { id: a, type: add_tag, if: [{ expression: "steps.welcom.opened" }], config: { tag: x } }\n'),
      'error unread_step steps[0].if[0].expression 4'],
    ['a result that never comes, in an expression',
      withSteps('  - { id: m, type: send_sms, config: { message: x } }\n  - { id: a, type: add_tag, if: [{ expression: "steps.m.openned == true" }], config: { tag: x } }\n'),
      'warning unknown_result steps[1].if[0].expression 5'],
    ['a step that does not exist', sms('{{steps.welcom.opened}}'), 'error unread_step steps[0].config.message 4'],
    [
      'a result that a step never gives',
      withSteps('  - { id: w, type: wait, config: { duration: 1d } }\n  - { id: a, type: add_tag, config: { tag: "{{steps.w.waited_untill}}" } }\n'),
      'warning unknown_result steps[1].config.tag 5',
    ],
    [
      'unknown template',
      withSteps('  - { id: a, type: send_email, config: { template_id: "{{templates.welcom}}" } }\n'),
      'error unknown_template steps[0].config.template_id 4',
    ],
    ['unknown template by plain slug', withSteps('  - { id: a, type: send_email, config: { template_id: nope } }\n'), 'error unknown_template steps[0].config.template_id 4'],
    [
      'unknown voicemail',
      withSteps('  - { id: a, type: make_call, config: { voicemail_drop_id: "{{voicemails.intr}}" } }\n'),
      'error unknown_voicemail steps[0].config.voicemail_drop_id 4',
    ],
    [
      'weights',
      withSteps('  - { id: a, type: ab_split, config: { variants: [{ name: A, weight: 1 }, { name: B, weight: 2 }] } }\n'),
      'warning weights_sum steps[0].config.variants 4',
    ],
    [
      'a field that is set and counted',
      withSteps('  - { id: a, type: update_contact, config: { set: { custom_fields.n: 1 }, increment: { custom_fields.n: 2 } } }\n'),
      'warning field_twice steps[0].config.set.custom_fields.n 4',
    ],
    [
      'a field that is set and cleared',
      withSteps('  - { id: a, type: update_contact, config: { set: { timezone: UTC, email: x }, unset: [phone, timezone] } }\n'),
      'warning field_twice steps[0].config.set.timezone 4',
    ],
    [
      'a field that is cleared and counted',
      withSteps('  - { id: a, type: update_contact, config: { unset: [phone, custom_fields.n], increment: { custom_fields.n: 2 } } }\n'),
      'warning field_twice steps[0].config.unset[1] 4',
    ],
    [
      'a goal shorter than the wait before it',
      withSteps(
        '  - { id: w, type: wait, config: { duration: 10d } }\n  - { id: g, type: goal, config: { condition: { field: tags, operator: contains, value: x }, timeout: 2d } }\n',
      ),
      'warning goal_timeout_short steps[1].config.timeout 5',
    ],
    ...[
      ['a wait for an event', '{ id: w, type: wait, config: { for: { event: paid }, timeout: 10d } }'],
      ['a wait for a weekday', '{ id: w, type: wait, config: { at: "09:00", days: [mon] } }'],
      ['a delay', '{ id: w, type: send_sms, config: { message: Hi, delay: 10d } }'],
      ['another goal', '{ id: w, type: goal, config: { condition: { field: email, operator: is_set }, timeout: 10d } }'],
    ].map(([name, step]): [string, string, string] => [
      `a goal shorter than ${name} before it`,
      withSteps(`  - ${step}\n  - { id: g, type: goal, config: { condition: { field: tags, operator: contains, value: x }, timeout: 2d } }\n`),
      'warning goal_timeout_short steps[1].config.timeout 5',
    ]),
    [
      'an arm that nobody takes',
      withSteps('  - { id: g, type: goal, config: { condition: { field: tags, operator: contains, value: x }, on_timeout: end } }\n'),
      'warning dead_arm steps[0].config.on_timeout 4',
    ],
    ['the event, in a message', sms('{{event.data.text}}'), 'error misplaced_event steps[0].config.message 4'],
    [
      'the event, in a condition',
      withSteps('  - { id: a, type: condition, config: { if: [{ field: event.data.x, operator: is_true }] } }\n'),
      'error misplaced_event steps[0].config.if[0].field 4',
    ],
    [
      'the event, in an expression',
      withSteps('  - { id: a, type: condition, config: { if: [{ expression: "event.data.x > 1" }] } }\n'),
      'error misplaced_event steps[0].config.if[0].expression 4',
    ],
    [
      'the event, in a guard of a wait',
      withSteps('  - { id: a, type: wait, if: [{ field: "{{event.type}}", operator: is_set }], config: { for: { event: paid }, timeout: 1d } }\n'),
      'error misplaced_event steps[0].if[0].field 4',
    ],
    ['a private address', withSteps('  - { id: a, type: webhook, config: { url: "http://10.0.0.1/x" } }\n'), 'warning private_url steps[0].config.url 4'],
    ['a scheme', withSteps('  - { id: a, type: webhook, config: { url: "file:///etc/passwd" } }\n'), 'error url_scheme steps[0].config.url 4'],
    ['no URL', withSteps('  - { id: a, type: webhook, config: { url: "example" } }\n'), 'error url_scheme steps[0].config.url 4'],
    ['a broken URL', withSteps('  - { id: a, type: webhook, config: { url: "http://[x" } }\n'), 'error url_scheme steps[0].config.url 4'],
    [
      'a bare field of an unknown step',
      withSteps('  - { id: a, type: condition, config: { if: [{ field: steps.b.opened, operator: is_true }] } }\n'),
      'error unread_step steps[0].config.if[0].field 4',
    ],
    [
      'in an exit condition',
      `name: N\ntrigger: { type: manual }\nexit_conditions:\n  - { id: x, if: [{ field: "{{steps.b.opened}}", operator: is_true }] }\nsteps: [{ id: a, type: exit }]`,
      'error unread_step exit_conditions[0].if[0].field 4',
    ],
    [
      'in a filter',
      `name: N\ntrigger:\n  type: manual\n  filters: [{ field: "{{nope.b}}", operator: is_true }]\nsteps: [{ id: a, type: exit }]`,
      'error unknown_variable trigger.filters[0].field 4',
    ],
    ['in a guard', withSteps('  - { id: a, type: exit, if: [{ field: "{{nope.b}}", operator: is_true }] }\n'), 'error unknown_variable steps[0].if[0].field 4'],
    [
      'in the entry key',
      `name: N\nsettings: { entry_key: "{{nope.x}}" }\ntrigger: { type: manual }\nsteps: [{ id: a, type: exit }]`,
      'error unknown_variable settings.entry_key 2',
    ],
  ])('%s', (_name, text, expected) => {
    expect(found(text)).toContain(expected);
  });

  test('a variable of a step that not every path has run', () => {
    const text = withSteps(
      '  - { id: c, type: condition, config: { if: { field: email, operator: is_set }, then: mail, else: tag } }\n  - { id: mail, type: send_email, config: { template_id: welcome } }\n' +
        '  - { id: tag, type: add_tag, config: { tag: x } }\n  - { id: d, type: send_sms, config: { message: "{{steps.mail.opened}} {{steps.c.matched}}" } }\n',
    );
    expect(found(text).filter((line) => line.includes('unread_step'))).toEqual(['warning unread_step steps[3].config.message 7']);
  });

  test.each([
    ['a loop with a wait and a way out', sketch(['a', 'w wait', 'c if then=a else=end']), 'endless_loop'],
    [
      'a secret in a webhook',
      withSteps('  - { id: a, type: http_request, config: { url: "https://x.test", headers: { Authorization: "{{secrets.key}}" } } }\n'),
      'misplaced_secret',
    ],
    [
      'a result that was saved, and a time of one',
      withSteps(
        '  - { id: h, type: webhook, config: { url: "https://x.test", save: { score: a.b } } }\n  - { id: a, type: add_tag, config: { tag: "{{steps.h.score}}{{steps.h.status_at}}{{steps.h.result}}" } }\n',
      ),
      'unknown_result',
    ],
    ['a template by id', withSteps('  - { id: a, type: send_email, config: { template_id: id-welcome } }\n'), 'unknown_template'],
    [
      'a step behind an end that a date passes over',
      withSteps('  - { id: w, type: wait, config: { until: "{{contact.custom_fields.x}}", on_past: skip_next } }\n  - { id: e, type: exit }\n  - { id: b, type: add_tag, config: { tag: x } }\n'),
      'unreachable_step',
    ],
    ['a templated address', withSteps('  - { id: a, type: webhook, config: { url: "https://{{contact.custom_fields.host}}/x" } }\n'), 'private_url'],
    ['a public address with a templated path', withSteps('  - { id: a, type: webhook, config: { url: "https://x.test/{{contact.id}}" } }\n'), 'url_scheme'],
    ...['{ until: "{{contact.custom_fields.ends}}" }', '{ at: "09:00" }', '{ at: "09:00", days: [sat, mon, thu, tue, fri] }', '{ for: { event: paid } }'].map(
      (config): [string, string, string] => [
        `a wait that may be short: ${config}`,
        withSteps(
          `  - { id: w, type: wait, config: ${config} }\n  - { id: g, type: goal, config: { condition: { field: tags, operator: contains, value: x }, timeout: 2d } }\n`,
        ),
        'goal_timeout_short',
      ],
    ),
    [
      'a wait that is long enough',
      withSteps(
        '  - { id: g, type: goal, config: { condition: { field: tags, operator: contains, value: x }, timeout: 2d } }\n  - { id: w, type: wait, config: { duration: 10d } }\n',
      ),
      'goal_timeout_short',
    ],
  ])('no finding: %s', (_name, text, rule) => {
    expect(rulesOf(text)).not.toContain(rule);
  });

  test('hints name what was probably meant', () => {
    expect(hints(sketch(['a next=check_opne', 'check_open']))).toContain('Did you mean "check_open"?');
    expect(hints(sketch(['c if then=a else=b', 'a', 'b', 'd']))).toContain('Add `next: d` to say so, or name another step.');
    expect(hints(sketch(['a on_error=continu', 'b']))).toContain('Did you mean "continue"?');
    expect(hints(sketch(['a on_error=stop', 'b']))).toContain('Use one of: fail, continue, a, b.');
    expect(hints(sketch(['a on_error=end', 'b']))).toContain('Write fail, or the id of an exit step that ends the run so.');
    expect(hints(withSteps('  - { id: a, type: make_call, config: { voicemail_drop_id: intr } }\n'))).toContain('Did you mean "intro"?');
  });

  test('exit conditions are a way out of a loop', () => {
    const text = `exit_conditions: [{ id: done, on: tag_added }]\n${sketch(['a', 'w wait next=a'])}`;
    expect(rulesOf(text)).not.toContain('endless_loop');
  });

  test('an allowed private address is no finding, another one is an error', () => {
    const text = withSteps('  - { id: a, type: webhook, config: { url: "http://127.0.0.1:9000/x" } }\n');
    expect(found(text, { outbound: ['127.0.0.1:9000'] })).toEqual([]);
    expect(found(text, { outbound: [] })).toEqual(['error private_url steps[0].config.url 4']);
  });

  test('without assets no slug is looked up', () => {
    expect(found(withSteps('  - { id: a, type: send_email, config: { template_id: nope } }\n'), {})).toEqual([]);
  });

  test('every rule says what it is for', () => {
    for (const rule of lintRules) expect(rule).toMatchObject({ id: expect.stringMatching(/^[a-z_]+$/), docs: expect.stringMatching(/.{40}/) });
  });
});
