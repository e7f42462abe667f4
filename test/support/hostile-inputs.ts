import type { Import } from '../../src/services/transfer.ts';

/** A definition that somebody wrote to hurt, or by an accident that hurts: what is said of it, where, and in which line and column (null for JSON and canvases). */
export type HostileInput = [what: string, source: Import, rule: string, path: string, place: string | null];

const yaml = (text: string): Import => ({ format: 'yaml', text });
const steps = (text: string): Import => yaml(`name: N\ntrigger: { type: manual }\nsteps:\n${text}\n`);
/** One step; its config begins in line 6, column 13. */
const step = (type: string, config: string): Import => steps(`  - id: a\n    type: ${type}\n    config: ${config}`);
const around = (head: string): Import => yaml(`name: N\n${head}\nsteps:\n  - { id: a, type: exit }\n`);
const json = (value: unknown): Import => ({ format: 'json', value });
const oneStep = (type: string, config: unknown): Import => json({ name: 'N', trigger: { type: 'manual' }, steps: [{ id: 'a', type, config }] });
const canvas = (nodes: object[], edges: object[]): Import => ({
  format: 'canvas',
  value: { workflow: { name: 'N' }, nodes: [{ id: 'trigger:0', type: 'trigger', data: { type: 'manual' } }, ...nodes], edges },
});
const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => wrap(inner), 'x');
const sms = (message: string): Import => step('send_sms', `{ message: ${JSON.stringify(message)} }`);
const wait = (duration: string): Import => step('wait', `{ duration: ${duration} }`);
const split = (weights: string[]): Import => step('ab_split', `{ variants: [${weights.map((weight, index) => `{ name: v${index}, weight: ${weight} }`).join(', ')}] }`);
const cron = (text: string, zone = 'UTC'): Import => around(`trigger: { type: schedule, cron: "${text}", timezone: ${zone} }`);
const expression = (text: string): Import => step('condition', `{ if: { expression: ${JSON.stringify(text)} }, then: end }`);
const pattern = (text: string): Import => step('condition', `{ if: { field: email, operator: matches, value: ${JSON.stringify(text)} }, then: end }`);
const hook = (url: string): Import => step('webhook', `{ url: ${JSON.stringify(url)} }`);

const BOMB = [
  'a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]',
  ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[index]}`).join(', ')}]`),
].join('\n');

/** Each group of inputs by what they abuse. */
export const hostileInputs: HostileInput[] = [
  // YAML
  ['a billion laughs', yaml(BOMB), 'aliases_not_allowed', 'b[0]', '2:8'],
  ['an alias that holds itself', yaml('a: &a [*a]\n'), 'aliases_not_allowed', 'a[0]', '1:8'],
  ['a thousand open brackets', yaml(`a: ${'['.repeat(1_000)}`), 'too_deep', '', '1:4'],
  ['a hundred thousand open brackets', yaml('['.repeat(100_000)), 'too_deep', '', '1:1'],
  ['ten thousand open braces', yaml('{a: '.repeat(10_000)), 'too_deep', '', '1:1'],
  ['five thousand dashes in a row', yaml(`${'- '.repeat(5_000)}a`), 'too_deep', '', '1:1'],
  ['ever deeper lines', yaml(Array.from({ length: 150 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')), 'too_deep', `${'a.'.repeat(100)}a`, '101:101'],
  ['twenty thousand keys', around(`trigger: { type: manual }\n${Array.from({ length: 20_000 }, (_, n) => `k${n}: 1`).join('\n')}`), 'unknown_key', 'k0', '3:1'],
  ['ten thousand times the same key', around(`trigger: { type: manual }\n${'description: x\n'.repeat(10_000)}`), 'duplicate_key', 'description', '4:1'],
  ['a million bytes of list', yaml('- a\n'.repeat(260_000)), 'too_large', '', '1:1'],
  ['a mebibyte of text', sms('x'.repeat(1024 * 1024)), 'too_large', '', '1:1'],
  ['quotes that never close', yaml(`name: "${'\\"'.repeat(50_000)}a`), 'syntax', '', '1:100009'],
  ['a key twice', yaml('name: N\nname: M\n'), 'duplicate_key', 'name', '2:1'],
  ['a phone number as a number', step('send_sms', '{ message: hi, to: +15551234567 }'), 'number_changed', 'steps[0].config.to', '6:32'],
  ['more digits than a number holds', yaml('name: 12345678901234567890\n'), 'number_changed', 'name', '1:7'],
  ['a template without quotes', step('send_sms', '\n      message: {{contact.first_name}}'), 'template_needs_quotes', 'steps[0].config.message', '7:7'],
  ['another YAML', yaml('%YAML 1.1\n---\nname: NO\n'), 'directive_not_allowed', '', '1:1'],
  ['a merge key', yaml('name: N\n<<: { a: 1 }\n'), 'merge_key', '<<', '2:1'],
  ['a function in a tag', yaml('name: !!js/function "function () {}"\n'), 'tag_not_allowed', 'name', '1:21'],
  ['bytes in a tag', yaml('name: !!binary aGk=\n'), 'tag_not_allowed', 'name', '1:16'],
  ['infinity', wait('.inf'), 'number_not_finite', 'steps[0].config.duration', '6:25'],
  ['two documents', yaml('name: N\n---\nname: M\n'), 'one_document', '', '2:1'],
  ['tabs', yaml('name: N\ntrigger:\n\ttype: manual\n'), 'tab', '', '3:1'],
  ['nothing at all', yaml(''), 'empty_definition', '', '1:1'],
  ['a NUL', yaml('name: "a\\0b"\n'), 'control_character', 'name', '1:7'],
  ['a key that is a prototype', step('exit', '{ __proto__: { admin: true } }'), 'forbidden_key', 'steps[0].config.__proto__', '6:15'],
  // JSON
  ['JSON nested too deep', json(nested(1_000, (inner) => [inner])), 'too_deep', '[0]'.repeat(101), null],
  ['JSON maps nested too deep', json(nested(1_000, (inner) => ({ a: inner }))), 'too_deep', `a${'.a'.repeat(100)}`, null],
  [
    'JSON with a prototype',
    json(JSON.parse('{"name":"N","trigger":{"type":"manual"},"steps":[{"id":"a","type":"exit","config":{"__proto__":{"admin":true}}}]}')),
    'forbidden_key',
    'steps[0].config.__proto__',
    null,
  ],
  ['JSON with a constructor', oneStep('exit', { constructor: { prototype: {} } }), 'forbidden_key', 'steps[0].config.constructor', null],
  ['a hundred thousand values', oneStep('add_tag', { tags: Array.from({ length: 100_000 }, () => 'x') }), 'too_large', '', null],
  ['steps as a map', json({ name: 'N', trigger: { type: 'manual' }, steps: { a: 1 } }), 'wrong_type', 'steps', null],
  ['a template that is a tree', oneStep('send_sms', { message: { type: 'Program', body: [] } }), 'wrong_type', 'steps[0].config.message', null],
  [
    'ten thousand steps',
    json({ name: 'N', trigger: { type: 'manual' }, steps: Array.from({ length: 10_000 }, (_, n) => ({ id: `s${n}`, type: 'exit' })) }),
    'too_long',
    'steps',
    null,
  ],
  // Steps and their ids
  ['an id twice', steps('  - { id: a, type: exit }\n  - { id: a, type: exit }'), 'duplicate_id', 'steps[1].id', '5:11'],
  ['an id of three hundred letters', steps(`  - { id: ${'a'.repeat(300)}, type: exit }`), 'invalid_id', 'steps[0].id', '4:11'],
  ['an id that is a picture', steps('  - { id: "🙂", type: exit }'), 'invalid_id', 'steps[0].id', '4:11'],
  ['a step that nobody knows', step('exec', '{ command: rm }'), 'unknown_step_type', 'steps[0].type', '5:11'],
  ['a way to nowhere', steps('  - { id: a, type: exit, next: __proto__ }'), 'unknown_target', 'steps[0].next', '4:32'],
  [
    'a circle of messages',
    steps('  - { id: a, type: send_sms, next: b, config: { message: hi } }\n  - { id: b, type: send_sms, next: a, config: { message: ho } }'),
    'endless_loop',
    'steps[1].next',
    '5:36',
  ],
  ['a misspelt key', step('send_sms', '{ messsage: hi, message: hi }'), 'unknown_key', 'steps[0].config.messsage', '6:15'],
  [
    'conditions nested ninety deep',
    oneStep('condition', { if: nested(90, (inner) => ({ all: [inner] })), then: 'end' }),
    'too_deep',
    `steps[0].config.if${'.all[0]'.repeat(48)}.all`,
    null,
  ],
  // Weights
  ['a negative weight', split(['-1', '1']), 'invalid_weights', 'steps[0].config.variants[0].weight', '6:46'],
  ['weights of zero', split(['0', '0']), 'invalid_weights', 'steps[0].config.variants', '6:15'],
  ['a weight with a sign', split(['"50%"', '50']), 'invalid_weights', 'steps[0].config.variants[0].weight', '6:46'],
  ['a weight of 1e400', split(['1e400', '1']), 'number_not_finite', 'steps[0].config.variants[0].weight', '6:46'],
  // Durations
  ...['1 day', '"-1h"', '1d12', '999999999d', '1e9d', `"${'9'.repeat(400)}d"`].map((text): HostileInput => [
    `a wait of ${text.slice(0, 12)}`,
    wait(text),
    'invalid_duration',
    'steps[0].config.duration',
    '6:25',
  ]),
  // Cron and zones
  ['a cron of every second', cron('* * * * * *'), 'invalid_cron', 'trigger.cron', '2:34'],
  ['a cron of the thirty-first of February', cron('0 0 31 2 *'), 'invalid_cron', 'trigger.cron', '2:34'],
  ['a cron of minute 61', cron('61 * * * *'), 'invalid_cron', 'trigger.cron', '2:34'],
  ['a cron of a thousand lists', cron(`${'0,'.repeat(1_000)}0 * * * *`), 'invalid_cron', 'trigger.cron', '2:34'],
  ['a cron with a step of nothing', cron('*/0 * * * *'), 'invalid_cron', 'trigger.cron', '2:34'],
  ['a zone on another planet', cron('0 9 * * *', 'Mars/Phobos'), 'unknown_timezone', 'trigger.timezone', '2:57'],
  // Expressions
  ...[
    "constructor.constructor('return process')()",
    '__proto__',
    'score.constructor == 1',
    '(function () { return 1 })()',
    'f(x) = 1',
    `${'('.repeat(900)}1${')'.repeat(900)}`,
    `1${'+1'.repeat(50_000)}`,
    '['.repeat(2_000),
  ].map((text): HostileInput => [`the expression ${text.slice(0, 30)}`, expression(text), 'expression_invalid', 'steps[0].config.if.expression', '6:33']),
  // Patterns
  ...['(?=a)b', '(a)\\1', '((a{100}){100}){100}', 'a'.repeat(5_000), '(('].map((text): HostileInput => [
    `the pattern ${text.slice(0, 20)}`,
    pattern(text),
    'condition_value',
    'steps[0].config.if.value',
    '6:61',
  ]),
  [
    'a number that is plenty',
    step('condition', '{ if: { field: custom_fields.score, operator: greater_than, value: plenty }, then: end }'),
    'condition_value',
    'steps[0].config.if.value',
    '6:80',
  ],
  // Templates
  ...['{{contact.first_name', '{{}}', '{{ 7*7 }}', '{{#with contact}}x{{/with}}', '{{contact.first_name | default: }}', '{{steps.x["__proto__"]}}', `${'{{'.repeat(500)}`].map(
    (text): HostileInput => [`the template ${text.slice(0, 30)}`, sms(text), 'template_syntax', 'steps[0].config.message', '6:24'],
  ),
  ...['{{contact.email | valueOf}}', '{{contact.email | constructor}}', '{{contact.email | __proto__}}'].map((text): HostileInput => [
    `the template ${text}`,
    sms(text),
    'unknown_filter',
    'steps[0].config.message',
    '6:24',
  ]),
  ...['{{contact.toString}}', '{{process.env.HOME}}', '{{constructor}}'].map((text): HostileInput => [
    `the template ${text}`,
    sms(text),
    'unknown_variable',
    'steps[0].config.message',
    '6:24',
  ]),
  ['a filter with a wrong argument', sms('{{now | add_days: "x"}}'), 'filter_argument', 'steps[0].config.message', '6:24'],
  // URLs
  ...[
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://①②⑦.0.0.1/',
    'http://0/',
    'http://good.com@127.0.0.1/',
    'http:\\\\127.0.0.1',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://169.254.169.254/latest',
    'http://localhost./',
    'http://10.0.0.1:8080/{{contact.email}}',
  ].map((url): HostileInput => [`the address ${url}`, hook(url), 'private_url', 'steps[0].config.url', '6:20']),
  ...['ftp://example.com/', 'file:///etc/passwd', 'gopher://x', 'javascript:alert(1)', 'http://'].map((url): HostileInput => [
    `the address ${url}`,
    hook(url),
    'url_scheme',
    'steps[0].config.url',
    '6:20',
  ]),
  // Canvases
  [
    'an edge to no node',
    canvas(
      [{ id: 'a', type: 'exit' }],
      [
        { source: 'trigger:0', target: 'a' },
        { source: 'a', target: 'ghost', sourceHandle: 'next' },
      ],
    ),
    'unknown_target',
    'steps[0].next',
    null,
  ],
  ['a node that is a prototype', canvas([{ id: '__proto__', type: 'exit' }], [{ source: 'trigger:0', target: '__proto__' }]), 'reserved_id', 'steps[0].id', null],
  [
    'a drawn circle',
    canvas(
      [{ id: 'a', type: 'add_tag', data: { config: { tag: 'x' } } }],
      [
        { source: 'trigger:0', target: 'a' },
        { source: 'a', target: 'a', sourceHandle: 'next' },
      ],
    ),
    'endless_loop',
    'steps[0].next',
    null,
  ],
  ['a node of no kind', canvas([{ id: 'a', type: 'exec' }], [{ source: 'trigger:0', target: 'a' }]), 'unknown_step_type', 'steps[0].type', null],
];
