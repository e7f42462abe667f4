import { changeOperators } from './change.ts';
import { dateOperators } from './date.ts';
import type { OperatorDefinition } from './define-operator.ts';
import { listOperators } from './list.ts';
import { numberOperators } from './number.ts';
import { presenceOperators } from './presence.ts';
import { textOperators } from './text.ts';

/** Every operator, in the order of the catalogue. */
export const operatorDefinitions: OperatorDefinition[] = [...textOperators, ...numberOperators, ...listOperators, ...presenceOperators, ...dateOperators, ...changeOperators];

/** Name → operator; aliases are not in it. */
export const operators: ReadonlyMap<string, OperatorDefinition> = new Map(operatorDefinitions.map((operator) => [operator.name, operator]));

export const operatorNames: string[] = [...operators.keys()];

const byWord = new Map(operatorDefinitions.flatMap((operator) => [operator.name, ...operator.aliases].map((word) => [word, operator] as const)));

/** The operator of that name or alias. */
export const findOperator = (word: string): OperatorDefinition | undefined => byWord.get(word);
