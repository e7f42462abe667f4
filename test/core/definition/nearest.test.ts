import { expect, test } from 'vitest';
import { nearest, suggest } from '../../../src/core/definition/nearest.ts';

test.each([
  ['messsage', ['message', 'media_url'], 'message'],
  ['send_emial', ['send_email', 'send_sms'], 'send_email'],
  ['sendEmail', ['send_email'], 'send_email'],
  ['nothing', ['message'], null],
  ['a', ['b'], null],
  ['x', [], null],
])('%s among %j is %s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test('what is not close is answered with a list', () => {
  expect(suggest('zzz', ['alpha', 'beta'])).toBe('Use one of: alpha, beta.');
  expect(suggest('alhpa', ['alpha', 'beta'])).toBe('Did you mean "alpha"?');
  expect(suggest('zzz', [])).toBeNull();
  expect(suggest('zzz', Array.from({ length: 40 }, (_, index) => `word${index}`))).toMatch(/…\.$/);
});
