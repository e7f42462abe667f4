import type { Data } from '../state.ts';
import { findStep, stepTypes } from '../steps/index.ts';
import { findTrigger, triggerTypes } from '../triggers/index.ts';
import { isRecord } from './definition.ts';
import type { DefinedExit, DefinedSettings, DefinedStep, DefinedTrigger, Definition, Locate, Path, StructureFinding } from './definition.ts';
import { kindOf, parseWith, under } from './issues.ts';
import { nearestInstead, renaming } from './fix-edits.ts';
import { nearest, suggest } from './nearest.ts';
import { definitionShape, stepShape, triggerShape } from './schema.ts';
import type { DefinitionShape } from './schema.ts';

/** Builds the definition from its flattened source, or says everything that keeps it from being one. */
export function assemble(raw: Data, place: Locate): { definition: Definition | null; findings: StructureFinding[] } {
  const whole = parseWith(definitionShape, raw, []);
  const triggers = readTriggers(raw);
  const steps = (Array.isArray(raw['steps']) ? raw['steps'] : []).slice(0, 1_000).map((step, index) => readStep(step, ['steps', index]));
  const findings = [
    ...whole.findings,
    ...triggers.flatMap((one) => one.findings),
    ...steps.flatMap((one) => one.findings),
    ...duplicateIds(raw['steps'], ['steps']),
    ...duplicateIds(raw['exit_conditions'], ['exit_conditions']),
  ];
  if (whole.value === null || findings.length > 0) return { definition: null, findings };
  const shape = whole.value;
  return {
    findings,
    definition: {
      name: shape.name,
      description: shape.description ?? null,
      version: shape.version ?? null,
      triggers: triggers.flatMap(({ value }) => value ?? []),
      settings: settingsOf(shape.settings),
      exitConditions: exitsOf(shape.exit_conditions),
      steps: steps.flatMap(({ value }) => value ?? []),
      tests: shape.tests ?? [],
      layout: shape.layout ?? null,
      source: raw,
      place,
    },
  };
}

interface Read<T> {
  value: T | null;
  findings: StructureFinding[];
}
const refuse = (...findings: StructureFinding[]): Read<never> => ({ value: null, findings });

function readTriggers(raw: Data): Read<DefinedTrigger>[] {
  const [one, many] = [raw['trigger'] ?? undefined, raw['triggers'] ?? undefined];
  if (one === undefined && many === undefined) {
    return [refuse({
      rule: 'missing_trigger',
      path: ['trigger'],
      message: 'The definition has no trigger, so nobody would ever enter it.',
      hint: 'Add "trigger: { type: contact_created }", or "type: manual" for enrolment by hand.',
    })];
  }
  if (one !== undefined && many !== undefined) {
    return [refuse({
      rule: 'two_trigger_keys',
      path: ['triggers'],
      at: 'key',
      message: 'The definition has both "trigger" and "triggers".',
      hint: 'Keep one of them; "triggers" holds a list.',
    })];
  }
  if (one !== undefined) return [readTrigger(one, ['trigger'])];
  return Array.isArray(many) ? many.map((trigger: unknown, index) => readTrigger(trigger, ['triggers', index])) : [];
}

function readTrigger(raw: unknown, path: Path): Read<DefinedTrigger> {
  if (typeof raw === 'string') return refuse({ rule: 'wrong_type', path, message: `Expected a map, found ${kindOf(raw)}.`, hint: `Write { type: ${raw.slice(0, 60)} }.` });
  const shape = parseWith(triggerShape, raw, path);
  const type = isRecord(raw) ? raw['type'] : undefined;
  const kind = typeof type === 'string' ? findTrigger(type) : undefined;
  if (typeof type === 'string' && !kind) return refuse(...shape.findings, unknownType('trigger', type, triggerTypes, path));
  if (!kind || !isRecord(raw)) return refuse(...shape.findings);
  const { type: _type, filters: _filters, on_import: _import, config: nested, ...flat } = raw;
  const own = isRecord(nested) ? nested : {};
  const config = parseWith(kind.config, { ...flat, ...own }, []);
  const placed = config.findings.map(rightShared).map((finding) => under([...path, ...(Object.hasOwn(own, String(finding.path[0])) ? ['config'] : [])], finding));
  if (shape.value === null || config.value === null) return refuse(...shape.findings, ...placed);
  return { findings: [], value: { type: kind.type, config: config.value, filters: shape.value.filters ?? [], onImport: shape.value.on_import, path } };
}

/** An unknown key may have meant one that all triggers share: `filter` is `filters`. */
function rightShared(finding: StructureFinding): StructureFinding {
  const [key, ...deeper] = finding.path;
  const meant = finding.rule === 'unknown_key' && finding.fix === undefined && deeper.length === 0 ? nearest(String(key), Object.keys(triggerShape.shape)) : null;
  return meant === null ? finding : { ...finding, hint: `Did you mean "${meant}"?`, fix: renaming(finding.path, meant) };
}

function readStep(raw: unknown, path: Path): Read<DefinedStep> {
  const shape = parseWith(stepShape, raw, path);
  const type = isRecord(raw) ? raw['type'] : undefined;
  const kind = typeof type === 'string' ? findStep(type) : undefined;
  if (typeof type === 'string' && type !== '' && !kind) return refuse(...shape.findings, unknownType('step', type, stepTypes, path));
  const written = isRecord(raw) ? (raw['config'] ?? {}) : {};
  const config = kind && isRecord(written) ? parseWith(kind.config, written, [...path, 'config']) : null;
  if (shape.value === null || !config || config.findings.length > 0 || !kind) return refuse(...shape.findings, ...(config?.findings ?? []));
  const { id, label, next, if: guard, on_error, retry } = shape.value;
  return {
    findings: [],
    value: {
      id,
      type: kind.type,
      config: config.value,
      written: written as Data,
      label: label ?? null,
      next: next ?? null,
      if: guard ?? null,
      onError: on_error,
      retry: retry ?? null,
      path,
    },
  };
}

function unknownType(what: 'step' | 'trigger', type: string, types: string[], path: Path): StructureFinding {
  return {
    rule: `unknown_${what}_type`,
    path: [...path, 'type'],
    message: `There is no ${what} type "${type.slice(0, 60)}".`,
    hint: suggest(type, types),
    fix: nearestInstead([...path, 'type'], type, types),
  };
}

function duplicateIds(rows: unknown, path: Path): StructureFinding[] {
  const seen = new Set<string>();
  return (Array.isArray(rows) ? rows : []).flatMap((row: unknown, index) => {
    const id = isRecord(row) ? row['id'] : undefined;
    if (typeof id !== 'string') return [];
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{
      rule: 'duplicate_id',
      path: [...path, index, 'id'],
      message: `The id "${id.slice(0, 60)}" is used twice.`,
      hint: `Rename one of them, e.g. "${id.slice(0, 60)}_2", and the places that mean it.`,
    }];
  });
}

function settingsOf(settings: DefinitionShape['settings']): DefinedSettings {
  return {
    reentry: settings?.reentry ?? 'never',
    entryKey: settings?.entry_key ?? null,
    timezone: settings?.timezone ?? 'contact',
    quietHours: settings?.quiet_hours ?? null,
    maxRunAge: settings?.max_run_age ?? null,
  };
}

function exitsOf(rules: DefinitionShape['exit_conditions']): DefinedExit[] {
  return (rules ?? []).map(({ id, on, if: list, reason, status }, index) => {
    const name = id ?? `exit_condition_${index + 1}`;
    return { id: name, on: on ?? null, if: list ?? null, reason: reason ?? name, status, path: ['exit_conditions', index] };
  });
}
