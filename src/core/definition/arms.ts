import type { ArmSpec } from '../steps/define-step.ts';
import { isRecord } from './definition.ts';
import type { Path } from './definition.ts';

/** One place in a config that names a target. */
export interface Arm {
  /** From the config: `['variants', 0, 'next']`. */
  path: Path;
  /** The edge's name; null when the row that holds it has no usable name. */
  outcome: string | null;
  /** As written: a step id, the name of an end, a list of inline steps, or undefined when the arm is left out. */
  target: unknown;
  /** Writes another target into the same place. */
  write(target: unknown): void;
  /** Leaves the arm out. */
  remove(): void;
}

/** Every arm of a config, in the order of the specs. Left-out arms of existing rows are included with an undefined target. */
export function armsOf(specs: ArmSpec[], config: unknown): Arm[] {
  return specs.flatMap((spec) => walk(spec, spec.path.split('.'), config, []));
}

function walk(spec: ArmSpec, parts: string[], at: unknown, path: Path): Arm[] {
  const [part, ...rest] = parts;
  if (part === '*') return Array.isArray(at) ? at.flatMap((row: unknown, index) => walk(spec, rest, row, [...path, index])) : [];
  if (!isRecord(at) || part === undefined) return [];
  if (rest.length > 0) return walk(spec, rest, at[part], [...path, part]);
  const outcome = typeof spec.outcome === 'string' ? spec.outcome : at[spec.outcome.key];
  const write = (target: unknown): void => {
    at[part] = target;
  };
  return [{ path: [...path, part], outcome: typeof outcome === 'string' ? outcome : null, target: at[part] ?? undefined, write, remove: () => delete at[part] }];
}
