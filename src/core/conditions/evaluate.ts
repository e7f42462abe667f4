import type { Check, Explanation } from '../state.ts';
import { fieldValue, renderValue } from '../templates/render.ts';
import type { Scope } from '../templates/scope.ts';
import { compileExpression } from './expression.ts';
import { findOperator } from './operators/index.ts';
import type { Condition, ExpressionCondition, FieldCondition } from './schema.ts';

/** Thrown for a condition that no schema would have let through. */
export class ConditionError extends Error {
  readonly code = 'CONDITION_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'ConditionError';
  }
}

/** A condition made ready: it notes what it checks and answers with its verdict and words. */
type Clause = (scope: Scope, checks: Check[]) => { verdict: boolean; text: string };

/** Compiled once per condition object: programs are cached, so the same objects come again and again. */
const compiled = new WeakMap<object, Clause>();

/**
 * Whether all conditions hold, and why. Every clause is looked at, also when the verdict is known before the last one.
 * An empty list holds.
 * @param conditions as `conditionList` parsed them, or as stored
 * @throws ConditionError for a malformed condition, TemplateError for a template that cannot be read
 */
export function evaluateConditions(conditions: Condition[] | unknown[], scope: Scope): Explanation {
  const checks: Check[] = [];
  if (conditions.length === 0) return { verdict: true, text: 'no conditions', checks };
  const { verdict, text } = every(conditions)(scope, checks);
  return { verdict, text: `${verdict ? 'yes' : 'no'}: ${text}`, checks };
}

function clauseOf(condition: unknown): Clause {
  if (typeof condition !== 'object' || condition === null) throw new ConditionError(`A condition is a map, found ${JSON.stringify(condition)}.`);
  const known = compiled.get(condition);
  if (known !== undefined) return known;
  const clause = build(condition as Record<string, unknown>);
  compiled.set(condition, clause);
  return clause;
}

function build(condition: Record<string, unknown>): Clause {
  if (Array.isArray(condition)) return every(condition);
  if (Array.isArray(condition['all'])) return grouped(every(condition['all']));
  if (Array.isArray(condition['any'])) return grouped(some(condition['any']));
  if (condition['not'] !== undefined) return negated(clauseOf(condition['not']));
  if (typeof condition['expression'] === 'string') return expressionClause(condition as unknown as ExpressionCondition); // checked on this line
  if (typeof condition['field'] === 'string' && typeof condition['operator'] === 'string') return fieldClause(condition as unknown as FieldCondition); // checked on this line
  throw new ConditionError(`A condition needs field and operator, an expression, or one of all, any and not; found ${JSON.stringify(condition).slice(0, 200)}.`);
}

function every(conditions: unknown[]): Clause {
  const clauses = conditions.map(clauseOf);
  return (scope, checks) => {
    const seen = clauses.map((clause) => clause(scope, checks));
    return { verdict: seen.every(({ verdict }) => verdict), text: seen.map(({ text }) => text).join(' and ') };
  };
}

function some(conditions: unknown[]): Clause {
  const clauses = conditions.map(clauseOf);
  return (scope, checks) => {
    const seen = clauses.map((clause) => clause(scope, checks));
    return { verdict: seen.some(({ verdict }) => verdict), text: seen.map(({ text }) => text).join(' or ') };
  };
}

function grouped(clause: Clause): Clause {
  return (scope, checks) => {
    const { verdict, text } = clause(scope, checks);
    return { verdict, text: `(${text})` };
  };
}

function negated(clause: Clause): Clause {
  return (scope, checks) => {
    const { verdict, text } = clause(scope, checks);
    return { verdict: !verdict, text: `not (${text})` };
  };
}

function fieldClause({ field, operator: word, value }: FieldCondition): Clause {
  const operator = findOperator(word);
  if (operator === undefined) throw new ConditionError(`There is no operator "${word}".`);
  const wantsValue = operator.operand.name !== 'none';
  const fixed = !JSON.stringify(value ?? null).includes('{{');
  return (scope, checks) => {
    const actual = fieldValue(field, scope);
    const expected = wantsValue ? (fixed ? value : renderValue(value, scope)) : undefined;
    const verdict = operator.holds(actual, expected, scope, field);
    const clause = `${field} ${operator.name}${wantsValue ? ` ${show(expected)}` : ''}`;
    checks.push({ clause, path: field, operator: operator.name, expected: expected ?? null, actual: actual ?? null, verdict });
    return { verdict, text: worded(clause, actual, verdict) };
  };
}

function expressionClause({ expression: source }: ExpressionCondition): Clause {
  const expression = compileExpression(source);
  return (scope, checks) => {
    const { result, seen } = expression.evaluate(scope);
    const verdict = Boolean(result);
    checks.push({ clause: source, path: null, operator: 'expression', expected: true, actual: seen, verdict });
    return { verdict, text: worded(source, seen, verdict) };
  };
}

const worded = (clause: string, actual: unknown, verdict: boolean): string => `${verdict ? '✓' : '✗'} ${clause} (saw ${show(actual)})`;

/** A value in a sentence, cut to a readable length. */
function show(value: unknown): string {
  const text = value === undefined || value === null ? 'nothing' : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
