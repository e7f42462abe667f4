import { isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import type { Data } from '../state.ts';
import { toCanvas } from './canvas.ts';
import { isRecord, type Definition } from './definition.ts';
import { canonical, meaningOf } from './meaning.ts';
import { readStructure } from './read.ts';

/**
 * A drawing put back into the YAML that it was made from: what was not touched keeps its text, its comments and its implied `next`.
 * @returns null when the YAML has inline arms, which a canvas cannot have, or when either is no definition: then the drawing stands for itself
 */
export function redrawYaml(text: string, drawn: Data): string | null {
  const old = readStructure({ format: 'yaml', text }).definition;
  const next = readStructure({ format: 'json', value: drawn }).definition;
  if (!old || !next) return null;
  const document = parseDocument(text, { version: '1.2', merge: false });
  const written: unknown = document.toJS();
  if (!isRecord(written) || canonical(written['steps']) !== canonical(old.source['steps'])) return null;
  const value = asWritten(old, next, drawn);
  if (canonical(value) === canonical(written)) return text;
  patch(document, document.contents, value);
  return document.toString({ lineWidth: 0 });
}

/** The drawing with everything that means what it meant before written as it was before. */
function asWritten(old: Definition, next: Definition, drawn: Data): Data {
  const [before, after] = [meaningOf(old), meaningOf(next)];
  const source = old.source['steps'] as Data[];
  const kept = new Set(old.steps.filter(({ id }) => id in after.steps && canonical(before.steps[id]) === canonical(after.steps[id])).map(({ id }) => id));
  const { trigger: _trigger, triggers: _triggers, layout: _layout, ...rest } = drawn;
  const entry = canonical(before.triggers) === canonical(after.triggers) ? old.source : drawn;
  const layout = samePlaces(old, drawn) ? old.source['layout'] : drawn['layout'];
  const around: Data = { ...rest, ...only(entry, 'trigger', 'triggers'), ...(layout === undefined ? {} : { layout }) };
  for (;;) {
    const steps = (drawn['steps'] as Data[]).map((step) => (kept.has(String(step['id'])) ? source.find(({ id }) => id === step['id'])! : step));
    const { definition } = readStructure({ format: 'json', value: { ...around, steps } });
    const reached = definition && meaningOf(definition);
    // A step whose place in the list changed may lead elsewhere than it did: that one says where it goes.
    const moved = [...kept].filter((id) => !reached || canonical(reached.steps[id]) !== canonical(after.steps[id]));
    if (moved.length === 0) return { ...around, steps };
    for (const id of moved) kept.delete(id);
  }
}

const only = (value: Data, ...keys: string[]): Data => Object.fromEntries(keys.flatMap((key) => (value[key] === undefined ? [] : [[key, value[key]]])));

/** Whether nothing was dragged: the computed places of a file without a layout are no layout. */
function samePlaces(old: Definition, drawn: Data): boolean {
  const places = new Map(toCanvas(old).nodes.map(({ id, position }) => [id, canonical(position)]));
  const layout = isRecord(drawn['layout']) ? drawn['layout']['positions'] : {};
  return Object.entries(isRecord(layout) ? layout : {}).every(([id, place]) => !places.has(id) || places.get(id) === canonical(place));
}

/** Makes a node of the document say `value`, touching as little as possible. Gives the node to put in its place. */
function patch(document: Document, node: unknown, value: unknown): unknown {
  if (isMap(node) && isRecord(value)) {
    for (const key of node.items.map(({ key: own }) => String(isScalar(own) ? own.value : own))) if (!Object.hasOwn(value, key)) node.delete(key);
    for (const [key, item] of Object.entries(value)) node.set(key, patch(document, node.get(key, true), item));
    return node;
  }
  if (isSeq(node) && Array.isArray(value)) {
    const rows = [...node.items];
    const named = (name: unknown): unknown => rows.find((row) => isMap(row) && typeof name === 'string' && row.get('id') === name);
    node.items = value.map((item: unknown, index) => patch(document, isRecord(item) && 'id' in item ? named(item['id']) : rows[index], item));
    return node;
  }
  if (isScalar(node) && typeof value !== 'object') {
    if (node.value !== value) node.value = value;
    return node;
  }
  return document.createNode(value);
}
