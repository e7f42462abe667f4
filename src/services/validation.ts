import type { Context } from '../context.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import type { Source } from '../core/definition/read.ts';
import type { VersionRecord } from '../core/ports/records.ts';
import { deskFor, type Caller } from './caller.ts';
import { examine, examineFully, isError, surroundingsOf } from './definitions.ts';

/** `valid`: no error of any kind, so it could be published. `storable`: no structure error. */
export interface Validation {
  valid: boolean;
  storable: boolean;
  diagnostics: Diagnostic[];
}

/**
 * Everything that is to say about a source, with the location's assets; its scenarios are played. `strict` makes fall-through findings errors. Stores nothing;
 * throws nothing for bad sources.
 */
export async function validateWorkflow(ctx: Context, who: Caller, input: { source: Source; strict?: boolean }): Promise<Validation> {
  const around = await surroundingsOf(ctx, deskFor(ctx, who, 'read'));
  const { definition, diagnostics } = examineFully(input.source, { ...around, strict: input.strict ?? false });
  return { valid: definition !== null && !diagnostics.some(isError), storable: definition !== null, diagnostics };
}

/** The findings about stored versions, with today's assets, by the versions' ids; one that is not there is left out. */
export async function diagnosticsOfVersions(ctx: Context, who: Caller, versionIds: string[]): Promise<Map<string, Diagnostic[]>> {
  const desk = deskFor(ctx, who, 'read');
  const [versions, around] = await Promise.all([desk.findVersions(versionIds), surroundingsOf(ctx, desk)]);
  return new Map(versions.map((version) => [version.id, examine(sourceOf(version), around).diagnostics]));
}

const sourceOf = ({ format, source, definition }: VersionRecord): Source => (format === 'yaml' ? { format, text: source } : { format: 'json', value: definition });
