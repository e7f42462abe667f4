import { describe, expect, it } from 'vitest';
import { placesOf, repeatedKey, walkJson } from '../../src/rest/json-text.ts';
import { placed } from '../../src/rest/placed.ts';

const TEXT = `{
  "name": "a \\" } b", "list": [1, {"deep": []}, "x"],
  "steps": [
    { "id": "hello", "config": {} }
  ]
}`;

describe('a JSON text', () => {
  it('is walked in its order, strings with brackets and quotes included', () => {
    const ways: string[] = [];
    walkJson(TEXT, (path) => ways.push(path.join('/')));
    expect(ways).toEqual(['name', 'list', 'list/0', 'list/1', 'list/1/deep', 'list/2', 'steps', 'steps/0', 'steps/0/id', 'steps/0/config']);
  });

  it.each(['{}', '[]', ' 17 ', '"x"', 'null', '[[],{}]', '{"a":{},"b":[{"a":1},{"a":2}]}'])('without a key that stands twice: %s', (text) => {
    expect(repeatedKey(text)).toBeNull();
  });

  it.each([
    ['{"a":1,"a":2}', ['a'], 7],
    ['{"a":1,"\\u0061":2}', ['a'], 7],
    ['[{"x":{"b":1 , "c":"b", "b":[]}}]', [0, 'x', 'b'], 24],
  ])('with a key that stands twice: %s', (text, path, offset) => {
    expect(repeatedKey(text)).toEqual({ path, offset });
  });

  it('leads pointers to lines and columns, and those to what is missing to what should hold it', () => {
    expect([...placesOf(TEXT, ['/steps/0/config', '/steps/0/config/tag', '/name', '', '/nothing'])]).toEqual([
      ['/steps/0/config', { line: 4, column: 22 }],
      ['/steps/0/config/tag', { line: 4, column: 22 }],
      ['/name', { line: 2, column: 3 }],
      ['', { line: 1, column: 1 }],
      ['/nothing', { line: 1, column: 1 }],
    ]);
  });

  it('gives its places to findings that have none', () => {
    const entry = { path: '', detail: 'x', rule: null, hint: null };
    const body = { errors: [{ ...entry, pointer: '/name', line: null, column: null }, { ...entry, pointer: '/list', line: 9, column: 9 }] };
    expect(placed(body, TEXT).errors.map(({ line, column }) => [line, column])).toEqual([[2, 3], [9, 9]]);
    expect(placed(body, null)).toBe(body);
  });
});
