import { parseArgs } from 'node:util';
import { contenders, type ContenderName } from './contenders.ts';

export interface Plan {
  rounds: number;
  only: ContenderName[];
  /** Divides every size: a look at whether all works, no measurement. */
  shrink: number;
  /** Where the result goes as JSON. */
  json: string | null;
}

/** Those whose rounds are interleaved; the others compare within their own run, and run once. */
export const interleaved: ContenderName[] = ['two-phase', 'delivered', 'dbos', 'graphile', 'bullmq', 'copy', 'one-by-one'];

/** Reads `--json FILE --rounds N --only NAME --quick`. Throws for a name that nobody has. */
export function readPlan(args: string[]): Plan {
  const { values } = parseArgs({ args, options: { json: { type: 'string' }, rounds: { type: 'string', default: '4' }, only: { type: 'string', multiple: true }, quick: { type: 'boolean', default: false } } });
  const names = Object.keys(contenders) as ContenderName[];
  const only = (values.only ?? names) as ContenderName[];
  const stranger = only.find((name) => !names.includes(name));
  if (stranger !== undefined) throw new Error(`There is no contender "${String(stranger)}". Take one of ${names.join(', ')}.`);
  return { rounds: values.quick ? 1 : Math.max(1, Math.trunc(Number(values.rounds)) || 4), only, shrink: values.quick ? 10 : 1, json: values.json ?? null };
}
