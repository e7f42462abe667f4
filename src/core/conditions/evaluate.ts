import type { Check, Explanation } from '../state.ts';
import { fieldValue, renderValue } from '../templates/render.ts';
import type { Scope } from '../templates/scope.ts';
import { countBehaviour, isBehaviour, readBehaviour, type BehaviourCondition } from './behaviour.ts';
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

/** What a condition came to: its verdict, its words with the values that it saw, and without them. */
interface Seen {
  verdict: boolean;
  text: string;
  clause: string;
}

/** A condition made ready: it notes what it checks, `depth` groups deep, and answers with its verdict and words. */
type Clause = (scope: Scope, checks: Check[], depth: number) => Seen;

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
  const { verdict, text } = every(conditions)(scope, checks, 0);
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
  if (Array.isArray(condition['all'])) return group('all', every(condition['all']), (clause) => `(${clause})`);
  if (Array.isArray(condition['any'])) return group('any', some(condition['any']), (clause) => `(${clause})`);
  if (condition['not'] !== undefined) return group('not', negated(condition['not']), (clause) => `not (${clause})`);
  if (isBehaviour(condition)) return behaviourClause(condition);
  if (typeof condition['expression'] === 'string') return expressionClause(condition as unknown as ExpressionCondition); // checked on this line
  if (typeof condition['field'] === 'string' && typeof condition['operator'] === 'string') return fieldClause(condition as unknown as FieldCondition); // checked on this line
  throw new ConditionError(`A condition needs field and operator, an event, an expression, or one of all, any and not; found ${JSON.stringify(condition).slice(0, 200)}.`);
}

const every = (conditions: unknown[]): Clause => joined(conditions, 'and', (seen) => seen.every(({ verdict }) => verdict));
const some = (conditions: unknown[]): Clause => joined(conditions, 'or', (seen) => seen.some(({ verdict }) => verdict));

function joined(conditions: unknown[], word: string, holds: (seen: Seen[]) => boolean): Clause {
  const clauses = conditions.map(clauseOf);
  return (scope, checks, depth) => {
    const seen = clauses.map((clause) => clause(scope, checks, depth));
    return { verdict: holds(seen), text: seen.map(({ text }) => text).join(` ${word} `), clause: seen.map(({ clause }) => clause).join(` ${word} `) };
  };
}

function negated(condition: unknown): Clause {
  const clause = Array.isArray(condition) ? every(condition) : clauseOf(condition);
  return (scope, checks, depth) => {
    const seen = clause(scope, checks, depth);
    return { ...seen, verdict: !seen.verdict };
  };
}

/** A group is noted before its members, with a verdict of its own. */
function group(operator: 'all' | 'any' | 'not', members: Clause, frame: (words: string) => string): Clause {
  return (scope, checks, depth) => {
    const check: Check = { clause: '', depth, path: null, operator, expected: null, actual: null, verdict: false };
    checks.push(check);
    const { verdict, text, clause } = members(scope, checks, depth + 1);
    check.verdict = verdict;
    check.clause = clip(frame(clause), LONGEST_GROUP);
    return { verdict, text: frame(text), clause: frame(clause) };
  };
}

function fieldClause({ field, operator: word, value }: FieldCondition): Clause {
  const operator = findOperator(word);
  if (operator === undefined) throw new ConditionError(`There is no operator "${word}".`);
  const wantsValue = operator.operand.name !== 'none';
  const fixed = !JSON.stringify(value ?? null).includes('{{');
  return (scope, checks, depth) => {
    const actual = fieldValue(field, scope);
    const expected = wantsValue ? (fixed ? value : renderValue(value, scope, null)) : undefined;
    const verdict = operator.holds(actual, expected, scope, field);
    const clause = `${field} ${operator.name}${wantsValue ? ` ${show(expected)}` : ''}`;
    checks.push({ clause, depth, path: field, operator: operator.name, expected: expected ?? null, actual: actual ?? null, verdict });
    return { verdict, clause, text: worded(clause, actual, verdict) };
  };
}

function behaviourClause(condition: BehaviourCondition): Clause {
  const behaviour = readBehaviour(condition);
  const { clause } = behaviour;
  const expected = Object.fromEntries(behaviour.counts.map(({ operator, bound }) => [operator.name, bound]));
  return (scope, checks, depth) => {
    const { verdict, counted } = countBehaviour(behaviour, scope);
    checks.push({ clause, depth, path: null, operator: 'event', expected, actual: counted, verdict });
    return { verdict, clause, text: worded(clause, counted, verdict) };
  };
}

function expressionClause({ expression: source }: ExpressionCondition): Clause {
  const expression = compileExpression(source);
  return (scope, checks, depth) => {
    const { result, seen } = expression.evaluate(scope);
    const verdict = Boolean(result);
    checks.push({ clause: source, depth, path: null, operator: 'expression', expected: true, actual: seen, verdict });
    return { verdict, clause: source, text: worded(source, seen, verdict) };
  };
}

const worded = (clause: string, actual: unknown, verdict: boolean): string => `${verdict ? '✓' : '✗'} ${clause} (saw ${show(actual)})`;

/** A value in a sentence, cut to a readable length. */
function show(value: unknown): string {
  return clip(value === undefined || value === null ? 'nothing' : JSON.stringify(value), LONGEST_VALUE);
}

const LONGEST_VALUE = 120;
const LONGEST_GROUP = 300;
const clip = (text: string, longest: number): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
