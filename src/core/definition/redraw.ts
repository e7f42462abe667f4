import { isMap, isScalar, isSeq, parseDocument, type Document, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Data } from '../state.ts';
import { toCanvas } from './canvas.ts';
import { isRecord, type Definition } from './definition.ts';
import { canonical } from '../canonical.ts';
import { meaningOf, type Meaning } from './meaning.ts';
import { nestSteps, sayingWaysAs, withoutInline, writtenSteps, type Written } from './nest.ts';
import { readStructure } from './read.ts';

/**
 * A drawing put back into the YAML that it was made from: what was not touched keeps its text, its comments, its implied `next` and its inline arms.
 * @returns null when either is no definition: then the drawing stands for itself
 */
export function redrawYaml(text: string, drawn: Data): string | null {
  const old = readStructure({ format: 'yaml', text }).definition;
  const next = readStructure({ format: 'json', value: drawn }).definition;
  if (!old || !next) return null;
  const document = parseDocument(text, { version: '1.2', merge: false });
  const written: unknown = document.toJS();
  if (!isRecord(written)) return null;
  const value = asWritten(old, next, drawn, writtenSteps(written['steps']));
  if (canonical(value) === canonical(written)) return text;
  patch({ document, steps: stepNodes(document.get('steps', true)) }, document.contents, value);
  return document.toString({ lineWidth: 0 });
}

/** The drawing with everything that means what it meant before written as it was before. */
function asWritten(old: Definition, next: Definition, drawn: Data, written: Written): Data {
  const [before, after] = [meaningOf(old), meaningOf(next)];
  const { trigger: _trigger, triggers: _triggers, layout: _layout, ...rest } = drawn;
  const entry = canonical(before.triggers) === canonical(after.triggers) ? old.source : drawn;
  const layout = samePlaces(old, drawn) ? old.source['layout'] : drawn['layout'];
  const around: Data = { ...rest, ...only(entry, 'trigger', 'triggers'), ...(layout === undefined ? {} : { layout }) };
  const forms = new Map((drawn['steps'] as Data[]).map((step) => [String(step['id']), formsOf(step, written, before, after)]));
  const arms = armsLeft(written, after);
  for (;;) {
    const steps = nestSteps(new Map([...forms].map(([id, [form]]) => [id, form!])), arms);
    const wrong = misread({ ...around, steps }, after);
    if (wrong.length === 0 || !settle(wrong, forms, arms)) return { ...around, steps };
  }
}

/** How a step may be written, the most silent form first: as before, as before but for what it does, or with every way that the drawing shows. */
function formsOf(drawn: Data, { steps }: Written, before: Meaning, after: Meaning): Data[] {
  const id = String(drawn['id']);
  const old = steps.get(id);
  if (!old || canonical(before.steps[id]?.edges) !== canonical(after.steps[id]?.edges)) return [drawn];
  const silent = sayingWaysAs(withoutInline(old), drawn);
  return canonical(before.steps[id]) === canonical(after.steps[id]) ? [withoutInline(old), drawn] : [silent, drawn];
}

/** The inline arms of a text whose branch still leads to their first step, with the steps of them that are still there. */
function armsLeft({ arms }: Written, after: Meaning): Written['arms'] {
  return new Map([...arms].flatMap(([key, ids]): [string, string[]][] => {
    const [branch, outcome] = splitKey(key);
    const left = ids.filter((id) => id in after.steps);
    return left.length > 0 && after.steps[branch]?.edges[outcome] === left[0] ? [[key, left]] : [];
  }));
}

const splitKey = (key: string): [branch: string, outcome: string] => [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)];

/** The steps that, written so, would not mean what they shall. */
function misread(value: Data, after: Meaning): string[] {
  const { definition } = readStructure({ format: 'json', value });
  const reached = definition && meaningOf(definition);
  const ids = Object.keys(after.steps).filter((id) => !reached || canonical(reached.steps[id]) !== canonical(after.steps[id]));
  return reached && reached.entry !== after.entry ? [...ids, after.entry, reached.entry] : ids;
}

/**
 * A step whose place in the list changed may lead elsewhere than it did: that one says where it goes. Where that does not help, it leaves its arm, and
 * what its own arms hold leaves them. False when nothing is left to settle.
 */
function settle(wrong: string[], forms: Map<string, Data[]>, arms: Written['arms']): boolean {
  const silent = wrong.filter((id) => (forms.get(id)?.length ?? 0) > 1);
  for (const id of silent) forms.get(id)!.shift();
  if (silent.length > 0) return true;
  const concerned = [...arms].filter(([key, ids]) => wrong.includes(splitKey(key)[0]) || ids.some((id) => wrong.includes(id)));
  for (const [key] of concerned) arms.delete(key);
  if (concerned.length > 0) return true;
  const left = [...forms.values()].filter((one) => one.length > 1);
  for (const one of left) one.splice(0, one.length - 1);
  const held = arms.size > 0;
  arms.clear();
  return left.length > 0 || held;
}

const only = (value: Data, ...keys: string[]): Data => Object.fromEntries(keys.flatMap((key) => (value[key] === undefined ? [] : [[key, value[key]]])));

/** Whether nothing was dragged: the computed places of a file without a layout are no layout. */
function samePlaces(old: Definition, drawn: Data): boolean {
  const places = new Map(toCanvas(old).nodes.map(({ id, position }) => [id, canonical(position)]));
  const layout = isRecord(drawn['layout']) ? drawn['layout']['positions'] : {};
  return Object.entries(isRecord(layout) ? layout : {}).every(([id, place]) => !places.has(id) || places.get(id) === canonical(place));
}

/** The document, and the nodes of its steps by their ids, wherever they stand: a step that leaves its arm takes its comments along. */
interface Sheet {
  document: Document;
  steps: Map<string, YAMLMap>;
}

function stepNodes(node: unknown, found: Sheet['steps'] = new Map()): Sheet['steps'] {
  if (isSeq(node)) for (const item of node.items) stepNodes(item, found);
  if (!isMap(node)) return found;
  const id = node.get('id');
  if (typeof id === 'string' && node.has('type')) found.set(id, node);
  for (const { value } of node.items) stepNodes(value, found);
  return found;
}

/** Makes a node of the document say `value`, touching as little as possible. Gives the node to put in its place. */
function patch(sheet: Sheet, node: unknown, value: unknown): unknown {
  if (isMap(node) && isRecord(value)) {
    for (const key of node.items.map(({ key: own }) => String(isScalar(own) ? own.value : own))) if (!Object.hasOwn(value, key)) node.delete(key);
    for (const [key, item] of Object.entries(value)) node.set(key, patch(sheet, node.get(key, true), item));
    return node;
  }
  if (isSeq(node) && Array.isArray(value)) {
    const rows = [...node.items];
    const named = (item: Data): unknown => rows.find((row) => isMap(row) && row.get('id') === item['id']) ?? ('type' in item ? sheet.steps.get(String(item['id'])) : undefined);
    node.items = value.map((item: unknown, index) => patch(sheet, isRecord(item) && typeof item['id'] === 'string' ? named(item) : rows[index], item));
    return node;
  }
  if (isScalar(node) && typeof value !== 'object') {
    if (node.value !== value) node.value = value;
    return node;
  }
  if (isSeq(node)) handOn(node);
  return sheet.document.createNode(value);
}

/** What is said above a list of steps that is dissolved is said above the first of them. */
function handOn({ commentBefore, items: [first] }: YAMLSeq): void {
  if (commentBefore && isMap(first)) first.commentBefore = [commentBefore, first.commentBefore].filter(Boolean).join('\n');
}
