import { Parser } from 'expr-eval';
import { decimal, roundTo, toNumber } from '../templates/to-number.ts';
import { compareValues, isMissing, sameValue } from './values.ts';

type Calculation = (...values: unknown[]) => unknown;

/** The zone of the run for which an expression is evaluated now: the parser's functions are given values only. */
let zone = 'UTC';

/** Evaluates while moments without an offset are those of `runZone`, as in every other condition. */
export function inZone<T>(runZone: string, evaluate: () => T): T {
  zone = runZone;
  try {
    return evaluate();
  } finally {
    zone = 'UTC';
  }
}

/** The functions of expressions. A missing argument makes a missing result, and a calculation that fails does too. */
const functions: Record<string, Calculation> = {
  contains: (whole, part) => (Array.isArray(whole) ? whole.some((item) => sameValue(item, part, zone)) : textTest(whole, part, (a, b) => a.includes(b))),
  starts_with: (whole, part) => textTest(whole, part, (a, b) => a.startsWith(b)),
  ends_with: (whole, part) => textTest(whole, part, (a, b) => a.endsWith(b)),
  lower: (text) => (isMissing(text) ? null : String(text).toLowerCase()),
  upper: (text) => (isMissing(text) ? null : String(text).toUpperCase()),
  length: (value) => (Array.isArray(value) ? value.length : typeof value === 'string' ? [...value].length : 0),
  min: (...values) => extreme(values, Math.min),
  max: (...values) => extreme(values, Math.max),
  abs: (value) => calculate([value], (number) => Math.abs(number!)),
  round: (value, digits = 0) => calculate([value, digits], (number, places) => roundTo(number!, Math.trunc(places!))),
};

const unaryOps: Record<string, Calculation> = {
  '-': (value) => calculate([value], (number) => -number!),
  '+': (value) => calculate([value], (number) => number!),
  not: (value) => !value,
};

const compares = (test: (order: number) => boolean): Calculation => (a, b) => {
  const order = compareValues(a, b, zone);
  return order !== null && test(order);
};

const binaryOps: Record<string, Calculation> = {
  '+': (a, b) => calculate([a, b], (x, y) => x! + y!),
  '-': (a, b) => calculate([a, b], (x, y) => x! - y!),
  '*': (a, b) => calculate([a, b], (x, y) => x! * y!),
  '/': (a, b) => calculate([a, b], (x, y) => x! / y!),
  '%': (a, b) => calculate([a, b], (x, y) => x! % y!),
  '^': (a, b) => calculate([a, b], (x, y) => x! ** y!),
  '==': (a, b) => same(a, b),
  '!=': (a, b) => !same(a, b),
  '<': compares((order) => order < 0),
  '<=': compares((order) => order <= 0),
  '>': compares((order) => order > 0),
  '>=': compares((order) => order >= 0),
  // The library decides these two itself, lazily, and only looks their names up.
  and: Boolean,
  or: Boolean,
  in: (item, list) => Array.isArray(list) && list.some((other) => sameValue(other, item, zone)),
  '[': (list, index) => (Array.isArray(list) && Number.isInteger(index) ? (list[Number(index)] ?? null) : null),
};

/** A parser of expressions over plain data: our operators and functions, nothing that the library brings along. */
export function expressionLanguage(): Parser {
  const parser = new Parser({ operators: { fndef: false, assignment: false, random: false, concatenate: false, factorial: false, in: true } });
  const library = parser as unknown as Record<'functions' | 'unaryOps' | 'binaryOps' | 'ternaryOps' | 'consts', object>; // its typings leave out half of its tables
  library.functions = bare(functions);
  library.unaryOps = bare(unaryOps);
  library.binaryOps = bare(binaryOps);
  library.ternaryOps = bare(library.ternaryOps);
  library.consts = bare({ true: true, false: false });
  return parser;
}

/** Without a prototype: the library looks names up with `in`, which would find `toString`. */
const bare = (table: object): object => Object.assign(Object.create(null) as object, table);

const same = (a: unknown, b: unknown): boolean => (isMissing(a) && isMissing(b)) || sameValue(a, b, zone);

function calculate(values: unknown[], operate: (...numbers: number[]) => number): number | null {
  const numbers = values.map(toNumber);
  if (numbers.includes(null)) return null;
  const result = operate(...(numbers as number[]));
  return Number.isFinite(result) ? decimal(result) : null;
}

function extreme(values: unknown[], pick: (...numbers: number[]) => number): number | null {
  const numbers = values.flat().map(toNumber).filter((number) => number !== null);
  return numbers.length === 0 ? null : pick(...numbers);
}

function textTest(whole: unknown, part: unknown, test: (whole: string, part: string) => boolean): boolean {
  return typeof whole === 'string' && (typeof part === 'string' || typeof part === 'number') && test(whole.toLowerCase(), String(part).toLowerCase());
}
