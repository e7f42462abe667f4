import { nearest, suggest } from '../definition/nearest.ts';
import { checkTemplate, isTemplate, loneExpression } from '../templates/parse.ts';
import { checkVariable, fieldPath } from '../templates/variables.ts';
import { BEHAVIOUR_KEYS, checkBehaviour } from './check-behaviour.ts';
import { checkKind } from './check-kind.ts';
import { checkOperand } from './check-operand.ts';
import type { ConditionFault } from './condition-fault.ts';
import { compileExpression } from './expression.ts';
import { findOperator, operatorNames } from './operators/index.ts';

type Path = ConditionFault['path'];
type Leaf = Record<string, unknown>;

const GROUPS = ['all', 'any', 'not'];
const FIELD_KEYS = ['field', 'operator', 'value'];
const FIELD = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$/u;
const DEEPEST = 20;
const LEAF_EXAMPLE = 'Write { field: tags, operator: contains, value: vip }.';

/**
 * Everything that is wrong with a condition list (or a single condition): errors of structure, which refuse a draft,
 * and of reference, which refuse publishing. `path` is put before each fault's own.
 */
export function checkConditions(value: unknown, path: Path = [], depth = 0): ConditionFault[] {
  if (!Array.isArray(value)) return one(value, path, depth);
  if (value.length === 0) return [structure('condition_empty', 'The list of conditions is empty.', `Name at least one. ${LEAF_EXAMPLE}`, path)];
  return value.flatMap((item, i) => one(item, [...path, i], depth));
}

function one(value: unknown, path: Path, depth: number): ConditionFault[] {
  if (depth > DEEPEST) return [structure('condition_depth', `Conditions are nested more than ${DEEPEST} deep.`, 'Flatten the groups.', path)];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [structure('condition_shape', `A condition is a map, found ${Array.isArray(value) ? 'a list' : JSON.stringify(value) ?? 'nothing'}.`, LEAF_EXAMPLE, path)];
  }
  const leaf = value as Leaf;
  const group = GROUPS.find((key) => Object.hasOwn(leaf, key));
  if (group !== undefined) return [...strange(leaf, [group], path), ...members(leaf[group], group, [...path, group], depth)];
  if (Object.hasOwn(leaf, 'event')) return [...strange(leaf, BEHAVIOUR_KEYS, path), ...checkBehaviour(leaf, path)];
  if (Object.hasOwn(leaf, 'expression')) return [...strange(leaf, ['expression'], path), ...expression(leaf['expression'], [...path, 'expression'])];
  return field(leaf, path);
}

function members(value: unknown, group: string, path: Path, depth: number): ConditionFault[] {
  if (group !== 'not' && !Array.isArray(value)) return [structure('condition_shape', `"${group}" wants a list of conditions.`, `Write ${group}: [ { … }, { … } ].`, path)];
  return checkConditions(value, path, depth + 1);
}

function expression(source: unknown, path: Path): ConditionFault[] {
  if (typeof source !== 'string') return [structure('expression_invalid', `An expression is text, found ${JSON.stringify(source)}.`, 'Put it in quotes.', path)];
  try {
    const faults = compileExpression(source).names.filter((name) => name === 'secrets' || name.startsWith('secrets.'));
    return faults.map((name) => reference('misplaced_secret', `"${name}" cannot be read here: secrets may be used in the config of a webhook step only.`, null, path));
  } catch (error) {
    return [structure('expression_invalid', (error as Error).message, null, path)];
  }
}

function field(leaf: Leaf, path: Path): ConditionFault[] {
  const faults = [...strange(leaf, FIELD_KEYS, path), ...fieldName(leaf['field'], path)];
  const word = leaf['operator'];
  if (typeof word !== 'string') return [
    ...faults,
    structure('condition_shape', 'The condition has no operator.', `Name one of ${operatorNames.join(', ')}.`, word === undefined ? path : [...path, 'operator']),
  ];
  const operator = findOperator(word);
  if (operator === undefined) return [...faults, structure('unknown_operator', `There is no operator "${word}".`, suggest(word, operatorNames), [...path, 'operator'])];
  return [...faults, ...(faults.length > 0 ? [] : checkKind(operator, leaf['field'] as string, leaf['value'], path)), ...checkOperand(operator, leaf['value'], path)];
}

function fieldName(value: unknown, path: Path): ConditionFault[] {
  const here = [...path, 'field'];
  if (typeof value !== 'string') return [structure(
    'condition_shape',
    value === undefined ? 'The condition has no field.' : `A field is text, found ${JSON.stringify(value)}.`,
    LEAF_EXAMPLE,
    value === undefined ? path : here,
  )];
  if (isTemplate(value)) {
    const faults = checkTemplate(value).map(({ rule, message, hint }) => reference(rule, message, hint, here));
    const lone = faults.length > 0 || loneExpression(value) !== null;
    return lone ? faults : [reference('template_syntax', `The field "${value}" is more than one expression.`, 'A field is a path, or exactly one {{…}}.', here)];
  }
  if (!FIELD.test(value)) return [structure('condition_field', `"${value}" is no path.`, 'Write a path such as tags, custom_fields.plan or steps.welcome_email.opened.', here)];
  if (fieldPath(value)[0] === 'secrets') return [reference('misplaced_secret', 'Secrets may be used in the config of a webhook step only.', null, here)];
  const wrong = checkVariable(fieldPath(value));
  return wrong === null ? [] : [reference('unknown_variable', wrong.message, wrong.hint, here)];
}

function strange(leaf: Leaf, known: string[], path: Path): ConditionFault[] {
  return Object.keys(leaf)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const behavioural = BEHAVIOUR_KEYS.includes(key);
      const close = nearest(key, known);
      const hint = close !== null
        ? `Did you mean "${close}"?`
        : behavioural ? 'What happened is asked as { event: email_opened, within: 3d }.' : `Keys here are ${known.join(', ')}; groups are all, any and not, each on its own.`;
      return structure('unknown_key', `A condition has no key "${key}"${known.length === 1 ? ` beside "${known[0]}"` : ''}.`, hint, [...path, key]);
    });
}

const structure = (rule: string, message: string, hint: string | null, path: Path): ConditionFault => ({ rule, kind: 'structure', message, hint, path });
const reference = (rule: string, message: string, hint: string | null, path: Path): ConditionFault => ({ rule, kind: 'reference', message, hint, path });
