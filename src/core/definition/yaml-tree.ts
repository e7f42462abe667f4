import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Path, StructureFinding } from './definition.ts';
import { pathPointer } from './diagnostic.ts';
import { forbiddenKey, guardText, MAX_DEPTH, MAX_NODES, notFinite, tooDeep, tooLarge } from './guards.ts';
import type { PlacedFinding } from './yaml-syntax.ts';

/** Offsets of a value and of the key that holds it. */
export interface Span {
  key: number | null;
  value: number;
}

export interface Tree {
  value: unknown;
  spans: Map<string, Span>;
  findings: StructureFinding[];
  /** Findings whose place is not that of their path: the second of two equal keys. */
  placed: PlacedFinding[];
  /** Offsets of the lines whose unquoted template is among the findings. */
  reported: Set<number>;
}

interface Walk extends Tree {
  text: string;
  nodes: number;
}

/** Turns nodes into plain JSON by hand, so that an alias is never expanded and every value has a place. What is refused is left out, and reported. */
export function readTree(root: ParsedNode | null, text: string): Tree {
  const walk: Walk = { value: undefined, spans: new Map(), findings: [], placed: [], reported: new Set(), text, nodes: 0 };
  walk.spans.set('', { key: null, value: root?.range?.[0] ?? 0 });
  walk.value = root === null ? null : read(root, [], walk);
  if (walk.nodes > MAX_NODES) walk.findings.push(tooLarge(`more than ${MAX_NODES} values`));
  return walk;
}

function read(node: unknown, path: Path, walk: Walk): unknown {
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES) return null;
  if (path.length > MAX_DEPTH) {
    if (!walk.findings.some((finding) => finding.rule === 'too_deep')) walk.findings.push(tooDeep(path));
    return null;
  }
  if (isAlias(node)) return refuseAlias(path, `*${node.source}`, walk);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
  if (node.anchor !== undefined) refuseAlias(path, `&${node.anchor}`, walk);
  if (node.tag !== undefined) {
    walk.findings.push({
      rule: 'tag_not_allowed',
      path,
      message: `The tag "${shortTag(node.tag)}" is not allowed.`,
      hint: 'Remove the tag and write the plain value; put quotes round it if it is text.',
    });
  }
  if (isScalar(node)) return readScalar(node, path, walk);
  return isMap(node) ? readMap(node, path, walk) : readList(node, path, walk);
}

function refuseAlias(path: Path, what: string, walk: Walk): null {
  walk.findings.push({ rule: 'aliases_not_allowed', path, message: `Anchors and aliases are not allowed ("${what.slice(0, 100)}").`, hint: 'Write the value out in each place.' });
  return null;
}

const shortTag = (tag: string): string => tag.replace(/^tag:yaml\.org,2002:/, '!!').slice(0, 100);

function readList(node: YAMLSeq, path: Path, walk: Walk): unknown[] {
  return node.items.map((item, index) => {
    const here = [...path, index];
    walk.spans.set(pathPointer(here), { key: null, value: offsetOf(item) ?? node.range?.[0] ?? 0 });
    return read(item, here, walk);
  });
}

function readMap(node: YAMLMap, path: Path, walk: Walk): unknown {
  if (node.flow === true && node.items.some((pair) => isMap(pair.key))) return readUnquotedTemplate(node, path, walk);
  const value: Record<string, unknown> = {};
  for (const pair of node.items) {
    const key = readKey(pair.key, path, walk);
    if (key === null) continue;
    const here = [...path, key];
    const keyOffset = offsetOf(pair.key) ?? node.range?.[0] ?? 0;
    if (Object.hasOwn(value, key)) {
      walk.placed.push({ ...duplicateKey(here, key), offset: keyOffset });
      continue;
    }
    walk.spans.set(pathPointer(here), { key: keyOffset, value: placeOfValue(pair.value, keyOffset) });
    const refused = refuseKey(key, path);
    if (refused) walk.findings.push(refused);
    else value[key] = read(pair.value, here, walk);
  }
  return value;
}

const duplicateKey = (path: Path, key: string): StructureFinding => ({
  rule: 'duplicate_key',
  path,
  message: `The key "${key}" appears twice in the same map.`,
  hint: 'Remove one of the two, or make a list of both values.',
});

function refuseKey(key: string, path: Path): StructureFinding | null {
  if (key === '<<') return { rule: 'merge_key', path: [...path, key], at: 'key', message: 'Merge keys ("<<") are not allowed.', hint: 'Write the keys out in each place.' };
  return forbiddenKey(path, key) ?? guardText([...path, key], key, 'key');
}

function readKey(key: unknown, path: Path, walk: Walk): string | null {
  if (isAlias(key)) return refuseAlias(path, `*${key.source}`, walk);
  if (isScalar(key)) {
    if (key.anchor !== undefined) refuseAlias(path, `&${key.anchor}`, walk);
    return key.value === null || key.value === undefined ? '' : String(key.value);
  }
  walk.findings.push({
    rule: 'key_not_text',
    path,
    message: 'A key of this map is itself a map or a list.',
    hint: 'Keys are plain words; remove the "?" or the brackets before the ":".',
  });
  return null;
}

/** `{{contact.email}}` without quotes is, to YAML, a map whose key is a map. The text stands in for it, so that the checks after this one see what was meant. */
function readUnquotedTemplate(node: YAMLMap, path: Path, walk: Walk): string {
  const [from, to] = [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
  const written = walk.text.slice(from, to).replaceAll(/\s+/g, ' ').slice(0, 80);
  walk.reported.add(walk.text.lastIndexOf('\n', Math.max(0, from - 1)) + 1);
  walk.findings.push({
    rule: 'template_needs_quotes',
    path,
    message: `The template ${written} is not quoted, so YAML reads its braces as a map.`,
    hint: `Put quotes round it: "${written}".`,
  });
  return written;
}

function readScalar(node: Scalar, path: Path, walk: Walk): unknown {
  const { value } = node;
  if (typeof value === 'string') {
    const bad = guardText(path, value);
    if (bad) walk.findings.push(bad);
    return value;
  }
  if (typeof value !== 'number') return value ?? null;
  const written = node.source ?? String(value);
  if (!Number.isFinite(value)) walk.findings.push(notFinite(path, written));
  else if (losesDigits(written, value)) {
    walk.findings.push({ rule: 'number_changed', path, message: `"${written}" would be read as the number ${value}.`, hint: `Put quotes round it: "${written}".` });
    return written;
  }
  return value;
}

/** A plus sign, a leading zero and digits past 2^53 are lost: phone numbers, postcodes and long ids are texts. */
function losesDigits(written: string, value: number): boolean {
  if (/^\+|^-?0[\dxo]/.test(written)) return true;
  return /^-?\d+$/.test(written) && !Number.isSafeInteger(value);
}

/** A scalar is pointed at itself, a list or a map at the key above it. */
function placeOfValue(value: unknown, keyOffset: number): number {
  const written = isScalar(value) && !(value.value === null && (value.source ?? '') === '');
  return written ? (value.range?.[0] ?? keyOffset) : keyOffset;
}

function offsetOf(node: unknown): number | null {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node.range?.[0] ?? null) : null;
}
