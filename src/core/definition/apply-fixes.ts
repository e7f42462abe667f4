import { isMap, isScalar, parseDocument, stringify, type Document, type ParsedNode, type YAMLMap } from 'yaml';
import { isRecord } from './definition.ts';
import type { Diagnostic, Edit } from './diagnostic.ts';
import { readDefinition, type Source } from './read.ts';

/** Rounds of reading and mending: what one fix uncovers, the next round mends. */
const ROUNDS = 10;

/**
 * Applies every fix that is known, again and again until none is left. Pure: gives the new source; of YAML only the places that are mended change.
 * @param wanted which findings are to be mended
 */
export function applyFixes(source: Source, wanted: (one: Diagnostic) => boolean = () => true): { source: Source; fixed: Diagnostic[] } {
  const fixed: Diagnostic[] = [];
  let at = source;
  for (let round = 0; round < ROUNDS; round++) {
    const found = readDefinition(at).diagnostics.filter((one) => one.fix && wanted(one));
    if (found.length === 0) break;
    at = edited(at, found.flatMap(({ fix }) => fix!.edits));
    fixed.push(...found);
  }
  return { source: at, fixed };
}

/** A source after some edits. One whose place is gone, or that would overlap another, is passed over. */
export function edited(source: Source, edits: Edit[]): Source {
  if (source.format === 'yaml') return { format: 'yaml', text: editText(source.text, edits) };
  const value = structuredClone(source.value);
  for (const edit of edits) editValue(value, edit);
  return { format: 'json', value };
}

type Holder = Record<string | number, unknown>;

function editValue(root: unknown, edit: Edit): void {
  const key = edit.path.at(-1)!;
  const holder = edit.path.slice(0, -1).reduce<unknown>((at, part) => (typeof at === 'object' && at !== null ? (at as Holder)[part] : undefined), root);
  if (typeof holder !== 'object' || holder === null) return;
  if ('value' in edit) {
    (holder as Holder)[key] = edit.value;
  } else if (isRecord(holder)) {
    const entries = Object.entries(holder);
    for (const [name] of entries) delete holder[name];
    for (const [name, value] of entries) holder[name === key ? edit.rename : name] = value;
  }
}

/** A part of a text that another one takes the place of. */
interface Patch {
  from: number;
  to: number;
  text: string;
}

function editText(text: string, edits: Edit[]): string {
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false, logLevel: 'silent' });
  const patches = edits.flatMap((edit) => patchOf(text, document, edit) ?? []).toSorted((a, b) => b.from - a.from);
  let untouched = text.length;
  return patches.reduce((result, patch) => {
    if (patch.to > untouched) return result;
    untouched = patch.from;
    return result.slice(0, patch.from) + patch.text + result.slice(patch.to);
  }, text);
}

function patchOf(text: string, document: Document.Parsed<ParsedNode>, edit: Edit): Patch | null {
  const parent = edit.path.slice(0, -1);
  const holder: unknown = parent.length === 0 ? document.contents : document.getIn(parent, true);
  const key = edit.path.at(-1)!;
  const pair = isMap(holder) ? holder.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  if (!('value' in edit)) return pair ? replacing(text, pair.key, edit.rename) : null;
  const there: unknown = document.getIn(edit.path, true);
  if (isScalar(there)) return replacing(text, there, edit.value);
  return isMap(holder) && !pair ? adding(text, holder, String(key), edit.value) : null;
}

/** Another scalar in the quotes of the old one. */
function replacing(text: string, node: unknown, value: unknown): Patch | null {
  const [from, to] = isScalar(node) && node.range ? node.range : [];
  if (from === undefined || to === undefined) return null;
  const quote = text[from];
  const written = typeof value === 'string' && quote === '"'
    ? JSON.stringify(value)
    : typeof value === 'string' && quote === "'" ? `'${value.replaceAll("'", "''")}'` : inline(value);
  return { from, to, text: written };
}

/** A new key before the last one of its map, which may be a long one. */
function adding(text: string, map: YAMLMap, key: string, value: unknown): Patch | null {
  const last = map.items.at(-1)?.key;
  const at = isScalar(last) ? last.range?.[0] : undefined;
  if (at === undefined) return null;
  const column = at - (text.lastIndexOf('\n', at - 1) + 1);
  const between = map.flow ? ', ' : `\n${' '.repeat(column)}`;
  return { from: at, to: at, text: `${inline(key)}: ${inline(value)}${between}` };
}

const inline = (value: unknown): string => stringify(value, { lineWidth: 0 }).trimEnd();
