import { describe, expect, it } from 'vitest';
import { given, START } from '../../support/given.ts';

const step = (type: string, config: string) => `steps:\n  - { id: one, type: ${type}, config: ${config} }`;

describe('send_email', () => {
  it('renders a template of the location, escaping the body', () => {
    const run = given(step('send_email', '{ template_id: "{{templates.welcome}}" }'), { contact: { first_name: '<Ana>' } }).start();
    expect(run.last.effect?.request).toEqual({
      to: 'ana@example.com',
      from: null,
      reply_to: null,
      subject: 'Welcome <Ana>',
      html: '<p>Hello &lt;Ana&gt;</p>',
      text: null,
      template_id: 'welcome',
    });
  });

  it('finds a template by its id too', () => {
    expect(given(step('send_email', '{ template_id: t2 }')).start().last.effect?.request).toMatchObject({ subject: 'A reminder', text: 'Hi' });
  });

  it('keeps the body out of the log', () => {
    const run = given(step('send_email', '{ subject: Hi, html: "<b>secret</b>", text: secret }')).start();
    expect(JSON.stringify(run.trail)).not.toContain('secret');
  });

  it.each([
    ['a template that is missing', '{ template_id: nope }', {}, /no e-mail template "nope"/],
    ['a template of another channel', '{ template_id: ping }', {}, /no e-mail template "ping"/],
    ['an address with a line break in it', '{ subject: Hi, text: x }', { email: 'a@example.com\r\nBcc: b@example.com' }, /control characters/],
  ])('fails for %s', (_name, config, contact, error) => {
    const run = given(step('send_email', config), { contact }).start();
    expect(run.trail[0]).toMatchObject({ status: 'failed', error: expect.stringMatching(error) });
    expect(run.last.effect).toBeNull();
  });

  it('folds line breaks in a subject', () => {
    expect(
      given(step('send_email', '{ subject: "Hi {{contact.first_name}}", text: x }'), { contact: { first_name: 'A\r\nBcc: x' } }).start().last.effect?.request['subject'],
    ).toBe('Hi A Bcc: x');
  });
});

describe.each([
  ['send_email', '{ subject: Hi, text: x }', 'email', { email: null }],
  ['send_sms', '{ message: Hi }', 'sms', { phone: null }],
  ['make_call', '{ say: Hi }', 'voice', { phone: '' }],
] as const)('%s', (type, config, channel, nobody) => {
  it('is skipped, with the reason, without an address', () => {
    const run = given(step(type, config), { contact: nobody }).start();
    expect(run.trail[0]).toMatchObject({ status: 'skipped', output: { skipped: expect.stringMatching(/^no_address/) } });
    expect(run.run.state.status).toBe('completed');
  });

  it('is skipped, with the reason, without consent', () => {
    const run = given(step(type, config), { contact: { consent: { [channel]: 'withdrawn' } } }).start();
    expect(run.trail[0]).toMatchObject({ status: 'skipped', output: { skipped: expect.stringMatching(/^opted_out/) } });
  });

  it('takes a text and a delay', () => {
    const run = given(step(type, config.replace('{', '{ delay: 1h,'))).start();
    expect(run.last.timer?.at).toBe(START + 3_600_000);
    expect(run.timer().last.effect?.channel).toBe(channel);
  });
});

describe('send_sms', () => {
  it.each([
    [
      'a message',
      '{ message: "Hi {{contact.first_name}}", media_url: "https://x.test/a.png" }',
      { to: '+15551230001', body: 'Hi Ana', media_url: 'https://x.test/a.png', template_id: null },
    ],
    ['a template by its id', '{ template_id: t3 }', { to: '+15551230001', body: 'Ping Ana', media_url: null, template_id: 't3' }],
    ['a template', '{ template_id: "{{templates.ping}}" }', { to: '+15551230001', body: 'Ping Ana', media_url: null, template_id: 'ping' }],
  ])('sends %s', (_name, config, request) => {
    expect(given(step('send_sms', config)).start().last.effect).toMatchObject({ channel: 'sms', request });
  });

  it.each([
    ['an empty message', '{ message: "{{contact.custom_fields.none}}" }', /empty/],
    ['a template that is missing', '{ template_id: toString }', /no SMS template/],
    ['an e-mail template', '{ template_id: welcome }', /no SMS template/],
  ])('fails for %s', (_name, config, error) => {
    expect(given(step('send_sms', config)).start().trail[0]).toMatchObject({ status: 'failed', error: expect.stringMatching(error) });
  });
});

describe('make_call', () => {
  it.each([
    ['plays a voicemail', '{ voicemail_drop_id: "{{voicemails.intro}}" }', { audio_url: 'https://example.com/intro.mp3', say: null, voicemail_drop_id: 'intro' }],
    ['finds a voicemail by id', '{ voicemail_drop_id: v1 }', { audio_url: 'https://example.com/intro.mp3' }],
    ['plays a recording', '{ audio_url: "https://x.test/{{contact.first_name}}.mp3" }', { audio_url: 'https://x.test/Ana.mp3', say: null }],
    ['speaks', '{ say: "Hello {{contact.first_name}}" }', { audio_url: null, say: 'Hello Ana' }],
  ])('%s', (_name, config, request) => {
    expect(given(step('make_call', config)).start().last.effect).toMatchObject({ channel: 'voice', request: { to: '+15551230001', ...request } });
  });

  it('fails for a voicemail that is missing', () => {
    expect(given(step('make_call', '{ voicemail_drop_id: nope }')).start().trail[0]).toMatchObject({ status: 'failed', error: expect.stringMatching(/no voicemail "nope"/) });
  });
});

describe('update_contact', () => {
  it('sets, clears and counts, and tells what really changed', () => {
    const config =
      '{ set: { first_name: "{{contact.last_name}}", custom_fields.plan: pro, email: ana@example.com }, unset: [custom_fields.old], increment: { custom_fields.score: 5 } }';
    const run = given(step('update_contact', config), { contact: { custom_fields: { old: 1, score: 2 } } }).start();
    expect(run.contact).toMatchObject({ first_name: 'Ruiz', custom_fields: { plan: 'pro', score: 7 } });
    expect(run.contact.custom_fields).not.toHaveProperty('old');
    expect(run.trail[0]?.output).toEqual({ changed: ['custom_fields.old', 'custom_fields.plan', 'custom_fields.score', 'first_name'] });
    expect(run.last.events).toMatchObject([{ type: 'contact_updated', data: { changes: { first_name: { from: 'Ana', to: 'Ruiz' }, 'custom_fields.score': { from: 2, to: 7 } } } }]);
  });

  it('counts from 0 what was not set', () => {
    expect(given(step('update_contact', '{ increment: { custom_fields.visits: "2" } }')).start().contact.custom_fields).toEqual({ visits: 2 });
  });

  it('names what changed in the same order, however the definition was stored', () => {
    const changed = (set: string) => given(step('update_contact', `{ set: ${set} }`)).start().run.state.data.steps['one'];
    expect(changed('{ first_name: Bo, custom_fields.n: 1 }')).toEqual(changed('{ custom_fields.n: 1, first_name: Bo }'));
  });

  it('writes nothing when nothing changes', () => {
    expect(given(step('update_contact', '{ set: { first_name: Ana } }')).start().last).toMatchObject({ contact: null, events: [] });
  });

  it.each([
    ['longer than the store keeps it', `{ set: { phone: "${'1'.repeat(33)}" } }`, /at most 32 characters and would get 33/],
    ['no zone', '{ set: { timezone: Mars/Olympus } }', /IANA zone.+Mars\/Olympus/],
  ])('fails for a value that is %s', (_name, config, error) => {
    const run = given(step('update_contact', config)).start();
    expect(run.trail[0]).toMatchObject({ status: 'failed', error: expect.stringMatching(error) });
    expect(run.last.contact).toBeNull();
  });

  it.each([
    ['text', '{ first_name: 1 }', {}],
    ['a truth', '{ custom_fields.n: 1 }', { n: true }],
    ['a list', '{ custom_fields.n: 1 }', { n: [] }],
    ['what is counted by a truth', '{ custom_fields.n: "{{contact.custom_fields.by}}" }', { by: true }],
    ['what is counted by nothing', '{ custom_fields.n: "{{contact.custom_fields.by}}" }', {}],
    ['what no number can hold any more', '{ custom_fields.n: 1.0e+308 }', { n: 1e308 }],
  ])('fails for a field that cannot be counted: %s', (_name, increment, custom_fields) => {
    const run = given(step('update_contact', `{ increment: ${increment} }`), { contact: { custom_fields } }).start();
    expect(run.trail[0]).toMatchObject({ status: 'failed', error: expect.stringMatching(/cannot be counted/) });
    expect(run.last.contact).toBeNull();
  });

  it.each([
    ['text that is a number', { n: ' 2 ' }, '1', 3],
    ['empty text as 0', { n: '' }, '1', 1],
    ['parts as people add them', { n: 0.1 }, '0.2', 0.3],
    ['downwards', { n: 1 }, '-2.5', -1.5],
    ['whole numbers exactly', { n: 9_007_199_254_740_990 }, '1', 9_007_199_254_740_991],
  ])('counts %s', (_name, custom_fields, by, counted) => {
    expect(given(step('update_contact', `{ increment: { custom_fields.n: ${by} } }`), { contact: { custom_fields } }).start().contact.custom_fields['n']).toBe(counted);
  });

  it.each([
    ['the same map, whose keys the database has put in another order', { street: 'Mayor', zip: '1' }, []],
    ['the same map deep in a list', [{ b: 1, a: [2] }], []],
    ['another value in it', { street: 'Mayor', zip: '2' }, ['custom_fields.x']],
    ['one key more', { street: 'Mayor', zip: '1', no: 4 }, ['custom_fields.x']],
    ['a number in place of its text', { street: 'Mayor', zip: 1 }, ['custom_fields.x']],
  ])('tells no change where there is none: %s', (_name, to, changed) => {
    const from = Array.isArray(to) ? [{ a: [2], b: 1 }] : { zip: '1', street: 'Mayor' };
    const run = given(step('update_contact', `{ set: { custom_fields.x: ${JSON.stringify(to)} } }`), { contact: { custom_fields: { x: from } } }).start();
    expect(run.trail[0]?.output).toEqual({ changed });
  });
});

describe('tags', () => {
  it.each([
    ['add_tag', '{ tag: vip }', ['new-lead', 'vip'], [{ type: 'tag_added', data: { tag: 'vip' } }]],
    ['add_tag', '{ tags: [vip, "{{contact.first_name}}", new-lead, vip] }', ['new-lead', 'vip', 'Ana'], [{ data: { tag: 'vip' } }, { data: { tag: 'Ana' } }]],
    ['add_tag', '{ tag: new-lead }', ['new-lead'], []],
    ['add_tag', '{ tag: "{{contact.custom_fields.likes}}" }', ['new-lead', 'tea', '7'], [{ data: { tag: 'tea' } }, { data: { tag: '7' } }]],
    ['add_tag', '{ tags: ["{{contact.custom_fields.likes}}", "{{contact.custom_fields.none}}", " "] }', ['new-lead', 'tea', '7'], [{ data: { tag: 'tea' } }, { data: { tag: '7' } }]],
    ['remove_tag', '{ tag: new-lead }', [], [{ type: 'tag_removed', data: { tag: 'new-lead' } }]],
    ['remove_tag', '{ tags: [vip] }', ['new-lead'], []],
  ])('%s %s', (type, config, tags, events) => {
    const run = given(step(type, config), { contact: { custom_fields: { likes: ['tea', 7] } } }).start();
    expect(run.contact.tags).toEqual(tags);
    expect(run.last.events).toMatchObject(events);
    expect(run.last.events).toHaveLength(events.length);
  });
});

describe('webhook', () => {
  it('fills in URL, headers and body', () => {
    const config =
      '{ url: "https://x.test/{{contact.id}}", method: PUT, headers: { X-Name: "{{contact.first_name}}" }, body: { tags: "{{contact.tags}}", name: "Hi {{contact.first_name}}" }, timeout: 5s }';
    const run = given(step('webhook', config)).start();
    expect(run.last.effect).toMatchObject({
      channel: 'webhook',
      request: { url: `https://x.test/${run.contact.id}`, method: 'PUT', headers: { 'X-Name': 'Ana' }, body: '{"tags":["new-lead"],"name":"Hi Ana"}', timeout_ms: 5_000 },
    });
    expect(run.trail[0]?.input).not.toHaveProperty('headers');
  });

  it('keeps the answer and the values to save', () => {
    const run = given(step('http_request', '{ url: "https://x.test", body: raw, save: { id: data.0.id, none: data.9, same: body.data.0.id, code: status } }')).start();
    expect(run.last.effect?.request['body']).toBe('raw');
    run.outcome({ status: 'accepted', result: { status: 200, headers: {}, body: { data: [{ id: 7 }] } } });
    expect(run.run.state.data.steps['one']).toMatchObject({ status: 200, id: 7, none: null, same: 7, code: 200, result: 200 });
  });

  it.each([
    ['$.data[0].id', 7],
    ['data[0].id', 7],
    ['$.body.data[0].id', 7],
    ['[0]', null],
    ['$', null],
    ['$ref', 'kept as it is called'],
  ])('saves what the path %s names', (path, value) => {
    const run = given(step('webhook', `{ url: "https://x.test", save: { it: "${path}" } }`)).start();
    run.outcome({ status: 'accepted', result: { status: 200, headers: {}, body: { data: [{ id: 7 }], $ref: 'kept as it is called' } } });
    expect(run.run.state.data.steps['one']).toMatchObject({ it: value });
  });

  it.each([
    [{ status: 'failed', error: 'HTTP 500' } as const, 'failed'],
    [{ status: 'unknown', error: 'cut off' } as const, 'failed'],
    [{ status: 'skipped', reason: 'gone' } as const, 'skipped'],
  ])('that ends %j is %s', (outcome, status) => {
    expect(given(step('webhook', '{ url: "https://x.test" }')).start().outcome(outcome).trail[0]?.status).toBe(status);
  });
});

describe('§5 control characters', () => {
  it.each([
    ['from', 'send_email', 'subject: Hi, text: Hi, from: "{{contact.custom_fields.x}}"'],
    ['reply_to', 'send_email', 'subject: Hi, text: Hi, reply_to: "{{contact.custom_fields.x}}"'],
    ['x-name', 'webhook', 'url: "https://example.com", headers: { x-name: "{{contact.custom_fields.x}}" }'],
  ])('are refused in %s of %s', (name, type, config) => {
    const yaml = `steps:\n  - { id: one, type: ${type}, config: { ${config} } }\n`;
    const run = given(yaml, { contact: { custom_fields: { x: 'a@example.com\r\nBcc: all@example.com' } } }).start();
    expect(run.trail).toMatchObject([{ status: 'failed', error: expect.stringContaining(`"${name}" has control characters`) }]);
    expect(given(yaml, { contact: { custom_fields: { x: 'a@example.com' } } }).start().last.effect).not.toBeNull();
  });
});
