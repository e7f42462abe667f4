import type { Data } from '../state.ts';

type Path = (string | number)[];

/** Keys that hold a condition list, wherever they stand in a config. */
const KEYS = new Set(['if', 'condition']);
const GROUPS = ['all', 'any', 'not'];

/** Every condition list in a step's config, however deep: those of a `condition`, of a `goal`, of the cases of a `switch`, of `wait for`. */
export function findConditions(config: unknown, path: Path = []): { value: unknown; path: Path }[] {
  if (Array.isArray(config)) return config.flatMap((item, index) => findConditions(item, [...path, index]));
  if (!isMap(config)) return [];
  return Object.entries(config).flatMap(([key, item]) => (KEYS.has(key) ? [{ value: item, path: [...path, key] }] : findConditions(item, [...path, key])));
}

/** Every leaf of a condition list with its place; groups are walked through. */
export function leavesOf(conditions: unknown, path: Path = []): { leaf: Data; path: Path }[] {
  if (Array.isArray(conditions)) return conditions.flatMap((item, index) => leavesOf(item, [...path, index]));
  if (!isMap(conditions)) return [];
  const group = GROUPS.find((key) => Object.hasOwn(conditions, key));
  return group === undefined ? [{ leaf: conditions, path }] : leavesOf(conditions[group], [...path, group]);
}

const isMap = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);
