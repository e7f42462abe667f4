import { nearest } from '../definition/nearest.ts';
import { checkArguments } from './check-arguments.ts';
import type { FilterDefinition, Literal } from './filters/define-filter.ts';
import { filterNames, findFilter } from './filters/index.ts';
import type { TemplateFault } from './template-fault.ts';

/** `{{ path | filter: arg }}`, read once. */
export interface Expression {
  path: string[];
  filters: { filter: FilterDefinition; args: Literal[] }[];
  /** Where its `{{` stands. */
  offset: number;
}

/** Where reading stands in a text; `faults` grows, and a fault of syntax ends the expression. */
interface Cursor {
  text: string;
  at: number;
  faults: TemplateFault[];
}

const SPACE = /\s*/y;
const PATH = /[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*/uy;
const NAME = /[A-Za-z_][\w-]*/y;
const TEXT = /"([^"]*)"|'([^']*)'/y;
const WORD = /[^\s,|}"']+/y;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i;

/**
 * Reads the expression whose `{{` stands at `offset`.
 * @returns the expression (null after a fault of syntax, without its faulty filters after another) and where the text goes on
 */
export function readExpression(text: string, offset: number, faults: TemplateFault[]): { expression: Expression | null; end: number } {
  const cursor: Cursor = { text, at: offset + 2, faults };
  const path = readPathOf(cursor);
  const filters = path === null ? null : readFilters(cursor);
  if (path === null || filters === null) return { expression: null, end: resume(text, cursor.at) };
  return { expression: { path, filters, offset }, end: cursor.at };
}

/** After a fault: past the next `}}`, or at the end. */
function resume(text: string, at: number): number {
  const close = text.indexOf('}}', at);
  return close === -1 ? text.length : close + 2;
}

function readPathOf(cursor: Cursor): string[] | null {
  skipSpace(cursor);
  const path = take(cursor, PATH);
  if (path !== null) return path.split('.');
  const hint = cursor.text.startsWith('}}', cursor.at) ? 'Name a value, such as {{contact.first_name}}.' : 'Only a path such as contact.first_name may stand here, then filters.';
  return syntax(cursor, `Expected the path of a value after {{, found ${found(cursor)}.`, hint);
}

function readFilters(cursor: Cursor): Expression['filters'] | null {
  const filters: Expression['filters'] = [];
  for (;;) {
    skipSpace(cursor);
    if (cursor.text.startsWith('}}', cursor.at)) {
      cursor.at += 2;
      return filters;
    }
    if (cursor.text[cursor.at] !== '|') return syntax(
      cursor, `Expected | or }}, found ${found(cursor)}.`, 'A template holds a path and filters, no calculations: {{ path | filter: argument }}.',
    );
    cursor.at += 1;
    const one = readFilter(cursor);
    if (one === null) return null;
    if (one !== undefined) filters.push(one);
  }
}

/** One filter after its `|`; undefined when it is well written but faulty, null after a fault of syntax. */
function readFilter(cursor: Cursor): Expression['filters'][number] | undefined | null {
  skipSpace(cursor);
  const offset = cursor.at;
  const name = take(cursor, NAME);
  if (name === null) return syntax(cursor, `Expected a filter's name after |, found ${found(cursor)}.`, `Filters are ${filterNames.join(', ')}.`);
  const args = readArguments(cursor);
  if (args === null) return null;
  const filter = findFilter(name);
  if (filter === undefined) {
    const close = nearest(name, filterNames);
    cursor.faults.push({
      rule: 'unknown_filter',
      message: `There is no filter "${name}".`,
      hint: close === null ? `Filters are ${filterNames.join(', ')}.` : `Did you mean "${close}"?`,
      offset,
    });
    return undefined;
  }
  const faults = checkArguments(filter, args, offset);
  cursor.faults.push(...faults);
  return faults.length === 0 ? { filter, args } : undefined;
}

function readArguments(cursor: Cursor): Literal[] | null {
  skipSpace(cursor);
  const args: Literal[] = [];
  let separator = ':';
  while (cursor.text[cursor.at] === separator) {
    cursor.at += 1;
    const argument = readLiteral(cursor);
    if (argument === null) return null;
    args.push(argument);
    skipSpace(cursor);
    separator = ',';
  }
  return args;
}

function readLiteral(cursor: Cursor): Literal | null {
  skipSpace(cursor);
  const quoted = take(cursor, TEXT);
  if (quoted !== null) return quoted.slice(1, -1);
  const start = cursor.at;
  const word = take(cursor, WORD);
  if (word === 'true' || word === 'false') return word === 'true';
  if (word !== null && NUMBER.test(word)) return Number(word);
  cursor.at = start;
  return syntax(
    cursor,
    `Expected an argument (text in quotes, a number, true or false), found ${found(cursor)}.`,
    word === null ? 'Close the quotes, or write the argument.' : `Text needs quotes: "${word}".`,
  );
}

function skipSpace(cursor: Cursor): void {
  take(cursor, SPACE);
}

function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match === null) return null;
  cursor.at = pattern.lastIndex;
  return match[0];
}

function syntax(cursor: Cursor, message: string, hint: string): null {
  cursor.faults.push({ rule: 'template_syntax', message, hint, offset: cursor.at });
  return null;
}

function found(cursor: Cursor): string {
  const rest = cursor.text.slice(cursor.at, cursor.at + 20);
  if (rest.startsWith('}}')) return '"}}"';
  return rest === '' ? 'the end of the text' : `"${rest.split(/\n|\}\}/, 1)[0]}"`;
}
