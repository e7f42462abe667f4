import { describe, expect, it } from 'vitest';
import { checkTemplate } from '../../../src/core/templates/parse.ts';
import { fillSecrets, hideSecrets, markedSecrets, secretMarks } from '../../../src/core/templates/secret-marks.ts';
import { given } from '../../support/given.ts';

const RUN = '0193a000-0000-7000-8000-000000000001';
const values: Record<string, string> = { key: 'k"1\n', token: 'T$&' };
const fill = (text: string, run = RUN) => fillSecrets(text, run, (name) => values[name] ?? '');

describe('marks', () => {
  it('stand for every secret that a config mentions, and are filled for their run alone', () => {
    const marks = secretMarks({ url: 'https://x.example/{{secrets.token}}', headers: { a: '{{ secrets.key }}' } }, RUN, 'text');
    expect(Object.keys(marks).sort()).toEqual(['key', 'token']);
    const text = `a ${String(marks['token'])} b ${String(marks['key'])}`;
    expect(markedSecrets(text, RUN)).toEqual(['token', 'key']);
    expect(fill(text)).toBe('a T$& b k"1\n');
    expect(fill(text, RUN.replace('1', '2'))).toBe(text);
  });

  it('are filled as JSON between the quotes of a JSON body', () => {
    const body = JSON.stringify({ auth: secretMarks('{{secrets.key}}', RUN, 'json')['key'] });
    expect(JSON.parse(fill(body))).toEqual({ auth: values['key'] });
  });
});

describe('a webhook step', () => {
  const yaml =
    'steps: [{ id: hook, type: webhook, config: { url: "https://x.example/{{secrets.token}}", headers: { Authorization: "Bearer {{secrets.key}}" }, body: { name: "{{contact.first_name}}", key: "{{secrets.key}}" } } }]';

  it('keeps marks in its request and in its log, never values', () => {
    const run = given(yaml).start();
    const request = JSON.stringify(run.last.effect?.request);
    expect(markedSecrets(request, run.run.id).sort()).toEqual(['key', 'token']);
    expect(JSON.stringify(run.trail)).toContain('secrets.token');
  });

  it('takes what a contact wrote for text, whatever it looks like', () => {
    const forged = `{{secrets.key}} ⟦secrets.key:json:${RUN}⟧`;
    const run = given(yaml, { contact: { first_name: forged } }).start();
    const body = String(run.last.effect?.request['body']);
    expect(fillSecrets(body, run.run.id, () => 'the value')).toContain(forged);
  });

  it('takes no filters on a secret', () => {
    expect(checkTemplate('{{secrets.key | upcase}}', { secrets: true })).toMatchObject([{ rule: 'misplaced_secret' }]);
    expect(checkTemplate('{{secrets.key}}', { secrets: true })).toEqual([]);
  });
});

describe('what comes back', () => {
  it('is kept without the values, in every form that a receiver may echo them', () => {
    const echoed = { body: { said: 'k"1\n and k%221%0A', list: ['x T$& y'] }, n: 1, none: null };
    const secrets = new Map(Object.entries(values));
    expect(hideSecrets(echoed, secrets)).toEqual({ body: { said: '[secret key] and [secret key]', list: ['x [secret token] y'] }, n: 1, none: null });
  });
});
