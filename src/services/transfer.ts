import type { Context } from '../context.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import type { VersionRecord, WorkflowRecord } from '../core/ports/records.ts';
import type { Caller } from './caller.ts';

/** What may be imported: YAML text, a JSON value, or a canvas (nodes and edges as React Flow stores them). */
export type Import = { format: 'yaml'; text: string } | { format: 'json'; value: unknown } | { format: 'canvas'; value: unknown };

export interface ImportInput {
  source: Import;
  /** Updates this workflow in place of creating one. */
  workflowId?: string | null;
  /** For an update: see `updateWorkflow`. */
  expectedRevision?: number | null;
  /** Also update when the file's `version` is older than the latest published one. */
  force?: boolean;
  /** Only say what would be found; nothing is stored, `workflow` and `version` are null. */
  dryRun?: boolean;
}
export interface ImportAnswer {
  workflow: WorkflowRecord | null;
  version: VersionRecord | null;
  /** False for an update and a dry run. */
  created: boolean;
  diagnostics: Diagnostic[];
}
/** Throws VALIDATION_FAILED for structure errors (a dry run too), VERSION_CONFLICT for an older file, NOT_FOUND, PAYLOAD_TOO_LARGE. */
export async function importWorkflow(ctx: Context, who: Caller, input: ImportInput): Promise<ImportAnswer> {
  throw new Error('pending');
}

export interface ExportInput {
  id: string;
  format?: 'yaml' | 'json' | 'canvas';
  /** Null: the newest, draft or not. */
  version?: number | null;
}
export interface ExportAnswer {
  format: 'yaml' | 'json' | 'canvas';
  version: VersionRecord;
  workflow: WorkflowRecord;
  /** YAML text, or JSON text of the definition or the canvas. */
  text: string;
  /** The same as a value; the text for YAML. */
  value: unknown;
}
/** YAML is the original text where the source was YAML. Throws NOT_FOUND. */
export async function exportWorkflow(ctx: Context, who: Caller, input: ExportInput): Promise<ExportAnswer> {
  throw new Error('pending');
}
