import { pathPointer } from '../core/definition/diagnostic.ts';

type Path = (string | number)[];

/**
 * Walks a JSON text that is known to be valid and not too deep: every member and every entry of a list, in its order.
 * @param visit hears the way to it, where its key or value begins, and whether its object had the same key before.
 */
export function walkJson(text: string, visit: Visit): void {
  new JsonWalk(text, visit).value();
}

type Visit = (path: Path, offset: number, again: boolean) => void;

class JsonWalk {
  readonly #text: string;
  readonly #visit: Visit;
  readonly #path: Path = [];
  #at = 0;

  constructor(text: string, visit: Visit) {
    this.#text = text;
    this.#visit = visit;
  }

  value(): void {
    this.#blanks();
    const char = this.#char();
    if (char === OPEN_MAP) {
      const seen = new Set<string>();
      this.#members(CLOSE_MAP, () => this.#member(seen));
    } else if (char === OPEN_LIST) this.#members(CLOSE_LIST, (index) => this.#entry(index));
    else if (char === QUOTE) this.#string();
    else while (this.#at < this.#text.length && !ENDS.has(this.#char())) this.#at += 1;
  }

  #members(close: number, one: (index: number) => void): void {
    this.#at += 1;
    for (let index = 0; ; index += 1) {
      this.#blanks();
      if (this.#char() === COMMA) this.#at += 1;
      this.#blanks();
      if (this.#char() === close) break;
      one(index);
      this.#path.pop();
    }
    this.#at += 1;
  }

  #member(seen: Set<string>): void {
    const offset = this.#at;
    const key = JSON.parse(this.#string()) as string;
    this.#path.push(key);
    this.#visit(this.#path, offset, seen.has(key));
    seen.add(key);
    this.#blanks();
    this.#at += 1;
    this.value();
  }

  #entry(index: number): void {
    this.#path.push(index);
    this.#visit(this.#path, this.#at, false);
    this.value();
  }

  #string(): string {
    const from = this.#at;
    for (this.#at += 1; this.#char() !== QUOTE; this.#at += 1) if (this.#char() === BACKSLASH) this.#at += 1;
    this.#at += 1;
    return this.#text.slice(from, this.#at);
  }

  #blanks(): void {
    while (BLANK.has(this.#char())) this.#at += 1;
  }

  #char(): number {
    return this.#text.charCodeAt(this.#at);
  }
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
