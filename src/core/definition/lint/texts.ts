import { compileExpression } from '../../conditions/expression.ts';
import { pathsOf } from '../../templates/parse.ts';
import { isRecord } from '../definition.ts';
import type { DefinedStep, Definition, Path } from '../definition.ts';

/** A text of the definition that may hold templates. */
export interface Text {
  text: string;
  path: Path;
  /** The step that reads it; null for settings, filters and exit conditions. */
  step: DefinedStep | null;
  /** The key that holds it. */
  key: string;
}

/** Every text that is rendered or evaluated at run time. */
export function textsOf(definition: Definition): Text[] {
  const { source } = definition;
  const steps = definition.steps.flatMap((step) => [
    ...collect(step.written, [...step.path, 'config'], step),
    ...collect(at(source, [...step.path, 'if']), [...step.path, 'if'], step),
  ]);
  const rest: Path[] = [
    ['settings', 'entry_key'],
    ...definition.exitConditions.map(({ path }): Path => [...path, 'if']),
    ...definition.triggers.map(({ path }): Path => [...path, 'filters']),
  ];
  return [...steps, ...rest.flatMap((path) => collect(at(source, path), path, null))];
}

/** The results of steps that a text reads; a condition's field may be a bare path, and an expression names them so. */
export function stepPathsOf({ text, key }: Text): { id: string; name: string | undefined }[] {
  const bare = (key === 'field' ? [text] : key === 'expression' ? namesOf(text) : []).map((path) => path.split('.'));
  return [...pathsOf(text), ...bare].flatMap(([root, id, name]) => (root === 'steps' && id !== undefined ? [{ id, name }] : []));
}

/** What an expression reads; nothing when it is none, which is told elsewhere. */
export function namesOf(expression: string): string[] {
  try {
    return compileExpression(expression).names;
  } catch {
    return [];
  }
}

function collect(value: unknown, path: Path, step: DefinedStep | null): Text[] {
  if (typeof value === 'string') return [{ text: value, path, step, key: String(path.findLast((part) => typeof part === 'string')) }];
  if (Array.isArray(value)) return value.flatMap((item, index) => collect(item, [...path, index], step));
  return isRecord(value) ? Object.entries(value).flatMap(([key, item]) => collect(item, [...path, key], step)) : [];
}

const at = (source: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, part) => (Array.isArray(value) ? value[Number(part)] : isRecord(value) ? value[part] : undefined), source);
