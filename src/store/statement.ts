import type { Pool, QueryResult, QueryResultRow } from 'pg';
import { keepableText } from './json-text.ts';
import { isConflict } from './sqlstate.ts';

/** A statement that the server plans once per connection. The name stands for the text. */
export interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

type Cell = string | number | boolean | null;
type ColumnType = 'uuid' | 'int' | 'float8' | 'bool' | 'text' | JsonType;
type JsonType = 'json' | 'jsonb';
/** Columns in the order of their parameters: the type, and how a row's cell is read. */
export type Columns<Row> = Record<string, readonly [type: ColumnType, read: (row: Row) => Cell]>;

/**
 * One `WITH` piece of a statement, with the rows that feed it. A piece without rows is left out of the statement, so that
 * the plain commit stays plain. `sql` gets its input as something to select from.
 */
export interface Piece<Batch> {
  name: string;
  width: number;
  /** The values of its columns, or null when the batch has no row for it. */
  values(batch: Batch): string[] | null;
  text(firstParameter: number): string;
}

/** A piece that is fed by rows of the batch. `columns` become its parameters; `sql` gets them as something to select from, called `x`. */
export function piece<Batch, Row>(name: string, columns: Columns<Row>, rows: (batch: Batch) => Row[], sql: (input: string) => string): Piece<Batch> {
  return {
    name,
    width: Object.keys(columns).length,
    values(batch) {
      const given = rows(batch);
      return given.length === 0 ? null : valuesOf(columns, given);
    },
    text: (first) => `${name} AS (${sql(inputOf(columns, first))})`,
  };
}

/** The rows' cells as one parameter a column. Columns without a single value are empty lists: `unnest` fills short ones up with nulls. */
export const valuesOf = <Row>(columns: Columns<Row>, rows: Row[]): string[] =>
  Object.values(columns).map(([type, read]) => {
    if (rows.every((row) => read(row) === null)) return isJson(type) ? '' : '{}';
    return isJson(type) ? jsonList(rows, read) : arrayLiteral(rows, type, read);
  });

const isJson = (type: ColumnType): type is JsonType => type === 'json' || type === 'jsonb';

/**
 * Those parameters as something to select from, called `x`. `first` is the number of the first one. JSON is read row by row on the way
 * out: an array of it would be built, copied into the function's result and taken apart again, at twice the cost.
 */
export function inputOf<Row>(columns: Columns<Row>, first: number): string {
  const named = Object.entries(columns);
  const arrays = named.map(([, [type]], index) => (isJson(type) ? `string_to_array($${first + index}, E'\\x1f', '')` : `$${first + index}::${type}[]`));
  const cells = named.map(([name, [type]]) => (isJson(type) ? `u.${name}::${type}` : `u.${name}`));
  return `(SELECT ${cells.join(', ')} FROM unnest(${arrays.join(', ')}) AS u(${named.map(([name]) => name).join(', ')})) x`;
}

/** A piece without rows of its own, always there: it works on what other pieces gave. */
export const derived = (name: string, sql: string, as = ''): Piece<unknown> => ({ name, width: 0, values: () => [], text: () => `${name} AS ${as} (${sql})` });

const texts = new Map<string, string>();

/** Puts the pieces that have rows into one statement. `$1` is `now` (journey ms); `tail` is the final SELECT. */
export function assemble<Batch>(kind: string, pieces: Piece<Batch>[], batch: Batch, now: number, tail: string): Statement {
  const values: unknown[] = [now];
  const used: Piece<Batch>[] = [];
  for (const candidate of pieces) {
    const own = candidate.values(batch);
    if (own === null) continue;
    used.push(candidate);
    values.push(...own);
  }
  const name = `${kind}:${used.map((each) => each.name).join('+')}`;
  let text = texts.get(name);
  if (text === undefined) {
    text = textOf(used, tail);
    texts.set(name, text);
  }
  return { name: shortName(kind, name), text, values };
}

function textOf(used: Piece<never>[], tail: string): string {
  let next = 2;
  const withs = used.map((each) => {
    const text = each.text(next);
    next += each.width;
    return text;
  });
  return `WITH clock AS (SELECT to_timestamp($1::float8 / 1000) AS now), ${withs.join(',\n')}\n${tail}`;
}

const shortNames = new Map<string, string>();

/** PostgreSQL cuts names at 63 bytes; a number tells the shapes apart. */
function shortName(kind: string, name: string): string {
  const known = shortNames.get(name) ?? `${kind}_${shortNames.size}`;
  shortNames.set(name, known);
  return known;
}

const SPECIAL = /["\\\0]/;
const quote = (text: string): string => (SPECIAL.test(text) ? `"${keepableText(text).replace(/["\\]/g, '\\$&')}"` : `"${text}"`);

/**
 * JSON texts set apart by a character that JSON only ever holds escaped; nothing between two of them is null. In an array literal
 * every text would be escaped once more, and the server would undo that character by character.
 */
function jsonList<Row>(rows: Row[], read: (row: Row) => Cell): string {
  let list = '';
  for (let index = 0; index < rows.length; index += 1) {
    const cell = read(rows[index] as Row);
    if (index > 0) list += '\x1f';
    if (cell !== null) list += cell as string;
  }
  return list;
}

/** A PostgreSQL array literal: `{1,2}` or `{"a","b"}`. Built here because the driver quotes and escapes every cell. */
function arrayLiteral<Row>(rows: Row[], type: ColumnType, read: (row: Row) => Cell): string {
  let literal = '{';
  for (let index = 0; index < rows.length; index += 1) {
    const cell = read(rows[index] as Row);
    if (index > 0) literal += ',';
    if (cell === null) literal += 'NULL';
    else literal += type === 'text' ? quote(cell as string) : String(cell);
  }
  return `${literal}}`;
}

/**
 * A read of at most `limit` rows. The number is part of the text: with a parameter the one plan for all would be made for a tenth
 * of the table, and read a million waiting timers to find two hundred.
 */
export function limited(name: string, text: string, limit: number, values: unknown[]): Statement {
  const rows = Math.max(1, Math.trunc(limit));
  return { name: `${name}_${rows}`, text: `${text} LIMIT ${rows}`, values };
}

/** Runs a statement; one that lost a conflict is run again, at most five times. Throws the driver's error. */
export async function run<Row extends QueryResultRow>(pool: Pool, statement: Statement): Promise<QueryResult<Row>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await pool.query<Row>(statement);
    } catch (error) {
      if (attempt === 5 || !isConflict(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * attempt));
    }
  }
}
