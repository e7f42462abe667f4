import type { Context } from '../context.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import type { Source } from '../core/definition/read.ts';
import { deskFor, type Caller } from './caller.ts';
import { examine, isError } from './definitions.ts';
import { getVersion } from './workflows.ts';

/** `valid`: no error of any kind, so it could be published. `storable`: no structure error. */
export interface Validation {
  valid: boolean;
  storable: boolean;
  diagnostics: Diagnostic[];
}

/** In strict reading an inferred edge that skipped something must be written out. */
const MADE_STRICT = new Set(['fall_through']);

/** Everything that is to say about a source, with the location's assets. `strict` makes fall-through findings errors. Stores nothing; throws nothing for bad sources. */
export async function validateWorkflow(ctx: Context, who: Caller, input: { source: Source; strict?: boolean }): Promise<Validation> {
  const assets = await deskFor(ctx, who, 'read').readAssets();
  const examined = examine(input.source, assets);
  const diagnostics = input.strict ? examined.diagnostics.map(strictly) : examined.diagnostics;
  return { valid: examined.definition !== null && !diagnostics.some(isError), storable: examined.definition !== null, diagnostics };
}

const strictly = (diagnostic: Diagnostic): Diagnostic => (MADE_STRICT.has(diagnostic.rule) ? { ...diagnostic, severity: 'error' } : diagnostic);

/** The findings about a stored version, with today's assets. Throws NOT_FOUND. */
export async function versionDiagnostics(ctx: Context, who: Caller, input: { workflowId: string; which: number | 'draft' | 'published' | 'newest' }): Promise<Diagnostic[]> {
  const version = await getVersion(ctx, who, input);
  const assets = await ctx.desk(who.locationId).readAssets();
  const source: Source = version.format === 'yaml' ? { format: 'yaml', text: version.source } : { format: 'json', value: version.definition };
  return examine(source, assets).diagnostics;
}
