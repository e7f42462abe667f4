import type { Context } from '../context.ts';
import { canvasShape, fromCanvas, toCanvas } from '../core/definition/canvas.ts';
import type { Definition } from '../core/definition/definition.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import { explicitSource } from '../core/definition/explicit.ts';
import { readDefinition, type Source } from '../core/definition/read.ts';
import { writeYaml } from '../core/definition/yaml.ts';
import { redrawYaml } from '../core/definition/redraw.ts';
import { stampDefinition, stampVersion } from '../core/definition/stamp-version.ts';
import type { Data } from '../core/state.ts';
import type { VersionRecord, WorkflowRecord } from '../core/ports/records.ts';
import { MillraceError } from '../errors.ts';
import { deskFor, requireScope, type Caller } from './caller.ts';
import { readStorable, surroundingsOf } from './definitions.ts';
import { parseInput } from './parse-input.ts';
import { createWorkflow, getVersion, getWorkflow, saveSource, type SavedWorkflow } from './workflows.ts';

/** What may be imported: YAML text, a JSON value, or a canvas (nodes and edges as React Flow stores them). */
export type Import = Source | { format: 'canvas'; value: unknown };

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

/** Throws VALIDATION_FAILED for structure errors (a dry run too), VERSION_CONFLICT for an older file, NOT_FOUND, PAYLOAD_TOO_LARGE, INVALID_INPUT for a shapeless canvas. */
export async function importWorkflow(ctx: Context, who: Caller, input: ImportInput): Promise<ImportAnswer> {
  requireScope(who, 'write');
  const source = sourceOf(input.source);
  if (input.dryRun) {
    const { diagnostics } = readStorable(source, await surroundingsOf(ctx, deskFor(ctx, who, 'write')));
    return { workflow: null, version: null, created: false, diagnostics };
  }
  if (!input.workflowId) return { ...(await createWorkflow(ctx, who, { source })), created: true };
  return { ...(await update(ctx, who, input, input.workflowId, await inItsOwnText(ctx, who, input, source))), created: false };
}

/** A canvas that comes back to a workflow written in YAML changes that text where the drawing changed: comments stay. */
async function inItsOwnText(ctx: Context, who: Caller, { source: given, workflowId }: ImportInput, drawn: Source): Promise<Source> {
  if (given.format !== 'canvas' || drawn.format !== 'json' || !workflowId) return drawn;
  const { format, source } = await getVersion(ctx, who, { workflowId, which: 'newest' });
  const text = format === 'yaml' ? redrawYaml(source, drawn.value as Data) : null;
  return text === null ? drawn : { format: 'yaml', text };
}

async function update(ctx: Context, who: Caller, input: ImportInput, id: string, source: Source): Promise<SavedWorkflow> {
  const published = input.force ? null : await ctx.desk(who.locationId).findVersion(id, 'published');
  const { definition } = readDefinition(source);
  const expectedRevision = input.expectedRevision ?? null;
  return saveSource(ctx, who, { id, source, expectedRevision: expectedRevision ?? (await revisionToday(ctx, who, id)) }, () => {
    const from = definition?.version ?? null;
    if (published && from !== null && from < published.number) throw olderFile(from, published.number);
  });
}

/** An import says which workflow it means to replace: without a revision it replaces the one of today. */
const revisionToday = async (ctx: Context, who: Caller, id: string): Promise<number> => (await getWorkflow(ctx, who, { id })).revision;

const olderFile = (found: number, published: number): MillraceError =>
  new MillraceError(
    'VERSION_CONFLICT',
    `The file says version ${found}, and version ${published} is published: it was exported before. Export again and repeat the change, or import with force.`,
    { detail: { fileVersion: found, publishedVersion: published } },
  );

function sourceOf(source: Import): Source {
  return source.format === 'canvas' ? { format: 'json', value: fromCanvas(parseInput(canvasShape, source.value, 'canvas')) } : source;
}

export interface ExportInput {
  id: string;
  format?: 'yaml' | 'json' | 'canvas';
  /** Null: the newest, draft or not. */
  version?: number | null;
  /** Writes out every `next` that was inferred from the order of the list; the text is then a fresh one. */
  explicit?: boolean;
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

/** YAML is the original text where the source was YAML; a `version` in it names the version that is exported. Throws NOT_FOUND. */
export async function exportWorkflow(ctx: Context, who: Caller, input: ExportInput): Promise<ExportAnswer> {
  const workflow = await getWorkflow(ctx, who, { id: input.id });
  const version = await getVersion(ctx, who, { workflowId: workflow.id, which: input.version ?? 'newest' });
  const format = input.format ?? 'yaml';
  const printed = input.explicit ? { ...version, format: 'json' as const, source: JSON.stringify(explicitSource(definitionOf(version))) } : version;
  return { format, version, workflow, ...printVersion(stamped(printed), format) };
}

function stamped({ number, format, source, definition }: VersionRecord): Pick<VersionRecord, 'format' | 'source' | 'definition'> {
  const text = format === 'yaml' ? stampVersion(source, number) : JSON.stringify(stampDefinition(JSON.parse(source) as Data, number));
  return { format, source: text, definition: stampDefinition(definition as Data, number) };
}

/** One version in one of the three forms: its own text where that is what was asked. */
export function printVersion(version: Pick<VersionRecord, 'format' | 'source' | 'definition'>, format: 'yaml' | 'json' | 'canvas'): { text: string; value: unknown } {
  if (format === 'yaml') {
    const text = version.format === 'yaml' ? version.source : writeYaml(JSON.parse(version.source));
    return { text, value: text };
  }
  const value = format === 'json' ? jsonOf(version) : canvasOf(version);
  return { text: JSON.stringify(value, null, 2), value };
}

const jsonOf = (version: Pick<VersionRecord, 'format' | 'source' | 'definition'>): unknown => (version.format === 'json' ? JSON.parse(version.source) : version.definition);

const canvasOf = (version: Pick<VersionRecord, 'definition'>): unknown => toCanvas(definitionOf(version));

function definitionOf({ definition: stored }: Pick<VersionRecord, 'definition'>): Definition {
  const { definition } = readDefinition({ format: 'json', value: stored });
  if (!definition) throw new MillraceError(
    'VALIDATION_FAILED', 'This version was stored by an older build and cannot be drawn. Export it as YAML, correct it and import it again.',
  );
  return definition;
}
