import { assemble } from './assemble.ts';
import { diagnose, isRecord } from './definition.ts';
import type { Definition, Locate, Path, StructureFinding } from './definition.ts';
import type { Diagnostic } from './diagnostic.ts';
import { flatten } from './flatten.ts';
import { guardValue } from './guards.ts';
import { lintDefinition } from './lint/index.ts';
import { readYaml } from './yaml.ts';

/** `text` is the JSON as it was written, where that is known: findings then have lines and columns. */
export type Source = { format: 'yaml'; text: string } | { format: 'json'; value: unknown; text?: string };

export interface Reading {
  /** Null when a structure error was found. */
  definition: Definition | null;
  /** The flattened source as plain JSON: what is stored. Undefined when the text could not be read at all. */
  raw: unknown;
  /** All findings that need no assets: structure first, then reference. */
  diagnostics: Diagnostic[];
}

/** Nobody mends more at once, and a hostile file would otherwise be answered with megabytes. */
const MAX_DIAGNOSTICS = 500;
const STRUCTURE = { kind: 'structure', severity: 'error' } as const;

/**
 * Reads a definition from YAML text or a JSON value. Never throws: everything that is wrong is a diagnostic, each with a path and, for YAML, line and column.
 * Structure errors leave `definition` null; reference errors (targets, loops, templates) do not, since a draft may hold them.
 */
export function readDefinition(source: Source): Reading {
  const reading = readStructure(source);
  const diagnostics = reading.definition ? lintDefinition(reading.definition) : reading.diagnostics;
  return { ...reading, diagnostics: diagnostics.slice(0, MAX_DIAGNOSTICS) };
}

/** The same without reference findings: for what was linted before it was stored. */
export function readStructure(source: Source): Reading {
  const { value, locate, diagnostics } = source.format === 'yaml' ? readYaml(source.text) : readJson(source.value, source.text);
  if (value === undefined || diagnostics.some(({ rule }) => rule === 'too_deep' || rule === 'too_large')) return { definition: null, raw: undefined, diagnostics };
  if (value === null) return { definition: null, raw: null, diagnostics: [...diagnostics, ...diagnose([EMPTY], STRUCTURE, locate)] };
  if (!isRecord(value)) return { definition: null, raw: value, diagnostics: [...diagnostics, ...diagnose([NOT_A_MAP], STRUCTURE, locate)] };
  const { steps, origins } = flatten(value['steps']);
  const raw = Array.isArray(value['steps']) ? { ...value, steps } : value;
  const place = placer(locate, origins);
  const { definition, findings } = assemble(raw, place);
  const shape = [...diagnostics, ...fresh(diagnose(findings, STRUCTURE, place), diagnostics)];
  if (definition === null || shape.length > 0) return { definition: null, raw, diagnostics: byPlace(shape) };
  return { definition, raw, diagnostics: [] };
}

const EMPTY: StructureFinding = { rule: 'empty_definition', path: [], message: 'The definition is empty.', hint: 'Begin with "name:", then "trigger:" and "steps:".' };
const NOT_A_MAP: StructureFinding = {
  rule: 'wrong_type',
  path: [],
  message: 'A definition is a map with the keys name, trigger and steps.',
  hint: 'Begin with "name:", then "trigger:" and "steps:".',
};

function readJson(value: unknown, text?: string): { value: unknown; locate: Locate; diagnostics: Diagnostic[] } {
  const locate = jsonLocator(text);
  return { value: value ?? null, locate, diagnostics: diagnose(guardValue(value), STRUCTURE, locate) };
}

/** JSON is YAML, so its places are found as YAML's are; only when somebody asks for one. */
function jsonLocator(text: string | undefined): Locate {
  let placed: Locate | null = null;
  return (path, at) => {
    if (placed === null) {
      const reading = text === undefined ? null : readYaml(text);
      placed = reading?.value === undefined ? (where) => ({ path: where, line: null, column: null }) : reading.locate;
    }
    return placed(path, at);
  };
}

/** From a path in the flat list to the place where the step was written, which may be inside another one's arm. */
function placer(locate: Locate, origins: Path[]): Locate {
  return ([head, index, ...rest], at) => {
    const origin = head === 'steps' && typeof index === 'number' ? origins[index] : undefined;
    if (origin) return locate([...origin, ...rest], at);
    return locate([head, index, ...rest].filter((part) => part !== undefined), at);
  };
}

/** What was said of a place while the text was read is not said again in other words. */
function fresh(diagnostics: Diagnostic[], said: Diagnostic[]): Diagnostic[] {
  const covers = (outer: Path, path: Path): boolean => outer.length > 0 && outer.every((part, index) => part === path[index]);
  return diagnostics.filter(({ path }) => !said.some((one) => covers(one.path, path)));
}

const byPlace = (diagnostics: Diagnostic[]): Diagnostic[] => diagnostics.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
