import { describe, expect, test } from 'vitest';
import { readDefinition } from '../../../src/core/definition/read.ts';
import { pathText } from '../../../src/core/definition/diagnostic.ts';
import { withSteps } from './source.ts';

type Row = [name: string, text: string, rule: string, path: string, place: string, hint?: RegExp];

const exit = 'steps: [{ id: a, type: exit }]';

const rows: Row[] = [
  ['unknown step type', withSteps('  - id: a\n    type: send_emial\n'), 'unknown_step_type', 'steps[0].type', '5:11', /send_email/],
  ['duplicate id', withSteps('  - { id: a, type: exit }\n  - { id: a, type: exit }\n'), 'duplicate_id', 'steps[1].id', '5:11', /Rename/],
  ['missing trigger', `name: N\n${exit}`, 'missing_trigger', 'trigger', '1:1', /manual/],
  ['both trigger keys', `name: N\ntrigger: { type: manual }\ntriggers: [{ type: manual }]\n${exit}`, 'two_trigger_keys', 'triggers', '3:1'],
  [
    'unquoted template',
    withSteps('  - id: a\n    type: send_sms\n    config:\n      message: {{contact.first_name}}\n'),
    'template_needs_quotes',
    'steps[0].config.message',
    '7:7',
    /"\{\{contact.first_name\}\}"/,
  ],
  [
    'unquoted template, then text',
    withSteps('  - id: a\n    type: send_sms\n    config:\n      message: {{contact.first_name}} hi\n'),
    'template_needs_quotes',
    'steps[0].config.message',
    '7:7',
  ],
  [
    'unquoted template in a flow map',
    withSteps('  - { id: a, type: send_sms, config: { message: {{contact.first_name | default: "x"}} } }\n'),
    'template_needs_quotes',
    'steps[0].config.message',
    '4:40',
  ],
  [
    'unquoted template that breaks the syntax',
    withSteps('  - id: a\n    type: send_sms\n    config:\n      message: {{contact.first_name | default: "x", } hi\n'),
    'template_needs_quotes',
    'steps[0].config.message',
    '7:7',
    /quotes/,
  ],
  ['aliases bomb', `a: &a [x, x]\nb: &b [*a, *a]\nname: N\n`, 'aliases_not_allowed', 'b[0]', '2:8', /Write the value out/],
  ['alias as a key', 'name: &n N\n*n : x\n', 'aliases_not_allowed', '', '1:1'],
  ['more than a mebibyte', `name: "${'x'.repeat(1024 * 1024)}"`, 'too_large', '', '1:1', /templates/],
  ['more than a mebibyte of long characters', `name: "${'€'.repeat(400_000)}"`, 'too_large', '', '1:1'],
  ['too many values', `name: [${'a,'.repeat(60_000)}a]`, 'too_large', '', '1:1'],
  ['far too many values', '- a\n'.repeat(250_000), 'too_large', '', '1:1'],
  ['tabs', `name: N\ntrigger:\n\ttype: manual\n${exit}`, 'tab', '', '3:1', /spaces/],
  ['__proto__', withSteps('  - id: a\n    type: exit\n    config:\n      __proto__: { x: 1 }\n'), 'forbidden_key', 'steps[0].config.__proto__', '7:7', /Rename/],
  ['constructor', `name: N\ntrigger: { type: manual }\nconstructor: 1\n${exit}`, 'forbidden_key', 'constructor', '3:1'],
  [
    'unknown operator',
    withSteps('  - id: a\n    type: condition\n    config:\n      if: { field: tags, operator: contians, value: x }\n'),
    'unknown_operator',
    'steps[0].config.if.operator',
    '7:36',
    /contains/,
  ],
  ['bad duration', withSteps('  - id: a\n    type: wait\n    config:\n      duration: 1 day\n'), 'invalid_duration', 'steps[0].config.duration', '7:17', /90s/],
  ['bare number as a duration', withSteps('  - id: a\n    type: wait\n    config: { duration: 5 }\n'), 'invalid_duration', 'steps[0].config.duration', '6:25'],
  [
    'weights of zero',
    withSteps('  - id: a\n    type: ab_split\n    config:\n      variants:\n        - { name: A, weight: 0 }\n'),
    'invalid_weights',
    'steps[0].config.variants',
    '7:7',
    /Weights/,
  ],
  [
    'negative weight',
    withSteps('  - id: a\n    type: ab_split\n    config:\n      variants:\n        - { name: A, weight: -1 }\n'),
    'invalid_weights',
    'steps[0].config.variants[0].weight',
    '8:30',
  ],
  [
    'weight as text',
    withSteps('  - id: a\n    type: ab_split\n    config:\n      variants:\n        - { name: A, weight: "50%" }\n'),
    'invalid_weights',
    'steps[0].config.variants[0].weight',
    '8:30',
  ],
  [
    'unknown key of a config',
    withSteps('  - id: a\n    type: send_sms\n    config: { message: x, mesage: y }\n'),
    'unknown_key',
    'steps[0].config.mesage',
    '6:27',
    /"message"/,
  ],
  ['unknown key of a step', withSteps('  - { id: a, type: exit, nxt: b }\n'), 'unknown_key', 'steps[0].nxt', '4:26', /"next"/],
  ['unknown key of a setting', `name: N\nsettings: { reentri: never }\ntrigger: { type: manual }\n${exit}`, 'unknown_key', 'settings.reentri', '2:13', /"reentry"/],
  ['unknown key of a trigger', `name: N\ntrigger: { type: tag_added, tga: x }\n${exit}`, 'unknown_key', 'trigger.tga', '2:29', /"tag"/],
  ['unknown key of a union', `name: N\nsettings: { reentry: { aftr: 3d } }\ntrigger: { type: manual }\n${exit}`, 'unknown_key', 'settings.reentry.aftr', '2:24', /"after"/],
  ['unknown trigger type', `name: N\ntrigger: { type: contact_creatd }\n${exit}`, 'unknown_trigger_type', 'trigger.type', '2:18', /contact_created/],
  ['trigger in a list', `name: N\ntriggers: [{ type: nothing_like_it }]\n${exit}`, 'unknown_trigger_type', 'triggers[0].type', '2:20', /manual/],
  ['trigger as a word', `name: N\ntrigger: manual\n${exit}`, 'wrong_type', 'trigger', '2:10', /type: manual/],
  ['trigger config of the wrong type', `name: N\ntrigger: { type: tag_added, config: { tag: 5 } }\n${exit}`, 'wrong_type', 'trigger.config.tag', '2:44', /"5"/],
  ['cron with seconds', `name: N\ntrigger: { type: schedule, cron: "* * * * * *" }\n${exit}`, 'invalid_cron', 'trigger.cron', '2:34', /five fields.*Seconds/],
  ['cron of a day that never comes', `name: N\ntrigger:\n  type: schedule\n  cron: 0 0 30 2 *\n${exit}`, 'invalid_cron', 'trigger.cron', '4:9', /L for its last day/],
  [
    'schedule in no zone',
    `name: N\ntrigger: { type: schedule, cron: "0 9 * * *", timezone: Mars/Phobos }\n${exit}`,
    'unknown_timezone',
    'trigger.timezone',
    '2:57',
    /Europe.Berlin/,
  ],
  ['schedule without a time', `name: N\ntrigger: { type: schedule }\n${exit}`, 'invalid_config', 'trigger', '2:1', /cron: "0 9/],
  ['schedule at no moment', `name: N\ntrigger: { type: schedule, at: tomorrow }\n${exit}`, 'invalid_instant', 'trigger.at', '2:32', /ISO-8601/],
  ['empty file', '', 'empty_definition', '', '1:1', /name/],
  ['comments only', '# nothing\n', 'empty_definition', '', '1:1'],
  ['a list', '- a', 'wrong_type', '', '1:1'],
  ['no steps', 'name: N\ntrigger: { type: manual }\nsteps: []', 'empty_list', 'steps', '3:1', /Add a step/],
  ['steps as a map', 'name: N\ntrigger: { type: manual }\nsteps: { a: 1 }', 'wrong_type', 'steps', '3:1', /list/],
  ['a step that is a word', withSteps('  - hello\n'), 'wrong_type', 'steps[0]', '4:5'],
  ['a step without id', withSteps('  - { type: exit }\n'), 'required', 'steps[0].id', '4:5', /Add "id:"/],
  ['a step without type', withSteps('  - { id: a }\n'), 'required', 'steps[0].type', '4:5'],
  ['missing config key', withSteps('  - id: a\n    type: wait\n    config: {}\n'), 'required', 'steps[0].config.duration', '6:5'],
  ['missing config', withSteps('  - id: a\n    type: wait\n'), 'required', 'steps[0].config.duration', '4:5'],
  ['too many steps', withSteps(Array.from({ length: 501 }, (_, index) => `  - { id: s${index}, type: exit }`).join('\n')), 'too_long', 'steps', '3:1'],
  ['missing name', `trigger: { type: manual }\n${exit}`, 'required', 'name', '1:1'],
  ['empty name', `name: ""\ntrigger: { type: manual }\n${exit}`, 'empty_text', 'name', '1:7'],
  ['long name', `name: ${'x'.repeat(256)}\ntrigger: { type: manual }\n${exit}`, 'too_long', 'name', '1:7', /Shorten/],
  ['empty if', withSteps('  - id: a\n    type: condition\n    config:\n      if: []\n'), 'empty_if', 'steps[0].config.if', '7:7', /at least one/],
  ['no if', withSteps('  - id: a\n    type: condition\n    config: { then: end }\n'), 'required', 'steps[0].config.if', '6:5'],
  ['reserved id', withSteps('  - { id: end, type: exit }\n'), 'reserved_id', 'steps[0].id', '4:11'],
  ['reserved exit', withSteps('  - { id: exit_now, type: exit }\n'), 'reserved_id', 'steps[0].id', '4:11'],
  ['id with a dot', withSteps('  - { id: a.b, type: exit }\n'), 'invalid_id', 'steps[0].id', '4:11', /letter/],
  ['id as a number', withSteps('  - { id: 12, type: exit }\n'), 'wrong_type', 'steps[0].id', '4:11', /"12"/],
  ['duplicate key', `name: N\nname: M\ntrigger: { type: manual }\n${exit}`, 'duplicate_key', 'name', '2:1', /Remove one/],
  ['two documents', `name: N\n---\nname: M\n`, 'one_document', '', '2:1'],
  ['directive', `%YAML 1.1\n---\nname: N\n`, 'directive_not_allowed', '', '1:1', /1\.2/],
  ['known tag', 'name: !!binary aGk=\n', 'tag_not_allowed', 'name', '1:16'],
  ['unknown tag', 'name: N\nsteps: !evil []\n', 'tag_not_allowed', 'steps', '2:1'],
  ['merge key', 'name: N\n<<: { a: 1 }\n', 'merge_key', '<<', '2:1'],
  ['escaped NUL', 'name: "a\\0b"\n', 'control_character', 'name', '1:7'],
  ['raw control character', 'name: N\ndescription: a\u0007b\n', 'control_character', '', '2:15'],
  ['half a surrogate pair', 'name: N\ndescription: "a\ud800b"\n', 'invalid_unicode', '', '2:16'],
  ['phone number', withSteps('  - { id: a, type: send_sms, config: { message: hi, to: +15551234567 } }\n'), 'number_changed', 'steps[0].config.to', '4:57', /"\+15551234567"/],
  ['leading zero', 'name: 01234\n', 'number_changed', 'name', '1:7'],
  ['digits past 2^53', 'name: 12345678901234567890\n', 'number_changed', 'name', '1:7'],
  ['infinity', withSteps('  - { id: a, type: wait, config: { duration: .inf } }\n'), 'number_not_finite', 'steps[0].config.duration', '4:46'],
  ['1e400', withSteps('  - { id: a, type: wait, config: { duration: 1e400 } }\n'), 'number_not_finite', 'steps[0].config.duration', '4:46'],
  ['a map as a key', '{ [a]: b }\n', 'key_not_text', '', '1:1'],
  ['deep block', Array.from({ length: 150 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), 'too_deep', `${'a.'.repeat(100)}a`, '101:101'],
  ['deep brackets', `a: ${'['.repeat(1000)}`, 'too_deep', '', '1:4'],
  ['deep dashes', `${'- '.repeat(5000)}a`, 'too_deep', '', '1:1'],
  ['nested colons', 'name: a: b\n', 'syntax', '', '1:7', /quotes/],
  ['open quote', 'name: N\ndescription: "abc\n', 'syntax', '', '3:1', /Close/],
  ['bad retry', withSteps('  - { id: a, type: exit, retry: { attempts: 0 } }\n'), 'out_of_range', 'steps[0].retry.attempts', '4:45'],
  ['too many retries', withSteps('  - { id: a, type: exit, retry: { attempts: 99 } }\n'), 'out_of_range', 'steps[0].retry.attempts', '4:45'],
  ['retry without attempts', withSteps('  - { id: a, type: exit, retry: { backoff: 3m } }\n'), 'required', 'steps[0].retry.attempts', '4:26'],
  ['unknown zone', `name: N\nsettings: { timezone: Mars/Phobos }\ntrigger: { type: manual }\n${exit}`, 'unknown_timezone', 'settings.timezone', '2:23', /IANA/],
  ['a map where a word is wanted', withSteps('  - { id: a, type: goal, config: { condition: { field: email, operator: is_set }, mode: { a: 1 } } }\n'), 'unknown_value', 'steps[0].config.mode', '4:83', /gate, magnet/],
  ['reentry after a number', `name: N\nsettings: { reentry: { after: 30 } }\ntrigger: { type: manual }\n${exit}`, 'invalid_duration', 'settings.reentry.after', '2:31', /90s/],
  ['reentry after words', `name: N\nsettings: { reentry: { after: a month } }\ntrigger: { type: manual }\n${exit}`, 'invalid_duration', 'settings.reentry.after', '2:31', /90s/],
  ['an age without a unit', `name: N\nsettings: { max_run_age: 365 }\ntrigger: { type: manual }\n${exit}`, 'invalid_duration', 'settings.max_run_age', '2:26', /90s/],
  ['a misspelt key that triggers share', `name: N\ntrigger: { type: tag_added, filter: [] }\n${exit}`, 'unknown_key', 'trigger.filter', '2:29', /Did you mean "filters"/],
  ['reentry after nothing', `name: N\nsettings: { reentry: { after: 0 } }\ntrigger: { type: manual }\n${exit}`, 'invalid_duration', 'settings.reentry.after', '2:31'],
  ['unknown reentry', `name: N\nsettings: { reentry: nevver }\ntrigger: { type: manual }\n${exit}`, 'unknown_value', 'settings.reentry', '2:22', /never/],
  ['a number for reentry', `name: N\nsettings: { reentry: true }\ntrigger: { type: manual }\n${exit}`, 'unknown_value', 'settings.reentry', '2:22'],
  [
    'bad quiet hours',
    `name: N\nsettings: { quiet_hours: { from: "25:00", to: "08:00" } }\ntrigger: { type: manual }\n${exit}`,
    'invalid_time',
    'settings.quiet_hours.from',
    '2:34',
    /HH:MM/,
  ],
  [
    'unknown channel',
    `name: N\nsettings: { quiet_hours: { from: "21:00", to: "08:00", channels: [fax] } }\ntrigger: { type: manual }\n${exit}`,
    'unknown_value',
    'settings.quiet_hours.channels[0]',
    '2:67',
    /sms/,
  ],
  ['exit condition without cause', `name: N\nexit_conditions: [{ id: x }]\ntrigger: { type: manual }\n${exit}`, 'exit_without_cause', 'exit_conditions[0]', '2:19'],
  ['duplicate exit id', `name: N\nexit_conditions: [{ id: x, on: a }, { id: x, on: b }]\ntrigger: { type: manual }\n${exit}`, 'duplicate_id', 'exit_conditions[1].id', '2:43'],
  ['keys that exclude each other', withSteps('  - { id: a, type: add_tag, config: { tag: a, tags: [b] } }\n'), 'invalid_config', 'steps[0].config', '4:29'],
  ['a name that is no word', withSteps('  - { id: a, type: set, config: { values: { "a b": 1 } } }\n'), 'invalid_key', 'steps[0].config.values.a b', '4:52'],
  ['tests as words', `name: N\ntests: [x]\ntrigger: { type: manual }\n${exit}`, 'wrong_type', 'tests[0]', '2:9'],
  [
    'inside an inline arm',
    withSteps(
      '  - id: a\n    type: condition\n    config:\n      if: { field: email, operator: is_set }\n      then:\n        - { id: b, type: wait, config: { duration: soon } }\n',
    ),
    'invalid_duration',
    'steps[0].config.then[0].config.duration',
    '9:52',
  ],
];

describe('bad input', () => {
  test.each(rows)('%s', (_name, text, rule, path, place, hint = /./) => {
    const { definition, diagnostics } = readDefinition({ format: 'yaml', text });
    const found = diagnostics.filter((one) => one.rule === rule);
    expect(definition).toBeNull();
    expect(found.map((one) => `${one.rule} ${pathText(one.path)} ${one.line}:${one.column}`)).toContain(`${rule} ${path} ${place}`);
    expect(diagnostics.every((one) => one.kind === 'structure' && one.severity === 'error' && one.message !== '' && (one.hint ?? '') !== '')).toBe(true);
    expect(found.map((one) => one.hint).join('\n')).toMatch(hint);
  });

  test('all findings come at once, in the order of the text', () => {
    const { diagnostics } = readDefinition({
      format: 'yaml',
      text: 'nam: N\ntrigger: { type: nope }\nsteps:\n  - { id: a b, type: exit }\n  - { id: c, type: wait, config: { duration: x } }\n',
    });
    expect(diagnostics.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['unknown_key', 'required', 'unknown_trigger_type', 'invalid_id', 'invalid_duration']));
    expect(diagnostics.map(({ line }) => line)).toEqual(diagnostics.map(({ line }) => line).toSorted((a, b) => a! - b!));
  });

  test.each([
    ['forbidden_key', JSON.parse('{"name":"N","steps":[{"__proto__":{}}]}')],
    ['control_character', { name: 'a\u0000b' }],
    ['control_character', { 'a\u0000': 1 }],
    ['number_not_finite', { name: Infinity }],
    ['too_deep', Array.from({ length: 120 }).reduce<unknown>((inner) => [inner], 1)],
    ['too_large', { name: 'x'.repeat(1024 * 1024 + 1) }],
    ['too_large', { steps: Array.from({ length: 60_000 }, () => 1) }],
    ['empty_definition', null],
    ['empty_definition', undefined],
    ['wrong_type', [1]],
    ['wrong_type', 'text'],
    ['unknown_step_type', { name: 'N', trigger: { type: 'manual' }, steps: [{ id: 'a', type: 'nope' }] }],
  ])('JSON: %s', (rule, value) => {
    const { definition, diagnostics } = readDefinition({ format: 'json', value });
    expect(definition).toBeNull();
    expect(diagnostics.map((one) => one.rule)).toContain(rule);
    expect(diagnostics.every(({ line, column, hint }) => line === null && column === null && hint !== null)).toBe(true);
  });

  test('a finding is not said twice for the same place', () => {
    const { diagnostics } = readDefinition({ format: 'yaml', text: withSteps('  - { id: a, type: wait, config: { duration: .nan } }\n') });
    expect(diagnostics.map(({ rule }) => rule)).toEqual(['number_not_finite']);
  });

  test('a byte order mark and Windows line ends are accepted', () => {
    expect(readDefinition({ format: 'yaml', text: `\ufeffname: N\r\ntrigger: { type: manual }\r\n${exit}\r\n` }).diagnostics).toEqual([]);
  });

  test('`on: yes` stays text', () => {
    const { definition } = readDefinition({ format: 'yaml', text: `name: no\ntrigger: { type: manual }\n${exit}` });
    expect(definition?.name).toBe('no');
  });
});
