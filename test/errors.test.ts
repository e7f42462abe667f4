import { expect, it } from 'vitest';
import { messageOf } from '../src/errors.ts';

it.each<[string, unknown, string]>([
  ['an error by its message', new Error('no luck'), 'no luck'],
  ['a value that is no error by its text', 7, '7'],
  ['a name whose every address refuses by what each of them said', new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')]), '::1 refused, 127.0.0.1 refused'],
  ['several errors under a sentence by the sentence', new AggregateError([new Error('a')], 'all failed'), 'all failed'],
])('tells %s', (_name, error, message) => {
  expect(messageOf(error)).toBe(message);
});
