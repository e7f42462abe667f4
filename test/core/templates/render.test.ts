import { describe, expect, it } from 'vitest';
import { TemplateError } from '../../../src/core/templates/parse.ts';
import { fieldValue, readPath, renderText, renderValue } from '../../../src/core/templates/render.ts';
import { scopeOf } from '../../../src/core/templates/scope.ts';
import { newRunState, type Run, type Scene } from '../../../src/core/state.ts';
import { NOW, scopeWith } from './scope-fixture.ts';

const scope = scopeWith();

describe('renderText', () => {
  it.each([
    ['plain text', 'plain text'],
    ['Hi {{contact.first_name}}!', 'Hi Ana!'],
    ['{{ contact.first_name }}{{contact.first_name}}', 'AnaAna'],
    ['[{{contact.last_name}}{{steps.none.opened}}]', '[]'],
    ['{{contact.tags}}', 'new-lead, VIP'],
    ['{{contact.custom_fields.address}}', '{"city":"Oslo"}'],
    ['{{contact.custom_fields.address.city}} {{contact.tags.1}} {{steps.welcome-email.opened}}', 'Oslo VIP true'],
    ['{{now}}', '2026-03-02T10:00:00+01:00'],
    ['{{workflow.enrolled_at}} {{contact.created_at}}', '2026-03-02T09:00:00+01:00 2026-02-27T10:00:00+01:00'],
    ['{{trigger.data.order_id}} {{enrollment.seats}} {{location.defaults.from}} {{workflow.name}}', 'A-7 3 shop@example.com Nurture'],
    ['a }} b { c } {', 'a }} b { c } {'],
  ])('%s', (text, output) => {
    expect(renderText(text, scope)).toBe(output);
  });

  it('never reads data as a template', () => {
    expect(renderText('{{contact.custom_fields.note}}', scope)).toBe('{{contact.email}} <b>"x"&\'y\'</b>');
  });

  it('escapes inserted values, and only those, in HTML', () => {
    expect(renderText('<p>{{contact.custom_fields.note}}</p>', scope, { escape: 'html' })).toBe('<p>{{contact.email}} &lt;b&gt;&quot;x&quot;&amp;&#39;y&#39;&lt;/b&gt;</p>');
  });

  it('notes the paths that had no value', () => {
    const missing = new Set<string>();
    renderText('{{contact.last_name}} {{contact.first_name}} {{steps.a.b | upcase}} {{contact.last_name | default: "x"}}', scope, {}, missing);
    expect([...missing]).toEqual(['contact.last_name', 'steps.a.b']);
  });

  it('refuses a text that is no template', () => {
    expect(() => renderText('Hi {{contact.first_name', scope)).toThrow(TemplateError);
  });

  it.each(['__proto__', 'constructor', 'toString', 'first_name.length', 'tags.length', 'tags.map', 'custom_fields.constructor.name', 'custom_fields.__proto__.polluted'])(
    'reads nothing inherited: contact.%s',
    (path) => {
      expect(renderText(`[{{contact.${path}}}]`, scope)).toBe('[]');
    },
  );

  it('reads no function and no forbidden key, even an own one', () => {
    const trigger = Object.defineProperty({ data: { call: () => 'x' } }, 'constructor', { value: 'own', enumerable: true });
    const odd = scopeWith({ trigger });
    expect(renderText('[{{trigger.data.call}}{{trigger.constructor}}]', odd)).toBe('[]');
  });
});

describe('renderValue', () => {
  it.each([
    ['{{steps.welcome-email.opened}}', true],
    ['{{contact.tags}}', ['new-lead', 'VIP']],
    ['{{enrollment.seats}}', 3],
    ['{{contact.custom_fields.nothing}}', undefined],
    ['{{templates.welcome}}', 'welcome'],
    ['{{templates.unknown}}', undefined],
    ['{{voicemails.intro}}', 'intro'],
    ['{{voicemails.intro.audio_url}}', 'https://example.com/a.mp3'],
    ['{{now}}', '2026-03-02T10:00:00+01:00'],
    ['plain', 'plain'],
    [' {{enrollment.seats}}', ' 3'],
    [7, 7],
    [null, null],
  ])('%j', (value, output) => {
    expect(renderValue(value, scope)).toEqual(output);
  });

  it('goes to any depth, leaves keys, and notes what is missing', () => {
    const missing = new Set<string>();
    const source = { a: ['{{enrollment.seats}}', { '{{b}}': 'x {{contact.last_name}}' }], c: true };
    expect(renderValue(source, scope, missing)).toEqual({ a: [3, { '{{b}}': 'x ' }], c: true });
    expect([...missing]).toEqual(['contact.last_name']);
  });

  it('does not let a key become a prototype', () => {
    const output = renderValue(JSON.parse('{"__proto__": {"admin": true}}'), scope) as { admin?: boolean };
    expect(output.admin).toBeUndefined();
  });
});

describe('fieldValue and readPath', () => {
  it.each([
    ['tags', ['new-lead', 'VIP']],
    ['custom_fields.plan', 'pro'],
    ['contact.first_name', 'Ana'],
    ['steps.welcome-email.result', 'm-1'],
    ['{{steps.welcome-email.opened}}', true],
    ['{{contact.first_name}} {{contact.last_name}}', 'Ana '],
    ['unknown', undefined],
    ['created_at', '2026-02-27T10:00:00+01:00'],
  ])('%s', (field, value) => {
    expect(fieldValue(field, scope)).toEqual(value);
  });
  it('knows its roots only', () => {
    expect(readPath(['process', 'env'], scope)).toBeUndefined();
    expect(readPath(['toString'], scope)).toBeUndefined();
    expect(readPath([], scope)).toBeUndefined();
  });
  it('reads secrets only where the scope holds them', () => {
    expect(readPath(['secrets', 'key'], scope)).toBeUndefined();
    expect(readPath(['secrets', 'key'], scopeWith({ secrets: { key: 's3' } }))).toBe('s3');
  });
});

describe('scopeOf', () => {
  const run: Run = { id: 'e', contactId: 'c1', workflowId: 'w1', enrolledAt: NOW, trigger: {}, depth: 0, state: newRunState({ seats: 2 }) };
  const scene = (contactZone: string | null, locationZone: string): Scene => ({
    now: NOW,
    contact: { ...scope.contact, timezone: contactZone },
    workflow: { id: 'w1', name: 'N' },
    location: { ...scope.location, timezone: locationZone },
    assets: scope.assets,
    paused: false,
  });
  it.each([
    ['contact', 'Asia/Tokyo', 'Europe/Berlin', 'Asia/Tokyo'],
    ['contact', null, 'Europe/Berlin', 'Europe/Berlin'],
    ['contact', null, '', 'UTC'],
    ['Europe/London', 'Asia/Tokyo', '', 'Europe/London'],
  ])('%s with %s and %s is %s', (setting, contactZone, locationZone, zone) => {
    const made = scopeOf(run, scene(contactZone, locationZone), setting);
    expect(made.zone).toBe(zone);
    expect(made.enrollment).toEqual({ seats: 2 });
  });
});
