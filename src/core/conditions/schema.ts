import { z } from 'zod';
import type { BehaviourCondition } from './behaviour.ts';
import { checkConditions } from './check.ts';

/** One clause or group, as definitions write it; a list of them means that all must hold. */
export type Condition = FieldCondition | BehaviourCondition | ExpressionCondition | { all: Condition[] } | { any: Condition[] } | { not: Condition | Condition[] };

/** `{ field: tags, operator: contains, value: vip }`; strings in `value` may be templates. */
export interface FieldCondition {
  field: string;
  operator: string;
  value?: unknown;
}

/** `{ expression: "score >= 50 and contains(tags, 'vip')" }` */
export interface ExpressionCondition {
  expression: string;
}

/**
 * One condition or a list of them → a list, kept as written; an empty one is refused.
 * Refuses errors of structure only: `checkConditions` finds those that refuse publishing. An issue's `params` hold `rule` and `hint`.
 */
export const conditionList: z.ZodType<Condition[]> = z.unknown().transform((value, context) => {
  const faults = checkConditions(value).filter((fault) => fault.kind === 'structure');
  for (const { path, message, hint, rule } of faults) {
    const text = hint === null ? message : `${message} ${hint}`;
    context.addIssue({ code: 'custom', path, message: text, params: { rule, hint, plain: message } });
  }
  return faults.length > 0 ? z.NEVER : ((Array.isArray(value) ? value : [value]) as Condition[]);
});
