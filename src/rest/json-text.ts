import { pathPointer } from '../core/definition/diagnostic.ts';

type Path = (string | number)[];

/**
 * Walks a JSON text that is known to be valid and not too deep: every member and every entry of a list, in its order.
 * @param visit hears the way to it, where its key or value begins, and whether its object had the same key before.
 */
export function walkJson(text: string, visit: (path: Path, offset: number, again: boolean) => void): void {
  const path: Path = [];
  let at = 0;
  const blanks = (): void => {
    while (BLANK.has(text.charCodeAt(at))) at += 1;
  };
  const string = (): string => {
    const from = at;
    for (at += 1; text.charCodeAt(at) !== QUOTE; at += 1) if (text.charCodeAt(at) === BACKSLASH) at += 1;
    at += 1;
    return text.slice(from, at);
  };
  const member = (seen: Set<string>): void => {
    const offset = at;
    const key = JSON.parse(string()) as string;
    path.push(key);
    visit(path, offset, seen.has(key));
    seen.add(key);
    blanks();
    at += 1;
    value();
  };
  const entry = (index: number): void => {
    path.push(index);
    visit(path, at, false);
    value();
  };
  const members = (close: number, one: (index: number) => void): void => {
    at += 1;
    for (let index = 0; ; index += 1) {
      blanks();
      if (text.charCodeAt(at) === COMMA) at += 1;
      blanks();
      if (text.charCodeAt(at) === close) break;
      one(index);
      path.pop();
    }
    at += 1;
  };
  function value(): void {
    blanks();
    const char = text.charCodeAt(at);
    if (char === OPEN_MAP) {
      const seen = new Set<string>();
      members(CLOSE_MAP, () => member(seen));
    } else if (char === OPEN_LIST) members(CLOSE_LIST, entry);
    else if (char === QUOTE) string();
    else while (at < text.length && !ENDS.has(text.charCodeAt(at))) at += 1;
  }
  value();
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d];
const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d]);
const ENDS = new Set([...BLANK, COMMA, CLOSE_LIST, CLOSE_MAP]);

/** The first key that stands twice in its object, or null: readers of JSON disagree on which of the two counts (RFC 8259 §4). */
export function repeatedKey(text: string): { path: Path; offset: number } | null {
  let found: { path: Path; offset: number } | null = null;
  walkJson(text, (path, offset, again) => {
    if (again && found === null) found = { path: [...path], offset };
  });
  return found;
}

export interface Place {
  line: number;
  column: number;
}

/** Line and column of an offset, both from 1. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** Where the pointers lead in a JSON text; a pointer to what is missing leads to what should hold it. */
export function placesOf(text: string, pointers: string[]): Map<string, Place> {
  const wanted = new Set(pointers.flatMap(withParents));
  const offsets = new Map<string, number>([['', text.search(/\S/)]]);
  walkJson(text, (path, offset) => {
    const pointer = pathPointer(path);
    if (wanted.has(pointer)) offsets.set(pointer, offset);
  });
  return new Map(pointers.map((pointer) => [pointer, placeAt(text, offsets.get(withParents(pointer).find((one) => offsets.has(one)) ?? '') ?? 0)]));
}

/** `/steps/3/config` → itself, `/steps/3`, `/steps`, ``. */
function withParents(pointer: string): string[] {
  const parts = pointer.split('/');
  return parts.map((_part, index) => parts.slice(0, parts.length - index).join('/'));
}
