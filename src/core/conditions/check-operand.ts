import { checkTemplate, isTemplate } from '../templates/parse.ts';
import type { ConditionFault } from './condition-fault.ts';
import type { OperatorDefinition } from './operators/define-operator.ts';

/** What is wrong with the value that an operator is given. A value that holds a template is known at run time only. */
export function checkOperand(operator: OperatorDefinition, value: unknown, path: (string | number)[]): ConditionFault[] {
  const here = value === undefined ? path : [...path, 'value'];
  const templates = templateFaults(value, here);
  if (templates.length > 0 || isTemplate(value)) return templates;
  const { operand, name } = operator;
  if (operand.name !== 'none' && (value === undefined || value === null)) {
    return [fault(
      operator,
      `"${name}" wants ${operand.words} as its value, found ${value === null ? 'null' : 'none'}.`,
      'To ask whether there is a value, use is_set or is_not_set.',
      here,
    )];
  }
  const items = Array.isArray(value) ? value.filter((item) => !isTemplate(item)) : [];
  if (operand.name === 'range' && Array.isArray(value) && items.length < value.length) return [];
  const wrong = operand.check(value);
  return wrong === null ? [] : [fault(operator, `"${name}" ${wrong}${wrong.includes(':') ? '' : `, found ${show(value)}`}`.replace(/\.?$/, '.'), hintFor(operator, value), here)];
}

function templateFaults(value: unknown, path: (string | number)[]): ConditionFault[] {
  if (isTemplate(value)) return checkTemplate(value).map(({ rule, message, hint }) => ({ rule, kind: 'reference', message, hint, path }));
  return Array.isArray(value) ? value.flatMap((item, i) => templateFaults(item, [...path, i])) : [];
}

function hintFor({ name, operand }: OperatorDefinition, value: unknown): string | null {
  if (operand.name === 'none') return 'Leave the value out.';
  if (operand.name === 'list') return Array.isArray(value) ? 'To ask for an empty list use is_empty.' : `Write [${show(value)}].`;
  if (Array.isArray(value) && name.endsWith('contains')) return 'For several items use any_of, all_of or none_of.';
  return null;
}

function fault({ operand }: OperatorDefinition, message: string, hint: string | null, path: (string | number)[]): ConditionFault {
  return { rule: 'condition_value', kind: operand.structure ? 'structure' : 'reference', message, hint, path };
}

const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);
