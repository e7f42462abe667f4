import type { Path } from './definition.ts';
import type { Fix } from './diagnostic.ts';
import { nearest } from './nearest.ts';

/** A fix that writes another value in one place; undefined when there is nothing to write. */
export const writing = (path: Path, value: string | null): Fix | undefined => (value === null ? undefined : { title: `Write "${value}"`, edits: [{ path, value }] });

/** A fix that gives a key another name; undefined when there is none to give. */
export const renaming = (path: Path, name: string | null): Fix | undefined => (name === null ? undefined : { title: `Rename it to "${name}"`, edits: [{ path, rename: name }] });

/** The nearest of the known names in place of a wrong one; undefined when none is near. */
export const nearestInstead = (path: Path, wrong: string, known: Iterable<string>): Fix | undefined => writing(path, nearest(wrong, known));

/** The same inside a text: only the wrong name in it is replaced. */
export function nearestWithin(path: Path, text: string, wrong: string, known: Iterable<string>): Fix | undefined {
  const right = nearest(wrong, known);
  return right === null ? undefined : { title: `Write "${right}" for "${wrong}"`, edits: [{ path, value: text.replaceAll(wrong, right) }] };
}
