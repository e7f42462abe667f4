import type { Scenario } from '../scenario.ts';
import type { Data, QuietHours } from '../state.ts';
import type { Diagnostic, Fix } from './diagnostic.ts';

export type Path = (string | number)[];

/** A definition that has the right shape: inline arms flattened, every config parsed by its step's own schema. */
export interface Definition {
  name: string;
  description: string | null;
  /** The version that the file was exported from, when it says so. */
  version: number | null;
  triggers: DefinedTrigger[];
  settings: DefinedSettings;
  exitConditions: DefinedExit[];
  steps: DefinedStep[];
  tests: Scenario[];
  layout: unknown;
  /** The flattened source (durations stay "1d"): what `workflow_versions.definition` holds. */
  source: Data;
  /** From a path in `source` to the place that a person wrote. */
  place: Locate;
}

export interface DefinedTrigger {
  type: string;
  config: Data;
  filters: unknown[];
  onImport: 'ignore' | 'enroll';
  path: Path;
}

export interface DefinedStep {
  id: string;
  /** The registered type, aliases resolved. */
  type: string;
  /** Parsed by the step's own schema. */
  config: unknown;
  /** The config as written, inline arms replaced by ids. */
  written: Data;
  label: string | null;
  next: string | null;
  if: unknown[] | null;
  /** `fail`, `continue` or a step id. */
  onError: string;
  retry: { attempts: number; backoff: string | number } | null;
  path: Path;
}

export interface DefinedSettings {
  reentry: 'never' | 'after_exit' | { after: string | number };
  entryKey: string | null;
  timezone: string;
  quietHours: QuietHours | null;
  maxRunAge: string | number | null;
}

export interface DefinedExit {
  id: string;
  on: string | null;
  if: unknown[] | null;
  reason: string;
  status: 'exited' | 'completed';
  path: Path;
}

/** Where something stands in what a person wrote. Line and column count from 1; null when the source was JSON. */
export interface Place {
  path: Path;
  line: number | null;
  column: number | null;
}
/** `at: 'key'` asks for the place of the key itself rather than of its value. */
export type Locate = (path: Path, at?: 'key' | 'value') => Place;

/** What a check reports, before it is given a place. */
export interface Finding {
  path: Path;
  message: string;
  hint: string | null;
  rule?: string;
  severity?: Diagnostic['severity'];
  at?: 'key' | 'value';
  fix?: Fix | undefined;
}

/** A finding against the shape: it refuses to store the definition. */
export type StructureFinding = Finding & { rule: string };

/** Gives findings their places and the words that all of them share. */
export function diagnose(findings: Finding[], shared: Pick<Diagnostic, 'kind' | 'severity'> & { rule?: string }, locate: Locate): Diagnostic[] {
  return findings.map((finding) => ({
    rule: finding.rule ?? shared.rule ?? 'invalid',
    severity: finding.severity ?? shared.severity,
    kind: shared.kind,
    message: finding.message,
    hint: finding.hint,
    ...locate(finding.path, finding.at),
    // An edit is made where a person wrote the step, which may be inside another one's arm.
    ...(finding.fix && { fix: { ...finding.fix, edits: finding.fix.edits.map((edit) => ({ ...edit, path: locate(edit.path).path })) } }),
  }));
}

export const isRecord = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);
