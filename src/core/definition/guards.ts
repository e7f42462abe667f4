import { isRecord } from './definition.ts';
import type { Path, StructureFinding } from './definition.ts';

export const MAX_BYTES = 1024 * 1024;
export const MAX_DEPTH = 100;
/** Five hundred steps with eighty values each, and room to spare. */
export const MAX_NODES = 50_000;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
// oxlint-disable-next-line no-control-regex -- finding them is its purpose
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
/** With the `u` flag a class of surrogates matches only those that stand alone. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

export const forbiddenKey = (path: Path, key: string): StructureFinding | null =>
  FORBIDDEN.has(key)
    ? {
      rule: 'forbidden_key',
      path: [...path, key],
      at: 'key',
      message: `The key "${key}" is not allowed anywhere in a definition.`,
      hint: 'Rename it, e.g. with a leading letter of your own.',
    }
    : null;

/** Where in a text a character stands that a database cannot hold or a person cannot see; null when there is none. */
export function badCharacter(text: string): { offset: number; rule: string; message: string } | null {
  const control = CONTROL.exec(text);
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
    return { offset: control.index, rule: 'control_character', message: `The control character U+${code} is not allowed in a definition.` };
  }
  const surrogate = LONE_SURROGATE.exec(text);
  return surrogate ? { offset: surrogate.index, rule: 'invalid_unicode', message: 'Half of a surrogate pair stands alone: the text is not valid Unicode.' } : null;
}

/** A finding about the first character that a definition may not hold, or null. `path` leads to the text. */
export function guardText(path: Path, text: string, at: 'key' | 'value' = 'value'): StructureFinding | null {
  const bad = badCharacter(text);
  return bad && { rule: bad.rule, path, at, message: bad.message, hint: 'Remove it; a definition may contain line feeds and tabs, and any printable character.' };
}

export const tooDeep = (path: Path): StructureFinding => ({
  rule: 'too_deep',
  path,
  message: `The definition is nested more than ${MAX_DEPTH} levels deep.`,
  hint: 'Write the steps as one list and let arms name step ids instead of nesting them.',
});

export const tooLarge = (what: string): StructureFinding => ({
  rule: 'too_large',
  path: [],
  message: `The definition has ${what}.`,
  hint: 'Move long texts into templates, or split the workflow in two.',
});

/** Everything about a JSON value that must be refused before anything reads it: depth, size, forbidden keys, characters, numbers. */
export function guardValue(value: unknown): StructureFinding[] {
  const findings: StructureFinding[] = [];
  let nodes = 0;
  let characters = 0;
  const add = (finding: StructureFinding | null): void => {
    if (finding) findings.push(finding);
  };
  const visit = (node: unknown, path: Path): void => {
    nodes += 1;
    if (nodes > MAX_NODES || characters > MAX_BYTES) return;
    if (path.length > MAX_DEPTH) {
      if (!findings.some((finding) => finding.rule === 'too_deep')) findings.push(tooDeep(path));
    } else if (typeof node === 'string') {
      characters += node.length;
      add(guardText(path, node));
    } else if (typeof node === 'number' && !Number.isFinite(node)) {
      add(notFinite(path, String(node)));
    } else if (Array.isArray(node)) {
      node.forEach((item, index) => visit(item, [...path, index]));
    } else if (isRecord(node)) {
      for (const [key, item] of Object.entries(node)) {
        characters += key.length;
        add(forbiddenKey(path, key) ?? guardText([...path, key], key, 'key'));
        visit(item, [...path, key]);
      }
    }
  };
  visit(value, []);
  if (nodes > MAX_NODES) findings.push(tooLarge(`more than ${MAX_NODES} values`));
  if (characters > MAX_BYTES) findings.push(tooLarge('more than 1 MiB of text'));
  return findings;
}

export const notFinite = (path: Path, written: string): StructureFinding => ({
  rule: 'number_not_finite',
  path,
  message: `"${written}" is not a number that can be stored.`,
  hint: 'Write a plain number, or put quotes round it if it is meant as text.',
});
