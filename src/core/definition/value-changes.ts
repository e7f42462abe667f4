import { isRecord } from './definition.ts';
import { canonical } from '../canonical.ts';

/** One key that differs. `path` as people write it: `config.variants[A].weight`. */
export interface Change {
  path: string;
  kind: 'added' | 'removed' | 'changed';
  /** Null when it was added. */
  from: unknown;
  /** Null when it was removed. */
  to: unknown;
}

/** The innermost keys in which two values differ. Rows of a list are told apart by their `id`, `name` or `type` where those are unique, else by their place. */
export function changesBetween(from: unknown, to: unknown, path = ''): Change[] {
  if (from === undefined || to === undefined) return from === to ? [] : [{ path, kind: from === undefined ? 'added' : 'removed', from: from ?? null, to: to ?? null }];
  if (canonical(from) === canonical(to)) return [];
  if (isRecord(from) && isRecord(to)) {
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) => changesBetween(from[key], to[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(from) && Array.isArray(to)) return changesOfList(from, to, path);
  return [{ path, kind: 'changed', from, to }];
}

const NAMES = ['id', 'name', 'type'];

function changesOfList(was: unknown[], is: unknown[], path: string): Change[] {
  const key = NAMES.find((name) => isNamedBy(name, was) && isNamedBy(name, is));
  if (key === undefined) {
    const sameRows = was.length === is.length && [...was, ...is].every(isRecord);
    return sameRows ? was.flatMap((row, index) => changesBetween(row, is[index], `${path}[${index}]`)) : [{ path, kind: 'changed', from: was, to: is }];
  }
  const [before, after] = [was, is].map((rows) => new Map(rows.map((row) => [String((row as Record<string, unknown>)[key]), row])));
  const names = [...new Set([...before!.keys(), ...after!.keys()])];
  const changes = names.flatMap((name) => changesBetween(before!.get(name), after!.get(name), `${path}[${name}]`));
  // The same rows in another order: which of several cases or rules comes first is meaning.
  return changes.length > 0 ? changes : [{ path, kind: 'changed', from: [...before!.keys()], to: [...after!.keys()] }];
}

/** Whether every row has a text of its own under this key. */
function isNamedBy(key: string, rows: unknown[]): boolean {
  const names = rows.map((row) => (isRecord(row) ? row[key] : undefined));
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
}
