import { describe, expect, it } from 'vitest';
import { checkTemplate, isTemplate, loneExpression, parseTemplate, pathsOf, TemplateError } from '../../../src/core/templates/parse.ts';
import { rootNames } from '../../../src/core/templates/roots.ts';

describe('checkTemplate', () => {
  it.each([
    ['{{contact.first_name', 'template_syntax', 20],
    ['{{}}', 'template_syntax', 2],
    ['{{ 7*7 }}', 'template_syntax', 4],
    ['{% include "x" %}', 'template_syntax', 0],
    ['{{#with}}', 'template_syntax', 2],
    ['{{contact.a b}}', 'template_syntax', 12],
    ['{{ now | }}', 'template_syntax', 9],
    ['{{ now | date: }}', 'template_syntax', 15],
    ['{{ now | date: "x }}', 'template_syntax', 15],
    ['{{ now | add_days: x }}', 'template_syntax', 19],
    ['{{ contact["email"] }}', 'template_syntax', 10],
    ['{{ contact.call() }}', 'template_syntax', 15],
    ['{{{contact.email}}}', 'template_syntax', 2],
    ['{{contact..email}}', 'template_syntax', 9],
    ['{{1 | valueOf}}', 'unknown_variable', 0],
    ['{{x}}', 'unknown_variable', 0],
    ['{{process.env}}', 'unknown_variable', 0],
    ['{{contact.emial}}', 'unknown_variable', 0],
    ['{{contact.consent.emial}}', 'unknown_variable', 0],
    ['a {{workflow.owner}}', 'unknown_variable', 2],
    ['{{templates}}', 'unknown_variable', 0],
    ['{{x|constructor}}', 'unknown_variable', 0],
    ['{{now | upcas}}', 'unknown_filter', 8],
    ['{{now | zzz}}', 'unknown_filter', 8],
    ['{{secrets.key}}', 'misplaced_secret', 0],
  ])('%s', (text, rule, offset) => {
    expect(checkTemplate(text)[0]).toMatchObject({ rule, offset });
    expect(checkTemplate(text)[0]?.message).toMatch(/\.$/);
  });

  it.each([
    ['{{contact.emial}}', 'Did you mean "contact.email"?'],
    ['{{contact.consent.emial}}', 'Did you mean "contact.consent.email"?'],
    ['{{contact.consent.whatsapp}}', 'It holds email, sms, voice, webhook'],
    ['{{contat.email}}', 'Did you mean "contact.email"?'],
    ['{{first_name}}', 'Did you mean "contact.first_name"?'],
    ['{{contact.lead_score}}', 'contact.custom_fields.lead_score'],
    ['{{now | upcas}}', 'Did you mean "upcase"?'],
    ['{{workflow.zzzzzzzz}}', 'It holds id, name'],
    ['{{qqqqqqqqq.x}}', 'begins with one of'],
    ['{{voicemails}}', 'voicemails.intro'],
    ['{{ now | date: %Y }}', 'Text needs quotes: "%Y"'],
  ])('%s gets a hint', (text, hint) => {
    expect(checkTemplate(text)[0]?.hint).toContain(hint);
  });

  it('finds every fault, in the order of the text', () => {
    const rules = checkTemplate('{{}} {{contact.emial | upcas | truncate}} {{now}} {{oops').map(({ rule }) => rule);
    expect(rules).toEqual(['template_syntax', 'unknown_variable', 'unknown_filter', 'filter_argument', 'template_syntax']);
  });

  it('finds nothing wrong with every root, and with secrets where they may stand', () => {
    const texts = rootNames.map(
      (root) => `{{${({ now: 'now', contact: 'contact.email', workflow: 'workflow.name', location: 'location.name' } as Record<string, string>)[root] ?? `${root}.x`}}}`,
    );
    expect(texts.flatMap((text) => checkTemplate(text, { secrets: true }))).toEqual([]);
    expect(checkTemplate('{{contact.consent}} {{contact.consent.email}} {{contact.consent.voice}} {{contact.custom_fields.consent.emial}}')).toEqual([]);
    expect(checkTemplate("{{contact | json}} and {{ now|date:'%Y }} %m' }} { } }} css")).toEqual([]);
  });

  it('stays fast on hostile text', () => {
    expect(checkTemplate('{{'.repeat(2000)).length).toBeGreaterThan(0);
    expect(checkTemplate(`{{now${' | upcase'.repeat(2000)}}}`)).toEqual([]);
  });
});

describe('parseTemplate', () => {
  it('reads once per text', () => {
    expect(parseTemplate('a {{now}} b')).toBe(parseTemplate('a {{now}} b'));
    expect(parseTemplate('a {{now}} b').parts).toHaveLength(3);
    expect(parseTemplate('').parts).toEqual([]);
  });
  it('says where it failed', () => {
    const attempt = (): unknown => parseTemplate('Hello {{now | nope}}');
    expect(attempt).toThrow(TemplateError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'TEMPLATE_INVALID', offset: 14 }));
  });
  it('forgets the oldest when it holds too much', () => {
    const first = parseTemplate('{{now}} first');
    for (let i = 0; i < 9; i += 1) parseTemplate(`{{now}}${i}${'x'.repeat(1_000_000)}`);
    expect(parseTemplate('{{now}} first')).not.toBe(first);
  });
});

describe('loneExpression, isTemplate, pathsOf', () => {
  it('tells one expression from text', () => {
    expect(loneExpression('{{ contact.tags | size }}')?.path).toEqual(['contact', 'tags']);
    for (const text of ['x', 'x {{now}}', '{{now}}{{now}}', '{{now', '{{now | nope}}']) expect(loneExpression(text)).toBeNull();
    parseTemplate('{{now}}');
    expect(loneExpression('{{now}}')?.path).toEqual(['now']);
  });
  it('takes nothing but text for a template', () => {
    expect(isTemplate({ type: 'Program', body: [] })).toBe(false);
    expect(isTemplate(7)).toBe(false);
    expect(isTemplate('{{now}}')).toBe(true);
  });
  it('lists paths, also of faulty texts', () => {
    expect(pathsOf('{{contact.email | nope}} {{}} {{steps.a.b}}')).toEqual([['contact', 'email'], ['steps', 'a', 'b']]);
    expect(pathsOf('none')).toEqual([]);
  });
});
