/** One thing wrong with a condition. `path` leads to it from the condition list, e.g. `[0, 'operator']`. */
export interface ConditionFault {
  rule: string;
  kind: 'structure' | 'reference';
  message: string;
  hint: string | null;
  path: (string | number)[];
}
