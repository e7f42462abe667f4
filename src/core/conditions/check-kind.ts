import { isTemplate } from '../templates/parse.ts';
import { fieldPath } from '../templates/variables.ts';
import type { ConditionFault } from './condition-fault.ts';
import type { OperatorDefinition } from './operators/define-operator.ts';

type Kind = 'list' | 'map' | 'moment' | 'number';

/** Fields that hold one kind of value whatever the contact. Text may spell a number, a date or a truth, so text fields are not here. */
const KINDS: Record<string, Kind> = {
  'contact.tags': 'list',
  'contact.custom_fields': 'map',
  'contact.consent': 'map',
  'contact.created_at': 'moment',
  'contact.updated_at': 'moment',
  'contact.revision': 'number',
  'workflow.enrolled_at': 'moment',
  'event.at': 'moment',
  now: 'moment',
};

const PRESENCE = ['is_set', 'is_not_set', 'is_empty', 'is_not_empty', 'changed', 'changed_to', 'equals', 'not_equals'];
const LISTS = ['contains', 'not_contains', 'any_of', 'all_of', 'none_of'];
const TEXT = ['contains', 'not_contains', 'starts_with', 'ends_with', 'matches'];
const ORDER = ['greater_than', 'greater_or_equal', 'less_than', 'less_or_equal', 'between', 'in', 'not_in', 'any_of', 'none_of'];

/** The operators that tell two values of a kind apart; every other one gives the same answer for all of them. */
const APT: Record<Kind, string[]> = {
  list: [...PRESENCE, ...LISTS],
  map: PRESENCE,
  moment: [...PRESENCE, ...TEXT, ...ORDER, 'before', 'after', 'within_last', 'within_next'],
  number: [...PRESENCE, ...ORDER],
};

const WORDS: Record<Kind, string> = { list: 'a list', map: 'a map', moment: 'a date', number: 'a number' };
const HINTS: Partial<Record<Kind, string>> = { list: 'For lists there are contains, any_of, all_of and none_of.', map: 'Name a value in it, such as custom_fields.plan.' };

/** A field of a kind that the operator never distinguishes: `tags greater_than 5` can never hold. */
export function checkKind(operator: OperatorDefinition, field: string, value: unknown, path: ConditionFault['path']): ConditionFault[] {
  if (isTemplate(field)) return [];
  const kind = KINDS[fieldPath(field).join('.')];
  if (kind === undefined || (APT[kind].includes(operator.name) && !(kind === 'list' && isEquality(operator) && isScalar(value)))) return [];
  const message = `"${field}" is ${WORDS[kind]}, and "${operator.name}" ${operator.missing === true ? 'is true' : 'is never true'} of any.`;
  return [{
    rule: 'condition_value',
    kind: 'reference',
    message: isEquality(operator) ? `"${field}" is a list, never equal to a single value.` : message,
    hint: HINTS[kind] ?? null,
    path: [...path, 'operator'],
  }];
}

const isEquality = ({ name }: OperatorDefinition): boolean => name === 'equals' || name === 'not_equals';
const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value) && !isTemplate(value);
