import type { Context } from '../context.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import type { Source } from '../core/definition/read.ts';
import type { Caller } from './caller.ts';

/** `valid`: no error of any kind, so it could be published. `storable`: no structure error. */
export interface Validation {
  valid: boolean;
  storable: boolean;
  diagnostics: Diagnostic[];
}
/** Everything that is to say about a source, with the location's assets. `strict` makes fall-through findings errors. Stores nothing; throws nothing for bad sources. */
export async function validateWorkflow(ctx: Context, who: Caller, input: { source: Source; strict?: boolean }): Promise<Validation> {
  throw new Error('pending');
}
/** The findings about a stored version, with today's assets. */
export async function versionDiagnostics(ctx: Context, who: Caller, input: { workflowId: string; which: number | 'draft' | 'published' | 'newest' }): Promise<Diagnostic[]> {
  throw new Error('pending');
}
