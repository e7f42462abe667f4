import type { Expression as Parsed, Parser, Value } from 'expr-eval';
import { readPath, rootNames } from '../templates/roots.ts';
import type { Scope } from '../templates/scope.ts';
import { expressionLanguage, inZone } from './expression-language.ts';
import { guardExpression } from './guard-expression.ts';

/** An expression made ready to run. */
export interface Expression {
  /** The paths that it reads, as written: `['score', 'contact.custom_fields.plan']`. */
  names: string[];
  /** The result, and the value that each name had. A name without a value is null, and no comparison with it holds. */
  evaluate(scope: Scope): { result: unknown; seen: Record<string, unknown> };
}

/** Thrown for an expression that cannot be read. */
export class ExpressionError extends Error {
  readonly code = 'EXPRESSION_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'ExpressionError';
  }
}

const parser: Parser = expressionLanguage();
const compiled = new Map<string, Expression>();
const MOST_COMPILED = 1000;

/**
 * Reads a custom expression, once per distinct text.
 * @throws ExpressionError with a message for people
 */
export function compileExpression(source: string): Expression {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const problem = guardExpression(source, Object.keys(parser.functions));
  if (problem !== null) throw new ExpressionError(problem);
  const expression = build(parse(source));
  const oldest = compiled.size >= MOST_COMPILED ? compiled.keys().next().value : undefined;
  if (oldest !== undefined) compiled.delete(oldest);
  compiled.set(source, expression);
  return expression;
}

/** A name as a rooted path: a template root, else a field of the contact, else one of its custom fields. */
function namePath(name: string, scope: Pick<Scope, 'contact'>): string[] {
  const path = name.split('.');
  const first = path[0]!;
  if (rootNames.includes(first)) return path;
  return Object.hasOwn(scope.contact, first) ? ['contact', ...path] : ['contact', 'custom_fields', ...path];
}

/** The library's messages, such as `unexpected TEOF: EOF` for `score >`, without the names that it gives its tokens. */
function wordsFor(message: string): string {
  if (message.includes('TEOF')) return 'it ends too early, e.g. behind an operator or before a closing bracket';
  return message.replace(/^parse error /, 'at ').replace('Expected EOF', 'expected the end').replace(/unexpected T\w+: /i, 'unexpected ');
}

function parse(source: string): Parsed {
  try {
    return parser.parse(source);
  } catch (error) {
    throw new ExpressionError(`The expression cannot be read: ${wordsFor((error as Error).message)}.`);
  }
}

function build(parsed: Parsed): Expression {
  const names = parsed.variables({ withMembers: true });
  return {
    names,
    evaluate(scope) {
      const seen: Record<string, unknown> = {};
      const values = Object.create(null) as Record<string, unknown>;
      for (const name of names) {
        const value = plain(readPath(namePath(name, scope), scope));
        seen[name] = value;
        place(values, name.split('.'), value);
      }
      return { result: inZone(scope.zone, () => run(parsed, values)), seen };
    },
  };
}

/** What is left to go wrong after the guard is a member of a value that is missing: the whole is then unset. */
function run(parsed: Parsed, values: Record<string, unknown>): unknown {
  try {
    return parsed.evaluate(values as Record<string, Value>) as unknown;
  } catch {
    return null;
  }
}

/** Sets `a.b.c` in nested maps without a prototype; the way there is made where it is missing. */
function place(values: Record<string, unknown>, path: string[], value: unknown): void {
  let at = values;
  for (const key of path.slice(0, -1)) {
    const next = at[key];
    at = typeof next === 'object' && next !== null ? (next as Record<string, unknown>) : (at[key] = Object.create(null) as Record<string, unknown>);
  }
  const last = path.at(-1)!;
  if (at[last] === undefined) at[last] = value;
}

/** A copy that is nothing but JSON: maps have no prototype, functions and missing values are null. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return typeof value === 'function' || value === undefined ? null : value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value)) copy[key] = plain(item);
  return copy;
}
